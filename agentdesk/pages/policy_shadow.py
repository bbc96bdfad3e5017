"""The evidence of the shadow: a kind's plans beside what people did, for those who may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agentdesk.people.roles import READERS_OF_AUDIT, needs_role
from approvals.autonomy.estimates import clean_needed, wilson
from approvals.kinds import CATALOGUE
from approvals.models import Action
from approvals.shadowing import HOW_WORDS, Comparison, compare_shadows

WINDOW = timedelta(days=90)
MOST = 500
"""Plans compared, the newest."""
SHOWN = 50
TOLERATED = 0.02


@require_safe
@needs_role(*READERS_OF_AUDIT)
def show_shadow(request: HttpRequest, kind: str) -> HttpResponse:
    """What the kind would have done in the last 90 days, and what people did instead."""
    if kind not in CATALOGUE:
        raise Http404
    plans = Action.objects.filter(kind=kind).select_related("ticket")
    found = list(compare_shadows(plans, since=timezone.now() - WINDOW, limit=MOST))
    context = {"kind": CATALOGUE[kind], "compared": found[:SHOWN], "days": WINDOW.days, **figures_of(found)}
    return render(request, "policy/shadow.html", context)


def figures_of(found: Sequence[Comparison]) -> dict[str, Any]:
    """How many were the same, with the interval of those that were not, and how many more a claim takes."""
    counts = Counter(one.how for one in found)
    differing = len(found) - counts["same"]
    interval = wilson(differing, len(found))
    return {
        "total": len(found),
        "counts": [(HOW_WORDS[how], counts[how]) for how in HOW_WORDS],
        "low": 100 * interval.low,
        "high": 100 * interval.high,
        "missing": clean_needed(differing, len(found), TOLERATED),
    }
