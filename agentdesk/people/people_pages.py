"""The admins' page of people: who works here, in which role, and who no longer does."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agentdesk.people.forms import InvitationForm, RoleForm
from agentdesk.people.operations import (
    LastAdmin,
    change_role,
    deactivate_person,
    invite_person,
    reactivate_person,
    renew_password,
)
from agentdesk.people.roles import READERS_OF_PEOPLE, admins_only, needs_role, signed_in
from tickets.models import Person, Role


@require_safe
@needs_role(*READERS_OF_PEOPLE)
def list_people(request: HttpRequest) -> HttpResponse:
    """Everyone, those who can sign in first; auditors look and change nothing."""
    return show_people(request, InvitationForm())


def show_people(
    request: HttpRequest, form: InvitationForm, *, fresh: tuple[Person, str] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `fresh` is a person and the one-time password that is shown this once."""
    everyone = Person.objects.select_related("one_time_password").order_by("-is_active", "username")
    may_change = signed_in(request).role == Role.ADMIN
    context = {"people": everyone, "roles": Role.choices, "form": form, "fresh": fresh, "may_change": may_change}
    return render(request, "people/people.html", context, status=status)


@never_cache
@require_POST
@admins_only
def invite(request: HttpRequest) -> HttpResponse:
    """Makes a person and shows the one-time password."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return show_people(request, form, status=422)
    fresh = invite_person(form.read_invitation(), by=signed_in(request), now=timezone.now())
    return show_people(request, InvitationForm(), fresh=fresh)


@never_cache
@require_POST
@admins_only
def renew(request: HttpRequest, person_id: int) -> HttpResponse:
    """Another one-time password."""
    person = get_object_or_404(Person, pk=person_id, is_active=True)
    password = renew_password(person, by=signed_in(request), now=timezone.now())
    return show_people(request, InvitationForm(), fresh=(person, password))


@require_POST
@admins_only
def give_role(request: HttpRequest, person_id: int) -> HttpResponse:
    """Another role."""
    get_object_or_404(Person, pk=person_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return refuse(request, "There is no such role.", status=422)
    try:
        person = change_role(person_id, form.cleaned_data["role"], by=signed_in(request), now=timezone.now())
    except LastAdmin as reason:
        return refuse(request, str(reason))
    messages.success(request, f"{person} is {Role(person.role).label} now.")
    return redirect("people")


@require_POST
@admins_only
def deactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Lets someone go."""
    get_object_or_404(Person, pk=person_id)
    try:
        person = deactivate_person(person_id, by=signed_in(request), now=timezone.now())
    except LastAdmin as reason:
        return refuse(request, str(reason))
    messages.success(request, f"{person} can no longer sign in.")
    return redirect("people")


@require_POST
@admins_only
def reactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Takes someone back."""
    get_object_or_404(Person, pk=person_id)
    person = reactivate_person(person_id, by=signed_in(request), now=timezone.now())
    messages.success(request, f"{person} can sign in again.")
    return redirect("people")


def refuse(request: HttpRequest, reason: str, *, status: int = 409) -> HttpResponse:
    """The page as it is, with the reason nothing changed."""
    messages.error(request, reason)
    return show_people(request, InvitationForm(), status=status)
