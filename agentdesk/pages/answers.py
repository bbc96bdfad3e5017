"""How a page answers a deed: in place for htmx, by going back where one came from without scripts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, default: str = "/") -> str:
    """The page the request came from, if it is one of ours."""
    back = request.POST.get("back") or request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if back and safe else default


def go_back(request: HttpRequest, default: str, *, done: str = "", fault: str = "") -> HttpResponse:
    """Says what was done, or why not, and goes back; for htmx the page is loaded anew."""
    if fault:
        messages.error(request, fault)
    elif done:
        messages.success(request, done)
    back = way_back(request, default)
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": back})
    return redirect(back)
