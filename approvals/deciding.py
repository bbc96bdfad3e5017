"""Deciding: a person approves, rejects or takes back, about exactly the preview that was on screen."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from approvals import audit, signals
from approvals.bells import ring_after_commit
from approvals.models import Action, ActionStatus, Decision, DecisionVerdict, SeenPreview, Tier
from approvals.models.actions import IllegalMove
from approvals.policies import policy_in_force
from approvals.policy import suffices
from approvals.settling import ring_for, settle
from tickets.models import Customer, Person
from tickets.prepared import prepared
from tickets.queries import locked_owner
from tickets.rows import insert_row

logger = logging.getLogger(__name__)

LARGEST_BULK = 1000
BELL_EVERY = 50
"""Items of a bulk after which whoever executes is woken for those approved."""
DECIDING = frozenset({DecisionVerdict.APPROVE, DecisionVerdict.REJECT})


class DecisionLost(Exception):
    """The decision was not taken; `code` is one of SEMANTICS' and `details` what goes with it."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


class NotAllowed(DecisionLost):
    """This person may not decide this; the details name the role that can."""


@dataclass(frozen=True)
class Verdict:
    """What a person says of one preview, and what they had before them.

    `begun_at`: when the bulk this is part of was begun. What the same person has said of the action since then stands,
    so that a bulk that is worked off twice, or by two, decides nothing twice.
    """

    action_id: UUID
    verdict: str
    digest: str
    reason: str = ""
    seconds_on_screen: float | None = None
    grace: timedelta = timedelta(0)
    in_bulk: bool = False
    begun_at: datetime | None = None


@transaction.atomic
def decide_action(verdict: Verdict, *, by: Person, now: datetime) -> Action:
    """Records an approval or a rejection and moves the action; execution follows in a transaction of its own.

    The same person repeating the same verdict on the same digest gets the recorded decision.
    Raises: DecisionLost with a code, NotAllowed, Action.DoesNotExist; ValueError for a verdict that decides nothing.
    """
    if verdict.verdict not in DECIDING:
        raise ValueError(f"{verdict.verdict!r} is not a verdict that decides")
    action = lock_action(verdict.action_id)
    decisions = decisions_on(action)
    if is_repeated(action, decisions, verdict, by) or is_worked_off(decisions, verdict, by):
        return action
    require_undecided(action, decisions, now)
    require_digest(action, verdict.digest)
    require_right(action, by)
    if verdict.verdict == DecisionVerdict.APPROVE:
        approve(action, decisions, verdict, by=by, now=now)
    else:
        store_decision(action, verdict, by=by, now=now)
        reason = verdict.reason or f"rejected by {by}"
        actor = f"person:{by.username}"
        settle(action, ActionStatus.WAITING, ActionStatus.REJECTED, actor=actor, now=now, reason=reason)
    return action


def lock_action(action_id: UUID) -> Action:
    """The action's row, locked after its customer's, as the order of locks has it. Raises: Action.DoesNotExist."""
    if locked_owner_of_action(action_id):
        for action in locked_action(action_id):
            return action
    raise Action.DoesNotExist(f"There is no action {action_id}.")


@prepared
def locked_owner_of_action(action_id: UUID) -> QuerySet[Customer, str]:
    """The row of the customer an action belongs to, locked."""
    return locked_owner(Action.objects.filter(pk=action_id).values("customer_id"))


@prepared
def locked_action(action_id: UUID) -> QuerySet[Action]:
    """An action's row, locked."""
    return Action.objects.select_for_update().filter(pk=action_id)


def decisions_on(action: Action) -> list[Decision]:
    """What people said of an action, in order."""
    return decisions_with_people(action.pk)


@prepared
def decisions_with_people(action_id: UUID) -> QuerySet[Decision]:
    """The decisions on an action, in order, with who took them."""
    return Decision.objects.filter(action_id=action_id).select_related("person").order_by("id")


def is_repeated(action: Action, decisions: list[Decision], verdict: Verdict, by: Person) -> bool:
    """Whether this person's standing word on this digest is already this verdict."""
    own = [decision for decision in decisions if decision.person_id == by.pk and decision.revision == action.revision]
    return bool(own) and own[-1].verdict == verdict.verdict and own[-1].digest == verdict.digest == action.digest


def is_worked_off(decisions: list[Decision], verdict: Verdict, by: Person) -> bool:
    """Whether this item of a bulk was decided already, since the bulk was begun; what was taken back stays so."""
    if verdict.begun_at is None:
        return False
    since = [one.verdict for one in decisions if one.person_id == by.pk and one.at >= verdict.begun_at]
    return bool(since) and since[-1] in (verdict.verdict, DecisionVerdict.WITHDRAW) and verdict.verdict in since


def require_undecided(action: Action, decisions: list[Decision], now: datetime) -> None:
    """Only what waits can be decided; at or after its expiry a decision loses, swept or not."""
    if action.status == ActionStatus.SUPERSEDED:
        raise DecisionLost("superseded", f"This was overtaken: {action.status_reason}.", **news_since(action))
    expired = action.expires_at is not None and now >= action.expires_at
    if action.status == ActionStatus.EXPIRED or (action.status == ActionStatus.WAITING and expired):
        raise DecisionLost("expired", "This waited too long and has expired.")
    if action.status != ActionStatus.WAITING:
        raise already_decided(action, decisions)


def already_decided(action: Action, decisions: list[Decision]) -> DecisionLost:
    """Who decided, and when."""
    last = next((one for one in reversed(decisions) if one.verdict in ("approve", "reject")), None)
    if last is None:
        why = action.status_reason or "by itself"
        return DecisionLost("already_decided", f"This is {action.status} already: {why}.")
    message = f"{last.person} {DecisionVerdict(last.verdict).label} this already."
    return DecisionLost("already_decided", message, by=last.person.username, at=last.at.isoformat())


def news_since(action: Action) -> dict[str, Any]:
    """The customer's newest message, which overtook the action."""
    return {"last_message_id": action.ticket.last_message_id}


def require_digest(action: Action, digest: str) -> None:
    """A decision is bound to what was on screen."""
    if digest != action.digest:
        message = "The preview has changed since you looked; this is the new one."
        raise DecisionLost("preview_changed", message, digest=action.digest, effects=action.effects)


def require_right(action: Action, by: Person) -> None:
    """The kind's approver role, or one above it."""
    if not by.is_active or not suffices(by.role, action.approver):
        message = f"This needs a {action.approver}."
        raise NotAllowed("not_allowed", message, who_can=action.approver)


def approve(action: Action, decisions: list[Decision], verdict: Verdict, *, by: Person, now: datetime) -> None:
    """One approval more; with enough of them the action may run."""
    policy = policy_in_force()
    may = policy.editor_may_approve(action.kind)
    require_no_author(action, decisions, by, editor_may_approve=may)
    require_seen(action, by)
    if verdict.in_bulk and policy.of(action.kind).rung(action.category).mode == "draft":
        raise DecisionLost("not_batchable", "Drafts are looked at one by one.")
    store_decision(action, verdict, by=by, now=now)
    given = approvers(action, decisions) | {by.pk}
    if len(given) < action.approvals_needed:
        signals.action_changed.send(sender=Action, action=action, now=now)
        return
    run_at = now + verdict.grace if verdict.grace else None
    action.move(ActionStatus.WAITING, ActionStatus.APPROVED, execute_after=run_at)
    signals.action_changed.send(sender=Action, action=action, now=now)
    if not verdict.in_bulk:
        ring_for([action.pk], seconds=verdict.grace.total_seconds())


def approvers(action: Action, decisions: list[Decision]) -> set[int]:
    """The people whose standing word on the present preview is an approval."""
    standing: dict[int, str] = {}
    for decision in decisions:
        if decision.revision == action.revision:
            standing[decision.person_id] = decision.verdict
    return {person for person, word in standing.items() if word == DecisionVerdict.APPROVE}


def require_no_author(action: Action, decisions: list[Decision], by: Person, *, editor_may_approve: bool) -> None:
    """Where the policy says so, who proposed or edited does not approve; an editor is an author."""
    if not editor_may_approve and by.pk in authors(action, decisions):
        message = f"You proposed or edited this; another {action.approver} approves it."
        raise NotAllowed("not_allowed", message, who_can=action.approver)


def authors(action: Action, decisions: list[Decision]) -> set[int]:
    """Who proposed the action, and whoever edited it."""
    editors = {decision.person_id for decision in decisions if decision.verdict == DecisionVerdict.AMEND}
    return editors if action.proposed_by_id is None else editors | {action.proposed_by_id}


def require_seen(action: Action, by: Person) -> None:
    """High tier: this person had this very preview open."""
    if action.tier != Tier.HIGH:
        return
    if not SeenPreview.objects.filter(action=action, person=by, digest=action.digest).exists():
        raise DecisionLost("not_seen", "Open the preview first: this is high risk.")


def store_decision(action: Action, verdict: Verdict, *, by: Person, now: datetime, **fields: Any) -> Decision:
    """The decision's row, its audit entry and its signal."""
    decision = Decision(
        action=action,
        person=by,
        verdict=verdict.verdict,
        digest=verdict.digest,
        revision=action.revision,
        reason=verdict.reason,
        seconds_on_screen=verdict.seconds_on_screen,
        at=now,
        **fields,
    )
    insert_row(decision)
    data = {"verdict": verdict.verdict, "digest": verdict.digest, "reason": verdict.reason, "kind": action.kind}
    audit.record("action.decided", actor=f"person:{by.username}", subject=f"action:{action.pk}", at=now, **data)
    signals.action_decided.send(sender=Action, action=action, decision=decision, now=now)
    return decision


@transaction.atomic
def withdraw_approval(action_id: UUID, *, by: Person, now: datetime) -> Action:
    """Takes one's own approval back while nothing followed: one of two, or still within its grace.

    Raises: DecisionLost (`already_decided`) when it is too late.
    """
    action = lock_action(action_id)
    decisions = decisions_on(action)
    in_time = action.status == ActionStatus.APPROVED and action.execute_after and now < action.execute_after
    if by.pk not in approvers(action, decisions) or not (in_time or action.status == ActionStatus.WAITING):
        message = "It is too late to take this back; undo it instead where that is possible."
        raise DecisionLost("already_decided", message)
    if action.status == ActionStatus.APPROVED:
        action.move(ActionStatus.APPROVED, ActionStatus.WAITING, execute_after=None)
    store_decision(action, Verdict(action_id, DecisionVerdict.WITHDRAW, action.digest), by=by, now=now)
    signals.action_changed.send(sender=Action, action=action, now=now)
    return action


@transaction.atomic
def mark_seen(action_id: UUID, digest: str, *, by: Person, now: datetime) -> Action:
    """Records that this person had this preview open; needed before approving high tier, and audited.

    Raises: DecisionLost (`preview_changed`), Action.DoesNotExist.
    """
    action = Action.objects.get(pk=action_id)
    require_digest(action, digest)
    _, is_new = SeenPreview.objects.get_or_create(action=action, person=by, digest=digest, defaults={"at": now})
    if is_new:
        actor = f"person:{by.username}"
        audit.record("preview.seen", actor=actor, subject=f"action:{action.pk}", at=now, digest=digest)
    return action


def open_for(person: Person, action: Action, now: datetime) -> bool:
    """Whether this person could decide this action now, as far as its role goes; for showing buttons."""
    waits = action.status == ActionStatus.WAITING and (action.expires_at is None or now < action.expires_at)
    return waits and suffices(person.role, action.approver)


@dataclass(frozen=True)
class Outcome:
    """What came of one item of a bulk."""

    action_id: UUID
    ok: bool
    status: str
    code: str = ""
    message: str = ""


class BulkTooLarge(Exception):
    """A bulk takes at most 1,000 items."""


def decide_many(verdicts: list[Verdict], *, by: Person, now: datetime) -> list[Outcome]:
    """Decides each item in a transaction of its own, in the order sent; duplicates are answered as the first.

    Whoever executes is woken once for some of them, after those. Raises: BulkTooLarge.
    """
    if len(verdicts) > LARGEST_BULK:
        raise BulkTooLarge(BulkTooLarge.__doc__)
    first: dict[UUID, Verdict] = {}
    for verdict in verdicts:
        first.setdefault(verdict.action_id, replace(verdict, in_bulk=True))
    once = list(first.values())
    answered: dict[UUID, Outcome] = {}
    for place in range(0, len(once), BELL_EVERY):
        some = once[place : place + BELL_EVERY]
        outcomes = [decide_one(verdict, by=by, now=now) for verdict in some]
        ring_for_bulk(outcomes, seconds=some[0].grace.total_seconds())
        answered |= {outcome.action_id: outcome for outcome in outcomes}
    return [answered[verdict.action_id] for verdict in verdicts]


def ring_for_bulk(outcomes: list[Outcome], *, seconds: float) -> None:
    """Wakes whoever executes for what these outcomes approved; the sweep finds what a lost bell forgot."""
    from approvals.tasks import execute_actions_task

    approved = [str(one.action_id) for one in outcomes if one.ok and one.status == ActionStatus.APPROVED]
    if approved:
        ring_after_commit(execute_actions_task, *approved, seconds=seconds)


def decide_one(verdict: Verdict, *, by: Person, now: datetime) -> Outcome:
    """One item of a bulk: a lost decision is an answer, not an error."""
    try:
        action = decide_action(verdict, by=by, now=now)
    except Action.DoesNotExist:
        return Outcome(verdict.action_id, False, "", "not_found", "There is no such action.")
    except DecisionLost as lost:
        status = Action.objects.values_list("status", flat=True).get(pk=verdict.action_id)
        return Outcome(verdict.action_id, False, status, lost.code, str(lost))
    except (IllegalMove, DatabaseError):
        logger.exception("the decision on %s failed; nothing was changed", verdict.action_id)
        status = Action.objects.values_list("status", flat=True).get(pk=verdict.action_id)
        return Outcome(verdict.action_id, False, status, "failed", "An unexpected error; nothing was changed.")
    return Outcome(action.pk, True, action.status)
