"""How the pages look to this browser."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agentdesk.pages.answers import way_back

THEMES = frozenset({"light", "dark"})
A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remembers light or dark and goes back."""
    response = redirect(way_back(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
