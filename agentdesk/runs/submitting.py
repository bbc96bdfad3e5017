"""From a dry run's plan to a live run: its actions are copied, planned and judged anew, without a model call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from agentdesk.runs.instructing import PINNED_COLUMNS
from agentdesk.runs.lifecycle import TakenOver, add_run, conclude, lock_run, run_facts
from agentdesk.runs.log import Fact, append_facts
from agentdesk.runs.models import Event, EventKind, Run, RunMode, RunStatus
from approvals.deciding import DecisionLost, Verdict, decide_action
from approvals.judging import Facts, judge, key_of_reason
from approvals.models import Action, ActionStatus, SeenPreview
from approvals.models.actions import UNDECIDED
from approvals.policies import policy_in_force
from approvals.policy import ALWAYS_ALLOWED, Policy, suffices
from approvals.proposing import Proposal, propose_action
from approvals.settling import ring_for
from tickets.models import Person


class NotADryRun(Exception):
    """Only a dry run that has ended can be submitted."""


class MayNotApproveAll(Exception):
    """You may not approve all of it; submit it for approval instead."""


WHO = {"support": "support staff", "manager": "a manager", "admin": "an admin"}
CHANGED_SINCE = "Waits: changed since the dry run."
WORST_LOT = Decimal("0.9999")
"""A copy draws its own lot: whoever executes a plan may have to approve whatever runs by itself for a share only."""


def submit_run(
    run_id: UUID, *, execute: bool, by: Person, now: datetime, submission: UUID | None = None
) -> tuple[Run, bool]:
    """Makes a live run of a dry run's plan; with `execute`, this person approves what was shown.

    Where a digest is no longer the one shown, the action waits, marked. Again: the same run; but a submission that
    comes to what it began itself, before a crash, goes on with it.
    Returns: the live run, and whether it is new, or this submission's own.
    Raises: NotADryRun, MayNotApproveAll, RunActive, TakenOver, Run.DoesNotExist.
    """
    run, is_new = copy_plan(run_id, execute=execute, by=by, now=now, submission=submission)
    if is_new and execute:
        approve_as_shown(run, by=by, now=now)
    return run, is_new


@transaction.atomic
def copy_plan(run_id: UUID, *, execute: bool, by: Person, now: datetime, submission: UUID | None) -> tuple[Run, bool]:
    """The live run with the plan's actions proposed anew."""
    dry = lock_run(run_id)
    if dry.mode != RunMode.DRY_RUN or dry.status != RunStatus.DONE:
        raise NotADryRun(NotADryRun.__doc__)
    known = Run.objects.filter(copied_from=dry).first()
    if known is not None:
        return known, submission is not None and submission == submission_of(known)
    planned = list(Action.objects.filter(origin=dry.pk, status=ActionStatus.PLANNED).order_by("place"))
    if execute:
        require_all(planned, by)
    run = open_copy(dry, by=by, now=now, submission=submission)
    facts = [fact_of_copy(copy_action(action, run, by=by, now=now)) for action in planned]
    append_facts(run.pk, [*facts, Fact(EventKind.RUN_WAITING)], at=now, status=RunStatus.WAITING)
    run.status = RunStatus.WAITING
    ring_for(Action.objects.filter(origin=run.pk, status=ActionStatus.APPROVED).values_list("pk", flat=True))
    conclude(run, now=now)
    return run, True


def require_all(planned: Iterable[Action], by: Person) -> None:
    """Executing a plan is for whoever may approve all of it, alone. Raises: MayNotApproveAll, with what is missing."""
    policy = policy_in_force()
    missing = next((why for action in planned if (why := why_not_alone(action, by, policy))), "")
    if missing:
        raise MayNotApproveAll(f"{MayNotApproveAll.__doc__} {missing}")


def why_not_alone(action: Action, by: Person, policy: Policy) -> str:
    """Why this person's word does not suffice for a planned action; empty where it does, or where none is asked.

    The policy judges the facts anew: the kind, its tier and the amount say whose word, and how many.
    """
    judgement = judge(replace(Facts.from_json(action.facts), draw=WORST_LOT), policy)
    if judgement.outcome != "review":
        return ""
    name = action.kind.replace("_", " ")
    if not by.is_active or not suffices(by.role, judgement.approver):
        return f"“{name}” needs {WHO[judgement.approver]}."
    if judgement.approvals > 1:
        return f"“{name}” needs {judgement.approvals} people."
    if action.proposed_by_id == by.pk and not policy.editor_may_approve(action.kind):
        return f"You proposed “{name}” yourself; somebody else approves it."
    return ""


def submission_of(run: Run) -> UUID | None:
    """The submission of a report that made a live run; None where a person made it by itself."""
    data = Event.objects.filter(run=run, seq=1).values_list("data", flat=True).get()
    return UUID(data["submission"]) if "submission" in data else None


def open_copy(dry: Run, *, by: Person, now: datetime, submission: UUID | None) -> Run:
    """The live run's row and its first event."""
    if dry.ticket.taken_over_by_id is not None:
        raise TakenOver(TakenOver.__doc__)
    run = add_run(
        dry.ticket,
        mode=RunMode.LIVE,
        model=dry.model,
        policy_version=policy_in_force().version,
        started_by=f"person:{by.username}",
        person=by,
        created_at=now,
        copied_from=dry,
        result=dry.result,
        **{name: getattr(dry, name) for name in PINNED_COLUMNS},
    )
    data = {**run_facts(run), "copied_from": str(dry.pk)}
    if submission is not None:
        data["submission"] = str(submission)
    append_facts(run.pk, [Fact(EventKind.RUN_STARTED, data, actor=f"person:{by.username}")], at=now)
    return run


def copy_action(planned: Action, run: Run, *, by: Person, now: datetime) -> Action:
    """One planned action, proposed in the live run; what this person saw of it is carried over where it is the same."""
    proposal = Proposal(
        ticket_id=run.ticket_id,
        kind=planned.kind,
        arguments=planned.arguments,
        proposer=planned.proposer,
        origin=run.pk,
        confidence=planned.confidence,
        rationale=planned.rationale,
        alternatives=planned.alternatives,
        findings=planned.findings,
        tool_call_id=planned.tool_call_id,
        copied_from=planned.pk,
        person=planned.proposed_by,
    )
    action = propose_action(proposal, now=now)
    if action.digest != planned.digest:
        mark_changed(action, planned, now)
    elif SeenPreview.objects.filter(action=planned, person=by, digest=action.digest).exists():
        SeenPreview.objects.get_or_create(action=action, person=by, digest=action.digest, defaults={"at": now})
    return action


def mark_changed(action: Action, planned: Action, now: datetime) -> None:
    """What would happen is not what was shown: it waits with both side by side, whoever was to decide it."""
    if action.status not in UNDECIDED or action.kind in ALWAYS_ALLOWED:
        return
    fields: dict[str, Any] = {"previous_effects": planned.effects}
    if action.status == ActionStatus.APPROVED:
        fields |= {
            "verdict": "review",
            "reasons": [CHANGED_SINCE],
            "reason_key": key_of_reason(CHANGED_SINCE),
            "expires_at": now + policy_in_force().of(action.kind).lifetime,
        }
    action.move(ActionStatus(action.status), ActionStatus.WAITING, **fields)


def fact_of_copy(action: Action) -> Fact:
    """The event of a copied proposal."""
    data = {
        "action_id": str(action.pk),
        "kind": action.kind,
        "status": action.status,
        "verdict": action.verdict,
        "digest": action.digest,
        "copied_from": str(action.copied_from),
    }
    return Fact(EventKind.ACTION_PROPOSED, data)


def approve_as_shown(run: Run, *, by: Person, now: datetime) -> list[DecisionLost]:
    """Approves each copy that is exactly what was shown; the others wait. Returns: what could not be approved."""
    lost = []
    for action in Action.objects.filter(origin=run.pk, status=ActionStatus.WAITING).order_by("place"):
        shown = Action.objects.filter(copied_from__isnull=True, pk=action.copied_from or action.pk).first()
        try:
            decide_action(Verdict(action.pk, "approve", shown.digest if shown else ""), by=by, now=now)
        except DecisionLost as error:
            lost.append(error)
    return lost
