"""Starting, pausing, cancelling and submitting runs."""

import pytest
from django.utils import timezone

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from tests.api.conftest import Caller, MakeCaller
from tests.api.test_look_at_run import SCRIPT
from tickets.models import Person, Ticket
from tickets.operations import take_over_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def dry_run(as_rita: Caller, ticket: Ticket) -> str:
    """A dry run that has planned to cancel and to reply, on a ticket with no live run."""
    as_rita.post(f"runs/{Run.objects.get().pk}/cancel")
    answer = as_rita.post(f"tickets/{ticket.pk}/runs", {"mode": "dry_run"})
    assert (answer.status, answer.body["mode"], answer.body["status"]) == (202, "dry_run", "queued")
    run_id: str = answer.body["id"]
    advance_run(Run.objects.get(pk=run_id).pk, model=ScriptedModel(SCRIPT))
    return run_id


def test_a_second_live_run_is_refused(as_rita: Caller, ticket: Ticket) -> None:
    assert as_rita.post(f"tickets/{ticket.pk}/runs", {"mode": "live"}).said == (409, "run_active")
    as_rita.post(f"runs/{Run.objects.get().pk}/cancel")
    assert as_rita.post(f"tickets/{ticket.pk}/runs", {"mode": "live"}).status == 202


def test_a_ticket_a_person_has_taken_over_is_left_alone(as_rita: Caller, ticket: Ticket, rita: Person) -> None:
    take_over_ticket(ticket.pk, by=rita, now=timezone.now())
    assert as_rita.post(f"tickets/{ticket.pk}/runs", {"mode": "live"}).said == (409, "taken_over")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"mode": "wet"}, "mode"),
        ({"mode": "dry_run", "model": "nobody:nothing"}, "model"),
        ({"mode": "dry_run", "model": "openai:small"}, "model"),
        ({"mode": "dry_run", "model": "offline, nobody:nothing"}, "model"),
        ({"mode": "dry_run", "model": " , "}, "model"),
        ({"mode": "dry_run", "policy_version": 99}, "policy_version"),
        ({"mode": "live", "policy_version": 99}, "policy_version"),
        ({"mode": "dry_run", "policy_version": 10**20}, "policy_version"),
    ],
)
def test_wrong_fields_are_named(
    as_rita: Caller, ticket: Ticket, body: object, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    answer = as_rita.post(f"tickets/{ticket.pk}/runs", body)
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == [field]


def test_it_is_paused_resumed_and_cancelled(as_rita: Caller, ticket: Ticket) -> None:
    path = f"runs/{Run.objects.get().pk}"
    assert as_rita.post(f"{path}/pause").body["status"] == "paused"
    assert as_rita.post(f"{path}/pause").status == 200
    assert as_rita.post(f"{path}/resume").body["status"] == "queued"
    for _ in range(2):
        answer = as_rita.post(f"{path}/cancel")
        assert (answer.status, answer.body["status"]) == (200, "cancelled")
    assert as_rita.post(f"{path}/pause").said == (409, "run_over")
    assert as_rita.post(f"{path}/resume").said == (409, "run_over")


def test_a_dry_runs_plan_becomes_a_live_run_once(as_rita: Caller, dry_run: str) -> None:
    first = as_rita.post(f"runs/{dry_run}/submit", {"execute": False})
    assert (first.status, first.body["mode"], first.body["copied_from"]) == (202, "live", dry_run)
    assert [action["status"] for action in first.body["actions"]] == ["waiting", "waiting"]
    again = as_rita.post(f"runs/{dry_run}/submit")
    assert (again.status, again.body["id"]) == (200, first.body["id"])


def test_executing_a_plan_is_for_whoever_may_approve_all_of_it(
    as_rita: Caller, as_max: Caller, call_as: MakeCaller, max_: Person, dry_run: str
) -> None:
    assert as_rita.post(f"runs/{dry_run}/submit", {"execute": True}).said == (403, "not_allowed")
    steering = call_as(max_, ["tickets"])
    assert steering.post(f"runs/{dry_run}/submit", {"execute": True}).said == (403, "not_allowed")
    planned = as_max.get(f"runs/{dry_run}")["actions"]
    for action in planned:
        as_max.post(f"actions/{action['id']}/seen", {"digest": action["preview"]["digest"]})
    answer = as_max.post(f"runs/{dry_run}/submit", {"execute": True})
    assert answer.status == 202
    assert [action["status"] for action in answer.body["actions"]] == ["approved", "approved"]


def test_only_a_finished_dry_run_is_submitted(as_rita: Caller, ticket: Ticket) -> None:
    assert as_rita.post(f"runs/{Run.objects.get().pk}/submit", {}).said == (409, "not_a_dry_run")
