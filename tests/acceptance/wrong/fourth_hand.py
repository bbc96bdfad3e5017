"""Sixty letters of a fourth hand, each with its right plan and three wrong ones, written down as such."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.acceptance.retail.shop import Record, Shop
from tests.acceptance.retail.wishes import Cancel, ChangeItems, Move, Redirect, Repay, SendBack, Swap
from tests.acceptance.wrong.errors import Deed
from tests.acceptance.wrong.post import CONFIDENCES, Plan, Written

HAND = Path(__file__).with_name("fourth_hand.json")
SUBJECT = "My order"


def read_hand() -> tuple[Shop, list[Plan], list[Plan]]:
    """The shop, the plans for every other letter, which the checks were tuned on, and those held out."""
    read = json.loads(HAND.read_text(encoding="utf-8"), parse_float=Decimal)
    products = {product["product_id"]: priced(product) for product in read["products"]}
    rng = Random(HAND.name)
    users: dict[str, Record] = {}
    orders: dict[str, Record] = {}
    halves: tuple[list[Plan], list[Plan]] = ([], [])
    for place, letter in enumerate(read["letters"]):
        user = customer_of(letter["customer"])
        users[user["user_id"]] = user
        orders |= {order["order_id"]: order_of(order, user, products) for order in letter["orders"]}
        halves[place % 2].extend(plans_of(letter, user["user_id"], rng))
    return Shop(users, orders, products), *halves


def plans_of(letter: Mapping[str, Any], user_id: str, rng: Random) -> list[Plan]:
    """The right plan of a letter, then the wrong ones, each with what is wrong with it."""
    deeds = [deed_of(plan["kind"], plan["arguments"], user_id) for plan in letter["plans"]]
    written = Written(user_id, SUBJECT, letter["letter"], (deeds[0],))
    errors = [plan["error"] for plan in letter["plans"]]
    return [Plan(written, deed, 0, error, rng.choice(CONFIDENCES)) for deed, error in zip(deeds, errors, strict=True)]


def deed_of(kind: str, arguments: Mapping[str, Any], user_id: str) -> Deed:
    """The deed of an action's kind and arguments."""
    order_id, method_id = arguments.get("order_id", ""), arguments.get("payment_method_id", "")
    pairs = tuple((change["item_id"], change["new_item_id"]) for change in arguments.get("changes", ()))
    deeds: dict[str, Deed] = {
        "cancel_order": Cancel(order_id, arguments.get("reason", "")),
        "return_items": SendBack(order_id, tuple(arguments.get("item_ids", ())), method_id),
        "exchange_items": Swap(order_id, pairs, method_id),
        "change_order_items": ChangeItems(order_id, pairs, method_id),
        "change_order_address": Redirect(order_id, arguments.get("address", {})),
        "change_customer_address": Move(user_id, arguments.get("address", {})),
        "change_order_payment": Repay(order_id, method_id),
    }
    return deeds[kind]


def priced(product: Record) -> Record:
    """A product with its prices as amounts."""
    variants = {item_id: {**one, "price": Decimal(one["price"])} for item_id, one in product["variants"].items()}
    return {**product, "variants": variants}


def customer_of(customer: Record) -> Record:
    """A customer with the gift cards' balances as amounts."""
    methods = {
        method_id: {**method, "balance": Decimal(method["balance"])} if "balance" in method else method
        for method_id, method in customer["payment_methods"].items()
    }
    return {**customer, "payment_methods": methods}


def order_of(order: Record, user: Record, products: Mapping[str, Record]) -> Record:
    """An order in full: its items from the catalogue, sent where the customer lives unless it says otherwise."""
    lines = [line_of(item_id, products) for item_id in order["items"]]
    sent = [{"tracking_id": order["tracking"], "item_ids": order["items"]}] if "tracking" in order else []
    paid = {"transaction_type": "payment", "amount": Decimal(order["paid"]), "payment_method_id": order["method"]}
    return {
        "order_id": order["order_id"],
        "user_id": user["user_id"],
        "address": order.get("address", user["address"]),
        "items": lines,
        "status": order["status"],
        "fulfillments": sent,
        "payment_history": [paid],
    }


def line_of(item_id: str, products: Mapping[str, Record]) -> Record:
    """An item as an order has it."""
    product = next(one for one in products.values() if item_id in one["variants"])
    variant = product["variants"][item_id]
    line = {name: variant[name] for name in ("item_id", "price", "options")}
    return {"name": product["name"], "product_id": product["product_id"], **line}
