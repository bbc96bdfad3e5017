"""The admins' page of API tokens: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agentdesk.people.forms import TokenForm
from agentdesk.people.models import Token
from agentdesk.people.roles import READERS_OF_PEOPLE, admins_only, needs_role, signed_in
from agentdesk.people.tokens import SCOPES, make_token, revoke_token
from tickets.models import Role


@require_safe
@needs_role(*READERS_OF_PEOPLE)
def list_tokens(request: HttpRequest) -> HttpResponse:
    """Every token, the newest first; auditors look and change nothing."""
    return show_tokens(request, TokenForm())


def show_tokens(request: HttpRequest, form: TokenForm, *, fresh: str = "", status: int = 200) -> HttpResponse:
    """The page; `fresh` is the token that is shown this once."""
    tokens = Token.objects.select_related("person").order_by("revoked_at", "-created_at")
    may_change = signed_in(request).role == Role.ADMIN
    context = {"tokens": tokens, "form": form, "fresh": fresh, "scopes": SCOPES, "may_change": may_change}
    return render(request, "people/tokens.html", context, status=status)


@never_cache
@require_POST
@admins_only
def make(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows it."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return show_tokens(request, form, status=422)
    chosen = form.cleaned_data
    by = f"person:{signed_in(request).username}"
    token = make_token(chosen["person"], scopes=chosen["scopes"], name=chosen["name"], by=by, now=timezone.now())
    return show_tokens(request, TokenForm(), fresh=token)


@require_POST
@admins_only
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Makes a token open nothing any more."""
    token = get_object_or_404(Token.objects.select_related("person"), pk=token_id)
    revoke_token(token.pk, by=f"person:{signed_in(request).username}", now=timezone.now())
    messages.success(request, f"{token.name or 'The token'} of {token.person} opens nothing any more.")
    return redirect("tokens")
