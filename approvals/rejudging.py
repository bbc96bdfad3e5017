"""Judging anew what waits, once another policy is in force: one action per transaction, under its customer's lock.

What is refused now is settled. What would run by itself now still waits for a person; approvals given so far count, and
where they suffice now, the action goes on as approved.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from approvals import audit, signals
from approvals.deciding import approvers, lock_action
from approvals.gate import what_is_missing
from approvals.judging import Facts, Judgement, judge, key_of_reason
from approvals.models import Action, ActionStatus, Decision, PolicyVersion
from approvals.policies import policy_in_force, policy_of
from approvals.policy import Policy
from approvals.settling import ring_for, settle

logger = logging.getLogger(__name__)

BATCH = 200
SHORTEST_NOTICE = timedelta(hours=1)
"""What waits keeps at least this much of its time, or all of it where that is less, when a policy shortens it."""

NOW_BY_ITSELF = "Waits: the policy now lets it run by itself, but what waited for a person still does."
NOW_IN_SHADOW = "Waits: this kind works in the shadow now, but what waited for a person still does."


@dataclass(frozen=True)
class Standing:
    """What a policy asks for an action that waits; stored before and after it was judged anew."""

    approver: str
    approvals: int
    tier: str
    reason_key: str

    def to_json(self) -> dict[str, Any]:
        """As the audit log keeps it."""
        return dict(vars(self))


def rejudge_waiting(*, now: datetime) -> int:
    """Judges by the policy in force whatever waits under an earlier one. Returns: how many actions."""
    return sum(try_to_rejudge(action_id, now=now) for action_id in waiting_under_earlier(now))


def waiting_under_earlier(now: datetime) -> Iterator[UUID]:
    """Each action that waits under an earlier policy, once, the oldest first; what is over its time just expires."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    tried: set[UUID] = set()
    while True:
        version = policy_in_force().version
        waiting = Action.objects.filter(in_time, status=ActionStatus.WAITING, policy_version__lt=version)
        found = waiting.order_by("proposed_at", "place").values_list("pk", flat=True)[: BATCH + len(tried)]
        fresh = [action_id for action_id in found if action_id not in tried]
        if not fresh:
            return
        yield from fresh
        tried.update(fresh)


def try_to_rejudge(action_id: UUID, *, now: datetime) -> bool:
    """One action; an unexpected error is logged and leaves the others their turn."""
    try:
        return rejudge_action(action_id, now=now)
    except Exception:
        logger.exception("action %s could not be judged anew", action_id)
        return False


@transaction.atomic
def rejudge_action(action_id: UUID, *, now: datetime) -> bool:
    """Judges one action that waits by the policy in force, if an earlier one judged it. Returns: whether it did."""
    action = lock_action(action_id)
    policy = policy_in_force()
    is_over = action.expires_at is not None and now >= action.expires_at
    if action.status != ActionStatus.WAITING or action.policy_version >= policy.version or is_over:
        return False
    judgement = judge(Facts.from_json(action.facts), policy)
    was = standing_of(action)
    if judgement.outcome == "refuse":
        tell(action, policy, was, None, now)
        refuse_now(action, judgement, policy, now)
    else:
        wait_on(action, judgement, policy, now)
        tell(action, policy, was, standing_of(action), now)
    return True


def standing_of(action: Action) -> Standing:
    """What is asked for an action as its row has it."""
    return Standing(action.approver, action.approvals_needed, action.tier, action.reason_key)


def refuse_now(action: Action, judgement: Judgement, policy: Policy, now: datetime) -> None:
    """The policy in force does not allow it any more; nothing was changed, and what rests on it is overtaken."""
    fields = {
        "verdict": "refuse",
        "reasons": list(judgement.reasons),
        "reason_key": judgement.reason_key,
        "policy_version": policy.version,
    }
    reason = judgement.reasons[0]
    settle(action, ActionStatus.WAITING, ActionStatus.REFUSED, actor="policy", now=now, reason=reason, **fields)


def wait_on(action: Action, judgement: Judgement, policy: Policy, now: datetime) -> None:
    """It waits as the policy now asks, or goes on where the approvals it has suffice now."""
    reasons = reasons_to_wait(judgement)
    rules = policy.of(action.kind)
    target = ActionStatus.APPROVED if is_approved_enough(action, judgement, policy) else ActionStatus.WAITING
    action.move(
        ActionStatus.WAITING,
        target,
        verdict="review",
        reasons=reasons,
        reason_key=judgement.reason_key if judgement.outcome == "review" else key_of_reason(reasons[0]),
        approver=action.approver if action.undoes_id else judgement.approver,
        approvals_needed=judgement.approvals,
        tier=rules.tier,
        policy_version=policy.version,
        expires_at=expiry_under(action, policy, now),
    )
    if target == ActionStatus.APPROVED:
        ring_for([action.pk])


def reasons_to_wait(judgement: Judgement) -> list[str]:
    """Why it waits from now on: never that it runs by itself, nor that nobody sees it."""
    if judgement.outcome == "allow":
        return [NOW_BY_ITSELF]
    return [NOW_IN_SHADOW if reason.startswith("Planned only") else reason for reason in judgement.reasons]


def is_approved_enough(action: Action, judgement: Judgement, policy: Policy) -> bool:
    """Whether somebody approved this very preview, and that suffices by the policy in force."""
    decisions = list(Decision.objects.filter(action=action).select_related("person"))
    return bool(approvers(action, decisions)) and not what_is_missing(action, judgement, policy)


def expiry_under(action: Action, policy: Policy, now: datetime) -> datetime | None:
    """When it expires: counted from when it began to wait, by the time the policy in force gives it.

    A policy that shortens it still leaves it `SHORTEST_NOTICE`, so that publishing ends nothing at once.
    """
    row = PolicyVersion.objects.filter(pk=action.policy_version).first()
    lifetime = policy.of(action.kind).lifetime
    was = policy_of(row).of(action.kind).lifetime if row else lifetime
    if action.expires_at is None or lifetime == was:
        return action.expires_at
    notice = min(lifetime, SHORTEST_NOTICE, action.expires_at - now)
    return max(action.expires_at - was + lifetime, now + notice)


def tell(action: Action, policy: Policy, was: Standing, is_now: Standing | None, now: datetime) -> None:
    """The audit entry, which is also what the queue hears of; `is_now` is None for what is refused."""
    audit.record(
        "action.rejudged",
        actor="policy",
        subject=f"action:{action.pk}",
        at=now,
        version=policy.version,
        kind=action.kind,
        status="refused" if is_now is None else action.status,
        was=was.to_json(),
        is_now=None if is_now is None else is_now.to_json(),
    )
    if is_now is not None:
        signals.action_changed.send(sender=Action, action=action, now=now)
