"""What a page that follows the queue asks for once its line is up: all that changed since it was last told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentdesk.pages.keyset import LARGEST_ID
from agentdesk.pages.live import changed_rows
from approvals.models import Action, ActionStatus, AuditEntry
from tickets.onlookers import NOBODY, Attention, attention_now

AGAIN = timedelta(minutes=1)
"""Told again from before the page's last word: an entry has its time before it is committed."""
NOT_NEW = timedelta(seconds=5)
LONGEST = timedelta(hours=12)
MOST_ROWS = 2000
MOST_TICKETS = 500


@require_GET
def show_news(request: HttpRequest) -> HttpResponse:
    """The count, the actions that changed, and the whole attention of the tickets the page shows."""
    now = timezone.now()
    since = read_second(request.GET.get("since", ""), now)
    context = {
        "waiting": Action.objects.filter(status=ActionStatus.WAITING).count(),
        "changed": list(rows_since(since)),
        "attention": attention_of(request.GET.getlist("ticket")).items(),
    }
    return render(request, "queue/_caught_up.html", context)


def read_second(text: str, now: datetime) -> datetime:
    """A moment in seconds since 1970; half a day ago for an earlier one, now for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return now
    return max(datetime.fromtimestamp(int(text), UTC), now - LONGEST)


def rows_since(since: datetime) -> Iterable[Mapping[str, Any]]:
    """The actions that changed; what was there already then is old, and new to no page that does not show it."""
    entries = AuditEntry.objects.filter(at__gte=since - AGAIN, subject__startswith="action:").order_by("-pk")
    subjects = entries.values_list("subject", flat=True)[:MOST_ROWS]
    names = [name.removeprefix("action:") for name in dict.fromkeys(subjects)]
    ids = [UUID(name) for name in names]
    fresh = set(Action.objects.filter(pk__in=ids, proposed_at__gt=since - NOT_NEW).values_list("pk", flat=True))
    return ({**row, "is_old": row["id"] not in fresh} for row in changed_rows(names))


def attention_of(names: Iterable[str]) -> dict[int, Attention]:
    """How each of these tickets stands, nobody's ones too."""
    asked = (int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 19)
    ids = [number for number in asked if number <= LARGEST_ID][:MOST_TICKETS]
    states = attention_now(ids) if ids else {}
    return {ticket_id: states.get(ticket_id, NOBODY) for ticket_id in ids}
