"""Trying a policy over the API: all the figures, for whoever may read; other windows and bad policies are refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from approvals.models import Action, Decision, PolicyVersion
from tests.api.conftest import Caller, MakeCaller
from tests.approvals.history import decisions_on, past_action
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db

AUTO = {"mode": "auto", "min_confidence": "0.90", "tier": "low"}


@pytest.fixture
def past(ticket: Ticket, max_: Person) -> list[Action]:
    """Four credits of the last ten days: two approved, one rejected, one of eight days ago that expired."""
    fates = (("approved", 5), ("approved", 5), ("rejected", 90), ("expired", 7))
    actions = []
    for place, (fate, amount) in enumerate(fates):
        at = timezone.now() - timedelta(days=8 if fate == "expired" else 2)
        status = fate if fate in ("rejected", "expired") else "executed"
        action = past_action(ticket, place, kind="give_credit", at=at, status=status, amount=Decimal(amount))
        action.save(force_insert=True)
        Decision.objects.bulk_create(decisions_on(action, fate, max_, 30.0))
        actions.append(action)
    return actions


def test_it_answers_with_every_figure(as_rita: Caller, past: list[Action]) -> None:
    answer = as_rita.post("policy/backtest", {"days": 30, "kinds": {"give_credit": AUTO}})
    assert answer.status == 200, answer
    credit, total = answer.body["kinds"]["give_credit"], answer.body["all"]
    assert (credit["counted"], credit["by_itself"], credit["waits"], credit["refused"]) == (4, 4, 0, 0)
    assert credit["amount"] == total["amount"] == "107.00"
    assert credit["newly"] == {
        "count": 4, "approved": 2, "edited": 0, "rejected": 1, "undone": 0, "undecided": 1, "without_outcome": 2,
        "amount": "107.00", "wrong_amount": "90.00",
    }  # fmt: skip
    wrong = credit["expected_wrong"]
    assert wrong["is_known"] and 0 < wrong["low"] < wrong["estimate"] < wrong["high"]
    assert (credit["claim"]["labels"], credit["claim"]["wrong"], credit["claim"]["needed"]) == (3, 1, 149)
    worst = answer.body["worst"]
    assert [(row["fate"], row["amount"]) for row in worst][:2] == [("rejected", "90.00"), ("undecided", "7.00")]
    assert worst[0]["action_id"] == str(past[2].pk)
    assert as_rita.get(f"actions/{worst[0]['action_id']}")["kind"] == worst[0]["kind"]
    assert PolicyVersion.objects.count() == 1


def test_what_it_does_not_name_is_as_in_force(as_rita: Caller, past: list[Action]) -> None:
    answer = as_rita.post("policy/backtest", {"days": 7})
    assert (answer.body["all"]["waits"], answer.body["all"]["review"]["measured"]) == (3, 3)
    settings = as_rita.get("policy")["settings"] | {"paused": True}
    paused = as_rita.post("policy/backtest", {"days": 30, "kinds": {"give_credit": AUTO}, "settings": settings})
    assert (paused.body["all"]["by_itself"], paused.body["all"]["waits"]) == (0, 4)


def test_a_past_of_nothing_is_an_answer(as_rita: Caller) -> None:
    answer = as_rita.post("policy/backtest", {"days": 90})
    assert (answer.status, answer.body["all"]["counted"], answer.body["kinds"]) == (200, 0, {})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"days": 14}, "days"),
        ({"days": "30"}, "days"),
        ({}, "days"),
        ({"days": 30, "kinds": {"give_credit": {"mode": "sometimes"}}}, "kinds.give_credit.mode"),
        ({"days": 30, "kinds": {"give_credit": {"min_confidence": 2}}}, "kinds.give_credit.min_confidence"),
        ({"days": 30, "kinds": {"give_credit": {"on_expiry": "approve"}}}, "give_credit.on_expiry"),
        ({"days": 30, "kinds": {"delete_record": {"mode": "auto"}}}, "kinds"),
        ({"days": 30, "settings": {"daily_amount": "-1"}}, "settings.daily_amount"),
        ({"days": 30, "window": 7}, "window"),
    ],
)
def test_what_it_refuses_it_names(as_rita: Caller, body: dict[str, Any], field: str) -> None:
    answer = as_rita.post("policy/backtest", body)
    assert answer.said == (422, "invalid") and field in answer.error["fields"], answer


def test_whoever_may_read_may_try_and_nobody_else(
    as_nobody: Caller, call_as: MakeCaller, auditor: Person, ada: Person
) -> None:
    assert call_as(auditor).post("policy/backtest", {"days": 7}).status == 200
    assert as_nobody.post("policy/backtest", {"days": 7}).status == 401
    assert call_as(ada, ["decide"]).post("policy/backtest", {"days": 7}).status == 403
