"""Proposing by hand: any action kind from a form, previewed before it is proposed, through the gate like all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentdesk.pages.answers import go_back
from agentdesk.pages.argument_forms import ArgumentForm, make_form, shape_of
from agentdesk.pages.effect_rows import Preview, preview_effects, undo_words
from agentdesk.pages.verdicts import GRACE
from agentdesk.people.roles import STAFF, needs_role, signed_in
from approvals.deciding import DecisionLost, Verdict, decide_action, mark_seen
from approvals.kinds import PROPOSABLE
from approvals.kinds.catalogue_entry import ActionKind, Refusal
from approvals.models import Action, ActionStatus
from approvals.planning import ArgumentsInvalid, Plan, make_plan, read_arguments, view_for
from approvals.policies import policy_in_force
from approvals.policy import suffices
from approvals.proposing import Proposal, propose_action
from approvals.reversing import find_reversal
from approvals.settling import ring_for
from tickets.effects import effect_to_json
from tickets.models import Person, Ticket


@dataclass(frozen=True)
class Sketch:
    """What a proposal would do, or why it cannot be made."""

    plan: Plan | None = None
    preview: Preview | None = None
    undo_words: str = ""
    fault: str = ""


@require_http_methods(["GET", "POST"])
@needs_role(*STAFF)
def propose(request: HttpRequest, ticket_id: int, kind: str) -> HttpResponse:
    """A kind's form; then its preview; then the proposal, approved with the same click where that is allowed."""
    ticket, entry = get_object_or_404(Ticket, pk=ticket_id), PROPOSABLE.get(kind)
    if entry is None:
        return redirect("ticket", ticket_id)
    shape = shape_of(entry, ticket_id, request.POST or request.GET, first_values(ticket, kind, request))
    step = request.POST.get("step", "")
    form = make_form(shape, request.POST if step in ("preview", "propose", "approve") else None)
    sketch = sketch_of(ticket, entry, form) if form.is_bound and form.is_valid() else Sketch()
    if step in ("propose", "approve") and sketch.plan:
        return hand_in(request, ticket, entry, form, sketch.plan)
    context = {"ticket": ticket, "kind": entry, "form": form, "sketch": sketch, "shape": shape}
    return render(request, template_of(request), context | rights(entry, signed_in(request)))


def first_values(ticket: Ticket, kind: str, request: HttpRequest) -> Mapping[str, Any]:
    """What the form begins with: nothing, or what leads back from an action that can no longer be undone."""
    try:
        known = Action.objects.filter(pk=UUID(request.GET.get("instead_of", "")), ticket=ticket).first()
    except ValueError:
        return {}
    found = find_reversal(known) if known is not None else None
    return found.arguments if found is not None and found.kind == kind else {}


def template_of(request: HttpRequest) -> str:
    """The form in its place on the ticket, or on a page of its own."""
    return "tickets/_propose_form.html" if getattr(request, "htmx", None) else "tickets/propose.html"


def rights(kind: ActionKind, viewer: Person) -> dict[str, Any]:
    """Whether this person may approve what he proposes here."""
    rules = policy_in_force().of(kind.name)
    may = suffices(viewer.role, rules.approver) and rules.approvals == 1 and rules.editor_may_approve
    return {"may_approve": may and rules.mode != "off", "who_can": rules.approver}


def sketch_of(ticket: Ticket, kind: ActionKind, form: ArgumentForm) -> Sketch:
    """Plans without storing anything; faults of single fields go to the form."""
    try:
        arguments = read_arguments(kind, form.arguments())
        plan = make_plan(kind, arguments, view_for(arguments, ticket.pk))
    except ArgumentsInvalid as invalid:
        form.add_faults(invalid.fields)
        return Sketch()
    except Refusal as refusal:
        return Sketch(fault=str(refusal))
    draft = Action(kind=kind.name, customer=ticket.customer)
    preview = preview_effects([effect_to_json(effect) for effect in plan.effects], draft)
    return Sketch(plan, preview, undo_words(draft))


def hand_in(request: HttpRequest, ticket: Ticket, kind: ActionKind, form: ArgumentForm, plan: Plan) -> HttpResponse:
    """Proposes, and approves what was previewed where that was pressed; then back to the ticket."""
    by, now = signed_in(request), timezone.now()
    proposal = Proposal(
        ticket.pk,
        kind.name,
        form.arguments(),
        f"person:{by.username}",
        person=by,
        rationale=request.POST.get("why", ""),
    )
    action = propose_action(proposal, now=now)
    fault = ""
    if request.POST["step"] == "approve" and action.status == ActionStatus.WAITING:
        fault = approve_own(action, request.POST.get("digest", ""), by=by, now=now)
    elif action.status == ActionStatus.APPROVED:
        ring_for([action.pk])
    elif action.status == ActionStatus.REFUSED:
        fault = action.status_reason
    done = "Proposed; it waits for a decision." if action.status == ActionStatus.WAITING else "Done."
    return go_back(request, f"/tickets/{ticket.pk}/", done=done, fault=fault)


def approve_own(action: Action, digest: str, *, by: Person, now: datetime, grace: timedelta = GRACE) -> str:
    """Approves one's own proposal as it was previewed. Returns: why it was not approved, or nothing."""
    try:
        mark_seen(action.pk, digest, by=by, now=now)
        approved = decide_action(Verdict(action.pk, "approve", digest, grace=grace), by=by, now=now)
    except DecisionLost as lost:
        return f"Proposed, but not approved: {lost}"
    action.status = approved.status
    return ""
