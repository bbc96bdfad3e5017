"""One ticket: what was said, what is proposed, who the customer is, and everything staff can do about it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agentdesk.pages.answers import go_back
from agentdesk.pages.proposals import approve_own
from agentdesk.pages.thread import ticket_context
from agentdesk.people.roles import STAFF, needs_role, signed_in
from agentdesk.runs.lifecycle import RunActive, TakenOver, start_run
from agentdesk.runs.models import RunMode
from approvals.models import ActionStatus
from approvals.planning import ArgumentsInvalid
from approvals.proposing import Proposal, propose_action
from tickets import operations
from tickets.models import Person, Priority, Ticket


@require_GET
def show_ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """One ticket with all that belongs to it."""
    ticket = get_object_or_404(Ticket.objects.select_related("customer", "assignee", "taken_over_by"), pk=ticket_id)
    return render(request, "tickets/ticket.html", ticket_context(ticket, signed_in(request), timezone.now()))


@require_POST
@needs_role(*STAFF)
def reply(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Proposes the reply that was written, and approves it with the same click."""
    ticket, by, now = get_object_or_404(Ticket, pk=ticket_id), signed_in(request), timezone.now()
    arguments = {"body": request.POST.get("body", "")}
    try:
        action = propose_action(
            Proposal(ticket.pk, "send_reply", arguments, f"person:{by.username}", person=by), now=now
        )
    except ArgumentsInvalid as invalid:
        return go_back(request, f"/tickets/{ticket_id}/", fault="; ".join(invalid.fields.values()))
    fault = action.status_reason if action.status == ActionStatus.REFUSED else ""
    if action.status == ActionStatus.WAITING and "only_propose" not in request.POST:
        fault = approve_own(action, action.digest, by=by, now=now)
    return go_back(request, f"/tickets/{ticket_id}/", done="The reply is on its way.", fault=fault)


@require_POST
@needs_role(*STAFF)
def add_note(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """An internal note."""
    get_object_or_404(Ticket, pk=ticket_id)
    body = request.POST.get("note", "").strip()
    if not body:
        return go_back(request, f"/tickets/{ticket_id}/", fault="The note is empty.")
    operations.add_staff_note(ticket_id, body, by=signed_in(request), now=timezone.now())
    return go_back(request, f"/tickets/{ticket_id}/", done="Noted.")


@require_POST
@needs_role(*STAFF)
def assign(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Gives the ticket to someone, or to nobody."""
    get_object_or_404(Ticket, pk=ticket_id)
    name = request.POST.get("assignee", "")
    assignee = Person.objects.filter(username=name, is_active=True).first() if name else None
    operations.assign_ticket(ticket_id, assignee, by=signed_in(request), now=timezone.now())
    return go_back(request, f"/tickets/{ticket_id}/", done=f"Assigned to {assignee or 'nobody'}.")


@require_POST
@needs_role(*STAFF)
def tag(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Replaces the tags."""
    get_object_or_404(Ticket, pk=ticket_id)
    tags = [one.strip()[:50] for one in request.POST.get("tags", "").split(",")][:30]
    operations.tag_ticket(ticket_id, tags, by=signed_in(request), now=timezone.now())
    return go_back(request, f"/tickets/{ticket_id}/", done="Tags saved.")


@require_POST
@needs_role(*STAFF)
def prioritise(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Sets how soon the ticket is wanted."""
    get_object_or_404(Ticket, pk=ticket_id)
    priority = request.POST.get("priority", "")
    if priority not in Priority.values:
        return go_back(request, f"/tickets/{ticket_id}/", fault="There is no such priority.")
    operations.prioritise_ticket(ticket_id, priority, by=signed_in(request), now=timezone.now())
    return go_back(request, f"/tickets/{ticket_id}/", done="Priority saved.")


def simple_deed(verb: Callable[..., Ticket], done: str) -> Callable[[HttpRequest, int], HttpResponse]:
    """The view of a verb that takes nothing but the ticket."""

    @require_POST
    @needs_role(*STAFF)
    def do(request: HttpRequest, ticket_id: int) -> HttpResponse:
        get_object_or_404(Ticket, pk=ticket_id)
        verb(ticket_id, by=signed_in(request), now=timezone.now())
        return go_back(request, f"/tickets/{ticket_id}/", done=done)

    return do


take_over = simple_deed(operations.take_over_ticket, "The ticket is yours; the agent keeps off.")
hand_back = simple_deed(operations.hand_back_ticket, "Handed back to the agent.")
close_escalation = simple_deed(operations.close_escalation, "The escalation is taken care of.")


@require_POST
@needs_role(*STAFF)
def start(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Starts the agent on the ticket, for real or dry, and shows the run."""
    get_object_or_404(Ticket, pk=ticket_id)
    mode = RunMode.DRY_RUN if request.POST.get("mode") == RunMode.DRY_RUN else RunMode.LIVE
    by = signed_in(request)
    try:
        run = start_run(ticket_id, started_by=f"person:{by.username}", now=timezone.now(), mode=mode)
    except (RunActive, TakenOver) as refusal:
        return go_back(request, f"/tickets/{ticket_id}/", fault=str(refusal))
    return redirect("run", run.pk)
