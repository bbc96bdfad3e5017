"""Audits: what ran by itself and was drawn, and what people found of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from agentdesk.api.answers import preview_to_json, show_time, show_time_or_none
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.gate_shapes import AuditSampleShape
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.schemas import NewFinding
from agentdesk.api.shapes import ERRORS, Page
from approvals.autonomy.auditing import open_samples, record_finding
from approvals.models import AuditSample

router = Router(tags=["audits"])
LARGEST_ID = 2**63 - 1
Which = Annotated[
    Literal["open", "found", "right", "wrong", "unclear"],
    Query("open", description="open: not looked at yet; found: any finding"),
]
SampleId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.get("/audits", auth=allow("read"), response={200: Page[AuditSampleShape], **ERRORS})
def list_audits(request: HttpRequest, limit: Limit, cursor: Cursor, status: Which) -> dict[str, Any]:
    """Drawn actions, oldest first. Open ones keep verdict, confidence and reasons to themselves: look without them."""
    samples = samples_in(status).select_related("action", "person").order_by("pk")
    if cursor is not None:
        samples = samples.filter(pk__gt=read_place(cursor))
    page, more = split_page(list(samples[: limit + 1]), limit)
    return {"items": [sample_to_json(one) for one in page], "next": write_cursor([page[-1].pk]) if more else None}


def samples_in(status: str) -> QuerySet[AuditSample]:
    """The samples a list is asked for."""
    if status == "open":
        return open_samples()
    found = AuditSample.objects.exclude(finding="")
    return found if status == "found" else found.filter(finding=status)


def read_place(cursor: str) -> int:
    """The sample a page ended with."""
    match read_cursor(cursor):
        case [int(place)] if 0 < place <= LARGEST_ID:
            return place
    raise bad_cursor()


@router.post("/audits/{sample_id}", auth=allow("decide"), response={200: AuditSampleShape, **ERRORS})
def find(request: HttpRequest, sample_id: SampleId, payload: NewFinding) -> dict[str, Any]:
    """Says whether it was right. 409 `already_found`; 403 for auditors and for whoever had a hand in it."""
    now: datetime = timezone.now()
    record_finding(sample_id, payload.finding, note=payload.note, by=caller_of(request).person, now=now)
    return sample_to_json(AuditSample.objects.select_related("action", "person").get(pk=sample_id))


def sample_to_json(sample: AuditSample) -> dict[str, Any]:
    """One sample as callers see it."""
    action = sample.action
    return {
        "id": sample.pk,
        "action_id": str(action.pk),
        "ticket_id": action.ticket_id,
        "kind": action.kind,
        "preview": preview_to_json(action),
        "executed_at": show_time_or_none(action.settled_at),
        "share": f"{sample.share:.4f}",
        "drawn_at": show_time(sample.drawn_at),
        "status": sample.finding or "open",
        "note": sample.note,
        "found_by": sample.person.username if sample.person else None,
        "found_at": show_time_or_none(sample.found_at),
    }
