"""The audit log: what must be provable later, searched, newest first, with the head of its chain; and as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agentdesk.csv_cells import safe_cell
from agentdesk.pages.audit_search import LOOKED_THROUGH, Search, find_entries, holding_words
from agentdesk.pages.audit_words import rows_for
from agentdesk.people.roles import READERS_OF_AUDIT, needs_role, refuse, signed_in
from approvals import audit
from approvals.audit_files import Row, rows_of, to_lines, to_table
from approvals.audit_kinds import GROUPS, KINDS, kinds_of

Write = Callable[[Iterable[list[Row]]], Iterator[str]]
WRITERS: dict[str, tuple[str, Write]] = {
    "csv": ("text/csv; charset=utf-8", lambda batches: to_table(batches, safe_cell)),
    "jsonl": ("application/x-ndjson; charset=utf-8", to_lines),
}


@require_safe
@needs_role(*READERS_OF_AUDIT)
def show_audit(request: HttpRequest) -> HttpResponse:
    """A page of what fits; kind, actor and subject are beginnings."""
    search = Search.read(request.GET)
    found = find_entries(search, request.GET.get("cursor", ""))
    position, head = audit.chain_head()
    context = {
        "page": found.page,
        "entries": rows_for(found.page.rows),
        "wanted": search,
        "groups": [(name, title, [(kind, KINDS[kind]) for kind in kinds_of(name)]) for name, title in GROUPS.items()],
        "position": position,
        "head": head,
        "older": urlencode({**search.filters, "cursor": found.page.next}),
        "further": urlencode({**search.filters, "cursor": found.further}) if found.further else "",
        "looked_through": LOOKED_THROUGH,
        "is_filtered": bool(search.filters),
    }
    return render(request, "audit/audit.html", context)


@require_POST
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """All that fits, sealed first, oldest first, each row with its place in the chain. That it was taken is audited."""
    if signed_in(request).role not in READERS_OF_AUDIT:
        return refuse(request, READERS_OF_AUDIT)
    if form not in WRITERS:
        raise Http404
    audit.seal_entries()
    position, head = audit.chain_head()
    search = Search.read(request.POST)
    actor = f"person:{signed_in(request).username}"
    facts = {"form": form, "position": position, "hash": head, "filters": search.filters}
    audit.record("audit.exported", actor=actor, subject="audit", at=timezone.now(), **facts)
    content_type, write = WRITERS[form]
    entries = holding_words(search.entries(), search.words) if search.words else search.entries()
    lines = write(rows_of(entries, position))
    told = stream(lines) if isinstance(request, ASGIRequest) else lines
    name = f'attachment; filename="audit-{position}.{form}"'
    return StreamingHttpResponse(told, content_type=content_type, headers={"Content-Disposition": name})


async def stream(lines: Iterator[str]) -> AsyncIterator[str]:
    """The lines as an asynchronous server takes them: one batch read at a time, none kept."""
    while True:
        part = await sync_to_async(lambda: next(lines, ""))()
        if not part:
            return
        yield part
