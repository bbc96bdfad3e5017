"""One action: its preview, its history and receipt; edited, taken back, or settled where it is not known."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from agentdesk.pages.answers import go_back
from agentdesk.pages.argument_forms import ArgumentForm, make_form, shape_of
from agentdesk.pages.opened import context_of, load_action, open_cards, open_preview
from agentdesk.pages.presenting import ROLE_WORDS
from agentdesk.people.roles import STAFF, needs_role, signed_in
from approvals.amending import AmendmentRefused, amend_action
from approvals.deciding import DecisionLost, Verdict
from approvals.kinds import CATALOGUE
from approvals.models import Action, ActionStatus, Decision, OutboxMessage
from approvals.outbox import NotUnknown, settle_unknown
from approvals.planning import ArgumentsInvalid
from approvals.policies import policy_in_force
from approvals.receipts import undo_rules
from approvals.reversing import find_reversal
from approvals.shadowing import WHO_SEES, InTheShadow, require_visible
from approvals.undoing import CannotUndo, undo_action, why_not_undo
from tickets.models import Person


@require_GET
def show_action(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """One action on a page of its own."""
    action = get_object_or_404(Action, pk=action_id)
    try:
        require_visible(signed_in(request), Action.objects.filter(pk=action.pk))
    except InTheShadow as hidden:
        return render(request, "403.html", {"exception": f"{hidden} {WHO_SEES}"}, status=403)
    opened = open_cards([load_action(action.pk)], signed_in(request), timezone.now())[0]
    context = context_of(opened) | history_of(opened.card.action, signed_in(request))
    return render(request, "actions/action.html", context)


def history_of(action: Action, viewer: Person) -> dict[str, Any]:
    """Who decided what, what became of its messages, and what can be done now."""
    may = viewer.may_decide and viewer.ranks_at_least(action.approver)
    is_done = action.status in (ActionStatus.EXECUTED, ActionStatus.EXECUTING)
    why_not = why_not_undo(action, now=timezone.now()) if is_done else ""
    return {
        "decisions": Decision.objects.filter(action=action).select_related("person"),
        "outbox": OutboxMessage.objects.filter(action=action),
        "can_undo": may and is_done and not why_not,
        "undo_needs": ROLE_WORDS[action.approver] if is_done and not why_not and not may else "",
        "why_not_undo": why_not,
        "reversal": reversal_of(action) if why_not and viewer.may_decide else None,
        "can_settle": viewer.may_decide and action.status == ActionStatus.UNKNOWN,
        "undoings": Action.objects.filter(undoes=action).order_by("proposed_at"),
    }


def reversal_of(action: Action) -> dict[str, str] | None:
    """What could be proposed now to the opposite effect: its title, and where its form is filled in."""
    found = find_reversal(action)
    if found is None:
        return None
    address = reverse("propose", args=[action.ticket_id, found.kind])
    return {"title": CATALOGUE[found.kind].title, "address": f"{address}?instead_of={action.pk}"}


@require_POST
def show_preview(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """Opens the preview: a fragment for htmx, else the action's page with it open."""
    get_object_or_404(Action, pk=action_id)
    opened = open_preview(action_id, signed_in(request), timezone.now())
    if getattr(request, "htmx", None):
        return render(request, "actions/_opened.html", context_of(opened))
    return redirect("action", action_id)


@require_http_methods(["GET", "POST"])
@needs_role(*STAFF)
def amend(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """The arguments as a form; saved, the action is planned anew and waits with its new preview."""
    action = get_object_or_404(Action, pk=action_id)
    shape = shape_of(CATALOGUE[action.kind], action.ticket_id, request.POST, action.arguments, str(action.pk))
    if request.method == "GET":
        return render_amendment(request, action, make_form(shape), "")
    form = make_form(shape, request.POST)
    fault = amend_or_fault(action, form, request.POST.get("digest", ""), signed_in(request)) if form.is_valid() else ""
    if fault or form.errors:
        return render_amendment(request, action, form, fault)
    opened = open_preview(action_id, signed_in(request), timezone.now(), note="edited by you", note_tone="ok")
    if getattr(request, "htmx", None):
        return render(request, "actions/_amended.html", context_of(opened))
    return redirect("action", action_id)


def amend_or_fault(action: Action, form: ArgumentForm, digest: str, by: Person) -> str:
    """Amends; in words why not, where the rules or another person came first."""
    arguments = {**action.arguments, **form.arguments()}
    try:
        amend_action(Verdict(action.pk, "amend", digest), arguments, by=by, now=timezone.now())
    except ArgumentsInvalid as invalid:
        form.add_faults(invalid.fields)
        return ""
    except (AmendmentRefused, DecisionLost) as refusal:
        return str(refusal)
    return ""


def render_amendment(request: HttpRequest, action: Action, form: ArgumentForm, fault: str) -> HttpResponse:
    """The form, in place or on a page of its own."""
    template = "actions/_amend_form.html" if getattr(request, "htmx", None) else "actions/amend.html"
    return render(request, template, {"action": action, "form": form, "fault": fault})


@require_POST
@needs_role(*STAFF)
def undo(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """Takes an executed action back."""
    get_object_or_404(Action, pk=action_id)
    try:
        undo_action(action_id, by=signed_in(request), now=timezone.now())
    except (CannotUndo, DecisionLost) as refusal:
        return go_back(request, f"/actions/{action_id}/", fault=str(refusal))
    except IntegrityError:
        return go_back(request, f"/actions/{action_id}/", fault="An undo of this action is under way.")
    return go_back(request, f"/actions/{action_id}/", done="Undone.")


@require_safe
def show_undo_table(request: HttpRequest) -> HttpResponse:
    """Every kind of action: whether it can be taken back, until when, and what else there is."""
    return render(request, "actions/undo_table.html", {"rules": undo_rules(policy_in_force())})


@require_POST
@needs_role(*STAFF)
def settle(request: HttpRequest, action_id: UUID) -> HttpResponse:
    """A person says whether a message was sent after all."""
    get_object_or_404(Action, pk=action_id)
    try:
        settle_unknown(action_id, was_sent=request.POST.get("was") == "sent", by=signed_in(request), now=timezone.now())
    except NotUnknown as known:
        return go_back(request, f"/actions/{action_id}/", fault=str(known))
    return go_back(request, f"/actions/{action_id}/", done="Noted.")
