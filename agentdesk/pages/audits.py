"""Audits: people look at what ran by itself, one after another, without being told what the policy made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agentdesk.pages.effect_rows import Preview, preview_of
from agentdesk.pages.keyset import page_by_time
from agentdesk.people.roles import STAFF, needs_role, signed_in
from approvals.autonomy.auditing import (
    AlreadyFound,
    FindingUnfit,
    NotYours,
    open_samples,
    record_finding,
    require_hands_off,
    samples_for,
)
from approvals.kinds import CATALOGUE
from approvals.models import Action, AuditSample, Finding
from tickets.models import Direction, Person
from tickets.queries import spoken_messages

PAGE = 50
FINDINGS = ((Finding.RIGHT, "check", "1"), (Finding.WRONG, "cross", "2"), (Finding.UNCLEAR, "question", "3"))


@require_safe
def show_audits(request: HttpRequest) -> HttpResponse:
    """The next one this person may judge; for auditors, who judge none, what was found."""
    viewer = signed_in(request)
    if not viewer.may_decide:
        return redirect("audits_found")
    sample = samples_for(viewer).select_related("action__ticket__customer").first()
    if sample is None:
        return render(request, "audits/none.html", {"others": open_samples().count()})
    return show(request, sample, viewer)


@require_safe
def show_sample(request: HttpRequest, sample_id: int) -> HttpResponse:
    """One of them; what has been found is shown with what the policy made of it."""
    sample = get_object_or_404(AuditSample.objects.select_related("action__ticket__customer", "person"), pk=sample_id)
    return show(request, sample, signed_in(request))


def show(
    request: HttpRequest, sample: AuditSample, viewer: Person, *, fault: str = "", status: int = 200
) -> HttpResponse:
    """What was asked and what was done; not what anybody or anything thought of it."""
    action = sample.action
    context = {
        "sample": sample,
        "action": action,
        "title": CATALOGUE[action.kind].title,
        "thread": spoken_messages(action.ticket_id).exclude(direction=Direction.NOTE),
        "preview": unmarked_preview(action),
        "findings": [(value, Finding(value).label, icon, key) for value, icon, key in FINDINGS],
        "left": samples_for(viewer).count() if viewer.may_decide else 0,
        "why_not": why_not(sample, viewer),
        "fault": fault,
        "note": request.POST.get("note", ""),
    }
    return render(request, "audits/sample.html", context, status=status)


def unmarked_preview(action: Action) -> Preview:
    """The effects without the marks that checks left on the words."""
    preview = preview_of(action)
    return replace(preview, messages=tuple(replace(draft, pieces=()) for draft in preview.messages))


def why_not(sample: AuditSample, viewer: Person) -> str:
    """Why this person is not asked about it; empty where he is."""
    try:
        require_hands_off(sample, viewer)
    except NotYours as refusal:
        return str(refusal)
    return ""


@require_POST
@needs_role(*STAFF)
def find(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Writes the finding down and opens the next one."""
    viewer = signed_in(request)
    sample = get_object_or_404(AuditSample.objects.select_related("action__ticket__customer", "person"), pk=sample_id)
    finding, note = request.POST.get("finding", ""), request.POST.get("note", "")[:2000]
    try:
        found = record_finding(sample.pk, finding, note=note, by=viewer, now=timezone.now())
    except FindingUnfit as unfit:
        return show(request, sample, viewer, fault=str(unfit), status=422)
    except NotYours as refusal:
        return show(request, sample, viewer, fault=str(refusal), status=403)
    except AlreadyFound as known:
        return show(request, known.sample, viewer, fault=str(known), status=409)
    messages.success(request, f"Noted: {Finding(found.finding).label.lower()}.")
    return redirect("audits")


@require_safe
def list_found(request: HttpRequest) -> HttpResponse:
    """What people found, newest first."""
    found = AuditSample.objects.exclude(finding="").select_related("action__ticket", "person")
    page = page_by_time(found, "found_at", request.GET.get("after", ""), PAGE)
    context: dict[str, Any] = {"page": page, "rows": page.rows, "open": open_samples().count()}
    return render(request, "audits/found.html", context)
