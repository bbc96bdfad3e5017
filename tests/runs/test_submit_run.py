"""Executing a dry run's plan takes whoever may approve all of it, as the policy in force would judge each action."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.language_model import Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.lifecycle import start_run
from agentdesk.runs.models import Run
from agentdesk.runs.submitting import MayNotApproveAll, submit_run
from approvals.deciding import mark_seen
from approvals.models import Action
from approvals.policy import AmountStep, TierRule
from tests.approvals.shop import publish
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db

Dry = Callable[..., Run]
SURE = {**CANCEL, "confidence": 0.97}
BY_ITSELF = {"mode": "auto", "min_confidence": Decimal("0.5"), "max_amount": None}


@pytest.fixture
def dry(ticket: Ticket, play: Play) -> Dry:
    play(DONE)

    def make(*turns: Turn) -> Run:
        run = start_run(ticket.pk, mode="dry_run", started_by="system", now=timezone.now())
        advance_run(run.pk, model=ScriptedModel([*(turns or (call(1, "cancel_order", **SURE),)), DONE]))
        return run

    return make


def execute(run: Run, by: Person) -> Action:
    for action in Action.objects.filter(origin=run.pk):
        mark_seen(action.pk, action.digest, by=by, now=timezone.now())
    live, _ = submit_run(run.pk, execute=True, by=by, now=timezone.now())
    return Action.objects.get(origin=live.pk)


@pytest.mark.parametrize(
    ("kind", "settings", "missing"),
    [
        ({"approver": "admin"}, {}, "needs an admin"),
        ({"approvals": 2}, {}, "needs 2 people"),
        ({"amount_steps": (AmountStep(over=Decimal(10), approver="admin"),)}, {}, "needs an admin"),
        ({"amount_steps": (AmountStep(over=Decimal(10), approver="manager", approvals=2),)}, {}, "needs 2 people"),
        ({}, {"tiers": {"high": TierRule(approver="admin")}}, "needs an admin"),
        ({}, {"tiers": {"high": TierRule(approvals=2)}}, "needs 2 people"),
    ],
)
def test_it_asks_for_what_kind_tier_and_amount_ask(
    dry: Dry, max_: Person, ada: Person, kind: dict[str, Any], settings: dict[str, Any], missing: str
) -> None:
    run = dry()
    publish(ada, settings, cancel_order=kind)
    with pytest.raises(MayNotApproveAll, match=missing):
        execute(run, max_)
    assert not Run.objects.filter(copied_from=run).exists()


def test_below_the_step_it_is_as_before(dry: Dry, max_: Person, ada: Person) -> None:
    publish(ada, cancel_order={"amount_steps": (AmountStep(over=Decimal(50), approver="admin"),)})
    assert execute(dry(), max_).status == "approved"


def test_what_runs_by_itself_needs_nobodys_rank(dry: Dry, rita: Person, ada: Person, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(identity="verified")
    publish(ada, cancel_order=BY_ITSELF)
    assert execute(dry(), rita).status == "approved"


def test_what_runs_by_itself_for_a_share_may_fall_outside_it(dry: Dry, rita: Person, ada: Person) -> None:
    publish(ada, cancel_order={**BY_ITSELF, "share": Decimal("0.9")})
    with pytest.raises(MayNotApproveAll, match="needs a manager"):
        execute(dry(), rita)


def test_what_the_policy_would_let_run_waits_where_it_is_not_what_was_shown(
    dry: Dry, max_: Person, ada: Person, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(identity="verified")
    publish(ada, cancel_order=BY_ITSELF)
    run = dry()
    shown = Action.objects.get(origin=run.pk)
    Ticket.objects.filter(pk=ticket.pk).update(last_message_id=None)
    copy = execute(run, max_)
    assert (copy.status, copy.verdict, copy.previous_effects) == ("waiting", "review", shown.effects)
    assert copy.reasons == ["Waits: changed since the dry run."] and copy.expires_at is not None


def test_an_inactive_person_executes_nothing(dry: Dry, max_: Person) -> None:
    run = dry()
    max_.is_active = False
    with pytest.raises(MayNotApproveAll):
        execute(run, max_)
