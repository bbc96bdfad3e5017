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


def lock_customer(customer_id: str) -> Customer:
    """Takes the lock that orders everything touching one customer's records; inside a transaction only."""
    return Customer.objects.select_for_update().only("customer_id").get(pk=customer_id)


def lock_customer_of(owner: QuerySet[Any]) -> str:
    """The same lock where only a row of the customer's is known, in one request.

    Args:
        owner: values of one column that hold the customer's id, of exactly one row.
    Raises: Customer.DoesNotExist.
    """
    return Customer.objects.select_for_update().values_list("pk", flat=True).get(pk=Subquery(owner))


def lock_customer_of_ticket(ticket_id: int) -> str:
    """The lock of the customer a ticket belongs to, whose id is returned. Raises: Ticket.DoesNotExist."""
    try:
        return lock_customer_of(Ticket.objects.filter(pk=ticket_id).values("customer_id"))
    except Customer.DoesNotExist as error:
        raise Ticket.DoesNotExist(f"There is no ticket {ticket_id}.") from error


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
    ticket = Ticket.objects.select_related("customer").get(pk=ticket_id)
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
    methods = {
        method.payment_method_id: MethodRecord(
            method.payment_method_id,
            method.source,
            method.brand,
            method.last_four,
            method.balance,
        )
        for method in PaymentMethod.objects.filter(customer=customer).order_by("payment_method_id")
    }
    return CustomerRecord(
        customer_id=customer.customer_id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        address=customer.address,
        credit=customer.credit,
        methods=methods,
    )


def load_orders(customer_id: str, order_ids: Collection[str] | None) -> dict[str, OrderRecord]:
    """This customer's orders as frozen values, in the customer's own order."""
    orders = Order.objects.filter(customer_id=customer_id).order_by("place", "order_id")
    if order_ids is not None:
        orders = orders.filter(pk__in=order_ids)
    found = list(orders)
    names = [order.order_id for order in found]
    lines, payments = defaultdict(list), defaultdict(list)
    for line in OrderLine.objects.filter(order_id__in=names).order_by("order_id", "place"):
        lines[line.order_id].append(line_record(line))
    for entry in LedgerLine.objects.filter(order_id__in=names).order_by("id"):
        payments[entry.order_id].append(PaymentRecord(entry.direction, entry.amount, entry.payment_method_id))
    return {order.order_id: order_record(order, lines[order.order_id], payments[order.order_id]) for order in found}


def line_record(line: OrderLine) -> LineRecord:
    """One order line as a frozen value."""
    return LineRecord(line.place, line.product_id, line.item_id, line.name, line.price, line.options)


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
    variants = Variant.objects.filter(pk__in=item_ids).select_related("product")
    return {variant.item_id: variant_record(variant) for variant in variants}


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


def earlier_tickets(ticket: Ticket, limit: int = 5) -> QuerySet[Ticket]:
    """The same customer's other tickets, newest first."""
    return Ticket.objects.filter(customer_id=ticket.customer_id).exclude(pk=ticket.pk).order_by("-id")[:limit]


def last_inbound(ticket_id: int) -> Message | None:
    """The customer's newest message in a ticket."""
    return Message.objects.filter(ticket_id=ticket_id, direction=Direction.INBOUND).order_by("-id").first()
