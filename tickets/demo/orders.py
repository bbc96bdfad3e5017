"""The demo shop's orders: what was bought, how it was paid, and how far each parcel has come."""

from decimal import Decimal
from typing import Any

from tickets.demo.customers import make_address
from tickets.demo.dice import Dice, Numbers

STATUSES = (
    "pending",
    "delivered",
    "pending",
    "delivered",
    "processed",
    "pending",
    "delivered",
    "cancelled",
    "pending",
    "delivered",
)
ORDER_COUNT = 200
WITHOUT_ORDERS = 4
EVERY_TWICE = 25
EVERY_GIFT = 6

Item = dict[str, Any]


def make_orders(dice: Dice, users: dict[str, Any], products: dict[str, Any]) -> dict[str, Any]:
    """Two hundred orders by order id. The last customers have none; every 25th order holds an item twice."""
    numbers = Numbers(dice)
    buyers = list(users.values())[:-WITHOUT_ORDERS]
    orders = {}
    for place in range(ORDER_COUNT):
        user = buyers[place % len(buyers)]
        items = _choose_items(dice, products)
        if place % EVERY_TWICE == 0:
            items.append(dict(items[0]))
        order_id = numbers.next("#W", 7)
        orders[order_id] = {
            "order_id": order_id,
            "user_id": user["user_id"],
            "address": make_address(dice) if place % EVERY_GIFT == 4 else dict(user["address"]),
            "items": items,
            **_settle(STATUSES[_status_place(place)], items, user, dice, numbers),
        }
    return orders


def _status_place(place: int) -> int:
    """Shifted at every round, so that a customer's orders are in different states."""
    return (place + place // len(STATUSES)) % len(STATUSES)


def _choose_items(dice: Dice, products: dict[str, Any]) -> list[Item]:
    count = dice.pick((1, 1, 1, 2, 2, 2, 3, 3, 4))
    return [_choose_item(dice, product) for product in dice.draw(list(products.values()), count)]


def _choose_item(dice: Dice, product: dict[str, Any]) -> Item:
    variant = dice.pick(list(product["variants"].values()))
    return {
        "name": product["name"],
        "product_id": product["product_id"],
        "item_id": variant["item_id"],
        "price": variant["price"],
        "options": dict(variant["options"]),
    }


def _settle(status: str, items: list[Item], user: dict[str, Any], dice: Dice, numbers: Numbers) -> dict[str, Any]:
    """Status, parcels and payments. A cancelled order has its payment refunded; what has left has tracking ids."""
    total = sum((item["price"] for item in items), Decimal("0.00"))
    method_id = dice.pick(list(user["payment_methods"]))
    history = [_move("payment", total, method_id)]
    if status == "cancelled":
        history.append(_move("refund", total, method_id))
    parcels = _make_parcels(items, dice, numbers) if status in ("processed", "delivered") else []
    return {"status": status, "fulfillments": parcels, "payment_history": history}


def _move(kind: str, amount: Decimal, method_id: str) -> dict[str, Any]:
    return {"transaction_type": kind, "amount": amount, "payment_method_id": method_id}


def _make_parcels(items: list[Item], dice: Dice, numbers: Numbers) -> list[dict[str, Any]]:
    """One parcel, or two where a large order was split."""
    item_ids = [item["item_id"] for item in items]
    split = len(item_ids) > 2 and dice.chance(0.4)
    parts = [item_ids[:2], item_ids[2:]] if split else [item_ids]
    return [{"tracking_id": [numbers.next("", 12)], "item_ids": part} for part in parts]
