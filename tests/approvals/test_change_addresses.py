"""Addresses: of a pending order, and of the customer's own record; each leaves the other alone."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.planning import ArgumentsInvalid
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import NEW_ADDRESS, OTTOS, PENDING, Bench, order_in
from tests.conftest import ADDRESS
from tickets.models import Customer, Order, OrderStatus, Person

pytestmark = pytest.mark.django_db
KINDS = ("change_order_address", "change_customer_address")


def ask(kind: str, address: Any = NEW_ADDRESS, order_id: str = PENDING) -> dict[str, Any]:
    return {"address": address} if kind == "change_customer_address" else {"address": address, "order_id": order_id}


def test_an_orders_address_is_the_orders_alone(bench: Bench, rita: Person, carla: Customer) -> None:
    bench.carry_out(bench.propose("change_order_address", ask("change_order_address")), rita)
    assert Order.objects.get(pk=PENDING).address == NEW_ADDRESS
    assert Customer.objects.get(pk=carla.pk).address == ADDRESS
    assert Order.objects.get(pk=order_in("processed")).address == ADDRESS


def test_a_customers_address_leaves_orders_as_they_are(
    bench: Bench, rita: Person, carla: Customer, otto: Customer
) -> None:
    bench.carry_out(bench.propose("change_customer_address", ask("change_customer_address")), rita)
    assert Customer.objects.get(pk=carla.pk).address == NEW_ADDRESS
    assert Customer.objects.get(pk=otto.pk).address == ADDRESS
    assert Order.objects.get(pk=PENDING).address == ADDRESS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", ["address1", "address2", "city", "country", "state", "zip"])
def test_every_field_is_required(bench: Bench, kind: str, missing: str) -> None:
    partial = {name: value for name, value in NEW_ADDRESS.items() if name != missing}
    with pytest.raises(ArgumentsInvalid) as invalid:
        bench.propose(kind, ask(kind, partial))
    assert list(invalid.value.fields) == [f"address.{missing}"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("empty", ["address1", "city", "country", "state", "zip"])
def test_only_the_second_line_may_be_empty(bench: Bench, kind: str, empty: str) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose(kind, ask(kind, {**NEW_ADDRESS, empty: "  "}))
    assert bench.propose(kind, ask(kind, {**NEW_ADDRESS, "address2": ""})).status == "waiting"


@pytest.mark.parametrize("kind", KINDS)
def test_the_address_on_record_is_refused(bench: Bench, kind: str) -> None:
    action = bench.propose(kind, ask(kind, ADDRESS))
    assert action.status == "refused" and "already on record" in action.status_reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("address", [None, "12 Harbour Street", {**NEW_ADDRESS, "planet": "Mars"}, []])
def test_what_is_no_address_is_invalid(bench: Bench, kind: str, address: Any) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose(kind, ask(kind, address))


@pytest.mark.parametrize("status", [status for status in OrderStatus.values if status != "pending"])
def test_an_order_in_any_other_status_is_refused(bench: Bench, status: str) -> None:
    before = read_rows()
    action = bench.propose("change_order_address", ask("change_order_address", order_id=order_in(status)))
    assert action.status == "refused" and f"is {status}" in action.status_reason
    assert read_rows() == before


def test_ottos_order_sounds_unknown(bench: Bench) -> None:
    action = bench.propose("change_order_address", ask("change_order_address", order_id=OTTOS))
    assert action.status_reason == f"No order {OTTOS} is known for this customer."
