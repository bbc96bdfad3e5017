"""The audit log: searched as on its page, its head, and all that fits as a file; for auditors and admins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema
from pydantic import Field

from agentdesk.api.answers import show_time
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import ApiError
from agentdesk.api.fields import LARGEST_ID
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, write_cursor
from agentdesk.api.schemas import AuditExport, AuditFilters
from agentdesk.api.shapes import ERRORS, Page, Time
from agentdesk.audit_export import EXPORTS, send_export
from agentdesk.people.roles import READERS_OF_AUDIT
from approvals import audit
from approvals.audit_kinds import KINDS
from approvals.audit_search import Search, find_entries
from approvals.models import AuditEntry
from tickets.models import Person

router = Router(tags=["audit log"])
ALL = AuditExport()
FILE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file",
            "content": {content_type: {"schema": {"type": "string"}} for content_type, _ in EXPORTS.values()},
        }
    }
}


class SealShape(Schema):
    """An entry's place in the chain."""

    position: int
    previous: str
    hash: str


class AuditEntryShape(Schema):
    """A fact that must be provable later."""

    id: int
    at: Time
    kind: str
    title: Annotated[str, Field(description="the kind in words")]
    actor: str
    subject: Annotated[str, Field(description="what it is about", examples=["policy:3"])]
    data: dict[str, Any]
    seal: Annotated[SealShape | None, Field(description="null for the second until it is sealed")]


class HeadShape(Schema):
    """The newest seal: whoever keeps it elsewhere can prove what came before."""

    position: int
    hash: str


Filters = Annotated[AuditFilters, Query(...)]


def reader_of(request: HttpRequest) -> Person:
    """Who calls, where he may read the log. Raises a 403 that says who can."""
    person = caller_of(request).person
    if person.role not in READERS_OF_AUDIT:
        raise ApiError(403, "Auditors and admins read the audit log.", who_can="auditor")
    return person


@router.get("/audit-log", auth=allow("read"), response={200: Page[AuditEntryShape], **ERRORS})
def list_entries(request: HttpRequest, filters: Filters, limit: Limit, cursor: Cursor) -> dict[str, Any]:
    """Entries that fit, newest first. For auditors and admins.

    Words are looked for in 20,000 entries at a time: a page may be empty and still have a `next`.
    """
    reader_of(request)
    found = find_entries(search_of(filters), None if cursor is None else read_place(cursor), limit)
    place = found.older or found.further
    return {
        "items": [entry_to_json(entry) for entry in found.entries],
        "next": write_cursor([place]) if place else None,
    }


def search_of(filters: AuditFilters) -> Search:
    """The search as the page has it."""
    return Search.read({name: str(value) for name, value in filters.dict(exclude_none=True).items()})


def read_place(cursor: str) -> int:
    """The entry a page ended with."""
    match read_cursor(cursor):
        case [int(place)] if 0 < place <= LARGEST_ID:
            return place
    raise bad_cursor()


@router.get("/audit-log/head", auth=allow("read"), response={200: HeadShape, **ERRORS})
def get_head(request: HttpRequest) -> dict[str, Any]:
    """Position and hash of the newest seal. For auditors and admins."""
    reader_of(request)
    position, digest = audit.chain_head()
    return {"position": position, "hash": digest}


@router.post("/audit-log/export.{form}", auth=allow("read"), response=ERRORS, openapi_extra=FILE)
def export_entries(request: HttpRequest, form: Literal["jsonl", "csv"], payload: AuditExport = ALL) -> HttpResponseBase:
    """All that fits as a file, sealed first, oldest first, each row with its place in the chain. It is audited.

    For auditors and admins.
    """
    return send_export(request, search_of(payload), form, by=reader_of(request))


def entry_to_json(entry: AuditEntry) -> dict[str, Any]:
    """One entry as callers see it."""
    seal = getattr(entry, "seal", None)
    return {
        "id": entry.pk,
        "at": show_time(entry.at),
        "kind": entry.kind,
        "title": KINDS.get(entry.kind, entry.kind),
        "actor": entry.actor,
        "subject": entry.subject,
        "data": entry.data,
        "seal": seal and {"position": seal.position, "previous": seal.previous_hash, "hash": seal.hash},
    }
