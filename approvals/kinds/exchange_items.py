"""Exchange items of a delivered order for other variants of the same products."""

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
    require_cover,
)
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView


class ExchangeItems(Arguments):
    """The order, what to exchange for what, and the method that pays or receives the difference."""

    order_id: Id
    changes: Changes
    payment_method_id: Id


def plan(arguments: ExchangeItems, view: DeskView) -> list[Effect]:
    """Marks the order as being exchanged; the difference is settled when the parcel arrives."""
    order = order_in_state(view, arguments.order_id, "delivered")
    method = own_method(view, arguments.payment_method_id)
    pairs = pick_pairs(view, order, arguments.changes)
    difference = price_difference(pairs)
    require_cover(method, difference)
    facts = {
        "items": [line.item_id for line, _ in pairs],
        "new_items": [variant.item_id for _, variant in pairs],
        "payment_method_id": method.payment_method_id,
        "price_difference": f"{difference:.2f}",
    }
    record = f"order:{order.order_id}"
    return [
        ChangeField(record, "status", order.status, "exchange requested"),
        ChangeField(record, "exchange", order.exchange_facts, facts),
    ]


def summary(arguments: ExchangeItems, view: DeskView) -> str:
    """One sentence for the queue."""
    pairs = pick_pairs(view, own_order(view, arguments.order_id), arguments.changes)
    return f"Exchange items of order {arguments.order_id}: {paired_names(pairs)}"


KIND = ActionKind(
    name="exchange_items",
    title="Exchange items",
    description=(
        "Exchange items of a delivered order for other available variants of the same product. Possible once per "
        "order: name all items in one call. The payment method pays or receives the price difference."
    ),
    arguments=ExchangeItems,
    plan=plan,
    amount=difference_at_stake,
    summary=summary,
    reads=reads_order,
    changes_records=True,
    undo_while="the exchange is still only requested",
)
