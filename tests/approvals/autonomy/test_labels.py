"""What is known of an action: one label at most, from what a person decided, undid or found."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from approvals.amending import amend_action
from approvals.autonomy.outcomes import labels, ran_by_itself
from approvals.deciding import Verdict, decide_action
from approvals.models import Action
from approvals.undoing import undo_action
from tests.approvals.autonomy.scene import KIND, SINCE, address, by_itself, find
from tests.approvals.shop import BY_ITSELF, NOW, Bench, publish
from tickets.models import Person

pytestmark = pytest.mark.django_db


def told(kind: str = KIND, **which: Any) -> list[tuple[str, str, bool]]:
    return [(label.source, label.outcome, label.is_wrong) for label in labels(kind, since=SINCE, **which)]


def test_an_approval_unedited_says_right(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose(KIND, address()), rita)
    assert told() == [("decision", "approved", False)]


def test_an_edit_says_wrong_though_it_was_approved_afterwards(bench: Bench, rita: Person) -> None:
    action = bench.propose(KIND, address())
    amend_action(Verdict(action.pk, "amend", action.digest), address(2), by=rita, now=NOW)
    assert told() == []
    bench.carry_out(action, rita)
    assert told() == [("decision", "edited", True)]


def test_a_rejection_says_wrong(bench: Bench, rita: Person) -> None:
    action = bench.propose(KIND, address())
    decide_action(Verdict(action.pk, "reject", action.digest), by=rita, now=NOW)
    assert told() == [("decision", "rejected", True)]


def test_an_undo_says_wrong_whoever_approved_it(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose(KIND, address()), rita)
    undo_action(action.pk, by=rita, now=NOW)
    assert told() == [("undo", "undone", True)]
    assert not ran_by_itself(Action.objects.all()).exists()


def test_what_a_person_proposed_is_no_record_of_the_agent(bench: Bench, rita: Person) -> None:
    bench.carry_out(bench.propose(KIND, address(), proposer="person:rita", person=rita), rita)
    assert told() == []


def test_an_audit_speaks_for_as_many_as_its_chance_says(bench: Bench) -> None:
    publish(change_customer_address=BY_ITSELF)
    action = by_itself(bench)
    find(action, "right", share="0.25")
    [label] = labels(KIND, since=SINCE)
    assert (label.source, label.is_wrong, label.weight, label.by_itself) == ("audit", False, Decimal(4), True)
    assert label.confidence == action.confidence
    assert list(ran_by_itself(Action.objects.all())) == [action]


def test_what_cannot_be_told_tells_nothing(bench: Bench) -> None:
    publish(change_customer_address=BY_ITSELF)
    find(by_itself(bench), "unclear")
    assert told() == []


def test_a_failed_audit_that_was_then_undone_stays_an_audit(bench: Bench, rita: Person) -> None:
    publish(change_customer_address=BY_ITSELF)
    action = by_itself(bench)
    find(action, "wrong")
    undo_action(action.pk, by=rita, now=NOW + timedelta(minutes=1))
    assert told() == [("audit", "wrong", True)]


def test_what_was_found_right_and_then_undone_was_wrong(bench: Bench, rita: Person) -> None:
    publish(change_customer_address=BY_ITSELF)
    action = by_itself(bench)
    find(action, "right")
    undo_action(action.pk, by=rita, now=NOW + timedelta(minutes=1))
    [label] = labels(KIND, since=SINCE)
    assert (label.source, label.is_wrong, label.weight, label.by_itself) == ("undo", True, Decimal(1), True)
    assert list(ran_by_itself(Action.objects.all())) == [action]


def test_a_reply_taken_back_in_time_was_wrong_and_one_overtaken_was_not(bench: Bench, rita: Person) -> None:
    publish(send_reply={**BY_ITSELF, "undo_seconds": 60})
    taken = bench.execute(bench.propose("send_reply", {"body": "Dear Carla, no."}))
    undo_action(taken.pk, by=rita, now=NOW)
    overtaken = bench.execute(bench.propose("send_reply", {"body": "Dear Carla, yes."}))
    Action.objects.filter(pk=overtaken.pk).update(status="undone", status_reason="the customer wrote again")
    assert told("send_reply") == [("undo", "undone", True)]
    assert list(ran_by_itself(Action.objects.all())) == [taken]


def test_only_the_asked_category_and_time_count(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose(KIND, address()), rita)
    assert told(category=action.category) == [("decision", "approved", False)]
    assert told(category="another") == []
    assert labels(KIND, since=NOW + timedelta(seconds=1)) == []
