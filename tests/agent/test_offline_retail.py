"""The offline model on a whole shop it was not made for: every few orders of the retail data, in several words each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.agent.test_offline_desk import work_ticket
from tests.agent.test_offline_shops import Shop, load_retail

EVERY_NTH = 9
STREET = "12 Harbour Lane, Unit 7, Portland, ME 04101"
ADDRESS = {
    "address1": "12 Harbour Lane", "address2": "Unit 7", "city": "Portland", "country": "USA", "state": "ME",
    "zip": "04101",
}  # fmt: skip
CANCELS = (
    "Please cancel {order}, I no longer need it.",
    "I don't want {order} any more. Kindly call it off.",
    "would you be so kind and cancel my order {order}? not needed anymore, thx",
)
REDIRECTS = (
    "Please deliver {order} to {street} instead.",
    "The address of {order} is wrong, it should be {street}.",
    "could you ship {order} to another address?\n\n12 Harbour Lane\nUnit 7\nPortland, ME 04101\n\nthank you",
)
RETURNS = (
    "I'd like to return the {item} from {order}.",
    "The {item} ({order}) is not what I expected. Please take it back.",
    "Hello, {order} arrived and I want to send back the {item}. Refund to the original payment method please.",
)
SWAPS = (
    "In {order}, please {verb} the {item}: {option} should be {new} instead of {old}.",
    "I'd like to {verb} the {item} of {order} for one with {option} {new}, the rest as it is.",
    "{order}: please {verb} my {item}, {option} {old} -> {new}",
)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return load_retail()


def orders(shop: Shop, status: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every few orders in a state, numbered, so that each takes other words."""
    held = [order for order in shop.orders.values() if order["status"] == status]
    return enumerate(held[::EVERY_NTH])


def swaps(shop: Shop, order: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Each line with a variant that can be had and differs in one option, where the order holds the product once."""
    names = [item["name"] for item in order["items"]]
    for item in order["items"]:
        for variant in shop.variants.values():
            differing = [name for name, value in variant.options.items() if item["options"].get(name) != value]
            same = variant.product_id == item["product_id"]
            if same and variant.available and len(differing) == 1 and names.count(item["name"]) == 1:
                yield item, differing[0], variant.item_id


def test_orders_are_cancelled(shop: Shop) -> None:
    for number, order in orders(shop, "pending"):
        letter = CANCELS[number % 3].format(order=order["order_id"])
        worked = work_ticket(shop.owner(order["order_id"]), letter)
        expected = {"order_id": order["order_id"], "reason": "no longer needed"}
        assert worked.actions == [("cancel_order", expected)], letter


def test_orders_are_sent_elsewhere(shop: Shop) -> None:
    for number, order in orders(shop, "pending"):
        letter = REDIRECTS[number % 3].format(order=order["order_id"], street=STREET)
        worked = work_ticket(shop.owner(order["order_id"]), letter)
        expected = {"order_id": order["order_id"], "address": ADDRESS}
        assert worked.actions == [("change_order_address", expected)], letter


def test_items_are_returned(shop: Shop) -> None:
    for number, order in orders(shop, "delivered"):
        names = [item["name"] for item in order["items"]]
        item = next((item for item in order["items"] if names.count(item["name"]) == 1), None)
        if item is None:
            continue
        letter = RETURNS[number % 3].format(order=order["order_id"], item=item["name"])
        worked = work_ticket(shop.owner(order["order_id"]), letter)
        expected = {
            "order_id": order["order_id"],
            "item_ids": [item["item_id"]],
            "payment_method_id": order["payment_history"][0]["payment_method_id"],
        }
        assert worked.actions == [("return_items", expected)], letter


@pytest.mark.parametrize(("status", "verb", "kind"), [
    ("pending", "change", "change_order_items"),
    ("delivered", "exchange", "exchange_items"),
])  # fmt: skip
def test_items_become_other_variants(shop: Shop, status: str, verb: str, kind: str) -> None:
    seen = 0
    for number, order in orders(shop, status):
        desk = shop.owner(order["order_id"])
        found = next(swaps(shop, order), None)
        if found is None:
            continue
        item, option, new_item_id = found
        values = {"new": shop.variants[new_item_id].options[option], "old": item["options"][option]}
        if {"yes", "no", "none"} & {value.lower() for value in values.values()}:
            continue
        letter = SWAPS[number % 3].format(
            order=order["order_id"], item=item["name"].lower(), option=option, verb=verb, **values
        )
        worked = work_ticket(desk, letter)
        made = [(name, own["changes"]) for name, own in worked.actions]
        if "gift card holds" in worked.reply.lower():
            continue
        assert made == [(kind, [{"item_id": item["item_id"], "new_item_id": new_item_id}])], letter
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("letter", [text for table in (CANCELS, REDIRECTS) for text in table])
def test_orders_in_the_wrong_state_stay_as_they_are(shop: Shop, letter: str) -> None:
    for status in ("processed", "cancelled", "delivered"):
        for _, order in list(orders(shop, status))[:4]:
            worked = work_ticket(shop.owner(order["order_id"]), letter.format(order=order["order_id"], street=STREET))
            assert worked.actions == []
            assert order["order_id"] in worked.reply and not worked.escalation


@pytest.mark.parametrize("letter", [text for table in (CANCELS, REDIRECTS) for text in table])
def test_orders_of_others_are_nobodys(shop: Shop, letter: str) -> None:
    owner = next(iter(shop.users))
    for _, order in list(orders(shop, "pending"))[:4]:
        if order["user_id"] == owner:
            continue
        worked = work_ticket(shop.desk(owner), letter.format(order=order["order_id"], street=STREET))
        assert worked.actions == [] and "could not find an order" in worked.reply
