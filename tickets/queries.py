"""The desk's questions: the view a plan reads, and records as others want to see them. Nothing here writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet, Subquery

from tickets.models import (
    Customer,
    Direction,
    LedgerLine,
    Message,
    Order,
    OrderLine,
    PaymentMethod,
    Ticket,
    Variant,
)
from tickets.prepared import prepared
from tickets.records import (
    CustomerRecord,
    DeskView,
    LineRecord,
    MethodRecord,
    OrderRecord,
    PaymentRecord,
    TicketRecord,
    VariantRecord,
)


def lock_customer(customer_id: str) -> None:
    """Takes the lock that orders everything touching one customer's records; inside a transaction only.

    Raises: Customer.DoesNotExist.
    """
    if not locked_customer(customer_id):
        raise Customer.DoesNotExist(f"There is no customer {customer_id}.")


@prepared
def locked_customer(customer_id: str) -> QuerySet[Customer, str]:
    """The customer's row, locked."""
    return Customer.objects.select_for_update().filter(pk=customer_id).values_list("pk", flat=True)


def locked_owner(owner: QuerySet[Any, Any]) -> QuerySet[Customer, str]:
    """The same lock where only a row of the customer's is known: `owner` is its one column with the customer's id."""
    return Customer.objects.select_for_update().filter(pk=Subquery(owner)).values_list("pk", flat=True)


def lock_customer_of_ticket(ticket_id: int) -> str:
    """The lock of the customer a ticket belongs to, whose id is returned. Raises: Ticket.DoesNotExist."""
    for customer_id in locked_owner_of_ticket(ticket_id):
        return customer_id
    raise Ticket.DoesNotExist(f"There is no ticket {ticket_id}.")


@prepared
def locked_owner_of_ticket(ticket_id: int) -> QuerySet[Customer, str]:
    """The row of a ticket's customer, locked."""
    return locked_owner(Ticket.objects.filter(pk=ticket_id).values("customer_id"))


def find_ticket(ticket_id: int) -> Ticket:
    """A ticket with its customer. Raises: Ticket.DoesNotExist."""
    for ticket in ticket_with_customer(ticket_id):
        return ticket
    raise Ticket.DoesNotExist(f"There is no ticket {ticket_id}.")


@prepared
def ticket_with_customer(ticket_id: int) -> QuerySet[Ticket]:
    """A ticket's row and its customer's."""
    return Ticket.objects.select_related("customer").filter(pk=ticket_id)


def load_view(
    ticket_id: int,
    *,
    order_ids: Collection[str] | None = None,
    item_ids: Collection[str] = (),
) -> DeskView:
    """What a plan for this ticket reads: its customer's records and the named catalogue items.

    Args:
        ticket_id: the ticket; its customer's records and nobody else's are loaded.
        order_ids: the orders wanted; None means all of the customer's. Others' orders are never loaded.
        item_ids: catalogue items that the arguments name; unknown ones are left out.
    """
    ticket = find_ticket(ticket_id)
    orders = {} if order_ids is not None and not order_ids else load_orders(ticket.customer_id, order_ids)
    return DeskView(
        ticket_record(ticket),
        customer_record(ticket.customer),
        orders,
        load_variants(item_ids),
    )


def ticket_record(ticket: Ticket) -> TicketRecord:
    """A ticket as a frozen value."""
    return TicketRecord(
        ticket_id=ticket.pk,
        number=ticket.number,
        subject=ticket.subject,
        status=ticket.status,
        priority=ticket.priority,
        tags=tuple(ticket.tags),
        identity=ticket.identity,
        last_message_id=ticket.last_message_id,
        category=ticket.category,
        escalation=ticket.escalation,
    )


def customer_record(customer: Customer) -> CustomerRecord:
    """A customer with the ways to pay, in a stable order."""
    methods = {row[0]: MethodRecord(*row) for row in methods_of(customer.customer_id)}
    return CustomerRecord(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        address=customer.address,
        credit=customer.credit,
        methods=methods,
    )


@prepared
def methods_of(customer_id: str) -> QuerySet[PaymentMethod, tuple[Any, ...]]:
    """The fields of a customer's ways to pay, in a stable order."""
    methods = PaymentMethod.objects.filter(customer_id=customer_id).order_by("payment_method_id")
    return methods.values_list("payment_method_id", "source", "brand", "last_four", "balance")


def load_orders(customer_id: str, order_ids: Collection[str] | None) -> dict[str, OrderRecord]:
    """This customer's orders as frozen values, in the customer's own order."""
    if order_ids is None:
        rows = orders_of(customer_id), lines_of(customer_id), payments_of(customer_id)
    else:
        some = tuple(sorted(set(order_ids)))
        rows = some_orders(customer_id, some), some_lines(customer_id, some), some_payments(customer_id, some)
    lines, payments = defaultdict(list), defaultdict(list)
    for order_id, *line in rows[1]:
        lines[order_id].append(LineRecord(*line))
    for order_id, *payment in rows[2]:
        payments[order_id].append(PaymentRecord(*payment))
    return {order.order_id: order_record(order, lines[order.order_id], payments[order.order_id]) for order in rows[0]}


def order_rows(customer_id: str) -> QuerySet[Order]:
    """A customer's orders, in the customer's own order."""
    return Order.objects.filter(customer_id=customer_id).order_by("place", "order_id")


def line_rows(customer_id: str) -> QuerySet[OrderLine, tuple[Any, ...]]:
    """The order and the fields of each of a customer's order lines."""
    lines = OrderLine.objects.filter(order__customer_id=customer_id).order_by("order_id", "place")
    return lines.values_list("order_id", "place", "product_id", "item_id", "name", "price", "options")


def payment_rows(customer_id: str) -> QuerySet[LedgerLine, tuple[Any, ...]]:
    """The order and the fields of each line of the payment histories of a customer's orders."""
    entries = LedgerLine.objects.filter(order__customer_id=customer_id).order_by("id")
    return entries.values_list("order_id", "direction", "amount", "payment_method_id")


orders_of = prepared(order_rows)
lines_of = prepared(line_rows)
payments_of = prepared(payment_rows)


@prepared
def some_orders(customer_id: str, order_ids: tuple[str, ...]) -> QuerySet[Order]:
    """Those of a customer's orders that are named."""
    return order_rows(customer_id).filter(pk__in=order_ids)


@prepared
def some_lines(customer_id: str, order_ids: tuple[str, ...]) -> QuerySet[OrderLine, tuple[Any, ...]]:
    """The lines of those orders."""
    return line_rows(customer_id).filter(order__order_id__in=order_ids)


@prepared
def some_payments(customer_id: str, order_ids: tuple[str, ...]) -> QuerySet[LedgerLine, tuple[Any, ...]]:
    """The payment histories of those orders."""
    return payment_rows(customer_id).filter(order__order_id__in=order_ids)


def order_record(order: Order, lines: Iterable[LineRecord], payments: Iterable[PaymentRecord]) -> OrderRecord:
    """One order as a frozen value."""
    return OrderRecord(
        order_id=order.order_id,
        status=order.status,
        currency=order.currency,
        address=order.address,
        lines=tuple(lines),
        payments=tuple(payments),
        fulfillments=tuple(order.fulfillments),
        cancel_reason=order.cancel_reason,
        return_facts=order.return_facts,
        exchange_facts=order.exchange_facts,
    )


def load_variants(item_ids: Collection[str]) -> dict[str, VariantRecord]:
    """The named items of the catalogue; unknown ids are simply not there."""
    if not item_ids:
        return {}
    return {variant.item_id: variant_record(variant) for variant in some_variants(tuple(sorted(item_ids)))}


@prepared
def some_variants(item_ids: tuple[str, ...]) -> QuerySet[Variant]:
    """The named items of the catalogue, with their products."""
    return Variant.objects.select_related("product").filter(pk__in=item_ids)


def variant_record(variant: Variant) -> VariantRecord:
    """One catalogue item as a frozen value."""
    return VariantRecord(
        variant.item_id,
        variant.product_id,
        variant.product.name,
        variant.options,
        variant.available,
        variant.price,
    )


def order_to_json(order: OrderRecord, customer_id: str) -> dict[str, Any]:
    """An order in load_shop's format, as it is now; money as strings."""
    value: dict[str, Any] = {
        "order_id": order.order_id,
        "user_id": customer_id,
        "address": dict(order.address),
        "items": [
            {"name": line.name, "product_id": line.product_id, "item_id": line.item_id, "price": f"{line.price:.2f}",
             "options": dict(line.options)}
            for line in order.lines
        ],
        "status": order.status,
        "fulfillments": [dict(fulfillment) for fulfillment in order.fulfillments],
        "payment_history": [
            {"transaction_type": line.direction, "amount": f"{line.amount:.2f}",
             "payment_method_id": line.payment_method_id}
            for line in order.payments
        ],
    }  # fmt: skip
    facts = {
        "cancel_reason": order.cancel_reason,
        "return": order.return_facts,
        "exchange": order.exchange_facts,
    }
    return value | {name: fact for name, fact in facts.items() if fact}


def customer_to_json(customer: CustomerRecord, order_ids: Iterable[str]) -> dict[str, Any]:
    """A customer in load_shop's format, as they are now; money as strings."""
    return {
        "user_id": customer.customer_id,
        "name": {"first_name": customer.first_name, "last_name": customer.last_name},
        "address": dict(customer.address),
        "email": customer.email,
        "payment_methods": {name: method_to_json(method) for name, method in customer.methods.items()},
        "orders": list(order_ids),
        "credit": f"{customer.credit:.2f}",
    }


def method_to_json(method: MethodRecord) -> dict[str, str]:
    """A payment method in load_shop's format."""
    value = {"source": method.source, "id": method.payment_method_id}
    if method.source == "credit_card":
        value |= {"brand": method.brand, "last_four": method.last_four}
    if method.balance is not None:
        value["balance"] = f"{method.balance:.2f}"
    return value


def spoken_messages(ticket_id: int) -> QuerySet[Message]:
    """What was said in a ticket, oldest first, without withdrawn entries."""
    return Message.objects.filter(ticket_id=ticket_id, withdrawn=False).order_by("id")


read_thread = prepared(spoken_messages)
"""The same as a list, for a run that starts."""


def earlier_tickets(ticket: Ticket, limit: int = 5) -> QuerySet[Ticket]:
    """The same customer's other tickets, newest first."""
    return Ticket.objects.filter(customer_id=ticket.customer_id).exclude(pk=ticket.pk).order_by("-id")[:limit]


def last_inbound(ticket_id: int) -> Message | None:
    """The customer's newest message in a ticket."""
    return Message.objects.filter(ticket_id=ticket_id, direction=Direction.INBOUND).order_by("-id").first()
