"""Paging by the key of the last row: page 200 is as quick as page 1, and new rows shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, and the cursor of the page after them (empty on the last)."""

    rows: list[M]
    next: str


def page_by_id(rows: QuerySet[M], cursor: str, size: int) -> Page[M]:
    """Newest id first. A cursor that is not one of ours starts at the newest."""
    ordered = rows.order_by("-pk")
    if cursor.isascii() and cursor.isdigit() and int(cursor) <= LARGEST_ID:
        ordered = ordered.filter(pk__lt=int(cursor))
    found = list(ordered[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def page_by_time(rows: QuerySet[M], field: str, cursor: str, size: int) -> Page[M]:
    """Newest `field` first, equal times by id. A cursor that is not one of ours starts at the newest."""
    ordered = rows.order_by(f"-{field}", "-pk")
    key = read_cursor(cursor)
    if key is not None:
        at, pk = key
        ordered = ordered.filter(Q(**{f"{field}__lt": at}) | Q(**{field: at, "pk__lt": pk}))
    found = list(ordered[: size + 1])
    more = len(found) > size
    return Page(found[:size], write_cursor(getattr(found[size - 1], field), found[size - 1].pk) if more else "")


def write_cursor(at: datetime, pk: int) -> str:
    """Where a page ended, as an opaque word for its address."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), pk]).encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """The key in a cursor; None for anything else."""
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = parse_datetime(at)
    except (ValueError, TypeError, binascii.Error):
        return None
    is_ours = moment is not None and moment.tzinfo is not None and isinstance(pk, int) and 0 <= pk <= LARGEST_ID
    return (moment, pk) if is_ours and moment is not None else None
