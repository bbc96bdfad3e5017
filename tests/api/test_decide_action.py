"""Deciding one action."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.gate import execute_action
from approvals.models import Action, Decision, SeenPreview
from tests.api.conftest import CANCEL, Caller, MakeCaller, Propose
from tickets.models import LedgerLine, Order, Person, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(propose: Propose) -> dict[str, object]:
    """Cancel the mug; high tier, for a manager."""
    answer: dict[str, object] = propose()
    return answer


def digest_of(action: dict[str, object]) -> str:
    return str(action["preview"]["digest"])  # type: ignore[index]


def verdict_on(action: dict[str, object], verdict: str = "approve", **rest: object) -> dict[str, object]:
    return {"verdict": verdict, "digest": digest_of(action), **rest}


def see(caller: Caller, action: dict[str, object]) -> None:
    assert caller.post(f"actions/{action['id']}/seen", {"digest": digest_of(action)}).status == 200


def test_it_is_executed_once_approved(as_max: Caller, action: dict[str, object], order: Order) -> None:
    see(as_max, action)
    answer = as_max.post(f"actions/{action['id']}/decisions", verdict_on(action, reason="fine"))
    assert (answer.status, answer.body["status"]) == (200, "approved")
    [decision] = answer.body["decisions"]
    assert decision.keys() == {"by", "verdict", "digest", "reason", "at"}
    assert (decision["by"], decision["verdict"], decision["reason"]) == ("max", "approve", "fine")
    execute_action(Action.objects.get().pk, now=timezone.now())
    done = as_max.get(f"actions/{action['id']}")
    assert done["status"] == "executed"
    assert done["receipt"].keys() == {"executed_at", "idempotency_key", "effects", "undo"}
    assert done["receipt"]["effects"] == action["preview"]["effects"]  # type: ignore[index]
    assert done["receipt"]["undo"]["possible"] is True
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_the_same_decision_again_is_the_recorded_one(as_max: Caller, action: dict[str, object]) -> None:
    see(as_max, action)
    for _ in range(2):
        assert as_max.post(f"actions/{action['id']}/decisions", verdict_on(action)).status == 200
    assert Decision.objects.count() == 1


def test_high_tier_must_have_been_seen(as_max: Caller, action: dict[str, object]) -> None:
    as_max.get(f"actions/{action['id']}")
    assert as_max.post(f"actions/{action['id']}/decisions", verdict_on(action)).said == (409, "not_seen")
    assert not SeenPreview.objects.exists()


def test_a_second_decision_hears_who_was_first(as_max: Caller, as_ada: Caller, action: dict[str, object]) -> None:
    assert as_max.post(f"actions/{action['id']}/decisions", verdict_on(action, "reject")).body["status"] == "rejected"
    answer = as_ada.post(f"actions/{action['id']}/decisions", verdict_on(action))
    assert answer.said == (409, "already_decided")
    assert answer.error["by"] == "max" and answer.error["at"].endswith("Z")


def test_a_changed_preview_comes_with_the_error(as_max: Caller, action: dict[str, object]) -> None:
    answer = as_max.post(f"actions/{action['id']}/decisions", {**verdict_on(action), "digest": "0" * 64})
    assert answer.said == (409, "preview_changed")
    assert answer.error["preview"] == action["preview"]
    assert as_max.post(f"actions/{action['id']}/seen", {"digest": "0"}).said == (409, "preview_changed")


def test_an_expired_action_is_not_decided(as_max: Caller, action: dict[str, object]) -> None:
    Action.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert as_max.post(f"actions/{action['id']}/decisions", verdict_on(action, "reject")).said == (409, "expired")


def test_what_the_customer_overtook_comes_with_the_new_message(
    as_max: Caller, action: dict[str, object], ticket: Ticket
) -> None:
    as_max.post(f"tickets/{ticket.pk}/messages", {"body": "No, keep it!"})
    answer = as_max.post(f"actions/{action['id']}/decisions", verdict_on(action))
    assert answer.said == (409, "superseded")
    assert answer.error["new_message"]["body"] == "No, keep it!"


def test_it_names_who_can(as_rita: Caller, action: dict[str, object]) -> None:
    answer = as_rita.post(f"actions/{action['id']}/decisions", verdict_on(action))
    assert answer.said == (403, "not_allowed")
    assert answer.error["who_can"] == "manager"


def test_an_amended_action_is_planned_anew_and_waits(as_max: Caller, action: dict[str, object]) -> None:
    arguments = {**CANCEL, "reason": "ordered by mistake"}
    answer = as_max.post(f"actions/{action['id']}/decisions", verdict_on(action, "amend", arguments=arguments))
    assert answer.status == 200
    assert (answer.body["status"], answer.body["revision"]) == ("waiting", 2)
    assert answer.body["arguments"] == arguments
    assert digest_of(answer.body) != digest_of(action)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verdict": "amend"}, "arguments"),
        ({"verdict": "amend", "arguments": {}}, "arguments.order_id"),
        ({"verdict": "amend", "arguments": {"order_id": "#W9", "reason": "no longer needed"}}, "arguments"),
        ({"arguments": {}}, "arguments"),
        ({"verdict": "withdraw"}, "verdict"),
        ({"digest": None}, "digest"),
        ({"reason": "\0"}, "reason"),
    ],
)
def test_wrong_fields_are_named(
    as_max: Caller, action: dict[str, object], change: dict[str, object], field: str
) -> None:
    answer = as_max.post(f"actions/{action['id']}/decisions", {**verdict_on(action), **change})
    assert answer.status == 422
    assert field in answer.error["fields"]
    assert Action.objects.get().revision == 1


def test_unknown_actions_and_scopes(call_as: MakeCaller, max_: Person, as_max: Caller) -> None:
    path = "actions/00000000-0000-4000-8000-000000000000/decisions"
    assert as_max.post(path, {"verdict": "approve", "digest": ""}).said == (404, "not_found")
    assert as_max.post("actions/17/decisions", {"verdict": "approve", "digest": ""}).status in (404, 422)
    assert call_as(max_, ["read"]).post(path, {"verdict": "approve", "digest": ""}).said == (403, "not_allowed")


def test_an_executed_action_is_undone_once(as_max: Caller, action: dict[str, object]) -> None:
    assert as_max.post(f"actions/{action['id']}/undo").said == (409, "cannot_undo")
    see(as_max, action)
    as_max.post(f"actions/{action['id']}/decisions", verdict_on(action))
    execute_action(Action.objects.get().pk, now=timezone.now())
    answers = [as_max.post(f"actions/{action['id']}/undo") for _ in range(2)]
    assert [(answer.status, answer.body["status"]) for answer in answers] == [(200, "undone")] * 2
    assert answers[0].body["receipt"]["undo"]["possible"] is False
    assert [line.direction for line in LedgerLine.objects.all()] == ["payment", "refund", "payment"]
    assert Order.objects.get().status == "pending"


def test_undoing_is_for_whoever_may_approve(as_max: Caller, as_rita: Caller, action: dict[str, object]) -> None:
    assert as_rita.post(f"actions/{action['id']}/undo").said == (403, "not_allowed")
