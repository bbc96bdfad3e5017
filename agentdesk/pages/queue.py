"""The queue: what waits for a person, and the decisions made on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agentdesk.pages.answers import go_back, way_back
from agentdesk.pages.bulks import card_of_bulk
from agentdesk.pages.live import changed_rows
from agentdesk.pages.presenting import ActionCard, make_card, surroundings_of
from agentdesk.pages.queue_groups import GroupsPage, groups_page, more_rows, selection_of
from agentdesk.pages.queue_rows import Filters, queue_page, with_rows
from agentdesk.pages.verdicts import REASONS, Deed, do_deed, in_words, read_deed
from agentdesk.people.roles import STAFF, needs_role, signed_in
from approvals.bulk import begin_bulk
from approvals.deciding import BulkTooLarge, Outcome
from approvals.kinds import CATALOGUE
from approvals.models import Action, ActionStatus, Tier
from tickets.models import Person

AT_ONCE = 25
"""Items of a bulk that a page waits for; more are worked off in the background."""


@require_GET
def show_queue(request: HttpRequest) -> HttpResponse:
    """The waiting actions, a page at a time."""
    viewer, filters, now = signed_in(request), Filters.read(request.GET), timezone.now()
    by_group, after = request.GET.get("view") == "groups", request.GET.get("after", "")
    page = (groups_page if by_group else queue_page)(filters, after, viewer, now)
    context = {
        "page": page,
        "by_group": by_group,
        "filters": filters,
        **count_waiting(now),
        "kinds": [(kind.name, kind.title) for kind in CATALOGUE.values()],
        "tiers": Tier.choices,
        "reasons": REASONS,
    }
    is_empty = not (page.sections if isinstance(page, GroupsPage) else page.batches)
    return render(request, "queue/queue.html", context | (empty_state() if is_empty else {}))


@require_GET
def show_rows(request: HttpRequest) -> HttpResponse:
    """Further rows of a group, behind the last one shown; for htmx the rows alone."""
    viewer, asked = signed_in(request), request.GET
    rows = more_rows(
        asked.get("group", ""),
        asked.get("after", ""),
        is_odd=asked.get("odd") == "1",
        filters=Filters.read(asked),
        viewer=viewer,
        now=timezone.now(),
    )
    context = {"rows": rows, "filters": Filters.read(asked), "reasons": REASONS}
    return render(request, "queue/_rows.html" if getattr(request, "htmx", None) else "queue/rows.html", context)


@require_GET
def show_selection(request: HttpRequest) -> JsonResponse:
    """What *Select all* of a group takes, also of the rows that are not on the page."""
    viewer, asked = signed_in(request), request.GET
    items = selection_of(asked.get("group", ""), filters=Filters.read(asked), viewer=viewer, now=timezone.now())
    return JsonResponse({"items": items})


def count_waiting(now: datetime) -> dict[str, int]:
    """How many actions wait, and of how many the ticket was put off, in one request."""
    put_off = Count("pk", filter=Q(ticket__snoozed_until__gt=now))
    return Action.objects.filter(status=ActionStatus.WAITING).aggregate(waiting=Count("pk"), put_off=put_off)


def empty_state() -> dict[str, Any]:
    """What an empty queue says: how much was done today without anybody."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    done = Action.objects.filter(status=ActionStatus.EXECUTED, settled_at__gte=midnight, decisions=None)
    return {"by_itself": done.count(), "look_at": with_rows(done).order_by("-settled_at")[:5]}


@require_POST
@needs_role(*STAFF)
def decide(request: HttpRequest) -> HttpResponse:
    """Approves, rejects or takes back what was pressed; each item answers for itself."""
    viewer, now, deed = signed_in(request), timezone.now(), read_deed(request.POST)
    if deed is None:
        messages.warning(request, "Nothing was selected.")
        return redirect(way_back(request, "/queue/"))
    if len(deed.verdicts) > AT_ONCE and deed.verb != "withdraw":
        return decide_in_background(request, deed, viewer, now)
    outcomes = do_deed(deed, by=viewer, now=now)
    if getattr(request, "htmx", None):
        in_groups = "view=groups" in way_back(request)
        context = decided(deed, outcomes, viewer, timezone.now(), in_groups=in_groups)
        return render(request, "queue/_decided.html", context)
    tell(request, deed, outcomes)
    return redirect(way_back(request, "/queue/"))


def decide_in_background(request: HttpRequest, deed: Deed, viewer: Person, now: datetime) -> HttpResponse:
    """A bulk that takes longer than a page may wait; its progress and its results have a place of their own."""
    try:
        bulk = begin_bulk(deed.verdicts, by=viewer, now=now)
    except BulkTooLarge as refusal:
        return go_back(request, "/queue/", fault=str(refusal))
    if not getattr(request, "htmx", None):
        return redirect("bulk", bulk.pk)
    return render(request, "queue/_bulk_begun.html", {"card": card_of_bulk(bulk, now), "is_own": True})


def tell(request: HttpRequest, deed: Deed, outcomes: list[Outcome]) -> None:
    """Without scripts: what was done, and a line for each item that stays."""
    if any(outcome.ok for outcome in outcomes):
        messages.success(request, in_words(deed, outcomes))
    summaries = dict(Action.objects.filter(pk__in=[one.action_id for one in outcomes]).values_list("pk", "summary"))
    for outcome in outcomes:
        if not outcome.ok:
            messages.error(request, f"{summaries.get(outcome.action_id, 'This')}: {outcome.message}")


def decided(deed: Deed, outcomes: list[Outcome], viewer: Person, now: datetime, *, in_groups: bool) -> dict[str, Any]:
    """The rows that were decided, as they are now, and what can still be taken back."""
    cards = cards_of(deed, outcomes, viewer, now, shows_whose=in_groups)
    undoable = [card for card in cards if card.withdraw_until and deed.verb == "approve"]
    return {
        "cards": cards,
        "undoable": undoable,
        "undo_ids": ",".join(str(card.action.pk) for card in undoable),
        "words": in_words(deed, outcomes),
        "went_well": all(outcome.ok for outcome in outcomes),
        "may_put_off": viewer.may_decide,
        "waiting": Action.objects.filter(status=ActionStatus.WAITING).count(),
        "changed": list(changed_rows([*overtaken_by(cards), *(str(card.action.pk) for card in cards)])),
    }


def overtaken_by(cards: list[ActionCard]) -> list[str]:
    """What rested on a decided action and went with it."""
    origins = {card.action.origin for card in cards}
    gone = Action.objects.filter(origin__in=origins, status=ActionStatus.SUPERSEDED)
    return [str(pk) for pk in gone.values_list("pk", flat=True)]


def cards_of(deed: Deed, outcomes: list[Outcome], viewer: Person, now: datetime, **extra: Any) -> list[ActionCard]:
    """The cards of what was decided, each with what came of it."""
    found = {action.pk: action for action in with_rows(Action.objects.filter(pk__in=[o.action_id for o in outcomes]))}
    around = surroundings_of(list(found.values()), viewer, now)
    cards = []
    for outcome in outcomes:
        if outcome.action_id in found:
            note, tone = ("" if deed.verb == "withdraw" else "by you", "ok") if outcome.ok else (outcome.message, "bad")
            cards.append(make_card(found[outcome.action_id], around, note=note, note_tone=tone, **extra))
    return cards
