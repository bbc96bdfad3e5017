"""Whatever an agent sends: refused or invalid in words, never a crash, nothing changed, nothing disclosed."""

from __future__ import annotations

from typing import Any

import pytest

from approvals.kinds import PROPOSABLE
from approvals.models import Action
from approvals.planning import ArgumentsInvalid, UnknownKind
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import Bench
from tests.approvals.wishes import ON_OPEN_TICKETS_ONLY, WISHES
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
NOT_ARGUMENTS: list[Any] = [
    None,
    [],
    "cancel it",
    5,
    {"": ""},
    {"order_id": {"$ne": None}},
    {"order_id": ["#W1000000"]},
]


def spoil(value: Any, spoilt: str) -> Any:
    """The same value with every string in it spoilt."""
    if isinstance(value, str):
        return value + spoilt
    if isinstance(value, dict):
        return {name: spoil(part, spoilt) for name, part in value.items()}
    return [spoil(part, spoilt) for part in value] if isinstance(value, list) else value


def test_the_twelve_kinds_are_all_there() -> None:
    assert set(PROPOSABLE) == set(WISHES)


@pytest.mark.parametrize("kind", ["delete_order", "undo", "", "cancel_order ", "__class__"])
def test_an_unknown_kind_is_named(bench: Bench, kind: str) -> None:
    if kind == "undo":
        with pytest.raises(ArgumentsInvalid):
            bench.propose(kind, {})
        return
    with pytest.raises(UnknownKind):
        bench.propose(kind, {})


@pytest.mark.parametrize("kind", WISHES)
def test_what_does_not_fit_is_invalid(bench: Bench, kind: str) -> None:
    before = read_rows()
    for arguments in NOT_ARGUMENTS:
        with pytest.raises(ArgumentsInvalid):
            bench.propose(kind, arguments)
    with pytest.raises(ArgumentsInvalid) as invalid:
        bench.propose(kind, {**WISHES[kind], "approve": True})
    assert "approve" in invalid.value.fields
    assert read_rows() == before and not Action.objects.exists()


@pytest.mark.parametrize("spoilt", ["\x00", "\ud800"], ids=["NUL", "lone surrogate"])
@pytest.mark.parametrize("kind", WISHES)
def test_what_no_database_can_store_is_invalid(bench: Bench, kind: str, spoilt: str) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose(kind, spoil(WISHES[kind], spoilt))
    assert not Action.objects.exists()


@pytest.mark.parametrize("kind", ON_OPEN_TICKETS_ONLY)
def test_a_closed_ticket_takes_no_action(bench: Bench, kind: str) -> None:
    Ticket.objects.filter(pk=bench.ticket.pk).update(status="closed")
    before = read_rows()
    action = bench.propose(kind, WISHES[kind])
    assert (action.status, action.status_reason) == ("refused", "This ticket is closed.")
    assert read_rows() == before


@pytest.mark.parametrize("method", ["../gift", "'; DROP TABLE tickets_order; --", "\u202egift_card_carla", "x" * 64])
def test_hostile_ids_are_only_unknown(bench: Bench, method: str) -> None:
    action = bench.propose("change_order_payment", {**WISHES["change_order_payment"], "payment_method_id": method})
    assert action.status_reason == f"No payment method {method} is known for this customer."
    order = bench.propose("cancel_order", {**WISHES["cancel_order"], "order_id": method})
    assert order.status_reason == f"No order {method} is known for this customer."
