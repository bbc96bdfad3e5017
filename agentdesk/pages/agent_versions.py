"""Versions of the agent's settings: each with what it changed, and the way back to an earlier one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.pages.agent import guidance_lines, in_words
from agentdesk.pages.keyset import page_by_id
from agentdesk.pages.setting_fields import PAGE_OF_VERSIONS
from agentdesk.people.roles import admins_only, signed_in
from agentdesk.runs.agent_versions import AgentMoved, agent_in_force, agent_version, differences, publish_agent
from agentdesk.runs.models import AgentVersion
from tickets.models import Role


@require_safe
def list_versions(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first."""
    page = page_by_id(AgentVersion.objects.select_related("author"), request.GET.get("cursor", ""), PAGE_OF_VERSIONS)
    return render(request, "agent/versions.html", {"page": page, "in_force": agent_in_force().version})


@require_safe
def show_version(request: HttpRequest, version: int) -> HttpResponse:
    """One version: what it changed when it was published, and what a return to it would change now."""
    wanted, in_force = find_version(version), agent_in_force()
    changed = differences(agent_version(version - 1), wanted) if version else []
    would_change = differences(in_force, wanted)
    context = {
        "row": AgentVersion.objects.select_related("author").filter(pk=version).first(),
        "version": version,
        "in_force": in_force,
        "is_in_force": version == in_force.version,
        "changed": in_words(changed),
        "changed_lines": guidance_lines(changed),
        "would_change": in_words(would_change),
        "would_change_lines": guidance_lines(would_change),
        "guidance": wanted.guidance,
        "may_edit": signed_in(request).role == Role.ADMIN,
    }
    return render(request, "agent/version.html", context)


def find_version(version: int) -> AgentSettings:
    """One version; 0 is what is built in. Raises: Http404."""
    try:
        return agent_version(version)
    except AgentVersion.DoesNotExist as error:
        raise Http404 from error


@require_POST
@admins_only
def return_to_version(request: HttpRequest, version: int) -> HttpResponse:
    """One click: publishes an earlier version again, as a new one."""
    old, in_force = find_version(version), agent_in_force()
    if not differences(in_force, old):
        return redirect("agent")
    note = f"Returned to version {version}"
    try:
        published = publish_agent(
            old, base_version=in_force.version, note=note, by=signed_in(request), now=timezone.now()
        )
    except AgentMoved as moved:
        messages.error(request, str(moved))
        return redirect("agent_version", version)
    messages.success(request, f"What version {version} said is in force again, as version {published.version}.")
    return redirect("agent")
