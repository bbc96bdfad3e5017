"""Keyset pages: `?limit=&cursor=` → `{"items": […], "next": cursor|null}`. A cursor is opaque to its holder."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Query

from agentdesk.api.errors import invalid

LARGEST_PAGE = 200
DEFAULT_PAGE = 50

Limit = Annotated[int, Query(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE, description="how many items at most")]
Cursor = Annotated[str | None, Query(None, max_length=400, description="`next` of the page before")]


def write_cursor(key: Sequence[Any]) -> str:
    """The place after which the next page begins."""
    words = json.dumps(list(key), separators=(",", ":"), default=str).encode()
    return urlsafe_b64encode(words).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """The key a cursor stands for. Raises a 422 where it is none of ours."""
    try:
        key = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise bad_cursor() from error
    if not isinstance(key, list):
        raise bad_cursor()
    return key


def bad_cursor() -> Exception:
    """The error for a cursor that is none of ours."""
    return invalid(cursor="is not a cursor of this list")


def split_page(rows: Sequence[Any], limit: int) -> tuple[Sequence[Any], bool]:
    """The page, and whether more follows; `rows` holds one more than the page where it does."""
    return rows[:limit], len(rows) > limit
