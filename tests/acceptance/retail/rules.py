"""What each wish makes of the shop's records: its published rules, worked out on plain dicts."""

from __future__ import annotations

from decimal import Decimal
from functools import singledispatch

from tests.acceptance.retail.shop import Record, Shop, original_method
from tests.acceptance.retail.wishes import Cancel, ChangeItems, Move, Pairs, Redirect, Repay, SendBack, Swap


class ImpossibleWish(Exception):
    """The letter's author asks for what the rules forbid: a mistake in this test, not in the program."""


def demand(holds: bool, what: str) -> None:
    """Keeps the pen honest."""
    if not holds:
        raise ImpossibleWish(what)


def order_in(shop: Shop, order_id: str, status: str) -> Record:
    """The order, which must be in this state."""
    order = shop.orders[order_id]
    demand(order["status"] == status, f"{order_id} is {order['status']}")
    return order


def book(shop: Shop, order: Record, kind: str, amount: Decimal, method_id: str) -> None:
    """A line in the order's history; a gift card's balance moves with it."""
    order["payment_history"].append({"transaction_type": kind, "amount": amount, "payment_method_id": method_id})
    method = shop.users[order["user_id"]]["payment_methods"][method_id]
    if method["source"] == "gift_card":
        method["balance"] += amount if kind == "refund" else -amount
        demand(method["balance"] >= 0, f"{method_id} below zero")


def replacement(shop: Shop, item: Record, new_item_id: str) -> Record:
    """Another variant of the item's product that can be had."""
    variant: Record = shop.products[item["product_id"]]["variants"][new_item_id]
    demand(variant["available"] and new_item_id != item["item_id"], f"{new_item_id} cannot be had")
    return variant


def matched(shop: Shop, order: Record, pairs: Pairs) -> list[tuple[Record, Record]]:
    """Each line to change with what is wanted in its place; a line serves once."""
    left = list(order["items"])
    found = []
    for item_id, new_item_id in pairs:
        item = next(item for item in left if item["item_id"] == item_id)
        left = [other for other in left if other is not item]
        found.append((item, replacement(shop, item, new_item_id)))
    return found


def difference(found: list[tuple[Record, Record]]) -> Decimal:
    """What the new ones cost more."""
    return sum((new["price"] - old["price"] for old, new in found), Decimal(0))


@singledispatch
def grant(wish: object, shop: Shop) -> None:
    """Changes the shop's records as the wish should."""
    raise TypeError(f"no rule for {wish!r}")


@grant.register
def cancel(wish: Cancel, shop: Shop) -> None:
    """All that was paid goes back where it came from."""
    order = order_in(shop, wish.order_id, "pending")
    for line in list(order["payment_history"]):
        demand(line["transaction_type"] == "payment", "paid and refunded before")
        book(shop, order, "refund", line["amount"], line["payment_method_id"])
    order |= {"status": "cancelled", "cancel_reason": wish.reason}


@grant.register
def change_items(wish: ChangeItems, shop: Shop) -> None:
    """The new lines stand where the old ones stood; one line of money for the difference."""
    order = order_in(shop, wish.order_id, "pending")
    found = matched(shop, order, wish.pairs)
    more = difference(found)
    for item, variant in found:
        item |= {name: variant[name] for name in ("item_id", "price", "options")}
    if more:
        book(shop, order, "payment" if more > 0 else "refund", abs(more), wish.method_id)
    order["status"] = "pending (items modified)"


@grant.register
def redirect(wish: Redirect, shop: Shop) -> None:
    """Only the order's own address changes."""
    order_in(shop, wish.order_id, "pending")["address"] = dict(wish.address)


@grant.register
def move(wish: Move, shop: Shop) -> None:
    """Only the customer's own address changes."""
    shop.users[wish.user_id]["address"] = dict(wish.address)


@grant.register
def repay(wish: Repay, shop: Shop) -> None:
    """Paid anew, and the first payment refunded."""
    order = order_in(shop, wish.order_id, "pending")
    demand(len(order["payment_history"]) == 1, "one payment only")
    first = order["payment_history"][0]
    demand(first["payment_method_id"] != wish.method_id, "another method")
    book(shop, order, "payment", first["amount"], wish.method_id)
    book(shop, order, "refund", first["amount"], first["payment_method_id"])


@grant.register
def send_back(wish: SendBack, shop: Shop) -> None:
    """The order is marked; money follows the parcel."""
    order = order_in(shop, wish.order_id, "delivered")
    method = shop.users[order["user_id"]]["payment_methods"][wish.method_id]
    demand(method["source"] == "gift_card" or wish.method_id == original_method(order), "refund elsewhere")
    facts = {"items": sorted(wish.item_ids), "payment_method_id": wish.method_id}
    order |= {"status": "return requested", "return": facts}


@grant.register
def swap(wish: Swap, shop: Shop) -> None:
    """The order is marked; the difference is settled when the parcel arrives."""
    order = order_in(shop, wish.order_id, "delivered")
    more = difference(matched(shop, order, wish.pairs))
    method = shop.users[order["user_id"]]["payment_methods"][wish.method_id]
    demand(method["source"] != "gift_card" or method["balance"] >= more, "gift card too low")
    facts = {
        "pairs": sorted(wish.pairs),
        "payment_method_id": wish.method_id,
        "price_difference": f"{more:.2f}",
    }
    order |= {"status": "exchange requested", "exchange": facts}
