"""What waits is judged anew by the policy in force: each by itself, visibly, and never into running by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from celery.signals import before_task_publish
from django.utils import timezone

from approvals import tasks
from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.expiring import expire_waiting
from approvals.models import Action, AuditEntry
from approvals.policies import policy_in_force
from approvals.rejudging import rejudge_waiting
from tests.approvals.shop import BY_ITSELF, NOW, Bench, publish
from tests.approvals.wishes import WISHES
from tickets.models import Person

pytestmark = pytest.mark.django_db
ADDRESS, CREDIT = WISHES["change_order_address"], WISHES["give_credit"]


def judged(action: Action, at: datetime = NOW) -> Action:
    rejudge_waiting(now=at)
    return Action.objects.get(pk=action.pk)


def entries(action: Action) -> list[dict[str, Any]]:
    found = AuditEntry.objects.filter(kind="action.rejudged", subject=f"action:{action.pk}").order_by("pk")
    return [entry.data for entry in found]


def test_what_is_refused_now_is_settled_with_its_reason(bench: Bench, ada: Person) -> None:
    action = bench.propose("give_credit", CREDIT)
    version = publish(ada, give_credit={"mode": "off"}).version
    now = judged(action)
    assert (now.status, now.verdict, now.policy_version) == ("refused", "refuse", version)
    assert now.status_reason == "Refused: this kind of action is switched off."
    assert (now.settled_at, now.reason_key) == (NOW, "refused")
    [entry] = entries(action)
    assert (entry["status"], entry["version"], entry["is_now"]) == ("refused", version, None)
    assert entry["was"]["approver"] == "manager"


def test_what_rests_on_a_refused_one_is_overtaken(bench: Bench, ada: Person) -> None:
    bench.origin = uuid4()
    first = bench.propose("change_order_address", ADDRESS)
    reply = bench.propose("send_reply", {"body": "Dear Carla, it is done."})
    publish(ada, change_order_address={"mode": "off"})
    assert judged(first).status == "refused"
    assert judged(reply).status == "superseded"


def test_a_stricter_policy_asks_for_more_of_what_waits(bench: Bench, ada: Person) -> None:
    action = bench.propose("change_order_address", ADDRESS)
    asked = {"approver": "admin", "approvals": 2, "tier": "high"}
    version = publish(ada, change_order_address=asked).version
    now = judged(action)
    assert (now.status, now.approver, now.approvals_needed, now.tier) == ("waiting", "admin", 2, "high")
    assert (now.reason_key, now.reasons[0]) == ("two_people", "Waits: two people must approve this.")
    assert (now.policy_version, now.revision, now.digest) == (version, action.revision, action.digest)
    [entry] = entries(action)
    assert (entry["was"]["approver"], entry["is_now"]["approver"]) == ("support", "admin")


def test_what_waits_for_a_person_still_does_under_a_looser_policy(bench: Bench, ada: Person, rita: Person) -> None:
    action = bench.propose("change_order_address", ADDRESS)
    publish(ada, change_order_address=BY_ITSELF)
    now = judged(action)
    assert now.status == "waiting" and now.reasons[0].startswith("Waits: the policy now lets it run by itself")
    tasks.execute_ready(NOW)
    assert Action.objects.get(pk=action.pk).status == "waiting"
    assert bench.carry_out(now, rita).status == "executed"


def test_a_kind_put_in_the_shadow_keeps_what_people_see_already(bench: Bench, ada: Person) -> None:
    action = bench.propose("change_order_address", ADDRESS)
    publish(ada, change_order_address={"mode": "shadow"})
    now = judged(action)
    assert now.status == "waiting" and now.reasons[0].startswith("Waits: this kind works in the shadow now")


def test_approvals_so_far_count_and_go_on_where_they_suffice(bench: Bench, ada: Person, rita: Person) -> None:
    publish(ada, change_order_address={"approvals": 2})
    action = bench.propose("change_order_address", ADDRESS)
    assert bench.approve(action, rita).status == "waiting"
    publish(ada, change_order_address={"approvals": 1})
    now = judged(action)
    assert now.status == "approved"
    assert entries(action)[-1]["status"] == "approved"
    assert bench.execute(now).status == "executed"


def test_one_of_too_low_a_role_does_not_suffice(bench: Bench, ada: Person, rita: Person, max_: Person) -> None:
    publish(ada, change_order_address={"approvals": 2})
    action = bench.propose("change_order_address", ADDRESS)
    bench.approve(action, rita)
    publish(ada, change_order_address={"approvals": 1, "approver": "manager"})
    assert judged(action).status == "waiting"
    assert bench.carry_out(action, max_).status == "executed"


def test_an_approval_counts_towards_a_stricter_policy(bench: Bench, ada: Person, rita: Person, max_: Person) -> None:
    publish(ada, change_order_address={"approvals": 2})
    action = bench.propose("change_order_address", ADDRESS)
    bench.approve(action, rita)
    publish(ada, change_order_address={"max_amount": Decimal(1)})
    assert judged(action).status == "waiting"
    assert bench.approve(action, max_).status == "approved"


def test_it_is_judged_once_for_each_version(bench: Bench, ada: Person) -> None:
    action = bench.propose("give_credit", CREDIT)
    assert rejudge_waiting(now=NOW) == 0
    publish(ada, send_reply={"undo_seconds": 30})
    assert [rejudge_waiting(now=NOW) for _ in range(2)] == [1, 0]
    assert len(entries(action)) == 1
    assert Action.objects.get(pk=action.pk).policy_version == policy_in_force().version


def test_what_is_decided_or_over_its_time_is_left_alone(bench: Bench, ada: Person, max_: Person) -> None:
    late = bench.propose("change_order_address", ADDRESS)
    decided = bench.propose("give_credit", CREDIT)
    bench.approve(decided, max_)
    publish(ada, give_credit={"mode": "off"}, change_order_address={"mode": "off"})
    assert rejudge_waiting(now=NOW + timedelta(days=3)) == 0
    assert Action.objects.get(pk=decided.pk).status == "approved"
    expire_waiting(now=NOW + timedelta(days=3))
    assert Action.objects.get(pk=late.pk).status == "expired"


class TestExpiry:
    """Counted from when it began to wait; publishing ends nothing at once, nor does it give more time by itself."""

    @pytest.mark.parametrize(
        ("waited", "lifetime", "left"),
        [
            (timedelta(hours=2), timedelta(days=5), timedelta(days=5, hours=-2)),
            (timedelta(hours=2), timedelta(hours=4), timedelta(hours=2)),
            (timedelta(hours=8), timedelta(hours=4), timedelta(hours=1)),
            (timedelta(hours=8), timedelta(minutes=10), timedelta(minutes=10)),
            (timedelta(days=3, minutes=-5), timedelta(days=1), timedelta(minutes=5)),
            (timedelta(days=2), timedelta(days=3), timedelta(days=1)),
        ],
    )
    def test_it_has_the_new_time_less_what_it_waited(
        self, bench: Bench, ada: Person, waited: timedelta, lifetime: timedelta, left: timedelta
    ) -> None:
        action = bench.propose("give_credit", CREDIT)
        publish(ada, give_credit={"expires_after": int(lifetime.total_seconds())})
        assert judged(action, NOW + waited).expires_at == NOW + waited + left

    def test_a_pause_gives_nothing_more_time(self, bench: Bench, ada: Person) -> None:
        action = bench.propose("give_credit", CREDIT)
        for paused in (True, False, True):
            publish(ada, settings={"paused": paused})
            assert judged(action, NOW + timedelta(days=2)).expires_at == action.expires_at


def test_the_sweep_finds_what_a_lost_bell_forgot(bench: Bench, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    action = bench.propose("give_credit", CREDIT)
    publish(ada, give_credit={"mode": "off"})
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
    tasks.sweep_approvals()
    assert Action.objects.get(pk=action.pk).status == "refused"


def test_publishing_rings_for_it(ada: Person, django_capture_on_commit_callbacks: Any) -> None:
    rung: list[str] = []

    def note(sender: str, **rest: Any) -> None:
        rung.append(sender)

    before_task_publish.connect(note)
    with django_capture_on_commit_callbacks(execute=True):
        publish(ada, give_credit={"mode": "off"})
    assert tasks.rejudge_waiting_task.name in rung


def test_an_approval_given_unseen_does_not_suffice_for_what_is_high_risk_now(
    bench: Bench, ada: Person, max_: Person
) -> None:
    publish(ada, give_credit={"tier": "medium", "approvals": 2})
    action = bench.propose("give_credit", CREDIT)
    decide_action(Verdict(action.pk, "approve", action.digest), by=max_, now=NOW)
    publish(ada, give_credit={"tier": "high", "approvals": 1})
    assert judged(action).status == "waiting"
    mark_seen(action.pk, action.digest, by=max_, now=NOW)
    publish(ada, give_credit={"undo_seconds": 1})
    assert judged(action).status == "approved"


def test_the_gate_sends_back_what_was_approved_unseen_and_is_high_risk_now(
    bench: Bench, ada: Person, max_: Person
) -> None:
    publish(ada, give_credit={"tier": "medium"})
    action = bench.propose("give_credit", CREDIT)
    decide_action(Verdict(action.pk, "approve", action.digest), by=max_, now=NOW)
    publish(ada, give_credit={"tier": "high"})
    sent_back = bench.execute(action)
    assert (sent_back.status, sent_back.tier) == ("waiting", "high") and "opened before" in sent_back.status_reason
