"""The policy page: read by everyone, typed anew and published by admins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agentdesk.agent.categories import Category
from agentdesk.pages.policy_cards import cards_of, settings_of
from agentdesk.pages.policy_fields import policy_from, show_value, typed_values, values_of
from agentdesk.pages.policy_specs import label_of
from agentdesk.pages.setting_fields import Draft, merge, read_base, read_noted, title_of
from agentdesk.people.roles import signed_in
from approvals.autonomy.promoting import promoted
from approvals.drafts import policy_of_draft, submit_policy
from approvals.kinds import CATALOGUE
from approvals.loosening import loosens
from approvals.models import DraftStatus, PolicyDraft, PolicyVersion
from approvals.policies import (
    PolicyMoved,
    PolicyUnfit,
    differences,
    policy_in_force,
    policy_of,
)
from approvals.policy import HARD_LIMITS, PRECEDENCE, Policy
from approvals.presets import PRESETS, preset_policy
from approvals.shadowing import SEE_SHADOWS
from approvals.totals import totals_on
from tickets.models import Role

VERSIONS_BESIDE = 8


@require_safe
def show_policy(request: HttpRequest) -> HttpResponse:
    """What is in force; for admins a form, which a preset, a suggested rung or an outdated draft may fill."""
    in_force = policy_in_force()
    start, filled_by, note = start_from(request.GET, in_force)
    preset = request.GET.get("preset", "")
    draft = Draft(values_of(start), in_force.version, note, preset=preset if preset in PRESETS else "")
    return show(request, in_force, draft, more={"filled_by": filled_by})


def start_from(asked: Mapping[str, str], in_force: Policy) -> tuple[Policy, str, str]:
    """What the fields hold at first, what that is in words, and a note for it; what is in force for an unknown wish."""
    preset = asked.get("preset", "")
    if preset in PRESETS:
        filled = Policy(kinds=preset_policy(preset).kinds, settings=in_force.settings)
        return filled, f"the preset {PRESETS[preset][0]}", ""
    kind, _, category = asked.get("promote", "").partition(":")
    if kind in CATALOGUE and category in ("", *Category):
        filled = in_force.model_copy(update={"kinds": {**in_force.kinds, kind: promoted(in_force.of(kind), category)}})
        return filled, f"the next rung for {title_of(kind)}", f"{title_of(kind)}: a rung up, by its record"
    number = asked.get("draft", "")
    draft = PolicyDraft.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if draft is not None:
        return take_up(draft, in_force), f"the draft of {draft.author}", draft.note
    return in_force, "", ""


def take_up(draft: PolicyDraft, in_force: Policy) -> Policy:
    """What a draft changed, on top of what is in force now."""
    base = policy_of(PolicyVersion.objects.get(pk=draft.base_version))
    return policy_from(merge(values_of(policy_of_draft(draft)), values_of(base), values_of(in_force)), in_force)


def show(
    request: HttpRequest, in_force: Policy, draft: Draft, *, status: int = 200, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The form with what is in force, what was typed, and what is wrong with it; `more` is beside it on the page."""
    used = totals_on(timezone.now().date())
    faults = draft.faults
    context = {
        "in_force": in_force,
        "row": PolicyVersion.objects.select_related("author").filter(pk=in_force.version).first(),
        "draft": draft,
        "kinds": cards_of(in_force, draft, used),
        "all_kinds": [(name, kind.title) for name, kind in CATALOGUE.items()],
        "paused_kinds": [(name, title_of(name)) for name in in_force.settings.paused_kinds],
        "may_edit": signed_in(request).role == Role.ADMIN,
        "may_see_shadow": signed_in(request).role in SEE_SHADOWS,
        "presets": [(name, words, (make.__doc__ or "").strip()) for name, (words, make) in PRESETS.items()],
        "precedence": PRECEDENCE,
        "hard_limits": HARD_LIMITS.values(),
        "theirs": in_words(draft.theirs),
        "faults": {label_of(name): why for name, why in faults.items() if name != "note"},
        "note_fault": faults.get("note", ""),
        "versions": PolicyVersion.objects.select_related("author").order_by("-version")[:VERSIONS_BESIDE],
        "waiting_drafts": PolicyDraft.objects.filter(status=DraftStatus.WAITING).select_related("author"),
        **changes_of(in_force, draft),
        **settings_of(in_force, draft, used),
        **(more or {}),
    }
    return render(request, "policy/policy.html", context, status=status)


def changes_of(in_force: Policy, draft: Draft) -> dict[str, Any]:
    """What publishing the draft would change, and what of that loosens; unknown while it has faults."""
    if draft.faults and set(draft.faults) != {"note"}:
        return {"changes": [], "asks_second": False}
    return compare_policies(in_force, policy_from(draft.values, in_force))


def compare_policies(before: Policy, after: Policy) -> dict[str, Any]:
    """What differs, in words, what of it loosens, and whether that takes a second admin."""
    loosened = loosens(before, after)
    changes = in_words(differences(before, after), loosened)
    return {"changes": changes, "asks_second": bool(loosened) and before.settings.second_admin}


def in_words(changes: Iterable[dict[str, Any]], loosened: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Changes as people read them: fields by their labels, values as they are typed, and whether each loosens."""
    names = tuple(loosened)
    return [
        {
            "label": label_of(change["field"]),
            "before": show_value(change["field"], change["before"]),
            "after": show_value(change["field"], change["after"]),
            "loosens": change["field"] in names,
        }
        for change in changes
    ]


def publish(request: HttpRequest) -> HttpResponse:
    """Puts what was typed in force as the next version, or, where it loosens, before another admin.

    A base that is no longer the newest gets the differences.
    """
    in_force = policy_in_force()
    draft = read_draft(request, in_force)
    try:
        policy = read_noted(draft, lambda values: policy_from(values, in_force), PolicyUnfit)
        submitted = submit_policy(
            policy, base_version=draft.base_version, note=draft.note, by=signed_in(request), now=timezone.now()
        )
    except PolicyUnfit as unfit:
        wrong = Draft(draft.values, draft.base_version, draft.note, faults=unfit.fields)
        return show(request, in_force, wrong, status=422)
    except PolicyMoved as moved:
        return show_moved(request, draft, moved)
    return tell_submitted(request, submitted)


def tell_submitted(request: HttpRequest, submitted: Policy | PolicyDraft, words: str = "") -> HttpResponse:
    """Says what became of a policy that was submitted: a version, or a draft that waits."""
    if isinstance(submitted, PolicyDraft):
        messages.warning(request, "Nothing has changed yet: this loosens the policy, so it waits for another admin.")
        return redirect("policy_draft", submitted.pk)
    messages.success(request, words or f"Version {submitted.version} is in force.")
    return redirect("policy")


def read_draft(request: HttpRequest, in_force: Policy) -> Draft:
    """What was typed, as a draft that may have faults."""
    version, note = read_base(request)
    return Draft(typed_values(request.POST, dict(request.POST.lists()), in_force), version, note)


def show_moved(request: HttpRequest, draft: Draft, moved: PolicyMoved) -> HttpResponse:
    """Keeps what was typed, on top of what someone else published meanwhile; nothing is in force yet."""
    newest = policy_in_force()
    row = PolicyVersion.objects.filter(pk=draft.base_version).first()
    base = policy_of(row) if row else newest
    values = merge(draft.values, values_of(base), values_of(newest))
    theirs = differences(base, newest)
    return show(request, newest, Draft(values, newest.version, draft.note, moved=moved, theirs=theirs), status=409)
