"""What publishing would change, shown before it is published: the difference in words, and how it would have done."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agentdesk.pages.policy import changes_of, publish, read_draft, show
from agentdesk.pages.policy_backtest import backtest_context, read_days, read_fit
from agentdesk.pages.policy_fields import values_of
from agentdesk.pages.policy_specs import label_of
from agentdesk.pages.setting_fields import Draft
from agentdesk.people.roles import admins_only
from approvals.digest import canonical_json
from approvals.policies import PolicyUnfit, policy_in_force
from approvals.policy import Policy


@require_POST
@admins_only
def compare(request: HttpRequest) -> HttpResponse:
    """The changes and their backtest: a fragment for htmx, else the page with both."""
    in_force = policy_in_force()
    draft = read_draft(request, in_force)
    more: dict[str, Any] = {"is_compared": True, "looked_at": fingerprint(draft)}
    try:
        more |= tried(request, read_fit(draft, in_force), in_force)
    except PolicyUnfit as unfit:
        draft = Draft(draft.values, draft.base_version, draft.note, faults=unfit.fields)
    if getattr(request, "htmx", None):
        faults = {label_of(name): why for name, why in draft.faults.items()}
        return render(request, "policy/_would_change.html", changes_of(in_force, draft) | more | {"faults": faults})
    return show(request, in_force, draft, status=422 if draft.faults else 200, more=more)


@require_POST
@admins_only
def publish_compared(request: HttpRequest) -> HttpResponse:
    """Publishes what was looked at as the fields have it now; anything else is shown first.

    A base that is no longer the newest is told so at once.
    """
    in_force = policy_in_force()
    draft = read_draft(request, in_force)
    is_known = draft.values == values_of(in_force) or request.POST.get("looked_at") == fingerprint(draft)
    if is_known or draft.base_version != in_force.version:
        return publish(request)
    return compare(request)


def fingerprint(draft: Draft) -> str:
    """Tells whether the fields still say what was compared."""
    return hashlib.sha256(canonical_json({"base": draft.base_version, "values": draft.values})).hexdigest()


def tried(request: HttpRequest, policy: Policy, in_force: Policy) -> dict[str, Any]:
    """The backtest of a policy that says something else than the one in force."""
    if (policy.kinds, policy.settings) == (in_force.kinds, in_force.settings):
        return {}
    return backtest_context(policy, read_days(request.POST.get("days", "")), timezone.now())
