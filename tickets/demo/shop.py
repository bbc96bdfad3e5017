"""The demo shop as `load_shop` reads it: products, customers and orders, the same for the same seed."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import product as combine
from typing import Any

from tickets.demo.catalogue import ProductLine, read_catalogue
from tickets.demo.customers import make_customers
from tickets.demo.dice import Dice, Numbers
from tickets.demo.orders import make_orders

SEED = 20261
MOST_VARIANTS = 10
SHARE_UNAVAILABLE = 0.22

Shop = dict[str, dict[str, Any]]


def build_shop(seed: int = SEED) -> Shop:
    """`{"users": ..., "orders": ..., "products": ...}` in load_shop's format, amounts as Decimal."""
    dice = Dice(seed)
    products = _make_products(dice)
    users = make_customers(dice)
    orders = make_orders(dice, users, products)
    for order in orders.values():
        users[order["user_id"]]["orders"].append(order["order_id"])
    return {"users": users, "orders": orders, "products": products}


def _make_products(dice: Dice) -> dict[str, Any]:
    numbers = Numbers(dice)
    products = {}
    for line in read_catalogue():
        product_id = numbers.next("40", 8)
        variants = _make_variants(line, dice, numbers)
        products[product_id] = {"name": line.name, "product_id": product_id, "variants": variants}
    return products


def _make_variants(line: ProductLine, dice: Dice, numbers: Numbers) -> dict[str, Any]:
    """Up to ten of the possible combinations; the first three can always be had."""
    combinations = _combine_options(line)
    chosen = sorted(dice.draw(range(len(combinations)), MOST_VARIANTS))
    variants = {}
    for place, index in enumerate(chosen):
        options, price = combinations[index]
        item_id = numbers.next("60", 8)
        available = place < 3 or not dice.chance(SHARE_UNAVAILABLE)
        variants[item_id] = {"item_id": item_id, "options": options, "available": available, "price": price}
    return variants


def _combine_options(line: ProductLine) -> list[tuple[Mapping[str, str], Decimal]]:
    combinations: list[tuple[Mapping[str, str], Decimal]] = []
    for choices in combine(*line.options.values()):
        options = {label: choice.value for label, choice in zip(line.options, choices, strict=True)}
        price = line.base_price + sum(choice.surcharge for choice in choices)
        combinations.append((options, price))
    return combinations
