"""Which pages a role may use, said once; a refusal names who can."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tickets.models import Person, Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

PLURALS = {Role.SUPPORT: "support staff", Role.MANAGER: "managers", Role.ADMIN: "admins", Role.AUDITOR: "auditors"}


def signed_in(request: HttpRequest) -> Person:
    """Who is signed in. Pages are reached by nobody else; the check is for the type and the day that breaks."""
    if not isinstance(request.user, Person):
        raise PermissionDenied("You must sign in.")
    return request.user


def name_roles(roles: tuple[Role, ...]) -> str:
    """The roles as one reads them: "managers and admins"."""
    names = [PLURALS[role] for role in roles]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def refuse(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse:
    """A 403 in words: who can."""
    why = f"Your role does not allow this. Who can: {name_roles(roles)}."
    return render(request, "403.html", {"exception": why}, status=403)


def needs_role(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Lets only these roles in; everyone else gets a 403 that says who can."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if signed_in(request).role not in roles:
                return refuse(request, roles)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


admins_only = needs_role(Role.ADMIN)
STAFF = (Role.SUPPORT, Role.MANAGER, Role.ADMIN)
EDITORS = (Role.MANAGER, Role.ADMIN)
READERS_OF_AUDIT = (Role.AUDITOR, Role.ADMIN)
READERS_OF_PEOPLE = (Role.ADMIN, Role.AUDITOR)
