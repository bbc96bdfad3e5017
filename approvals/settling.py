"""Settling: what an action came to is recorded, told, and carried on to what depends on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from approvals import audit, signals
from approvals.bells import ring_after_commit
from approvals.models import Action, ActionStatus, OutboxMessage, OutboxStatus
from approvals.models.actions import UNDECIDED
from tickets.prepared import prepared


def settle(
    action: Action,
    source: ActionStatus,
    target: ActionStatus,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    **fields: Any,
) -> None:
    """Moves an action to where nothing more becomes of it, tells, and overtakes what can no longer happen.

    Inside the caller's transaction. Raises: IllegalMove.
    """
    action.move(source, target, settled_at=now, status_reason=reason, **fields)
    data = {"status": target, "reason": reason, "digest": action.digest}
    audit.record(f"action.{target}", actor=actor, subject=f"action:{action.pk}", at=now, **data)
    signals.action_settled.send(sender=Action, action=action, now=now)
    signals.action_changed.send(sender=Action, action=action, now=now)
    if target != ActionStatus.EXECUTED:
        supersede_dependants(action, actor=actor, now=now)


def supersede_dependants(action: Action, *, actor: str, now: datetime) -> None:
    """Open actions that rest on one that ended otherwise are overtaken, with the reason; a reply does not leave."""
    reason = f"{action.kind.replace('_', ' ')} it depended on was {action.status}"
    for dependant in open_dependants(action):
        supersede(dependant, reason=reason, actor=actor, now=now)
    for dependant in dependants(action, {ActionStatus.EXECUTING}):
        withdraw_unsent(dependant, reason=reason, actor=actor, now=now)


def open_dependants(action: Action) -> list[Action]:
    """Undecided actions of the same origin that depend on this one, in order."""
    return dependants(action, UNDECIDED)


def dependants(action: Action, statuses: Collection[ActionStatus]) -> list[Action]:
    """Actions of the same origin in one of these statuses that depend on this one, in order."""
    later = actions_after(action.origin, action.place, tuple(statuses))
    return [other for other in later if str(action.pk) in other.depends_on]


@prepared
def actions_after(origin: UUID, place: int, statuses: tuple[ActionStatus, ...]) -> QuerySet[Action]:
    """The later actions of an origin in one of these statuses, in order."""
    return Action.objects.filter(origin=origin, place__gt=place, status__in=statuses).order_by("place")


def supersede(action: Action, *, reason: str, actor: str, now: datetime) -> None:
    """Overtakes one open action; what depends on it follows."""
    fresh = Action.objects.get(pk=action.pk)
    if fresh.status in UNDECIDED:
        settle(fresh, ActionStatus(fresh.status), ActionStatus.SUPERSEDED, actor=actor, now=now, reason=reason)


def supersede_open_actions(
    ticket_id: int, *, reason: str, actor: str, now: datetime, spare_origin: UUID | None = None
) -> None:
    """Overtakes all that waits or is not executed on a ticket; a reply in its undo window does not leave.

    Inside the caller's transaction, under the customer's lock.
    """
    actions = Action.objects.filter(ticket_id=ticket_id)
    if spare_origin is not None:
        actions = actions.exclude(origin=spare_origin)
    for action in actions.filter(status__in=UNDECIDED).order_by("proposed_at", "place"):
        supersede(action, reason=reason, actor=actor, now=now)
    for action in actions.filter(status=ActionStatus.EXECUTING):
        withdraw_unsent(action, reason=reason, actor=actor, now=now)


def supersede_origin(origin: UUID, *, reason: str, actor: str, now: datetime) -> list[Action]:
    """Overtakes what one run left undecided. Returns what was overtaken."""
    undecided = list(Action.objects.filter(origin=origin, status__in=UNDECIDED).order_by("place"))
    for action in undecided:
        supersede(action, reason=reason, actor=actor, now=now)
    return undecided


def withdraw_unsent(action: Action, *, reason: str, actor: str, now: datetime) -> bool:
    """Takes a message back that has not left yet. Returns whether all of the action's messages were still here."""
    messages = OutboxMessage.objects.filter(action=action)
    withdrawn = messages.filter(status=OutboxStatus.QUEUED).update(status=OutboxStatus.WITHDRAWN)
    if not withdrawn or withdrawn != messages.count():
        return False
    settle(action, ActionStatus.EXECUTING, ActionStatus.UNDONE, actor=actor, now=now, reason=reason)
    return True


def ring_for(action_ids: Iterable[UUID], *, seconds: float = 0) -> None:
    """After commit, and after some seconds, wakes whoever executes; the sweep finds what a lost bell forgot."""
    from approvals.tasks import execute_action_task

    for action_id in action_ids:
        ring_after_commit(execute_action_task, str(action_id), seconds=seconds)
