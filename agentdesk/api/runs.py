"""Runs: looked at, followed, steered, submitted."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from agentdesk.api.answers import event_to_json, show_run
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import invalid
from agentdesk.api.paging import LARGEST_PAGE, split_page
from agentdesk.api.schemas import Submission
from agentdesk.api.shapes import ERRORS, EventShape, Page, RunShape, TraceShape
from agentdesk.api.trace import trace_run
from agentdesk.runs.lifecycle import cancel_run, pause_run, resume_run
from agentdesk.runs.models import Run, RunStatus
from agentdesk.runs.queries import events_after
from agentdesk.runs.submitting import submit_run
from approvals.models import Action
from approvals.shadowing import require_visible

router = Router(tags=["runs"])
FOR_APPROVAL = Submission()
LARGEST_SEQ = 2**31 - 1
After = Annotated[int, Query(0, ge=0, le=LARGEST_SEQ, description="the last `seq` that is known already")]
EventLimit = Annotated[int, Query(LARGEST_PAGE, ge=1, le=LARGEST_PAGE)]
EventCursor = Annotated[str | None, Query(None, max_length=10, description="`next` of the page before")]


@router.get("/runs/{run_id}", auth=allow("read"), response={200: RunShape, **ERRORS})
def get_run(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """One run with its actions."""
    require_visible(caller_of(request).person, Action.objects.filter(origin=run_id))
    return show_run(run_id, timezone.now())


@router.get("/runs/{run_id}/events", auth=allow("read"), response={200: Page[EventShape], **ERRORS})
def list_events(
    request: HttpRequest, run_id: UUID, after: After, limit: EventLimit, cursor: EventCursor
) -> dict[str, Any]:
    """A run's events after a `seq`: gapless and in order. `next` may be sent as `after` or as `cursor`."""
    Run.objects.only("pk").get(pk=run_id)
    require_visible(caller_of(request).person, Action.objects.filter(origin=run_id))
    page, more = split_page(events_after(run_id, max(after, read_seq(cursor)), limit + 1), limit)
    return {"items": [event_to_json(event) for event in page], "next": str(page[-1].seq) if more else None}


def read_seq(cursor: str | None) -> int:
    """The seq a page of events ended with."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or int(cursor) > LARGEST_SEQ:
        raise invalid(cursor="is not a cursor of this list")
    return int(cursor)


@router.get("/runs/{run_id}/trace", auth=allow("read"), response={200: TraceShape, **ERRORS})
def get_trace(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """Every event with its words: model calls with their requests rebuilt, tool calls, agenda, checks, roles."""
    require_visible(caller_of(request).person, Action.objects.filter(origin=run_id))
    return trace_run(Run.objects.get(pk=run_id))


@router.post("/runs/{run_id}/cancel", auth=allow("tickets"), response={200: RunShape, **ERRORS})
def cancel_a_run(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """Ends a run for good; what it proposed and nobody decided is overtaken. Again: 200, nothing new."""
    now = timezone.now()
    if Run.objects.values_list("status", flat=True).get(pk=run_id) != RunStatus.CANCELLED:
        caller = caller_of(request)
        cancel_run(run_id, actor=caller.actor, reason=f"{caller.person} cancelled it", now=now)
    return show_run(run_id, now)


@router.post("/runs/{run_id}/pause", auth=allow("tickets"), response={200: RunShape, **ERRORS})
def pause_a_run(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """From now on the run takes no step; what people approved still executes."""
    pause_run(run_id, by=caller_of(request).person, now=timezone.now())
    return show_run(run_id, timezone.now())


@router.post("/runs/{run_id}/resume", auth=allow("tickets"), response={200: RunShape, **ERRORS})
def resume_a_run(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    """Lets a paused run go on from where it stood."""
    resume_run(run_id, by=caller_of(request).person, now=timezone.now())
    return show_run(run_id, timezone.now())


@router.post("/runs/{run_id}/submit", auth=allow("tickets"), response={202: RunShape, 200: RunShape, **ERRORS})
def submit_a_run(
    request: HttpRequest,
    run_id: UUID,
    payload: Submission = FOR_APPROVAL,
) -> Status[dict[str, Any]]:
    """Makes a live run of a dry run's plan: 202, and 200 with the same run from then on. `execute` approves it too."""
    caller = caller_of(request)
    if payload.execute:
        caller.require("decide")
    now = timezone.now()
    run, is_new = submit_run(run_id, execute=payload.execute, by=caller.person, now=now)
    return Status(202 if is_new else 200, show_run(run.pk, now))
