"""Balances are exact after any number of moves, on SQLite too, where arithmetic in the database is binary."""

from __future__ import annotations

from decimal import Decimal

import pytest

from approvals.models import DayTotal
from tests.approvals.shop import BY_ITSELF, NOW, Bench, make_order, publish
from tickets.models import Customer, PaymentMethod, Person, Variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prices", [("9.80", "0.30"), ("0.10", "0.20", "9.80"), ("3.35", "3.35", "3.40")])
def test_a_gift_card_can_be_spent_to_its_last_cent(
    bench: Bench, carla: Customer, max_: Person, prices: tuple[str, ...]
) -> None:
    card = PaymentMethod.objects.filter(pk="gift_card_carla")
    card.update(balance=Decimal("10.10"))
    for number, price in enumerate(prices, start=3):
        Variant.objects.filter(pk="9105").update(price=Decimal(price))
        make_order(carla, f"#W{number}", items=["9105"])
        wish = {"order_id": f"#W{number}", "payment_method_id": "gift_card_carla"}
        done = bench.carry_out(bench.propose("change_order_payment", wish), max_)
        assert done.status == "executed", done.status_reason
    assert card.get().balance == 0 or len(prices) == 3


def test_a_credit_can_be_taken_back_to_the_cent(bench: Bench, carla: Customer, max_: Person) -> None:
    for amount in ("0.10", "0.20"):
        bench.carry_out(bench.propose("give_credit", {"amount": amount, "reason": "late"}), max_)
    assert Customer.objects.get(pk=carla.pk).credit == Decimal("0.30")
    assert Customer.objects.filter(pk=carla.pk, credit=Decimal("0.30")).exists()


def test_the_days_total_is_exact(bench: Bench, ada: Person) -> None:
    publish(ada, give_credit={**BY_ITSELF, "daily_amount": Decimal("10.10")})
    for amount in ("9.80", "0.30"):
        done = bench.execute(bench.propose("give_credit", {"amount": amount, "reason": "late"}))
        assert done.status == "executed", done.status_reason
    assert DayTotal.objects.get(kind="give_credit", day=NOW.date()).amount == Decimal("10.10")
    stopped = bench.execute(bench.propose("give_credit", {"amount": "0.01", "reason": "late"}))
    assert (stopped.status, stopped.receipt) == ("waiting", None)
