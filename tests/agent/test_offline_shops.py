"""The shops the offline model's tests work in: Carla's small desk, and the retail data's customers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agentdesk.agent.language_model import ToolCall
from tests.agent.test_offline_desk import FakeDesk
from tickets.records import CustomerRecord, LineRecord, MethodRecord, OrderRecord, PaymentRecord, VariantRecord

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Shop:
    """A whole shop in load_shop's format, from which one customer's desk is cut."""

    users: Mapping[str, Any]
    orders: Mapping[str, Any]
    variants: Mapping[str, VariantRecord]

    def desk(self, user_id: str) -> FakeDesk:
        """The desk of one customer."""
        user = self.users[user_id]
        methods = {
            name: MethodRecord(
                name,
                method["source"],
                method.get("brand", ""),
                method.get("last_four", ""),
                Decimal(str(method["balance"])).quantize(Decimal("0.01")) if "balance" in method else None,
            )
            for name, method in user["payment_methods"].items()
        }
        customer = CustomerRecord(
            user_id,
            user["email"],
            user["name"]["first_name"],
            user["name"]["last_name"],
            user["address"],
            Decimal("0.00"),
            methods,
        )
        return FakeDesk(customer, {name: order_record(self.orders[name]) for name in user["orders"]}, self.variants)

    def owner(self, order_id: str) -> FakeDesk:
        """The desk of an order's customer."""
        return self.desk(self.orders[order_id]["user_id"])


def order_record(order: Mapping[str, Any]) -> OrderRecord:
    """An order of load_shop's format as a record."""
    cent = Decimal("0.01")
    return OrderRecord(
        order_id=order["order_id"],
        status=order["status"],
        currency="USD",
        address=order["address"],
        lines=tuple(
            LineRecord(
                place,
                item["product_id"],
                item["item_id"],
                item["name"],
                Decimal(str(item["price"])).quantize(cent),
                item["options"],
            )
            for place, item in enumerate(order["items"])
        ),
        payments=tuple(
            PaymentRecord(
                line["transaction_type"], Decimal(str(line["amount"])).quantize(cent), line["payment_method_id"]
            )
            for line in order["payment_history"]
        ),
        fulfillments=tuple(order["fulfillments"]),
    )


def read_shop(users: Mapping[str, Any], orders: Mapping[str, Any], products: Mapping[str, Any]) -> Shop:
    """A shop from the three files' contents."""
    variants = {
        item_id: VariantRecord(
            item_id, product["product_id"], product["name"], variant["options"], variant["available"],
            Decimal(str(variant["price"])).quantize(Decimal("0.01")),
        )
        for product in products.values()
        for item_id, variant in product["variants"].items()
    }  # fmt: skip
    return Shop(users, orders, variants)


def load_retail() -> Shop:
    """The retail shop of the shared data; skips where it is missing."""
    folder = DATA / "retail"
    if not folder.is_dir():
        pytest.skip("../shared/data/retail is not there")
    return read_shop(*(json.loads((folder / f"{name}.json").read_text()) for name in ("users", "orders", "products")))


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines; skips where it is missing."""
    if not path.is_file():
        pytest.skip(f"{path.name} is not there")
    for line in path.read_text().splitlines():
        yield json.loads(line)


def test_the_desk_plans_with_the_real_kinds() -> None:
    """What the desk refuses and lays over is what the gate would."""
    desk = small_desk()
    refused = desk.answer(ToolCall("a", "cancel_order", {"order_id": "#W1000002", "reason": "no longer needed"}))
    assert refused["outcome"] == "refused"
    done = desk.answer(ToolCall("b", "cancel_order", {"order_id": "#W1000001", "reason": "no longer needed"}))
    assert done["outcome"] == "proposed"
    assert desk.view.orders["#W1000001"].status == "cancelled"


ADDRESS = {
    "address1": "1 Elm Road",
    "address2": "Suite 10",
    "city": "Denver",
    "country": "USA",
    "state": "CO",
    "zip": "80201",
}


CATALOGUE = {
    item: VariantRecord(item, product, name, options, available, Decimal(price))
    for item, product, name, options, available, price in (
        ("1000000001", "10", "Water Bottle", {"color": "blue", "capacity": "500ml"}, True, "20.00"),
        ("1000000002", "10", "Water Bottle", {"color": "red", "capacity": "500ml"}, True, "25.50"),
        ("1000000003", "10", "Water Bottle", {"color": "red", "capacity": "1000ml"}, False, "30.00"),
        ("1000000004", "10", "Water Bottle", {"color": "blue", "capacity": "1000ml"}, True, "28.00"),
        ("2000000001", "20", "T-Shirt", {"color": "black", "size": "M"}, True, "15.00"),
        ("2000000002", "20", "T-Shirt", {"color": "black", "size": "L"}, True, "15.00"),
        ("2000000003", "20", "T-Shirt", {"color": "white", "size": "L"}, True, "14.00"),
        ("3000000001", "30", "Desk Lamp", {"color": "grey", "brightness": "high"}, True, "60.00"),
        ("3000000002", "30", "Desk Lamp", {"color": "white", "brightness": "high"}, True, "61.25"),
    )
}


def paid_order(order_id: str, status: str, items: Sequence[str], method: str) -> OrderRecord:
    """An order of these catalogue items, paid with one payment."""
    held = [CATALOGUE[item] for item in items]
    lines = tuple(
        LineRecord(place, one.product_id, one.item_id, one.name, one.price, one.options)
        for place, one in enumerate(held)
    )
    total = sum((one.price for one in held), Decimal("0.00"))
    return OrderRecord(order_id, status, "USD", ADDRESS, lines, (PaymentRecord("payment", total, method),))


def small_desk(refused: frozenset[str] = frozenset()) -> FakeDesk:
    """Carla's desk: two pending orders, a delivered and a processed one, three ways to pay."""
    orders = [
        paid_order("#W1000001", "pending", ["1000000001", "2000000001"], "credit_card_1"),
        paid_order("#W1000002", "delivered", ["1000000001", "3000000001", "2000000001", "2000000001"], "paypal_2"),
        paid_order("#W1000003", "processed", ["3000000001"], "credit_card_1"),
        paid_order("#W1000004", "pending", ["3000000001"], "credit_card_1"),
    ]
    methods = {
        "credit_card_1": MethodRecord("credit_card_1", "credit_card", "visa", "4242"),
        "paypal_2": MethodRecord("paypal_2", "paypal"),
        "gift_card_3": MethodRecord("gift_card_3", "gift_card", balance=Decimal("5.00")),
    }
    customer = CustomerRecord("carla_1", "carla@example.com", "Carla", "Brook", ADDRESS, Decimal("0.00"), methods)
    return FakeDesk(customer, {one.order_id: one for one in orders}, CATALOGUE, refused=refused)
