"""A bulk on the page: how far it is, what came of each item, and another try for what failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agentdesk.pages.answers import go_back
from agentdesk.pages.verdicts import DONE_WORDS, GRACE
from agentdesk.people.roles import STAFF, needs_role, signed_in
from approvals.bulk import WORTH_ANOTHER_TRY, Progress, progress_of, retry_bulk
from approvals.deciding import NotAllowed
from approvals.models import Action, ActionStatus, BulkDecision

MOST_LINES = 100
"""Items that a page says something of before it says how many more there are."""
SORTS: Mapping[str, str] = {
    "preview_changed": "changed since you looked",
    "already_decided": "decided already",
    "superseded": "overtaken",
    "expired": "expired",
    "not_seen": "not opened yet",
    "not_allowed": "not yours to decide",
    "not_batchable": "to be looked at one by one",
    "not_found": "not there",
    "failed": "failed",
}
DOING_WORDS = {"approve": "Approving", "reject": "Rejecting"}


@dataclass(frozen=True)
class Line:
    """What came of one item that was not taken."""

    action_id: UUID
    summary: str
    message: str


@dataclass(frozen=True)
class Sort:
    """Items that were lost for the same reason."""

    words: str
    count: int
    lines: list[Line]


@dataclass(frozen=True)
class BulkCard:
    """A bulk with all a page says of it."""

    bulk: BulkDecision
    progress: Progress
    words: str
    sorts: list[Sort]
    undo_ids: str
    undoable: int
    again: int


def card_of_bulk(bulk: BulkDecision, now: datetime) -> BulkCard:
    """A bulk as it stands."""
    progress = progress_of(bulk)
    undo = still_in_grace(bulk, now) if bulk.verdict == "approve" and now < latest_grace(bulk, now) else []
    again = sum(result["code"] in WORTH_ANOTHER_TRY for result in bulk.results.values())
    words = (DONE_WORDS if progress.is_finished else DOING_WORDS)[bulk.verdict]
    sorts = sorts_of(bulk) if progress.is_finished else []
    return BulkCard(bulk, progress, words, sorts, ",".join(map(str, undo)), len(undo), again)


def latest_grace(bulk: BulkDecision, now: datetime) -> datetime:
    """Until when anything of a bulk may still be taken back."""
    return (bulk.finished_at or now) + GRACE


def still_in_grace(bulk: BulkDecision, now: datetime) -> list[UUID]:
    """What of a bulk was approved and is not carried out yet."""
    taken = [name for name, result in bulk.results.items() if result["ok"]]
    rows = Action.objects.filter(pk__in=taken, status=ActionStatus.APPROVED, execute_after__gt=now)
    return list(rows.values_list("pk", flat=True))


def sorts_of(bulk: BulkDecision) -> list[Sort]:
    """What was not taken, by reason, each with its first items."""
    lost = {name: result for name, result in bulk.results.items() if not result["ok"]}
    summaries = dict(Action.objects.filter(pk__in=list(lost)[: MOST_LINES * len(SORTS)]).values_list("pk", "summary"))
    sorts = []
    for code, words in SORTS.items():
        names = [name for name, _ in bulk.items if name in lost and lost[name]["code"] == code]
        lines = [Line(UUID(name), summaries.get(UUID(name), ""), lost[name]["message"]) for name in names[:MOST_LINES]]
        sorts += [Sort(words, len(names), lines)] if names else []
    return sorts


@require_GET
def show_bulk(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """What came of each item; for htmx the bulk's own region, and on this very page the list of items too."""
    viewer, now = signed_in(request), timezone.now()
    bulk = get_object_or_404(BulkDecision.objects.select_related("person"), pk=bulk_id)
    context = {"card": card_of_bulk(bulk, now), "is_own": bulk.person_id == viewer.pk}
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return render(request, "queue/bulk.html", context | {"results": results_of(bulk)})
    if htmx.current_url_abs_path == request.path:
        context |= {"results": results_of(bulk), "is_news": True}
    return render(request, "queue/_bulk_asked.html", context)


def results_of(bulk: BulkDecision) -> Iterable[dict[str, Any]]:
    """Each item in the order sent, with what came of it so far."""
    summaries = dict(Action.objects.filter(pk__in=[name for name, _ in bulk.items]).values_list("pk", "summary"))
    for name, _ in bulk.items:
        result = bulk.results.get(name, {"ok": None, "message": "", "code": ""})
        yield {**result, "id": name, "summary": summaries.get(UUID(name), "")}


@require_POST
@needs_role(*STAFF)
def retry(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """Begins another bulk with what failed."""
    viewer, now = signed_in(request), timezone.now()
    bulk = get_object_or_404(BulkDecision.objects.select_related("person"), pk=bulk_id)
    try:
        again = retry_bulk(bulk, by=viewer, now=now)
    except NotAllowed as refusal:
        return go_back(request, "/queue/", fault=str(refusal))
    if again is None:
        return go_back(request, "/queue/", fault="There is nothing to try again.")
    if getattr(request, "htmx", None):
        return render(request, "queue/_bulk.html", {"card": card_of_bulk(again, now), "is_own": True})
    return redirect("bulk", again.pk)
