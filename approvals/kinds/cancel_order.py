"""Cancel a pending order: every payment still standing goes back to its own method."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from approvals.kinds.catalogue_entry import ZERO, ActionKind, Arguments, Id
from approvals.kinds.order_rules import order_in_state, own_order, reads_order
from tickets.effects import ChangeField, Effect, MoveMoney
from tickets.records import DeskView


class CancelOrder(Arguments):
    """Which order, and why: one of two reasons."""

    order_id: Id
    reason: Literal["no longer needed", "ordered by mistake"]


def plan(arguments: CancelOrder, view: DeskView) -> list[Effect]:
    """Refunds what stands paid and closes the order."""
    order = order_in_state(view, arguments.order_id, "pending")
    refunds = [
        MoveMoney(
            record=f"new:payment:{place}",
            direction="refund",
            amount=amount,
            currency=order.currency,
            payment_method_id=method_id,
            customer_id=view.customer.customer_id,
            order_id=order.order_id,
        )
        for place, (method_id, amount) in enumerate(order.standing_payments().items(), start=1)
    ]
    record = f"order:{order.order_id}"
    return [
        *refunds,
        ChangeField(record, "status", order.status, "cancelled"),
        ChangeField(record, "cancel_reason", order.cancel_reason, arguments.reason),
    ]


def amount(arguments: CancelOrder, view: DeskView) -> Decimal:
    """What stands paid."""
    return sum(own_order(view, arguments.order_id).standing_payments().values(), ZERO)


def summary(arguments: CancelOrder, view: DeskView) -> str:
    """One sentence for the queue."""
    paid = amount(arguments, view)
    return f"Cancel order {arguments.order_id} ({arguments.reason}) and refund {paid:.2f}"


KIND = ActionKind(
    name="cancel_order",
    title="Cancel order",
    description="Cancel a pending order and refund what was paid to the methods it was paid with.",
    arguments=CancelOrder,
    plan=plan,
    amount=amount,
    summary=summary,
    reads=reads_order,
    moves_money=True,
    changes_records=True,
    undo_while="the order is still cancelled and what was refunded to a gift card is still on it",
)
