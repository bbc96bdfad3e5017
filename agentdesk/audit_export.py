"""The audit log as a download, from its page and the API: written as it is read; that it was taken is audited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from agentdesk.csv_cells import safe_cell
from approvals import audit
from approvals.audit_files import Row, rows_of, to_lines, to_table
from approvals.audit_search import Search, holding_words
from tickets.models import Person

Write = Callable[[Iterable[list[Row]]], Iterator[str]]
EXPORTS: dict[str, tuple[str, Write]] = {
    "csv": ("text/csv", lambda batches: to_table(batches, safe_cell)),
    "jsonl": ("application/x-ndjson", to_lines),
}
"""Content type and writer by the end of a file's name."""


def send_export(request: HttpRequest, search: Search, form: str, *, by: Person) -> StreamingHttpResponse:
    """All that fits a search, sealed first, oldest first, each row with its place in the chain."""
    audit.seal_entries()
    position, head = audit.chain_head()
    facts = {"form": form, "position": position, "hash": head, "filters": search.filters}
    audit.record("audit.exported", actor=f"person:{by.username}", subject="audit", at=timezone.now(), **facts)
    content_type, write = EXPORTS[form]
    entries = holding_words(search.entries(), search.words) if search.words else search.entries()
    lines = write(rows_of(entries, position))
    return StreamingHttpResponse(
        stream(lines) if isinstance(request, ASGIRequest) else lines,
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{position}.{form}"'},
    )


async def stream(lines: Iterator[str]) -> AsyncIterator[str]:
    """The lines as an asynchronous server takes them: one batch read at a time, none kept."""
    while True:
        part = await sync_to_async(lambda: next(lines, ""))()
        if not part:
            return
        yield part
