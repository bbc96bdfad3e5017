"""News of earned autonomy for whatever page shows it: what went back to review, and what may climb."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from agentdesk.pages.policy_records import UNRECORDED
from approvals.autonomy.auditing import samples_for
from approvals.autonomy.promoting import suggestions
from approvals.autonomy.sweeping import demotions
from approvals.policies import policy_in_force
from tickets.models import Person, Role

register = template.Library()


@register.inclusion_tag("audits/_demotions.html")
def went_back() -> dict[str, Any]:
    """What lately went back to review by the breaker."""
    return {"demotions": demotions(now=timezone.now())}


@register.inclusion_tag("audits/_suggestions.html")
def may_climb(viewer: Person) -> dict[str, Any]:
    """Rungs that were earned, for an admin to give."""
    found = suggestions(policy_in_force(), now=timezone.now())
    return {"suggestions": found, "may_edit": viewer.role == Role.ADMIN}


@register.simple_tag
def to_look_at(viewer: Person) -> int:
    """How many that ran by themselves wait for this person's look."""
    return samples_for(viewer).count() if viewer.may_decide else 0


@register.filter
def has_record(kind: str) -> bool:
    """Whether a kind stands on the ladder at all."""
    return kind not in UNRECORDED


@register.filter
def percent(share: float) -> str:
    """A share as people read it: one decimal below 10 %."""
    value = float(share) * 100
    return f"{value:.1f} %" if value < 9.95 else f"{value:.0f} %"
