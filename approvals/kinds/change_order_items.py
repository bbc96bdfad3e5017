"""Change items of a pending order to other variants of the same products, once, at catalogue price."""

from __future__ import annotations

from approvals.kinds.catalogue_entry import ActionKind, Arguments, Id
from approvals.kinds.order_rules import (
    Changes,
    difference_at_stake,
    order_in_state,
    own_method,
    own_order,
    paired_names,
    pick_pairs,
    price_difference,
    reads_order,
    settle_difference,
)
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView, item_value


class ChangeOrderItems(Arguments):
    """The order, what to change into what, and the method that pays or receives the difference."""

    order_id: Id
    changes: Changes
    payment_method_id: Id


def plan(arguments: ChangeOrderItems, view: DeskView) -> list[Effect]:
    """Replaces the lines, settles the difference, and closes the order to further changes."""
    order = order_in_state(view, arguments.order_id, "pending")
    method = own_method(view, arguments.payment_method_id)
    pairs = pick_pairs(view, order, arguments.changes)
    lines = [
        ChangeField(f"order:{order.order_id}/{line.place}", "item", item_value(line), item_value(variant))
        for line, variant in pairs
    ]
    money = settle_difference(view, order, method, price_difference(pairs))
    status = ChangeField(f"order:{order.order_id}", "status", order.status, "pending (items modified)")
    return [*lines, *money, status]


def summary(arguments: ChangeOrderItems, view: DeskView) -> str:
    """One sentence for the queue."""
    pairs = pick_pairs(view, own_order(view, arguments.order_id), arguments.changes)
    return f"Change items of order {arguments.order_id}: {paired_names(pairs)}"


KIND = ActionKind(
    name="change_order_items",
    title="Change order items",
    description=(
        "Change items of a pending order to other available variants of the same product. Possible once per order: "
        "name all items to change in one call. The payment method pays or receives the price difference."
    ),
    arguments=ChangeOrderItems,
    plan=plan,
    amount=difference_at_stake,
    summary=summary,
    reads=reads_order,
    moves_money=True,
    changes_records=True,
    undo_while="the order is still pending and holds the changed items",
)
