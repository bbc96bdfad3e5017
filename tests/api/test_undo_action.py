"""POST actions/{id}/undo: done once, or 409 with the reason and nothing changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from approvals.gate import execute_action
from approvals.models import Action, Decision
from tests.api.conftest import Caller, MakeCaller, Propose
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import NEW_ADDRESS
from tickets.models import Order, Person

pytestmark = pytest.mark.django_db
ADDRESS = {"order_id": "#W0000001", "address": NEW_ADDRESS}


@pytest.fixture
def done(propose: Propose, as_max: Caller) -> dict[str, Any]:
    """A new address, approved by Max and carried out."""
    proposed = propose("change_order_address", **ADDRESS)
    verdict = {"verdict": "approve", "digest": proposed["preview"]["digest"]}
    assert as_max.post(f"actions/{proposed['id']}/decisions", verdict).status == 200
    execute_action(UUID(proposed["id"]), now=timezone.now())
    action: dict[str, Any] = as_max.get(f"actions/{proposed['id']}")
    assert action["receipt"]["undo"]["possible"]
    return action


def test_it_is_undone_and_again_it_is_the_same(done: dict[str, Any], as_rita: Caller) -> None:
    first, again = (as_rita.post(f"actions/{done['id']}/undo") for _ in range(2))
    assert (first.status, first.body["status"]) == (again.status, again.body["status"]) == (200, "undone")
    assert Order.objects.get().city == "Leeds" and Action.objects.filter(undoes=done["id"]).count() == 1
    why_not = first.body["receipt"]["undo"]["why_not"]
    assert why_not == "There is nothing to undo: the action is undone."


def test_the_undo_itself_cannot_be_undone(done: dict[str, Any], as_rita: Caller) -> None:
    as_rita.post(f"actions/{done['id']}/undo")
    undo = Action.objects.get(undoes=done["id"])
    before = read_rows()
    answer = as_rita.post(f"actions/{undo.pk}/undo")
    assert answer.said == (409, "cannot_undo") and "cannot be undone" in answer.error["message"]
    assert read_rows() == before


def test_too_late_says_so_and_what_to_propose_instead(done: dict[str, Any], as_rita: Caller) -> None:
    action = Action.objects.get(pk=done["id"])
    assert action.receipt is not None
    action.receipt["undo"]["until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    Action.objects.filter(pk=action.pk).update(receipt=action.receipt)
    before = read_rows()
    answer = as_rita.post(f"actions/{done['id']}/undo")
    assert answer.said == (409, "cannot_undo") and "too late" in answer.error["message"]
    assert answer.error["instead"]["kind"] == "change_order_address"
    assert answer.error["instead"]["arguments"]["address"]["city"] == "Leeds"
    assert read_rows() == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"city": "Hull"}, "address has changed since"), ({"status": "delivered"}, "only while it is pending")],
)
def test_a_record_that_moved_on_is_left_alone(
    done: dict[str, Any], as_rita: Caller, changes: dict[str, str], reason: str
) -> None:
    Order.objects.update(**changes)
    before = read_rows()
    answer = as_rita.post(f"actions/{done['id']}/undo")
    assert answer.said == (409, "cannot_undo") and reason in answer.error["message"]
    assert read_rows() == before


@pytest.mark.parametrize("status", ["waiting", "superseded", "refused", "rejected", "expired", "failed", "unknown"])
def test_what_did_not_happen_is_not_undone(propose: Propose, as_max: Caller, status: str) -> None:
    proposed = propose("change_order_address", **ADDRESS)
    Action.objects.filter(pk=proposed["id"]).update(status=status)
    answer = as_max.post(f"actions/{proposed['id']}/undo")
    assert answer.said == (409, "cannot_undo") and status in answer.error["message"]


def test_it_is_for_whoever_may_approve_the_original(
    done: dict[str, Any], call_as: MakeCaller, auditor: Person, rita: Person, as_nobody: Caller
) -> None:
    Action.objects.filter(pk=done["id"]).update(approver="manager")
    before, decisions = read_rows(), Decision.objects.count()
    for caller in (call_as(auditor), call_as(rita), call_as(rita, ["read"])):
        assert caller.post(f"actions/{done['id']}/undo").said == (403, "not_allowed")
    assert call_as(rita).post(f"actions/{done['id']}/undo").error["who_can"] == "manager"
    assert as_nobody.post(f"actions/{done['id']}/undo").said == (401, "unauthenticated")
    assert (read_rows(), Decision.objects.count()) == (before, decisions)


def test_what_is_not_there_is_not_found(as_rita: Caller) -> None:
    assert as_rita.post(f"actions/{uuid4()}/undo").said == (404, "not_found")
    assert as_rita.post("actions/nonsense/undo").status in (404, 422)
