"""A credit is a positive amount in whole cents, on the account of the ticket's customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from approvals.planning import ArgumentsInvalid
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import Bench
from tickets.models import Customer, LedgerLine, Person

pytestmark = pytest.mark.django_db


def ask(amount: Any, reason: str = "late parcel") -> dict[str, Any]:
    return {"amount": amount, "reason": reason}


@pytest.mark.parametrize("amount", ["0.01", "5", "7.30", "1000.00", 12.5])
def test_it_raises_the_account(bench: Bench, carla: Customer, otto: Customer, max_: Person, amount: Any) -> None:
    action = bench.propose("give_credit", ask(amount))
    assert (action.status, action.tier, action.amount) == ("waiting", "high", Decimal(str(amount)))
    assert bench.carry_out(action, max_).status == "executed"
    assert Customer.objects.get(pk=carla.pk).credit == Decimal(str(amount))
    assert Customer.objects.get(pk=otto.pk).credit == 0
    line = LedgerLine.objects.get(action=action.pk)
    assert (line.direction, line.payment_method_id, line.order_id) == ("credit", None, None)


@pytest.mark.parametrize("amount", ["0", "0.00", "-5", "-0.01", "1000.01", "1e9", "0.001", "1.005", "9" * 40, "1e-400"])
def test_an_absurd_amount_is_refused(bench: Bench, amount: str) -> None:
    before = read_rows()
    action = bench.propose("give_credit", ask(amount))
    assert action.status == "refused" and "credit" in action.status_reason.lower()
    assert read_rows() == before


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "-inf", "sNaN", float("nan"), float("inf"), "five", "", None, [5], {"a": 1}, "0x10"]
)
def test_what_is_no_amount_is_invalid(bench: Bench, amount: Any) -> None:
    with pytest.raises(ArgumentsInvalid) as invalid:
        bench.propose("give_credit", ask(amount))
    assert list(invalid.value.fields) == ["amount"]


@pytest.mark.parametrize("reason", ["", "   ", None, "x" * 2001])
def test_it_needs_a_reason_of_sensible_length(bench: Bench, reason: Any) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose("give_credit", ask("5.00", reason))


def test_it_cannot_name_another_customer(bench: Bench, otto: Customer) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose("give_credit", {**ask("5.00"), "customer_id": otto.customer_id})
