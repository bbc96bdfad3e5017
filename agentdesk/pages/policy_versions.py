"""Versions of the policy: each with what it changed, the way back to an earlier one, and the pause switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agentdesk.pages.keyset import page_by_id
from agentdesk.pages.policy import compare_policies, in_words, tell_submitted
from agentdesk.pages.setting_fields import LONGEST_NOTE, PAGE_OF_VERSIONS, title_of, typed_text
from agentdesk.people.roles import admins_only, signed_in
from approvals.drafts import submit_policy
from approvals.kinds import CATALOGUE
from approvals.models import PolicyDraft, PolicyVersion
from approvals.policies import PolicyMoved, PolicyUnfit, differences, policy_in_force, policy_of, publish_policy
from approvals.policy import Policy
from approvals.rejudged import tally_of
from tickets.models import Role

TRIES = 5


@require_safe
def list_versions(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first."""
    page = page_by_id(PolicyVersion.objects.select_related("author"), request.GET.get("cursor", ""), PAGE_OF_VERSIONS)
    may_edit = signed_in(request).role == Role.ADMIN
    context = {"page": page, "in_force": policy_in_force().version, "may_edit": may_edit}
    return render(request, "policy/versions.html", context)


@require_safe
def show_version(request: HttpRequest, version: int) -> HttpResponse:
    """One version: what it changed when it was published, and what a return to it would change now."""
    row = get_object_or_404(PolicyVersion.objects.select_related("author", "draft__decided_by"), pk=version)
    before = PolicyVersion.objects.filter(pk=version - 1).first()
    in_force = policy_in_force()
    context = {
        "row": row,
        "in_force": in_force,
        "is_in_force": row.version == in_force.version,
        "changed": in_words(differences(policy_of(before), policy_of(row))) if before else [],
        "has_before": before is not None,
        "confirmed_by": row.draft.decided_by if hasattr(row, "draft") else None,
        "tally": tally_of(version),
        "note": note_of_return(version),
        **would_change(in_force, restore(policy_of(row), in_force)),
        "may_edit": signed_in(request).role == Role.ADMIN,
    }
    return render(request, "policy/version.html", context)


def restore(old: Policy, now: Policy) -> Policy:
    """The earlier rules. What is paused stays paused: that is a switch, not a rule. Newer kinds keep their rules."""
    settings = old.settings.model_copy(
        update={"paused": now.settings.paused, "paused_kinds": now.settings.paused_kinds}
    )
    return Policy(kinds={**now.kinds, **old.kinds}, settings=settings)


def would_change(in_force: Policy, restored: Policy) -> dict[str, Any]:
    """What a return would change, and whether it takes a second admin."""
    compared = compare_policies(in_force, restored)
    return {"would_change": compared["changes"], "asks_second": compared["asks_second"]}


def note_of_return(version: int) -> str:
    """The note a return begins with."""
    return f"Back to version {version}"


@require_POST
@admins_only
def return_to_version(request: HttpRequest, version: int) -> HttpResponse:
    """One click: publishes an earlier version's rules again, as a new version."""
    old = policy_of(get_object_or_404(PolicyVersion, pk=version))
    note = typed_text(request.POST.get("note", ""))[:LONGEST_NOTE] or note_of_return(version)
    try:
        submitted = publish_over_newest(request, lambda now: restore(old, now), note, submit_policy)
    except PolicyUnfit as unfit:
        messages.error(request, f"That version cannot be published any more: {unfit}.")
        return redirect("policy_version", version)
    words = "" if isinstance(submitted, PolicyDraft) else f"as version {submitted.version}"
    return tell_submitted(request, submitted, f"The rules of version {version} are in force again, {words}.")


@require_POST
@admins_only
def pause(request: HttpRequest) -> HttpResponse:
    """One click: pauses or resumes the agent, or one kind, by publishing a version that says so."""
    kind, on = request.POST.get("kind", ""), request.POST.get("paused") == "1"
    if kind and kind not in CATALOGUE:
        messages.error(request, "There is no such kind.")
        return redirect("policy")
    note = f"{title_of(kind) if kind else 'The agent'} {'paused' if on else 'resumed'}"
    publish_over_newest(request, lambda now: switch(now, kind, on), note, publish_policy)
    messages.success(request, f"{note}. What people approved still executes." if on else f"{note}.")
    return redirect("policy")


def switch(policy: Policy, kind: str, on: bool) -> Policy:
    """The same policy with the agent, or one kind, paused or not."""
    paused = [name for name in policy.settings.paused_kinds if name != kind]
    change = {"paused_kinds": tuple(sorted([*paused, kind] if on else paused))} if kind else {"paused": on}
    return policy.model_copy(update={"settings": policy.settings.model_copy(update=change)})


Put = Callable[..., Policy | PolicyDraft]


def publish_over_newest(
    request: HttpRequest, change: Callable[[Policy], Policy], note: str, put: Put
) -> Policy | PolicyDraft:
    """Publishes a change of whatever is in force, also of what someone published meanwhile; no change, no version."""
    for attempt in range(TRIES):
        now = policy_in_force()
        wanted = change(now)
        if not differences(now, wanted):
            return now
        try:
            return put(wanted, base_version=now.version, note=note, by=signed_in(request), now=timezone.now())
        except PolicyMoved:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")
