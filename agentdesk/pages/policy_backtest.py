"""The backtest on the policy page: what is typed, tried on the past. Whoever may read the policy may try one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agentdesk.pages import policy as policy_page
from agentdesk.pages.policy_fields import policy_from
from agentdesk.pages.policy_figures import FATE_WORDS, row_of, say_hours, say_unknown
from agentdesk.pages.policy_specs import label_of
from agentdesk.pages.setting_fields import Draft
from agentdesk.runs.queries import dry_run_origins
from approvals.backtest.past import WINDOWS, Days, Past, Window
from approvals.backtest.trying import try_policy
from approvals.models import Action
from approvals.policies import PolicyUnfit, policy_in_force, require_fit
from approvals.policy import Policy

USUAL_WINDOW: Days = 30


def read_days(value: str) -> Days:
    """The window asked for; the usual one where none of ours was."""
    return next((days for days in WINDOWS if str(days) == value), USUAL_WINDOW)


@require_POST
def try_typed(request: HttpRequest) -> HttpResponse:
    """What the fields say, over the last days; nothing is published. Without scripts the page comes back with it."""
    in_force = policy_in_force()
    draft = policy_page.read_draft(request, in_force)
    is_part = request.headers.get("HX-Request") == "true"
    try:
        policy = read_fit(draft, in_force)
    except PolicyUnfit as unfit:
        faults = {label_of(name): why for name, why in unfit.fields.items()}
        if is_part:
            return render(request, "policy/_backtest.html", {"backtest_faults": faults}, status=422)
        wrong = Draft(draft.values, draft.base_version, draft.note, faults=unfit.fields)
        return policy_page.show(request, in_force, wrong, status=422)
    context = backtest_context(policy, read_days(request.POST.get("days", "")), timezone.now())
    if is_part:
        return render(request, "policy/_backtest.html", context)
    return policy_page.show(request, in_force, draft, more=context)


def read_fit(draft: Draft, in_force: Policy) -> Policy:
    """The policy that a draft says. Raises: PolicyUnfit."""
    policy = policy_from(draft.values, in_force)
    require_fit(policy)
    return policy


def backtest_context(policy: Policy, days: Days, now: datetime) -> dict[str, Any]:
    """What `policy/_backtest.html` shows."""
    backtest = try_policy(policy, Window(days, now, dry_run_origins()))
    total = backtest.all_kinds
    return {
        "backtest": backtest,
        "total": row_of(total),
        "kind_rows": [row_of(figures) for figures in backtest.kinds],
        "worst": worst_rows(backtest.worst),
        "unknown": say_unknown(total),
        "hours_from": say_hours(total.review),
        "windows": WINDOWS,
        "is_short": backtest.days < days - 1,
    }


def worst_rows(worst: Sequence[Past]) -> list[dict[str, Any]]:
    """Those that would newly run by themselves, with their actions, the worst first."""
    actions = Action.objects.select_related("ticket").in_bulk([past.action_id for past in worst])
    known = {str(pk): action for pk, action in actions.items()}
    return [
        {"action": known[str(UUID(past.action_id))], "past": past, "fate": FATE_WORDS[past.lesson.fate]}
        for past in worst
    ]
