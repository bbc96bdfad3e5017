"""POST runs/{id}/submit: what a dry run planned, for whoever may approve all of it, as it was shown."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from approvals.models import Action
from tests.api.conftest import Caller
from tests.api.test_look_at_run import SCRIPT
from tests.approvals.shop import publish
from tickets.models import Person, Ticket
from tickets.operations import receive_message, take_over_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def dry_run(as_rita: Caller, ticket: Ticket) -> str:
    """A dry run that has planned to cancel and to reply, on a ticket with no live run."""
    as_rita.post(f"runs/{Run.objects.get().pk}/cancel")
    run_id: str = as_rita.post(f"tickets/{ticket.pk}/runs", {"mode": "dry_run"}).body["id"]
    advance_run(Run.objects.get(pk=run_id).pk, model=ScriptedModel(SCRIPT))
    return run_id


def statuses(answer: Any) -> list[str]:
    return [action["status"] for action in answer.body["actions"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"execute": "yes"}, "execute"), ({"execute": 1}, "execute"), ({"excute": True}, "excute"), ([], "body")],
)
def test_wrong_fields_are_named(as_max: Caller, dry_run: str, body: Any, field: str) -> None:
    answer = as_max.post(f"runs/{dry_run}/submit", body)
    assert answer.said == (422, "invalid") and list(answer.error["fields"]) == [field]
    assert not Run.objects.filter(copied_from__isnull=False).exists()


def test_what_is_not_there_or_not_dry_is_answered(as_max: Caller, dry_run: str) -> None:
    assert as_max.post(f"runs/{uuid4()}/submit", {}).said == (404, "not_found")
    live = as_max.post(f"runs/{dry_run}/submit", {}).body["id"]
    assert as_max.post(f"runs/{live}/submit", {}).said == (409, "not_a_dry_run")


def test_a_ticket_that_is_busy_says_so(as_max: Caller, dry_run: str, ticket: Ticket, max_: Person) -> None:
    as_max.post(f"tickets/{ticket.pk}/runs", {"mode": "live"})
    assert as_max.post(f"runs/{dry_run}/submit", {}).said == (409, "run_active")
    take_over_ticket(ticket.pk, by=max_, now=timezone.now())
    assert as_max.post(f"runs/{dry_run}/submit", {"execute": True}).said == (409, "taken_over")


def test_a_plan_that_takes_two_says_so(as_max: Caller, dry_run: str, ada: Person) -> None:
    publish(ada, cancel_order={"approvals": 2})
    answer = as_max.post(f"runs/{dry_run}/submit", {"execute": True})
    assert answer.said == (403, "not_allowed") and "“cancel order” needs 2 people" in answer.error["message"]
    assert not Run.objects.filter(copied_from__isnull=False).exists()


def test_what_is_of_high_risk_and_was_not_seen_waits(as_max: Caller, dry_run: str) -> None:
    answer = as_max.post(f"runs/{dry_run}/submit", {"execute": True})
    assert statuses(answer) == ["waiting", "approved"]
    again = as_max.post(f"runs/{dry_run}/submit", {"execute": True})
    assert (again.status, again.body["id"], statuses(again)) == (200, answer.body["id"], statuses(answer))


def test_after_the_customer_wrote_again_nothing_is_approved_unseen(
    as_max: Caller, dry_run: str, ticket: Ticket
) -> None:
    for action in as_max.get(f"runs/{dry_run}")["actions"]:
        as_max.post(f"actions/{action['id']}/seen", {"digest": action["preview"]["digest"]})
    receive_message(ticket.pk, "Or no: keep it.", now=timezone.now())
    assert as_max.post(f"runs/{dry_run}/submit", {"execute": True}).said == (409, "run_active")
    Run.objects.filter(mode="live").update(status="cancelled")
    answer = as_max.post(f"runs/{dry_run}/submit", {"execute": True})
    assert statuses(answer) == ["waiting", "waiting"]
    assert all(action["previous_effects"] for action in answer.body["actions"])
    assert set(Action.objects.filter(origin=dry_run).values_list("status", flat=True)) == {"planned"}
