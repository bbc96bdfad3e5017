"""Drawing what ran by itself, at random, so that people look at it afterwards. Chance decides once per action."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from approvals import audit
from approvals.autonomy.outcomes import ran_by_itself
from approvals.autonomy.rungs import Step, last_promotion
from approvals.models import Action, AuditSample, PolicyVersion
from approvals.policies import policy_in_force, read_policy
from approvals.policy import Policy

BOOST = 2
"""How many times as often a kind is looked at just after a promotion: with weights of 1 and 2 no interval gets much
wider than one on as many equal labels (Kish's worst case: 1.06 times)."""
BOOSTED_FOR = timedelta(days=14)
LOOKED_BACK = timedelta(hours=1)
"""How far the sweep looks for what was not drawn when it happened."""
PLACES = Decimal("0.0001")


def lot_of(action_id: UUID) -> Decimal:
    """A number from 0 to below 1 that is always the same for an action, and that nobody without the key foretells."""
    key = f"approvals.autonomy.sampling:{settings.SECRET_KEY}".encode()
    return Decimal(int.from_bytes(hmac.digest(key, action_id.bytes, "sha256")[:8])) / 2**64


def share_at(share: Decimal, promotion: Step | None, moment: datetime) -> Decimal:
    """The chance to be drawn at a moment: larger for a while after the promotion."""
    is_new = promotion is not None and moment < promotion.at + BOOSTED_FOR
    return min(Decimal(1), share * BOOST if is_new else share).quantize(PLACES)


def share_of(kind: str, category: str, policy: Policy, moment: datetime) -> Decimal:
    """The chance an action of this kind and category has to be drawn under a policy."""
    share = policy.of(kind).audit_share
    return share_at(share, last_promotion(kind, category, policy), moment) if share else Decimal(0)


def draw_sample(action: Action, policy: Policy, *, now: datetime) -> AuditSample | None:
    """Draws an action that has just been executed, if it ran by itself and its lot falls so; safe twice.

    Inside the caller's transaction.
    """
    share = share_of(action.kind, action.category, policy, now)
    if lot_of(action.pk) >= share or not ran_by_itself(Action.objects.filter(pk=action.pk)).exists():
        return None
    try:
        with transaction.atomic():
            sample = AuditSample.objects.create(action=action, share=share, drawn_at=now)
    except IntegrityError:
        return AuditSample.objects.get(action=action)
    subject = f"action:{action.pk}"
    audit.record("sample.drawn", actor="system", subject=subject, at=now, sample=sample.pk, share=str(share))
    return sample


def draw_missed(*, now: datetime) -> int:
    """Draws what has run by itself lately and was not looked at by its receiver, as if it had been.

    Returns: how many were drawn.
    """
    recent = Action.objects.filter(settled_at__gte=now - LOOKED_BACK, settled_at__lte=now, sample=None)
    drawn = 0
    for action, policy in with_policies(ran_by_itself(recent).order_by("settled_at")):
        drawn += draw_sample(action, policy, now=action.settled_at or now) is not None
    return drawn


def with_policies(actions: Iterable[Action]) -> Iterable[tuple[Action, Policy]]:
    """Each action with the policy that was in force when it was settled."""
    versions = list(PolicyVersion.objects.order_by("-version").values_list("version", "at")[:100])
    for action in actions:
        then = next(((number, at) for number, at in versions if at <= (action.settled_at or at)), None)
        yield action, read_policy(*then) if then else policy_in_force()
