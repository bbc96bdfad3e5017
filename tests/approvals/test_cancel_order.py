"""Cancelling gives back every payment that stands, to where it came from; anything else is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import OTTOS, PENDING, Bench, make_order, order_in, pay
from tickets.models import Customer, LedgerLine, Order, OrderStatus, PaymentMethod, Person

pytestmark = pytest.mark.django_db
REASON = "no longer needed"


def ask(order_id: str, reason: str = REASON) -> dict[str, Any]:
    return {"order_id": order_id, "reason": reason}


def refunds(order: Order) -> list[tuple[str | None, Decimal]]:
    return [
        (line.payment_method_id, line.amount) for line in LedgerLine.objects.filter(order=order, direction="refund")
    ]


def test_it_refunds_the_card_and_closes_the_order(bench: Bench, max_: Person) -> None:
    action = bench.propose("cancel_order", ask(PENDING))
    assert (action.status, action.amount, action.tier) == ("waiting", Decimal("65.00"), "high")
    assert bench.carry_out(action, max_).status == "executed"
    order = Order.objects.get(pk=PENDING)
    assert (order.status, order.cancel_reason) == ("cancelled", REASON)
    assert refunds(order) == [("credit_card_carla", Decimal("65.00"))]


def test_it_raises_a_gift_card_at_once(bench: Bench, carla: Customer, max_: Person) -> None:
    order = make_order(carla, "#W3", paid_with="gift_card")
    bench.carry_out(bench.propose("cancel_order", ask("#W3", "ordered by mistake")), max_)
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("165.00")
    assert refunds(order) == [("gift_card_carla", Decimal("65.00"))]


def test_it_refunds_each_method_what_stands_on_it(bench: Bench, carla: Customer, max_: Person) -> None:
    order = make_order(carla, "#W3", paid_with="paypal")
    pay(order, Decimal("10.10"), "paypal_carla", "refund")
    pay(order, Decimal("7.35"), "gift_card_carla")
    action = bench.propose("cancel_order", ask("#W3"))
    assert action.amount == Decimal("62.25")
    bench.carry_out(action, max_)
    assert refunds(order)[1:] == [("paypal_carla", Decimal("54.90")), ("gift_card_carla", Decimal("7.35"))]


def test_it_refunds_nothing_that_was_refunded_already(bench: Bench, carla: Customer, max_: Person) -> None:
    order = make_order(carla, "#W3")
    pay(order, Decimal("65.00"), "credit_card_carla", "refund")
    assert bench.carry_out(bench.propose("cancel_order", ask("#W3")), max_).status == "executed"
    assert len(refunds(order)) == 1


@pytest.mark.parametrize("status", [status for status in OrderStatus.values if status != "pending"])
def test_it_is_refused_in_any_other_status(bench: Bench, status: str) -> None:
    before = read_rows()
    action = bench.propose("cancel_order", ask(order_in(status)))
    assert action.status == "refused" and status in action.status_reason and not action.effects
    assert read_rows() == before


def test_an_unknown_order_and_another_customers_sound_alike(bench: Bench) -> None:
    unknown = bench.propose("cancel_order", ask("#W9999999"))
    others = bench.propose("cancel_order", ask(OTTOS))
    assert (unknown.status, others.status) == ("refused", "refused")
    assert unknown.status_reason.replace("#W9999999", OTTOS) == others.status_reason
    assert not others.summary and not others.effects and others.amount == 0
