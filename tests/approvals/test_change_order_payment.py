"""Changing the payment takes the whole amount on the new method and gives it back on the old one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import OTTOS, PENDING, Bench, make_order, order_in, pay
from tickets.models import Customer, LedgerLine, Order, OrderStatus, PaymentMethod, Person

pytestmark = pytest.mark.django_db


def ask(method: str = "paypal_carla", order_id: str = PENDING) -> dict[str, Any]:
    return {"order_id": order_id, "payment_method_id": method}


def test_it_pays_with_the_new_method_and_refunds_the_old(bench: Bench, max_: Person) -> None:
    action = bench.propose("change_order_payment", ask("gift_card_carla"))
    assert action.amount == Decimal("65.00")
    assert bench.carry_out(action, max_).status == "executed"
    lines = LedgerLine.objects.filter(order_id=PENDING).values_list("direction", "payment_method_id", "amount")
    assert list(lines) == [
        ("payment", "credit_card_carla", Decimal("65.00")),
        ("payment", "gift_card_carla", Decimal("65.00")),
        ("refund", "credit_card_carla", Decimal("65.00")),
    ]
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("35.00")
    assert Order.objects.get(pk=PENDING).status == "pending"


def test_the_old_gift_card_gets_its_money_back(bench: Bench, carla: Customer, max_: Person) -> None:
    make_order(carla, "#W3", paid_with="gift_card")
    bench.carry_out(bench.propose("change_order_payment", ask(order_id="#W3")), max_)
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("165.00")


def test_an_order_with_two_payments_is_refused(bench: Bench, carla: Customer) -> None:
    pay(make_order(carla, "#W3"), Decimal("1.00"), "credit_card_carla")
    action = bench.propose("change_order_payment", ask(order_id="#W3"))
    assert action.status == "refused" and "single payment" in action.status_reason


REFUSALS = [
    pytest.param(ask("credit_card_carla"), "already paid with", id="the same method"),
    pytest.param(ask("paypal_otto"), "No payment method", id="Otto's method"),
    pytest.param(ask(order_id=OTTOS), "No order", id="Otto's order"),
    *[
        pytest.param(ask(order_id=order_in(status)), f"is {status}", id=status)
        for status in OrderStatus.values
        if status != "pending"
    ],
]


@pytest.mark.parametrize(("arguments", "words"), REFUSALS)
def test_it_is_refused_and_changes_nothing(bench: Bench, arguments: dict[str, Any], words: str) -> None:
    before = read_rows()
    action = bench.propose("change_order_payment", arguments)
    assert action.status == "refused" and words in action.status_reason
    assert read_rows() == before


def test_a_gift_card_must_hold_all_of_it(bench: Bench) -> None:
    PaymentMethod.objects.filter(pk="gift_card_carla").update(balance=Decimal("64.99"))
    assert bench.propose("change_order_payment", ask("gift_card_carla")).status == "refused"
    PaymentMethod.objects.filter(pk="gift_card_carla").update(balance=Decimal("65.00"))
    assert bench.propose("change_order_payment", ask("gift_card_carla")).status == "waiting"
