"""Signing in and out, one's own password, and where one lands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agentdesk.people.addresses import find_client_address
from agentdesk.people.forms import OwnPasswordForm, SignInForm
from agentdesk.people.middleware import MUST_CHOOSE
from agentdesk.people.models import OneTimePassword
from agentdesk.people.operations import choose_password
from agentdesk.people.roles import signed_in
from agentdesk.people.tokens import hash_token
from approvals import audit
from tickets.models import Person, Role

DEMO_PEOPLE = ("rita", "max", "ada")
LOCK_SECONDS = 900
CHECKED_BY = "django.contrib.auth.backends.ModelBackend"


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Support lands at the tickets, everyone else at the queue."""
    return redirect("inbox" if signed_in(request).role == Role.SUPPORT else "queue")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door. Before there is anybody, it names the command that makes the first administrator."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(find_target(request))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        let_in(request, form.get_user(), way="password")
        return redirect(find_target(request))
    if request.method == "POST":
        note_failure(request, form)
    return show_door(request, form, status=200 if request.method != "POST" else 422)


def show_door(request: HttpRequest, form: SignInForm, *, status: int) -> HttpResponse:
    """The sign-in page."""
    context = {
        "form": form,
        "next": find_target(request, default=""),
        "is_first_start": not Person.objects.exists(),
        "demo_people": find_demo_people() if settings.DEMO else [],
    }
    return render(request, "people/sign_in.html", context, status=status)


def find_demo_people() -> list[Person]:
    """The people one click signs in as, where the demo is open."""
    people = {person.username: person for person in Person.objects.filter(username__in=DEMO_PEOPLE, is_active=True)}
    return [people[name] for name in DEMO_PEOPLE if name in people]


def find_target(request: HttpRequest, default: str = "/") -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure()):
        return wanted
    return default


def let_in(request: HttpRequest, person: Any, *, way: str) -> None:
    """A new session for this person, and its audit entry; a link is no way around a password that must be changed."""
    login(request, person, backend=CHECKED_BY)
    if way != "demo" and OneTimePassword.objects.filter(person=person).exists():
        request.session[MUST_CHOOSE] = True
    note(request, "sign_in.succeeded", person.username, way=way)


def note_failure(request: HttpRequest, form: SignInForm) -> None:
    """Every wrong try is audited, a lock once: who goes on guessing then fills no log."""
    username = form.cleaned_data.get("username")
    if not username or not form.cleaned_data.get("password"):
        return
    if not getattr(request, "axes_locked_out", False):
        note(request, "sign_in.failed", username)
    elif cache.add(f"sign-in-locked:{hash_token(f'{find_client_address(request)} {username}')}", True, LOCK_SECONDS):
        note(request, "sign_in.locked", username, seconds=LOCK_SECONDS)


def note(request: HttpRequest, kind: str, username: str, **data: Any) -> None:
    """The audit entry of a sign-in, a sign-out or a failure."""
    actor = f"person:{username}" if kind == "sign_in.succeeded" or kind == "sign_out" else "anonymous"
    facts = {"address": find_client_address(request), **data}
    audit.record(kind, actor=actor, subject=f"person:{username}", at=timezone.now(), **facts)


def refuse_guessing(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """What axes answers once there were too many failures."""
    refused = render(request, "people/locked.html", {"minutes": LOCK_SECONDS // 60}, status=429)
    refused["Retry-After"] = str(LOCK_SECONDS)
    return refused


@login_not_required
@never_cache
@require_POST
def sign_in_to_demo(request: HttpRequest, username: str) -> HttpResponse:
    """One click, in the demo only; elsewhere there is no such page."""
    if not settings.DEMO or username not in DEMO_PEOPLE:
        raise Http404
    let_in(request, get_object_or_404(Person, username=username, is_active=True), way="demo")
    return redirect(find_target(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    note(request, "sign_out", signed_in(request).username)
    logout(request)
    return redirect("sign_in")


@never_cache
@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_own_password(request: HttpRequest) -> HttpResponse:
    """A password of one's own; this session goes on, every other one ends."""
    person = signed_in(request)
    form = OwnPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        choose_password(person, form.cleaned_data["password"], now=timezone.now())
        update_session_auth_hash(request, person)
        request.session.pop(MUST_CHOOSE, None)
        return redirect("home")
    context = {"form": form, "must": request.session.get(MUST_CHOOSE, False)}
    return render(request, "people/own_password.html", context, status=422 if form.errors else 200)
