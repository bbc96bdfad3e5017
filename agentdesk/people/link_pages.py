"""The page behind a link that signs in: looking at it does nothing, its button opens the door."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agentdesk.people.addresses import find_client_address
from agentdesk.people.links import LinkSpent, LinkUnknown, find_link, use_link
from agentdesk.people.models import SignInLink
from agentdesk.people.views import LOCK_SECONDS, let_in, refuse_guessing

MOST_MISSES = 5
"""As with passwords: five wrong ones from one address, then a quarter of an hour of nothing."""


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Asks "Sign in as Max?"; the answer uses the link up. Who is signed in as Max already is led on."""
    if has_guessed_too_often(request):
        return refuse_guessing(request, HttpResponse(), None)
    try:
        link = find_link(secret, now=timezone.now())
        if request.user.pk == link.person_id:
            return redirect(link.path)
        if is_locked(request, link):
            return refuse_guessing(request, HttpResponse(), None)
        return ask(request, link) if request.method != "POST" else enter(request, secret)
    except LinkSpent as spent:
        # Who presses an old link again guesses nothing.
        if isinstance(spent, LinkUnknown):
            note_miss(request)
        return render(request, "people/link.html", {"why": str(spent)}, status=410)


def ask(request: HttpRequest, link: SignInLink) -> HttpResponse:
    """The button."""
    return render(request, "people/link.html", {"link": link})


def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Uses the link up and goes where it leads. Raises: LinkSpent."""
    link = use_link(secret, now=timezone.now())
    let_in(request, link.person, way="link")
    return redirect(link.path)


def is_locked(request: HttpRequest, link: SignInLink) -> bool:
    """Whether this person's name is locked from this address: a link is no way around it."""
    return bool(AxesProxyHandler.is_locked(request, {"username": link.person.username}))


def misses_of(request: HttpRequest) -> str:
    """Where the cache counts wrong links from one address."""
    return f"wrong-links:{find_client_address(request)}"


def has_guessed_too_often(request: HttpRequest) -> bool:
    """Whether this address has tried too many links that are none."""
    return int(cache.get(misses_of(request), 0)) >= MOST_MISSES


def note_miss(request: HttpRequest) -> None:
    """One wrong link more from this address."""
    cache.add(misses_of(request), 0, LOCK_SECONDS)
    try:
        cache.incr(misses_of(request))
    except ValueError:  # It ran out between the two.
        cache.set(misses_of(request), 1, LOCK_SECONDS)
