"""Take back items of a delivered order, the refund to the original method or a gift card of the customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from approvals.kinds.catalogue_entry import ZERO, ActionKind, Arguments, Id, Refusal
from approvals.kinds.order_rules import order_in_state, own_method, own_order, pick_lines, reads_order
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView


class ReturnItems(Arguments):
    """The order, the items that come back (a repeated id counts), and where the refund goes."""

    order_id: Id
    item_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]
    payment_method_id: Id


def plan(arguments: ReturnItems, view: DeskView) -> list[Effect]:
    """Marks the order as coming back, with items and method; the refund follows when the parcel arrives."""
    order = order_in_state(view, arguments.order_id, "delivered")
    method = own_method(view, arguments.payment_method_id)
    pick_lines(order, arguments.item_ids)
    if method.source != "gift_card" and method.payment_method_id != order.original_method_id:
        raise Refusal("A refund goes to the original payment method or to a gift card of the customer.")
    facts = {"items": list(arguments.item_ids), "payment_method_id": method.payment_method_id}
    record = f"order:{order.order_id}"
    return [
        ChangeField(record, "status", order.status, "return requested"),
        ChangeField(record, "return", order.return_facts, facts),
    ]


def amount(arguments: ReturnItems, view: DeskView) -> Decimal:
    """The prices of the items."""
    order = own_order(view, arguments.order_id)
    return sum((line.price for line in pick_lines(order, arguments.item_ids)), ZERO)


def summary(arguments: ReturnItems, view: DeskView) -> str:
    """One sentence for the queue."""
    names = [line.name for line in pick_lines(own_order(view, arguments.order_id), arguments.item_ids)]
    return f"Return {', '.join(names)} of order {arguments.order_id}, refund to {arguments.payment_method_id}"


KIND = ActionKind(
    name="return_items",
    title="Return items",
    description=(
        "Return items of a delivered order. The refund goes to the original payment method or to one of the "
        "customer's gift cards. Possible once per order: name all items in one call, a repeated item as often as meant."
    ),
    arguments=ReturnItems,
    plan=plan,
    amount=amount,
    summary=summary,
    reads=reads_order,
    changes_records=True,
    undo_while="the return is still only requested",
)
