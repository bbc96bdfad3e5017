"""Pay a pending order with another of the customer's methods."""

from __future__ import annotations

from decimal import Decimal

from approvals.kinds.catalogue_entry import ZERO, ActionKind, Arguments, Id, Refusal
from approvals.kinds.order_rules import order_in_state, own_method, own_order, reads_order, require_cover
from tickets.effects import Effect, MoneyDirection, MoveMoney
from tickets.records import DeskView


class ChangeOrderPayment(Arguments):
    """The order and the method that shall pay it."""

    order_id: Id
    payment_method_id: Id


def plan(arguments: ChangeOrderPayment, view: DeskView) -> list[Effect]:
    """A payment on the new method and a refund on the old one."""
    order = order_in_state(view, arguments.order_id, "pending")
    method = own_method(view, arguments.payment_method_id)
    payments = order.lasting_payments
    if len(payments) != 1 or payments[0].direction != "payment":
        raise Refusal(f"Order {order.order_id} was not paid with one single payment.")
    paid = payments[0]
    if paid.payment_method_id == method.payment_method_id:
        raise Refusal(f"Order {order.order_id} is already paid with {method.payment_method_id}.")
    require_cover(method, paid.amount)

    def move(place: int, direction: MoneyDirection, method_id: str | None) -> MoveMoney:
        return MoveMoney(
            record=f"new:payment:{place}",
            direction=direction,
            amount=paid.amount,
            currency=order.currency,
            payment_method_id=method_id,
            customer_id=view.customer.customer_id,
            order_id=order.order_id,
        )

    return [move(1, "payment", method.payment_method_id), move(2, "refund", paid.payment_method_id)]


def amount(arguments: ChangeOrderPayment, view: DeskView) -> Decimal:
    """What stands paid."""
    return sum(own_order(view, arguments.order_id).standing_payments().values(), ZERO)


def summary(arguments: ChangeOrderPayment, view: DeskView) -> str:
    """One sentence for the queue."""
    return f"Pay order {arguments.order_id} with {arguments.payment_method_id} instead"


KIND = ActionKind(
    name="change_order_payment",
    title="Change order payment",
    description="Pay a pending order with another payment method of the customer; the old one is refunded.",
    arguments=ChangeOrderPayment,
    plan=plan,
    amount=amount,
    summary=summary,
    reads=reads_order,
    moves_money=True,
    changes_records=True,
    undo_while="the order is still pending and its money has not moved since",
    reversed_by="change_order_payment",
)
