"""The inbox: saved views of tickets, searched and paged."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agentdesk.pages.inbox_list import LONGEST_SEARCH, SavedView, count_views, find_tickets, page_tickets
from agentdesk.people.roles import signed_in


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """One view's tickets, those touched last first; a search without a view looks in all of them."""
    person, now = signed_in(request), timezone.now()
    search = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    view = request.GET.get("view", "")
    if view not in SavedView.values:
        view = SavedView.ALL if search.strip() else SavedView.OPEN
    page = page_tickets(find_tickets(view, search, person, now), request.GET.get("cursor", ""), person)
    context = {
        "views": count_views(person, now),
        "view": view,
        "view_name": SavedView(view).label,
        "search": search,
        "page": page,
        "older": urlencode({"view": view, "q": search, "cursor": page.next}),
        "is_first": not request.GET.get("cursor"),
    }
    return render(request, "inbox/inbox.html", context)
