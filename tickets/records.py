"""A customer's records as frozen values, and the view a plan reads.

A view is what the desk holds about one ticket's customer at one moment. Effects can be laid over it in memory, so that
a later action is planned as if the earlier ones had been carried out. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tickets.effects import AddRecord, ChangeField, Effect, MoveMoney, SendMessage

CENT = Decimal("0.01")


@dataclass(frozen=True)
class MethodRecord:
    """A way to pay; `balance` only on gift cards."""

    payment_method_id: str
    source: str
    brand: str = ""
    last_four: str = ""
    balance: Decimal | None = None


@dataclass(frozen=True)
class CustomerRecord:
    """The customer the ticket belongs to."""

    customer_id: str
    email: str
    first_name: str
    last_name: str
    address: Mapping[str, str]
    credit: Decimal
    methods: Mapping[str, MethodRecord]


@dataclass(frozen=True)
class LineRecord:
    """One item of an order at its price."""

    place: int
    product_id: str
    item_id: str
    name: str
    price: Decimal
    options: Mapping[str, str]


@dataclass(frozen=True)
class PaymentRecord:
    """One line of an order's payment history."""

    direction: str
    amount: Decimal
    payment_method_id: str | None


def takes_back(later: PaymentRecord, earlier: PaymentRecord) -> bool:
    """Whether one move of money undoes another: the same amount on the same method, the other way."""
    same = (later.amount, later.payment_method_id) == (earlier.amount, earlier.payment_method_id)
    return same and (later.direction == "payment") != (earlier.direction == "payment")


@dataclass(frozen=True)
class OrderRecord:
    """One order of the customer."""

    order_id: str
    status: str
    currency: str
    address: Mapping[str, str]
    lines: tuple[LineRecord, ...]
    payments: tuple[PaymentRecord, ...]
    fulfillments: tuple[Mapping[str, Any], ...] = ()
    cancel_reason: str = ""
    return_facts: Mapping[str, Any] | None = None
    exchange_facts: Mapping[str, Any] | None = None

    @property
    def total(self) -> Decimal:
        """What its items cost together."""
        return sum((line.price for line in self.lines), Decimal("0.00"))

    def standing_payments(self) -> dict[str | None, Decimal]:
        """What stands paid, by payment method, in order of first payment; settled methods are left out."""
        standing: dict[str | None, Decimal] = {}
        for payment in self.payments:
            sign = 1 if payment.direction == "payment" else -1
            standing[payment.payment_method_id] = (
                standing.get(payment.payment_method_id, Decimal("0.00")) + sign * payment.amount
            )
        return {method: amount for method, amount in standing.items() if amount > 0}

    @property
    def lasting_payments(self) -> tuple[PaymentRecord, ...]:
        """Its payment history without the moves that were taken back, last first: as if they had never been."""
        lasting: list[PaymentRecord] = []
        for payment in self.payments:
            if lasting and takes_back(payment, lasting[-1]):
                lasting.pop()
            else:
                lasting.append(payment)
        return tuple(lasting)

    @property
    def original_method_id(self) -> str | None:
        """The method of the first payment."""
        return next(
            (line.payment_method_id for line in self.payments if line.direction == "payment"),
            None,
        )


@dataclass(frozen=True)
class VariantRecord:
    """One buyable item of the catalogue."""

    item_id: str
    product_id: str
    name: str
    options: Mapping[str, str]
    available: bool
    price: Decimal


@dataclass(frozen=True)
class TicketRecord:
    """The ticket an action answers."""

    ticket_id: int
    number: str
    subject: str
    status: str
    priority: str
    tags: tuple[str, ...]
    identity: str
    last_message_id: int | None
    category: str = ""
    escalation: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class DeskView:
    """What a plan may read: one ticket, its customer's records, and the catalogue items an action names.

    `receipt` is that of the action to take back, where the plan is for an undo.
    """

    ticket: TicketRecord
    customer: CustomerRecord
    orders: Mapping[str, OrderRecord]
    variants: Mapping[str, VariantRecord] = field(default_factory=dict)
    withdrawn: Mapping[str, bool] = field(default_factory=dict)
    receipt: Mapping[str, Any] | None = None

    def lay_over(self, effects: Iterable[Effect]) -> DeskView:
        """The view as it would be after these effects."""
        view = self
        for effect in effects:
            view = lay_over(view, effect)
        return view


def lay_over(view: DeskView, effect: Effect) -> DeskView:
    """The view after one effect; a message or note changes no record a plan reads."""
    if isinstance(effect, ChangeField):
        return lay_change(view, effect)
    if isinstance(effect, MoveMoney):
        return lay_money(view, effect)
    if isinstance(effect, AddRecord | SendMessage):
        return view
    raise TypeError(f"not an effect: {effect!r}")


def lay_change(view: DeskView, effect: ChangeField) -> DeskView:
    """One changed field; the record's kind says where it lies."""
    kind, _, name = effect.record.partition(":")
    if kind == "order":
        order_id, _, place = name.partition("/")
        order = view.orders[order_id]
        changed = change_line(order, int(place), effect.after) if place else change_order(order, effect)
        return replace(view, orders={**view.orders, order_id: changed})
    if kind == "customer":
        return replace(view, customer=replace(view.customer, **{effect.field: effect.after}))
    if kind == "ticket":
        fields: dict[str, Any] = {effect.field: tuple(effect.after) if effect.field == "tags" else effect.after}
        return replace(view, ticket=replace(view.ticket, **fields))
    return replace(view, withdrawn={**view.withdrawn, effect.record: bool(effect.after)})


def change_order(order: OrderRecord, effect: ChangeField) -> OrderRecord:
    """A changed field of the order itself; `return` and `exchange` are facts with a longer attribute name."""
    attribute = {"return": "return_facts", "exchange": "exchange_facts"}.get(effect.field, effect.field)
    return replace(order, **{attribute: effect.after})


def change_line(order: OrderRecord, place: int, item: Mapping[str, Any]) -> OrderRecord:
    """The order with another item on one of its lines."""
    lines = tuple(
        replace(
            line,
            item_id=item["item_id"],
            price=Decimal(item["price"]),
            options=item["options"],
        )
        if line.place == place
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def lay_money(view: DeskView, effect: MoveMoney) -> DeskView:
    """An amount that moved: the order's payment history and the balance it stands on."""
    orders = dict(view.orders)
    if effect.order_id is not None:
        order = orders[effect.order_id]
        line = PaymentRecord(effect.direction, effect.amount, effect.payment_method_id)
        orders[effect.order_id] = replace(order, payments=(*order.payments, line))
    return replace(view, orders=orders, customer=move_balance(view.customer, effect))


def move_balance(customer: CustomerRecord, effect: MoveMoney) -> CustomerRecord:
    """The customer after an amount moved on a gift card or on the account; cards and PayPal hold no balance here."""
    signed = -effect.amount if effect.direction == "payment" else effect.amount
    if effect.payment_method_id is None:
        return replace(customer, credit=customer.credit + signed)
    method = customer.methods[effect.payment_method_id]
    if method.balance is None:
        return customer
    moved = replace(method, balance=method.balance + signed)
    return replace(customer, methods={**customer.methods, method.payment_method_id: moved})


def field_value(view: DeskView, record: str, name: str) -> Any:
    """What a field of a record holds in this view, in the form effects use; KeyError for an unknown record."""
    kind, _, key = record.partition(":")
    if kind == "order":
        order_id, _, place = key.partition("/")
        order = view.orders[order_id]
        if place:
            return item_value(order.lines[int(place)])
        return getattr(
            order,
            {"return": "return_facts", "exchange": "exchange_facts"}.get(name, name),
        )
    if kind == "customer":
        return getattr(view.customer, name)
    if kind == "ticket":
        value = getattr(view.ticket, name)
        return list(value) if name == "tags" else value
    return view.withdrawn.get(record, False)


def item_value(line: LineRecord | VariantRecord) -> dict[str, Any]:
    """An item as a line's `item` field holds it: id, price as a string, options."""
    return {
        "item_id": line.item_id,
        "price": f"{line.price:.2f}",
        "options": dict(line.options),
    }
