"""Changing items takes available variants of the same product, and one payment or refund of the difference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import OTTOS, PENDING, Bench, make_order, order_in, publish
from tickets.models import Customer, LedgerLine, Order, OrderStatus, PaymentMethod, Person, Variant

pytestmark = pytest.mark.django_db


def ask(*pairs: tuple[str, str], order_id: str = PENDING, method: str = "credit_card_carla") -> dict[str, Any]:
    changes = [{"item_id": old, "new_item_id": new} for old, new in pairs]
    return {"order_id": order_id, "changes": changes, "payment_method_id": method}


def items(order_id: str = PENDING) -> list[tuple[str, Decimal]]:
    return [(line.item_id, line.price) for line in Order.objects.get(pk=order_id).lines.all()]


def moved(order_id: str = PENDING) -> list[tuple[str, str | None, Decimal]]:
    lines = LedgerLine.objects.filter(order_id=order_id, action__isnull=False)
    return [(line.direction, line.payment_method_id, line.amount) for line in lines]


def test_a_dearer_item_is_paid_for_with_the_named_method(bench: Bench, rita: Person) -> None:
    action = bench.propose("change_order_items", ask(("9101", "9103"), method="gift_card_carla"))
    assert (action.status, action.amount) == ("waiting", Decimal("7.60"))
    assert bench.carry_out(action, rita).status == "executed"
    assert items() == [("9103", Decimal("20.10")), ("9101", Decimal("12.50")), ("9201", Decimal("40.00"))]
    assert moved() == [("payment", "gift_card_carla", Decimal("7.60"))]
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("92.40")
    assert Order.objects.get(pk=PENDING).status == "pending (items modified)"


def test_a_cheaper_item_is_refunded(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose("change_order_items", ask(("9101", "9105"))), rita)
    assert moved() == [("refund", "credit_card_carla", Decimal("4.50"))]


def test_a_difference_of_nothing_writes_no_payment(bench: Bench, rita: Person) -> None:
    action = bench.propose("change_order_items", ask(("9101", "9102")))
    assert action.amount == 0
    bench.carry_out(action, rita)
    assert moved() == [] and items()[0][0] == "9102"


def test_differences_of_several_items_make_one_payment(bench: Bench, rita: Person) -> None:
    action = bench.propose("change_order_items", ask(("9101", "9103"), ("9101", "9105")))
    assert action.amount == Decimal("3.10")
    bench.carry_out(action, rita)
    assert [item for item, _ in items()] == ["9103", "9105", "9201"]
    assert moved() == [("payment", "credit_card_carla", Decimal("3.10"))]


def test_the_same_item_twice_changes_both_lines(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose("change_order_items", ask(("9101", "9102"), ("9101", "9102"))), rita)
    assert [item for item, _ in items()] == ["9102", "9102", "9201"]


def test_it_is_possible_once(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose("change_order_items", ask(("9101", "9102"))), rita)
    assert bench.propose("change_order_items", ask(("9102", "9101"))).status == "refused"


def test_the_price_is_the_catalogues_when_it_happens(bench: Bench, rita: Person) -> None:
    action = bench.approve(bench.propose("change_order_items", ask(("9101", "9103"))), rita)
    Variant.objects.filter(pk="9103").update(price=Decimal("21.10"))
    stale = bench.execute(action)
    assert (stale.status, stale.amount, stale.revision) == ("waiting", Decimal("8.60"), 2)


REFUSALS = [
    pytest.param(ask(("9101", "9103"), ("9101", "9103"), ("9101", "9103")), "not that often", id="too often"),
    pytest.param(ask(("9103", "9101")), "not in order", id="not in the order"),
    pytest.param(ask(("9101", "9104")), "not available", id="unavailable"),
    pytest.param(ask(("9101", "9201")), "not a variant of Mug", id="another product's"),
    pytest.param(ask(("9101", "4711")), "not a variant of Mug", id="no such item"),
    pytest.param(ask(("9101", "9101")), "already holds", id="the same item"),
    pytest.param(ask(("9101", "9103"), method="gift_card_otto"), "No payment method", id="Otto's method"),
    pytest.param(ask(("9101", "9103"), method="gift_card_9"), "No payment method", id="no such method"),
    pytest.param(ask(("9201", "9202"), method="gift_card_carla"), "does not cover 210.00", id="gift card too low"),
    pytest.param(ask(("9101", "9103"), order_id=OTTOS), "No order", id="Otto's order"),
    *[
        pytest.param(ask(("9101", "9103"), order_id=order_in(status)), f"is {status}", id=status)
        for status in OrderStatus.values
        if status != "pending"
    ],
]


@pytest.mark.parametrize(("arguments", "words"), REFUSALS)
def test_it_is_refused_and_changes_nothing(bench: Bench, arguments: dict[str, Any], words: str) -> None:
    before = read_rows()
    action = bench.propose("change_order_items", arguments)
    assert action.status == "refused" and words in action.status_reason
    assert read_rows() == before


def test_a_gift_card_pays_its_last_cent(bench: Bench, carla: Customer, ada: Person, rita: Person) -> None:
    publish(ada)
    PaymentMethod.objects.filter(pk="gift_card_carla").update(balance=Decimal("15.20"))
    for number in (3, 4):
        make_order(carla, f"#W{number}")
        arguments = ask(("9101", "9103"), order_id=f"#W{number}", method="gift_card_carla")
        done = bench.carry_out(bench.propose("change_order_items", arguments), rita)
        assert done.status == "executed", done.status_reason
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("0.00")
