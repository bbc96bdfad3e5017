"""The agent's page: its guidance, bounds and models, read by everyone, typed anew and published by admins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agentdesk.agent.agent_settings import LONGEST_GUIDANCE, AgentSettings
from agentdesk.agent.roles import ROLES
from agentdesk.agent.roles import Role as AgentRole
from agentdesk.pages.agent_fields import (
    SETTINGS_FIELDS,
    label_of,
    rows_of,
    settings_from,
    show_value,
    typed_values,
    values_of,
)
from agentdesk.pages.differences import Line, compare_texts
from agentdesk.pages.setting_fields import Draft, Values, bind, merge, read_base, read_noted
from agentdesk.people.roles import admins_only, signed_in
from agentdesk.runs.agent_versions import (
    AgentMoved,
    AgentUnfit,
    agent_in_force,
    agent_version,
    differences,
    publish_agent,
    require_fit,
)
from agentdesk.runs.instructing import read_prompt
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import AgentVersion
from agentdesk.runs.queries import models_over, spent_on
from approvals.policies import policy_in_force
from tickets.models import Role

VERSIONS_BESIDE = 8
DAYS = 7
GUIDANCE = "settings.guidance"


@require_safe
def show_agent(request: HttpRequest) -> HttpResponse:
    """What is in force; for admins a form."""
    in_force = agent_in_force()
    return show(request, in_force, Draft(values_of(in_force), in_force.version))


def show(request: HttpRequest, in_force: AgentSettings, draft: Draft, *, status: int = 200) -> HttpResponse:
    """The form with what is in force, what was typed, and what is wrong with it."""
    faults = draft.faults
    context = {
        "in_force": in_force,
        "row": AgentVersion.objects.select_related("author").filter(pk=in_force.version).first(),
        "draft": draft,
        "guidance": draft.values[GUIDANCE],
        "guidance_fault": faults.get(GUIDANCE, ""),
        "longest_guidance": LONGEST_GUIDANCE,
        "categories": rows_of(draft.values, faults),
        "settings_fields": bind("settings", SETTINGS_FIELDS, draft.values, faults),
        "may_edit": signed_in(request).role == Role.ADMIN,
        "faults": {label_of(name): why for name, why in faults.items() if name != "note"},
        "note_fault": faults.get("note", ""),
        "theirs": in_words(draft.theirs),
        "their_guidance": guidance_lines(draft.theirs),
        "versions": AgentVersion.objects.select_related("author").order_by("-version")[:VERSIONS_BESIDE],
        "is_paused": policy_in_force().settings.paused,
    }
    return render(request, "agent/agent.html", context | what_it_runs_on() | changes_of(in_force, draft), status=status)


def what_it_runs_on() -> dict[str, Any]:
    """The models in the order they are asked, what each did lately, today's cost, and the core prompts."""
    today = timezone.now().date()
    figures = models_over(today, DAYS)
    chain = [name.strip() for name in settings.AGENTDESK_MODEL.split(",") if name.strip()]
    small = settings.AGENTDESK_SMALL_MODEL
    known = dict.fromkeys((*chain, *([small] if small else ()), *sorted(figures)))
    return {
        "chain": chain,
        "small_model": small,
        "models": [(name, figures.get(name)) for name in known],
        "days": DAYS,
        "spent_today": spent_on(today),
        "prompts": [(name, *prompt_of(role)) for name, role in ROLES.items()],
    }


def prompt_of(role: AgentRole) -> tuple[str, str]:
    """A role's core prompt, and its version by content."""
    prompt = read_prompt(role.prompt)
    return prompt, hash_words(prompt)[:12]


def changes_of(in_force: AgentSettings, draft: Draft) -> dict[str, Any]:
    """What publishing the draft would change; unknown while it has faults."""
    if set(draft.faults) - {"note"}:
        return {"changes": [], "lines": []}
    changes = differences(in_force, settings_from(draft.values))
    return {"changes": in_words(changes), "lines": guidance_lines(changes)}


def in_words(changes: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Changes but for the guidance, as people read them: fields by their labels, values as they are typed."""
    return [
        {
            "label": label_of(change["field"]),
            "before": show_value(change["field"], change["before"]),
            "after": show_value(change["field"], change["after"]),
        }
        for change in changes
        if change["field"] != GUIDANCE
    ]


def guidance_lines(changes: Iterable[Mapping[str, Any]]) -> list[Line]:
    """What changes in the guidance, word by word; nothing where it stays."""
    changed = [change for change in changes if change["field"] == GUIDANCE]
    return [line for change in changed for line in compare_texts(change["before"] or "", change["after"] or "")]


@require_POST
@admins_only
def compare(request: HttpRequest) -> HttpResponse:
    """What publishing would change, before it is published: a fragment for htmx, else the page with it."""
    in_force = agent_in_force()
    draft = read_draft(request, in_force)
    try:
        fit_settings(draft.values)
    except AgentUnfit as unfit:
        draft = Draft(draft.values, draft.base_version, draft.note, faults=unfit.fields)
    if getattr(request, "htmx", None):
        faults = {label_of(name): why for name, why in draft.faults.items()}
        context = changes_of(in_force, draft) | {"faults": faults, "is_compared": True}
        return render(request, "agent/_would_change.html", context)
    return show(request, in_force, draft, status=422 if draft.faults else 200)


@require_POST
@admins_only
def publish(request: HttpRequest) -> HttpResponse:
    """Puts what was typed in force as the next version; a base that is no longer the newest gets the differences."""
    in_force = agent_in_force()
    draft = read_draft(request, in_force)
    try:
        wanted = read_noted(draft, fit_settings, AgentUnfit)
        base, by = draft.base_version, signed_in(request)
        published = publish_agent(wanted, base_version=base, note=draft.note, by=by, now=timezone.now())
    except AgentUnfit as unfit:
        wrong = Draft(draft.values, draft.base_version, draft.note, faults=unfit.fields)
        return show(request, in_force, wrong, status=422)
    except AgentMoved as moved:
        return show_moved(request, draft, moved)
    messages.success(request, f"Version {published.version} is in force. Runs that have started keep theirs.")
    return redirect("agent")


def read_draft(request: HttpRequest, in_force: AgentSettings) -> Draft:
    """What was typed, as a draft that may have faults."""
    return Draft(typed_values(request.POST, dict(request.POST.lists()), in_force), *read_base(request))


def fit_settings(values: Values) -> AgentSettings:
    """The settings these values say, where they may be published. Raises: AgentUnfit."""
    wanted = settings_from(values)
    require_fit(wanted)
    return wanted


def show_moved(request: HttpRequest, draft: Draft, moved: AgentMoved) -> HttpResponse:
    """Keeps what was typed, on top of what someone else published meanwhile; nothing is in force yet."""
    newest = agent_in_force()
    known = AgentVersion.objects.filter(pk=draft.base_version).exists()
    base = agent_version(draft.base_version) if known else AgentSettings()
    values = merge(draft.values, values_of(base), values_of(newest))
    theirs = differences(base, newest)
    return show(request, newest, Draft(values, newest.version, draft.note, moved=moved, theirs=theirs), status=409)
