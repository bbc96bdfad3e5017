"""Rules that order kinds share: whose order it is, which items it holds, who pays a difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from approvals.kinds.catalogue_entry import ZERO, Arguments, Id, Refusal
from tickets.effects import MoveMoney
from tickets.records import DeskView, LineRecord, MethodRecord, OrderRecord, VariantRecord


class Change(Arguments):
    """One item of an order and the item wanted in its place."""

    item_id: Id
    new_item_id: Id


Changes = Annotated[tuple[Change, ...], Field(min_length=1, max_length=100)]


def own_order(view: DeskView, order_id: str) -> OrderRecord:
    """The order, if it belongs to the ticket's customer; unknown and others' orders sound alike."""
    order = view.orders.get(order_id)
    if order is None:
        raise Refusal(f"No order {order_id} is known for this customer.")
    return order


def order_in_state(view: DeskView, order_id: str, status: str) -> OrderRecord:
    """The customer's order, in exactly this status."""
    order = own_order(view, order_id)
    if order.status != status:
        raise Refusal(f"Order {order_id} is {order.status}; this is possible only while it is {status}.")
    return order


def own_method(view: DeskView, payment_method_id: str) -> MethodRecord:
    """A payment method of the ticket's customer; unknown and others' methods sound alike."""
    method = view.customer.methods.get(payment_method_id)
    if method is None:
        raise Refusal(f"No payment method {payment_method_id} is known for this customer.")
    return method


def require_cover(method: MethodRecord, amount: Decimal) -> None:
    """A gift card must hold what is to be paid with it; other methods are not known to have a limit."""
    if method.balance is not None and method.balance < amount:
        raise Refusal(
            f"Gift card {method.payment_method_id} holds {method.balance:.2f}, which does not cover {amount:.2f}."
        )


def pick_lines(order: OrderRecord, item_ids: Iterable[str]) -> list[LineRecord]:
    """The order's lines for these items, in the order asked; an id asked twice needs two lines."""
    left = list(order.lines)
    picked = []
    for item_id in item_ids:
        line = next((line for line in left if line.item_id == item_id), None)
        if line is None:
            raise Refusal(f"Item {item_id} is not in order {order.order_id}, or not that often.")
        left.remove(line)
        picked.append(line)
    return picked


def pick_replacement(view: DeskView, line: LineRecord, new_item_id: str) -> VariantRecord:
    """An available variant of the same product to stand in a line's place."""
    variant = view.variants.get(new_item_id)
    if variant is None or variant.product_id != line.product_id:
        raise Refusal(f"Item {new_item_id} is not a variant of {line.name}.")
    if not variant.available:
        raise Refusal(f"Item {new_item_id} ({line.name}) is not available.")
    if variant.item_id == line.item_id:
        raise Refusal(f"Item {new_item_id} is what the order already holds.")
    return variant


Pairs = Sequence[tuple[LineRecord, VariantRecord]]


def pick_pairs(view: DeskView, order: OrderRecord, changes: Sequence[Change]) -> Pairs:
    """Each line to change with what takes its place."""
    lines = pick_lines(order, (change.item_id for change in changes))
    return [
        (line, pick_replacement(view, line, change.new_item_id)) for line, change in zip(lines, changes, strict=True)
    ]


def price_difference(pairs: Pairs) -> Decimal:
    """What the customer pays more (or, below zero, gets back), at catalogue prices."""
    return sum((variant.price - line.price for line, variant in pairs), ZERO)


def settle_difference(view: DeskView, order: OrderRecord, method: MethodRecord, difference: Decimal) -> list[MoveMoney]:
    """One payment or refund of the difference; none of 0.00."""
    if difference == 0:
        return []
    if difference > 0:
        require_cover(method, difference)
    return [
        MoveMoney(
            record="new:payment:1",
            direction="payment" if difference > 0 else "refund",
            amount=abs(difference),
            currency=order.currency,
            payment_method_id=method.payment_method_id,
            customer_id=view.customer.customer_id,
            order_id=order.order_id,
        )
    ]


def difference_at_stake(arguments: Any, view: DeskView) -> Decimal:
    """The absolute difference of a change or an exchange."""
    return abs(price_difference(pick_pairs(view, own_order(view, arguments.order_id), arguments.changes)))


def reads_order(arguments: Any) -> frozenset[str]:
    """An order kind depends on its order and on the payment method it names."""
    names = {f"order:{arguments.order_id}"}
    method = getattr(arguments, "payment_method_id", None)
    return frozenset(names | {f"method:{method}"} if method else names)


def paired_names(pairs: Pairs) -> str:
    """The items of a change in words, each with the options that differ."""
    return "; ".join(f"{line.name}: {option_changes(line, variant)}" for line, variant in pairs)


def option_changes(line: LineRecord, variant: VariantRecord) -> str:
    """Which options differ between what is there and what is wanted."""
    changed = [
        f"{name} {line.options.get(name, 'none')} → {value}"
        for name, value in variant.options.items()
        if line.options.get(name) != value
    ]
    return ", ".join(changed) or f"{line.item_id} → {variant.item_id}"
