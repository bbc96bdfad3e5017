"""A bulk decides each item by itself, answers in the order sent, and says so of those it may not take."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from approvals.deciding import BulkTooLarge, Verdict, decide_many
from approvals.models import Action, Decision
from tests.approvals.shop import NEW_ADDRESS, NOW, PENDING, Bench, publish
from tests.approvals.wishes import WISHES
from tickets.models import Person

pytestmark = pytest.mark.django_db


def verdict(action: Action, word: str = "approve", **fields: Any) -> Verdict:
    return Verdict(action.pk, word, fields.pop("digest", action.digest), **fields)


@pytest.fixture
def mixed(bench: Bench) -> list[Action]:
    """One that support decides, one that needs a manager, one refused already."""
    return [
        bench.propose("change_order_address", WISHES["change_order_address"]),
        bench.propose("cancel_order", WISHES["cancel_order"]),
        bench.propose("cancel_order", {"order_id": "#W9", "reason": "no longer needed"}),
    ]


def test_one_failing_never_hides_another(mixed: list[Action], rita: Person) -> None:
    sent = [verdict(mixed[1]), Verdict(uuid4(), "approve", "0" * 64), verdict(mixed[2]), verdict(mixed[0])]
    outcomes = decide_many(sent, by=rita, now=NOW)
    assert [(one.ok, one.code, one.status) for one in outcomes] == [
        (False, "not_allowed", "waiting"),
        (False, "not_found", ""),
        (False, "already_decided", "refused"),
        (True, "", "approved"),
    ]
    assert [one.action_id for one in outcomes] == [one.action_id for one in sent]


def test_a_manager_must_have_opened_what_is_high_tier(mixed: list[Action], max_: Person) -> None:
    [outcome] = decide_many([verdict(mixed[1])], by=max_, now=NOW)
    assert (outcome.ok, outcome.code, outcome.status) == (False, "not_seen", "waiting")


def test_duplicates_are_answered_as_the_first(mixed: list[Action], rita: Person) -> None:
    first, second = verdict(mixed[0], "reject"), verdict(mixed[0], "approve", digest="0" * 64)
    outcomes = decide_many([first, second, first], by=rita, now=NOW)
    assert [(one.ok, one.status) for one in outcomes] == [(True, "rejected")] * 3
    assert Decision.objects.count() == 1


def test_drafts_are_looked_at_one_by_one(bench: Bench, rita: Person, ada: Person) -> None:
    publish(ada, change_order_address={"mode": "draft"})
    draft = bench.propose("change_order_address", WISHES["change_order_address"])
    [outcome] = decide_many([verdict(draft)], by=rita, now=NOW)
    assert (outcome.ok, outcome.code) == (False, "not_batchable")
    [outcome] = decide_many([verdict(draft, "reject")], by=rita, now=NOW)
    assert outcome.ok


def test_one_more_than_a_thousand_is_too_much(bench: Bench, rita: Person) -> None:
    nothing = [Verdict(uuid4(), "approve", "0" * 64) for _ in range(1000)]
    assert len(decide_many(nothing, by=rita, now=NOW)) == 1000
    action = bench.propose("change_order_address", WISHES["change_order_address"])
    with pytest.raises(BulkTooLarge):
        decide_many([verdict(action), *nothing], by=rita, now=NOW)
    assert Action.objects.get(pk=action.pk).status == "waiting"


def test_a_thousand_items_of_forty_actions_are_forty_decisions(bench: Bench, rita: Person) -> None:
    arguments = [{"order_id": PENDING, "address": {**NEW_ADDRESS, "address1": f"{n} Hill Road"}} for n in range(40)]
    actions = [bench.propose("change_order_address", one) for one in arguments]
    sent = [verdict(actions[n % 40]) for n in range(1000)]
    outcomes = decide_many(sent, by=rita, now=NOW)
    assert all(one.ok for one in outcomes) and len(outcomes) == 1000
    assert Decision.objects.count() == 40
