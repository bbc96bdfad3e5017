"""Expiry: what waited too long is closed as the policy says, and people are called."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from approvals.models import Action, ActionStatus
from approvals.policies import policy_in_force
from approvals.policy import Policy
from approvals.proposing import Proposal, propose_action
from approvals.settling import ring_for, settle
from tickets.queries import lock_customer

SHOWN = 300
"""Characters of an action's summary that a call for people repeats."""

logger = logging.getLogger(__name__)


def expire_waiting(*, now: datetime, limit: int = 200) -> int:
    """Closes every action whose time is over. Returns: how many."""
    due = Action.objects.filter(status=ActionStatus.WAITING, expires_at__lte=now).order_by("expires_at")
    policy = policy_in_force()
    return sum(try_to_expire(action, policy, now=now) for action in due[:limit])


def try_to_expire(action: Action, policy: Policy, *, now: datetime) -> bool:
    """One action; an unexpected error is logged and leaves the others their turn."""
    try:
        return expire_action(action, policy, now=now)
    except Exception:
        logger.exception("action %s could not be expired", action.pk)
        return False


@transaction.atomic
def expire_action(action: Action, policy: Policy, *, now: datetime) -> bool:
    """One action whose time is over, unless a decision came first: expired and escalated, rejected, or approved."""
    lock_customer(action.customer_id)
    action = Action.objects.select_for_update().get(pk=action.pk)
    if action.status != ActionStatus.WAITING or action.expires_at is None or now < action.expires_at:
        return False
    how = policy.of(action.kind).on_expiry
    if how == "approve":
        reason = "nobody objected in time"
        action.move(ActionStatus.WAITING, ActionStatus.APPROVED, status_reason=reason, verdict="allow")
        ring_for([action.pk])
        return True
    target = ActionStatus.REJECTED if how == "reject" else ActionStatus.EXPIRED
    reason = "nobody decided in time"
    settle(action, ActionStatus.WAITING, target, actor="system", now=now, reason=reason)
    if how == "escalate":
        escalate_expired(action, now)
    return True


def escalate_expired(action: Action, now: datetime) -> None:
    """Calls people to the ticket: an action nobody decided is somebody's to look at."""
    proposal = Proposal(
        ticket_id=action.ticket_id,
        kind="escalate",
        arguments={
            "reason": f"Nobody decided “{action.summary[:SHOWN]}” in time.",
            "summary": f"It waited since {action.proposed_at:%Y-%m-%d %H:%M} UTC. {' '.join(action.reasons)}",
            "urgency": "high",
        },
        proposer="system",
    )
    ring_for([propose_action(proposal, now=now).pk])
