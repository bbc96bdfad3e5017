"""A return marks a delivered order with items and method; the refund goes to the original method or a gift card."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import DELIVERED, OTTOS, Bench, make_order, order_in, pay
from tickets.models import Customer, LedgerLine, Order, OrderStatus, Person

pytestmark = pytest.mark.django_db


def ask(*item_ids: str, order_id: str = DELIVERED, method: str = "credit_card_carla") -> dict[str, Any]:
    return {"order_id": order_id, "item_ids": list(item_ids), "payment_method_id": method}


@pytest.mark.parametrize("method", ["credit_card_carla", "gift_card_carla"])
@pytest.mark.parametrize(("item_ids", "amount"), [(["9201"], "40.00"), (["9101", "9101"], "25.00")])
def test_it_keeps_items_and_method(bench: Bench, rita: Person, method: str, item_ids: list[str], amount: str) -> None:
    payments = LedgerLine.objects.count()
    action = bench.propose("return_items", ask(*item_ids, method=method))
    assert action.amount == Decimal(amount)
    assert bench.carry_out(action, rita).status == "executed"
    order = Order.objects.get(pk=DELIVERED)
    assert (order.status, order.return_facts) == (
        "return requested",
        {"items": item_ids, "payment_method_id": method},
    )
    assert LedgerLine.objects.count() == payments


def test_the_original_method_is_that_of_the_first_payment(bench: Bench, carla: Customer) -> None:
    order = make_order(carla, "#W3", status="delivered", paid_with="paypal")
    pay(order, Decimal("5.00"), "credit_card_carla")
    assert bench.propose("return_items", ask("9201", order_id="#W3", method="paypal_carla")).status == "waiting"
    assert bench.propose("return_items", ask("9201", order_id="#W3")).status == "refused"


REFUSALS = [
    pytest.param(ask("9101", "9101", "9101"), "not that often", id="too often"),
    pytest.param(ask("9102"), "not in order", id="not in the order"),
    pytest.param(ask("9101", method="paypal_carla"), "original payment method", id="neither original nor gift card"),
    pytest.param(ask("9101", method="gift_card_otto"), "No payment method", id="Otto's gift card"),
    pytest.param(ask("9101", order_id=OTTOS), "No order", id="Otto's order"),
    *[
        pytest.param(ask("9101", order_id=order_in(status)), f"is {status}", id=status)
        for status in OrderStatus.values
        if status != "delivered"
    ],
]


@pytest.mark.parametrize(("arguments", "words"), REFUSALS)
def test_it_is_refused_and_changes_nothing(bench: Bench, arguments: dict[str, Any], words: str) -> None:
    before = read_rows()
    action = bench.propose("return_items", arguments)
    assert action.status == "refused" and words in action.status_reason
    assert read_rows() == before


def test_it_is_possible_once(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose("return_items", ask("9101")), rita)
    assert bench.propose("return_items", ask("9201")).status == "refused"
