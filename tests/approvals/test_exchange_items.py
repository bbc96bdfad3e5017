"""An exchange marks a delivered order with pairs, method and difference; no money moves yet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import DELIVERED, OTTOS, Bench, order_in
from tickets.models import LedgerLine, Order, OrderStatus, PaymentMethod, Person

pytestmark = pytest.mark.django_db


def ask(*pairs: tuple[str, str], order_id: str = DELIVERED, method: str = "credit_card_carla") -> dict[str, Any]:
    changes = [{"item_id": old, "new_item_id": new} for old, new in pairs]
    return {"order_id": order_id, "changes": changes, "payment_method_id": method}


@pytest.mark.parametrize(
    ("pairs", "difference", "amount"),
    [
        ([("9101", "9103")], "7.60", "7.60"),
        ([("9101", "9105")], "-4.50", "4.50"),
        ([("9101", "9102")], "0.00", "0.00"),
        ([("9101", "9103"), ("9101", "9105")], "3.10", "3.10"),
    ],
)
def test_it_keeps_pairs_method_and_difference(
    bench: Bench, rita: Person, pairs: list[tuple[str, str]], difference: str, amount: str
) -> None:
    payments = LedgerLine.objects.count()
    action = bench.propose("exchange_items", ask(*pairs, method="gift_card_carla"))
    assert action.amount == Decimal(amount)
    assert bench.carry_out(action, rita).status == "executed"
    order = Order.objects.get(pk=DELIVERED)
    assert order.status == "exchange requested"
    assert order.exchange_facts == {
        "items": [old for old, _ in pairs],
        "new_items": [new for _, new in pairs],
        "payment_method_id": "gift_card_carla",
        "price_difference": difference,
    }
    assert LedgerLine.objects.count() == payments
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("100.00")


def test_what_comes_back_cheaper_needs_no_cover(bench: Bench) -> None:
    PaymentMethod.objects.filter(pk="gift_card_carla").update(balance=0)
    assert bench.propose("exchange_items", ask(("9101", "9105"), method="gift_card_carla")).status == "waiting"


REFUSALS = [
    pytest.param(ask(("9101", "9103"), ("9101", "9103"), ("9101", "9103")), "not that often", id="too often"),
    pytest.param(ask(("9103", "9101")), "not in order", id="not in the order"),
    pytest.param(ask(("9101", "9104")), "not available", id="unavailable"),
    pytest.param(ask(("9101", "9201")), "not a variant of Mug", id="another product's"),
    pytest.param(ask(("9101", "9103"), method="paypal_otto"), "No payment method", id="Otto's method"),
    pytest.param(ask(("9201", "9202"), method="gift_card_carla"), "does not cover 210.00", id="gift card too low"),
    pytest.param(ask(("9101", "9103"), order_id=OTTOS), "No order", id="Otto's order"),
    *[
        pytest.param(ask(("9101", "9103"), order_id=order_in(status)), f"is {status}", id=status)
        for status in OrderStatus.values
        if status != "delivered"
    ],
]


@pytest.mark.parametrize(("arguments", "words"), REFUSALS)
def test_it_is_refused_and_changes_nothing(bench: Bench, arguments: dict[str, Any], words: str) -> None:
    before = read_rows()
    action = bench.propose("exchange_items", arguments)
    assert action.status == "refused" and words in action.status_reason
    assert read_rows() == before


def test_it_is_possible_once(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose("exchange_items", ask(("9101", "9102"))), rita)
    assert bench.propose("exchange_items", ask(("9201", "9202"))).status == "refused"
