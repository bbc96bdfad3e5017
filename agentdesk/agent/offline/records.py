"""What the tools answered, as values the planner can compare: orders with their lines, products with their variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of an order."""

    place: int
    item_id: str
    product_id: str
    name: str
    price: Decimal
    options: Mapping[str, str]


@dataclass(frozen=True)
class Variant:
    """One item of a product's catalogue."""

    item_id: str
    options: Mapping[str, str]
    is_available: bool
    price: Decimal


@dataclass(frozen=True)
class Product:
    """A product with its variants."""

    product_id: str
    name: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Order:
    """An order of the ticket's customer; `payments` are (type, amount, method) in order."""

    order_id: str
    status: str
    address: Mapping[str, str]
    lines: tuple[Line, ...]
    payments: tuple[tuple[str, Decimal, str], ...]
    tracking: tuple[str, ...]

    @property
    def original_method(self) -> str:
        """The method of the first payment."""
        return self.payments[0][2] if self.payments else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its products, once each."""
        return tuple(dict.fromkeys(line.name for line in self.lines))

    def standing(self) -> dict[str, Decimal]:
        """What stands paid, by method; methods with nothing left are not in it."""
        sums: dict[str, Decimal] = {}
        for direction, amount, method in self.payments:
            sums[method] = sums.get(method, Decimal(0)) + (amount if direction == "payment" else -amount)
        return {method: amount for method, amount in sums.items() if amount}


def read_order(answer: Mapping[str, Any]) -> Order:
    """An order from `get_order`'s answer."""
    return Order(
        order_id=str(answer["order_id"]),
        status=str(answer["status"]),
        address=dict(answer.get("address") or {}),
        lines=tuple(
            Line(
                place=place,
                item_id=str(item["item_id"]),
                product_id=str(item["product_id"]),
                name=str(item["name"]),
                price=Decimal(str(item["price"])),
                options={str(name): str(value) for name, value in (item.get("options") or {}).items()},
            )
            for place, item in enumerate(answer.get("items") or ())
        ),
        payments=tuple(
            (str(paid["transaction_type"]), Decimal(str(paid["amount"])), str(paid["payment_method_id"]))
            for paid in answer.get("payment_history") or ()
        ),
        tracking=tuple(
            str(number) for sent in answer.get("fulfillments") or () for number in sent.get("tracking_id") or ()
        ),
    )


def read_product(answer: Mapping[str, Any]) -> Product:
    """A product from `get_product`'s answer."""
    return Product(
        product_id=str(answer["product_id"]),
        name=str(answer["name"]),
        variants=tuple(
            Variant(
                item_id=str(variant["item_id"]),
                options={str(name): str(value) for name, value in (variant.get("options") or {}).items()},
                is_available=bool(variant["available"]),
                price=Decimal(str(variant["price"])),
            )
            for variant in answer.get("variants") or ()
        ),
    )


def options_in_words(options: Mapping[str, str]) -> str:
    """`blue, 1000ml, glass`, or with names where a bare value says nothing."""
    return ", ".join(
        f"{name} {value}" if value.lower() in {"yes", "no", "none"} or value.isdigit() else value
        for name, value in options.items()
    )
