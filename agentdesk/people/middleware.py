"""Nobody sees a page without having signed in; whoever holds a one-time password first chooses one of his own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url

from approvals.audit import note_token

OPEN_ROUTES = frozenset({"healthz", "readyz"})
API_ROUTE = "api/v1/"
MUST_CHOOSE = "must_choose_password"
"""The session's mark of someone who signed in with a one-time password."""
WHILE_CHOOSING = frozenset({"own_password", "sign_out"})


class SignInMiddleware(LoginRequiredMiddleware):
    """Asks for a sign-in before every page. The API answers for itself, the health checks answer everybody."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        note_token(None)
        match = request.resolver_match
        if match is None or match.url_name in OPEN_ROUTES:
            return None
        if match.route.startswith(API_ROUTE):
            return refuse_in_api() if request.session.get(MUST_CHOOSE) else None
        if request.user.is_authenticated:
            must = request.session.get(MUST_CHOOSE) and match.url_name not in WHILE_CHOOSING
            return send_to(request, resolve_url("own_password")) if must else None
        return ask_to_sign_in(request) if getattr(view_func, "login_required", True) else None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """What this thread does next is not done by this request's token."""
        note_token(None)
        return response


def refuse_in_api() -> HttpResponse:
    """What a session of a one-time password gets from the API."""
    error = {"code": "not_allowed", "message": "Choose a password of your own first."}
    return JsonResponse({"error": error}, status=403)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The door; after a sign-in the page that was asked for, where it was a whole page."""
    if getattr(request, "htmx", None) or request.method not in ("GET", "HEAD"):
        return send_to(request, resolve_url("sign_in"))
    return redirect_to_login(request.get_full_path())


def send_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect of the whole page, also where htmx asked for a piece of it only."""
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})
