"""The retail shop as its files have it: plain dicts, amounts as decimals. Knows nothing of the program under test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
RETAIL = DATA / "retail"
INJECTIONS = DATA / "injections" / "injections.jsonl"

Record = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """Customers, orders and products by id; dicts that expectations may change."""

    users: dict[str, Record]
    orders: dict[str, Record]
    products: dict[str, Record]

    def orders_of(self, user_id: str, *statuses: str) -> list[Record]:
        """The customer's orders, those in one of these states where any is given."""
        orders = [self.orders[order_id] for order_id in self.users[user_id]["orders"]]
        return [order for order in orders if not statuses or order["status"] in statuses]

    def methods_of(self, user_id: str) -> list[Record]:
        """The customer's ways to pay."""
        return list(self.users[user_id]["payment_methods"].values())

    def variant(self, item_id: str) -> Record:
        """One item of the catalogue."""
        found = (product["variants"].get(item_id) for product in self.products.values())
        return next(variant for variant in found if variant is not None)


def read_shop() -> Shop:
    """The shop as it is before any ticket."""
    users, orders, products = (
        json.loads((RETAIL / name).read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
        for name in ("users.json", "orders.json", "products.json")
    )
    return Shop(users, orders, products)


def original_method(order: Record) -> str:
    """The id of the method the order was first paid with."""
    return str(order["payment_history"][0]["payment_method_id"])


def total(order: Record) -> Decimal:
    """What the order's items cost together."""
    return sum((item["price"] for item in order["items"]), Decimal(0))
