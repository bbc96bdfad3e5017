"""Not now, mine, yours: a ticket put off, claimed, handed over, and the heartbeat of who has it on screen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agentdesk.pages.answers import go_back, way_back
from agentdesk.pages.clocks import clock_words
from agentdesk.pages.snoozing import CHOICES, NoSuchMoment, choose_moment, read_zone
from agentdesk.people.roles import STAFF, needs_role, signed_in
from tickets import attention
from tickets.models import Person, Ticket
from tickets.operations import TicketClosed


@require_POST
@needs_role(*STAFF)
def note_looking(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """A heartbeat of a page that shows the ticket, or its last one."""
    if not Ticket.objects.filter(pk=ticket_id).exists():
        raise Http404
    verb = attention.note_gone if "gone" in request.POST else attention.note_looking
    verb(ticket_id, by=signed_in(request))
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_role(*STAFF)
def put_off(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Asks until when, and puts the ticket off."""
    ticket = get_object_or_404(Ticket, pk=ticket_id)
    if request.method != "POST":
        context = {"ticket": ticket, "choices": CHOICES.items(), "back": way_back(request, "/tickets/")}
        return render(request, "tickets/put_off.html", context)
    now, zone = timezone.now(), read_zone(request.POST.get("zone", ""))
    try:
        until = choose_moment(request.POST.get("choice", ""), zone, now, request.POST.get("at", ""))
        attention.snooze_ticket(ticket_id, until, by=signed_in(request), now=now)
    except (NoSuchMoment, attention.NotLater, TicketClosed) as refusal:
        return answer(request, ticket_id, fault=str(refusal))
    return answer(request, ticket_id, done=f"{ticket.number} comes back {clock_words(until, now, zone)}.")


def answer(request: HttpRequest, ticket_id: int, *, done: str = "", fault: str = "") -> HttpResponse:
    """In words for a script that stays on its page; otherwise back to where one came from."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"words": fault or done}, status=422 if fault else 200)
    return go_back(request, f"/tickets/{ticket_id}/", done=done, fault=fault)


@require_POST
@needs_role(*STAFF)
def bring_back(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Brings a ticket back before its time."""
    get_object_or_404(Ticket, pk=ticket_id)
    attention.wake_ticket(ticket_id, by=signed_in(request), now=timezone.now())
    return go_back(request, f"/tickets/{ticket_id}/", done="The ticket is back.")


@require_POST
@needs_role(*STAFF)
def claim(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Says that one is at work on the ticket, unless somebody else is."""
    get_object_or_404(Ticket, pk=ticket_id)
    try:
        attention.claim_ticket(ticket_id, by=signed_in(request), now=timezone.now())
    except attention.ClaimedByOther as other:
        return go_back(request, f"/tickets/{ticket_id}/", fault=str(other))
    return go_back(request, f"/tickets/{ticket_id}/", done="The ticket is claimed as long as it is on your screen.")


@require_POST
@needs_role(*STAFF)
def release(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Lets go of one's own claim."""
    get_object_or_404(Ticket, pk=ticket_id)
    attention.release_ticket(ticket_id, by=signed_in(request), now=timezone.now())
    return go_back(request, f"/tickets/{ticket_id}/", done="You let go of the ticket.")


@require_POST
@needs_role(*STAFF)
def hand_over(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Gives the ticket to a colleague, with a note."""
    get_object_or_404(Ticket, pk=ticket_id)
    to = Person.objects.filter(username=request.POST.get("to", "")).first()
    note, by = request.POST.get("note", "")[:20_000], signed_in(request)
    if to is None:
        return go_back(request, f"/tickets/{ticket_id}/", fault="Choose a colleague to hand the ticket to.")
    try:
        attention.hand_over_ticket(ticket_id, note, to=to, by=by, now=timezone.now())
    except (attention.CannotTakeIt, attention.ClaimedByOther, ValueError) as refusal:
        return go_back(request, f"/tickets/{ticket_id}/", fault=str(refusal))
    return go_back(request, f"/tickets/{ticket_id}/", done=f"Handed over to {to}.")
