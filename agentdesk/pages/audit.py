"""The audit log: what must be provable later, searched, newest first, with the head of its chain; and as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from agentdesk.audit_export import EXPORTS, send_export
from agentdesk.pages.audit_words import rows_for
from agentdesk.people.roles import READERS_OF_AUDIT, needs_role, refuse, signed_in
from approvals import audit
from approvals.audit_kinds import GROUPS, KINDS, kinds_of
from approvals.audit_search import LOOKED_THROUGH, Search, find_entries, read_place


@require_safe
@needs_role(*READERS_OF_AUDIT)
def show_audit(request: HttpRequest) -> HttpResponse:
    """A page of what fits; kind, actor and subject are beginnings."""
    search = Search.read(request.GET)
    found = find_entries(search, read_place(request.GET.get("cursor", "")))
    position, head = audit.chain_head()
    context = {
        "entries": rows_for(found.entries),
        "wanted": search,
        "groups": [(name, title, [(kind, KINDS[kind]) for kind in kinds_of(name)]) for name, title in GROUPS.items()],
        "position": position,
        "head": head,
        "older": urlencode({**search.filters, "cursor": found.older}) if found.older else "",
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
    if form not in EXPORTS:
        raise Http404
    return send_export(request, Search.read(request.POST), form, by=signed_in(request))
