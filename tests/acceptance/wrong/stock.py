"""A shop of its own, by a fixed seed: goods, customers with several ways to pay, orders in every state."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.retail.goods import make_address
from tests.acceptance.retail.shop import Record, Shop

GOODS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Beach Towel": {"color": ("coral", "navy", "white"), "size": ("small", "large")},
    "Alarm Clock": {"color": ("black", "red", "mint"), "power source": ("battery", "mains")},
    "Field Notebook": {"paper": ("lined", "dotted", "blank"), "cover": ("linen", "leather")},
    "Desk Fan": {"color": ("grey", "white"), "speed settings": ("3", "5")},
    "Trail Vest": {"size": ("S", "M", "L", "XL"), "color": ("orange", "teal")},
    "Water Bottle": {"capacity": ("500ml", "750ml", "1000ml"), "material": ("steel", "glass")},
    "Ceramic Teapot": {"color": ("blue", "ivory", "green"), "capacity": ("600ml", "1200ml")},
    "Bike Lock": {"length": ("80cm", "120cm"), "type": ("cable", "chain")},
    "Wool Beanie": {"color": ("mustard", "charcoal", "red"), "lining": ("fleece", "none")},
    "Camping Cot": {"width": ("65cm", "80cm"), "color": ("green", "sand")},
    "Reading Glasses": {"strength": ("+1.0", "+2.0", "+2.5"), "frame color": ("black", "tortoise")},
    "Garden Lantern": {"light": ("warm", "cold"), "height": ("20cm", "35cm")},
    "Running Shoes": {"size": ("8", "9", "10", "11"), "color": ("black", "white", "blue")},
    "Espresso Cups": {"color": ("white", "black"), "piece count": ("2", "4", "6")},
}
NAMES = (
    ("Amara", "Bella", "Cyrus", "Delia", "Emil", "Farah", "Gwen", "Hugo", "Ines", "Jonas", "Keira", "Lars", "Mona"),
    ("Abbott", "Brandt", "Costa", "Dumont", "Eriksen", "Fowler", "Gupta", "Hale", "Ivanov", "Jensen", "Kaya", "Lopez"),
)
STATES = ("pending", "pending", "delivered", "delivered", "processed", "cancelled")
"""Of each customer's orders: two that can still be changed, two that came, and two that are settled."""


def make_shop(seed: int, customers: int) -> Shop:
    """The shop; equal seeds make equal shops."""
    rng = Random(seed)
    products = dict(make_product(place, rng) for place in range(len(GOODS)))
    users: dict[str, Record] = {}
    orders: dict[str, Record] = {}
    for place in range(customers):
        user = make_user(place, rng)
        users[user["user_id"]] = user
        for number, status in enumerate(STATES):
            order = make_order(f"#W{2_000_000 + place * 10 + number}", status, user, list(products.values()), rng)
            orders[order["order_id"]] = order
            user["orders"].append(order["order_id"])
    return Shop(users, orders, products)


def make_product(place: int, rng: Random) -> tuple[str, Record]:
    """A product with a variant for each combination of its options, most of which can be had."""
    name, options = list(GOODS.items())[place]
    product_id = str(7_100_000_000 + place)
    base = Decimal(rng.randint(900, 6500)) / 100
    variants = {}
    for number, values in enumerate(itertools.product(*options.values())):
        item_id = str(5_200_000_000 + place * 100 + number)
        variants[item_id] = {
            "item_id": item_id,
            "options": dict(zip(options, values, strict=True)),
            "available": rng.random() < 0.85,
            "price": base + Decimal(rng.randint(0, 1200)) / 100,
        }
    return product_id, {"product_id": product_id, "name": name, "variants": variants}


def make_user(place: int, rng: Random) -> Record:
    """A customer with a card, PayPal and a gift card, and often a second card."""
    first, last = (rng.choice(names) for names in NAMES)
    user_id = f"{first}_{last}_{1000 + place}".lower()
    number = 3_000_000 + place * 10
    methods: list[Record] = [
        {"source": "credit_card", "brand": "visa", "last_four": str(1000 + place * 7 % 9000)},
        {"source": "paypal"},
        {"source": "gift_card", "balance": Decimal(rng.randint(20000, 60000)) / 100},
    ]
    if place % 3 == 0:
        methods.append({"source": "credit_card", "brand": "mastercard", "last_four": str(1003 + place * 11 % 8000)})
    named = [{**method, "id": f"{method['source']}_{number + rank}"} for rank, method in enumerate(methods)]
    return {
        "user_id": user_id,
        "name": {"first_name": first, "last_name": last},
        "address": dict(make_address(rng)),
        "email": f"{user_id}@example.com",
        "payment_methods": {method["id"]: method for method in named},
        "orders": [],
    }


def make_order(order_id: str, status: str, user: Record, products: list[Record], rng: Random) -> Record:
    """An order of two to four different products, paid at once."""
    items = []
    for product in rng.sample(products, rng.randint(2, 4)):
        variant = rng.choice(list(product["variants"].values()))
        line = {name: variant[name] for name in ("item_id", "price", "options")}
        items.append({"name": product["name"], "product_id": product["product_id"], **line})
    if rng.random() < 0.25:
        items.append(sibling_of(items[0], products, rng))
    paid = sum((item["price"] for item in items), Decimal(0))
    method = rng.choice([one["id"] for one in user["payment_methods"].values()])
    return {
        "order_id": order_id,
        "user_id": user["user_id"],
        "address": dict(user["address"] if rng.random() < 0.6 else make_address(rng)),
        "items": items,
        "status": status,
        "fulfillments": [],
        "payment_history": [{"transaction_type": "payment", "amount": paid, "payment_method_id": method}],
    }


def sibling_of(item: Record, products: list[Record], rng: Random) -> Record:
    """Another variant of an item's product, so that an order holds two of a kind."""
    product = next(product for product in products if product["product_id"] == item["product_id"])
    others = [variant for variant in product["variants"].values() if variant["item_id"] != item["item_id"]]
    variant = rng.choice(others)
    line = {name: variant[name] for name in ("item_id", "price", "options")}
    return {"name": product["name"], "product_id": product["product_id"], **line}


def write_files(shop: Shop, directory: Path) -> None:
    """The shop as the files that `load_shop` reads."""
    parts: dict[str, Any] = {"users": shop.users, "orders": shop.orders, "products": shop.products}
    for name, value in parts.items():
        (directory / f"{name}.json").write_text(json.dumps(value, default=float), encoding="utf-8")
    (directory / "policy.md").write_text(RULES, encoding="utf-8")


RULES = """# Rules of the shop

Pending orders can be cancelled or changed; delivered ones can be returned or exchanged.
"""
