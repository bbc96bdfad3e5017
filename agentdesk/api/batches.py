"""Batches: what waits together, with what stands out in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from agentdesk.api.answers import show_time, show_time_or_none
from agentdesk.api.auth import allow
from agentdesk.api.errors import ApiError
from agentdesk.api.gate_shapes import BatchShape, OneBatchShape
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.shapes import ERRORS, Page
from approvals.batches.grouping import (
    Batch,
    BatchId,
    Exposure,
    GroupId,
    figure_batch,
    group_actions,
    group_by_origin,
    members_of,
    read_batch_id,
    waiting_now,
)
from approvals.batches.members import Members, exposures_of, look_into
from approvals.batches.outliers import Reasons
from approvals.models import Action

router = Router(tags=["batches"])
Sharing = Annotated[
    Literal["group", "run"],
    Query("group", description="group: kind, reason and tier, across runs; run: what proposed them"),
]
Snoozed = Annotated[bool, Query(False, description="with the actions of tickets that were put off")]
ITEM_FIELDS = (
    "pk", "ticket_id", "kind", "summary", "digest", "amount", "currency", "confidence", "tier", "reasons", "approver",
    "approvals_needed", "proposed_at", "expires_at", "place",
)  # fmt: skip


@router.get("/batches", auth=allow("read"), response={200: Page[BatchShape], **ERRORS})
def list_batches(request: HttpRequest, limit: Limit, cursor: Cursor, by: Sharing, snoozed: Snoozed) -> dict[str, Any]:
    """What waits together, what has waited longest first."""
    now = timezone.now()
    rows = waiting_now(now, with_snoozed=snoozed)
    after = read_key(cursor)
    batches = (
        group_by_origin(rows, after=origin_key(after), limit=limit + 1)
        if by == "run"
        else groups_after(group_actions(rows), after)
    )
    page, more = split_page(batches, limit)
    last = page[-1] if more else None
    return {
        "items": [batch_to_json(batch, look_at(rows, batch.id, now)) for batch in page],
        "next": write_cursor([last.oldest.isoformat(), str(last.id)]) if last else None,
    }


Key = tuple[datetime, str]


def read_key(cursor: str | None) -> Key | None:
    """The time and the id of a page's last batch."""
    if cursor is None:
        return None
    try:
        at, name = read_cursor(cursor)
        key = datetime.fromisoformat(at), str(name)
    except (TypeError, ValueError) as error:
        raise bad_cursor() from error
    if key[0].tzinfo is None:
        raise bad_cursor()
    return key


def origin_key(key: Key | None) -> tuple[datetime, UUID] | None:
    """The key of a page of runs."""
    try:
        return None if key is None else (key[0], UUID(key[1]))
    except ValueError as error:
        raise bad_cursor() from error


def groups_after(groups: Sequence[Batch], key: Key | None) -> list[Batch]:
    """The groups that come after a key."""
    return [group for group in groups if key is None or (group.oldest, str(group.id)) > key]


def look_at(rows: Any, batch: BatchId, now: datetime) -> Members | None:
    """What stands out in a group; one run's actions are of many kinds and are not compared."""
    return look_into(rows, batch, now) if isinstance(batch, GroupId) else None


@router.get("/batches/{batch_id}", auth=allow("read"), response={200: OneBatchShape, **ERRORS})
def get_batch(request: HttpRequest, batch_id: str, limit: Limit, cursor: Cursor, snoozed: Snoozed) -> dict[str, Any]:
    """One batch with its actions in order, a page at a time; the figures are those of all of it.

    404 as well where nothing of it waits any more.
    """
    now = timezone.now()
    rows, named = waiting_now(now, with_snoozed=snoozed), read_batch_id(batch_id)
    batch = figure_batch(rows, named) if named is not None else None
    if named is None or batch is None:
        raise ApiError(404, "Nothing waits in such a batch.")
    members = look_at(rows, named, now)
    place = read_place(cursor)
    found = list(members_of(rows, named).only(*ITEM_FIELDS)[place : place + limit + 1])
    page, more = split_page(found, limit)
    reasons = members.outliers if members else {}
    return {
        **batch_to_json(batch, members),
        "items": [item_to_json(action, reasons) for action in page],
        "next": write_cursor([place + limit]) if more else None,
    }


def read_place(cursor: str | None) -> int:
    """How many of a batch's actions lie before the page."""
    if cursor is None:
        return 0
    key = read_cursor(cursor)
    if len(key) != 1 or not isinstance(key[0], int) or not 0 <= key[0] < 2**31:
        raise bad_cursor()
    return key[0]


def batch_to_json(batch: Batch, members: Members | None) -> dict[str, Any]:
    """A batch in figures: with its outliers, and as its selection takes it."""
    selected = members.selected if members else ()
    return {
        "id": str(batch.id),
        **shared_by(batch.id),
        "count": batch.count,
        "totals": totals_to_json(batch.exposures),
        "oldest_at": show_time(batch.oldest),
        "outliers": len(members.outliers) if members else 0,
        "selected": {
            "count": len(selected) if members else batch.count,
            "totals": totals_to_json(exposures_of(selected) if members else batch.exposures),
        },
    }


def shared_by(batch: BatchId) -> dict[str, Any]:
    """What the actions of a batch have in common."""
    if isinstance(batch, GroupId):
        return {"by": "group", "kind": batch.kind, "reason_key": batch.reason_key, "reason": batch.reason,
                "tier": batch.tier, "origin": None}  # fmt: skip
    return {"by": "run", "kind": None, "reason_key": None, "reason": None, "tier": None, "origin": batch}


def totals_to_json(exposures: Iterable[Exposure]) -> list[dict[str, str]]:
    """What is at stake, per currency."""
    return [
        {"currency": one.currency, "total": f"{one.total:.2f}", "largest": f"{one.largest:.2f}"} for one in exposures
    ]


def item_to_json(action: Action, reasons: Reasons) -> Mapping[str, Any]:
    """One action of a batch, with what a decision of it needs, and why it stands out."""
    return {
        "action_id": action.pk,
        "ticket_id": action.ticket_id,
        "kind": action.kind,
        "summary": action.summary,
        "digest": action.digest,
        "amount": f"{action.amount:.2f}",
        "currency": action.currency,
        "confidence": None if action.confidence is None else float(action.confidence),
        "tier": action.tier,
        "reasons": action.reasons,
        "approver": action.approver,
        "approvals_needed": action.approvals_needed,
        "proposed_at": show_time(action.proposed_at),
        "expires_at": show_time_or_none(action.expires_at),
        "is_outlier": action.pk in reasons,
        "outlier_reasons": list(reasons.get(action.pk, ())),
    }
