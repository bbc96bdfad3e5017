"""Lays the desk's records beside what should have become of the shop's files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.acceptance.retail.shop import Record, Shop
from tickets.models import Customer, Product
from tickets.queries import customer_record, customer_to_json, load_orders, order_to_json


def read_desk() -> Shop:
    """Every customer, order and product of the desk, in the files' format."""
    users: dict[str, Record] = {}
    orders: dict[str, Record] = {}
    for customer in Customer.objects.all():
        own = load_orders(customer.pk, None)
        users[customer.pk] = customer_to_json(customer_record(customer), own)
        orders |= {order_id: order_to_json(order, customer.pk) for order_id, order in own.items()}
    products = {product.pk: product_to_json(product) for product in Product.objects.prefetch_related("variants")}
    return Shop(users, orders, products)


def product_to_json(product: Product) -> Record:
    """A product in the files' format."""
    variants = {
        variant.item_id: {
            "item_id": variant.item_id,
            "options": variant.options,
            "available": variant.available,
            "price": variant.price,
        }
        for variant in product.variants.all()
    }
    return {"name": product.name, "product_id": product.product_id, "variants": variants}


def as_text(value: Any) -> Any:
    """The same value with amounts as strings of two places, whatever they were."""
    if isinstance(value, dict):
        return {key: as_text(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_text(part) for part in value]
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def expected_user(user: Record) -> Record:
    """A customer as the desk should show it: nobody was given credit."""
    return {**as_text(user), "credit": "0.00"}


def ordered_facts(order: Record) -> Record:
    """An order whose lists without an order of their own are sorted: what goes back, and what for."""
    order = dict(order)
    if "return" in order:
        order["return"] = {**order["return"], "items": sorted(order["return"]["items"])}
    facts = order.get("exchange", {})
    if "new_items" in facts:
        pairs = sorted(zip(facts["items"], facts["new_items"], strict=True))
        others = {name: fact for name, fact in facts.items() if name not in ("items", "new_items")}
        order["exchange"] = {**others, "pairs": [list(pair) for pair in pairs]}
    return order


def compare(expected: Shop, found: Shop) -> Iterator[tuple[str, str]]:
    """Every difference: whose customer's it is (none: the shop's own), and what."""
    for user_id in sorted({*expected.users, *found.users}):
        wanted = expected_user(expected.users[user_id]) if user_id in expected.users else None
        yield from differences(user_id, f"customer {user_id}", wanted, found.users.get(user_id))
    for order_id in sorted({*expected.orders, *found.orders}):
        wanted, got = expected.orders.get(order_id), found.orders.get(order_id)
        owner = (wanted or got or {})["user_id"]
        shown = ordered_facts(got) if got else None
        yield from differences(owner, order_id, as_text(wanted), shown)
    for product_id in sorted({*expected.products, *found.products}):
        wanted, got = expected.products.get(product_id), found.products.get(product_id)
        yield from differences("", f"product {product_id}", as_text(wanted), as_text(got))


def differences(owner: str, name: str, wanted: Record | None, got: Record | None) -> Iterator[tuple[str, str]]:
    """The fields of one record that are not as they should be."""
    for field in sorted({*(wanted or {}), *(got or {})}):
        want, have = (wanted or {}).get(field), (got or {}).get(field)
        if want != have:
            yield owner, f"{name} {field}:\n    expected {want}\n    found    {have}"
