"""What admins do with people: invite, give another role, let go, take back. Each is audited."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agentdesk.people.models import OneTimePassword
from approvals import audit
from tickets.models import Person, Role

LIFE_OF_ONE_TIME_PASSWORD = timedelta(days=7)
# No letters or digits that are mistaken for each other when read aloud.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class LastAdmin(Exception):
    """This is the last admin who can sign in; make another one first."""


@dataclass(frozen=True)
class Invitation:
    """Someone who is to work here."""

    username: str
    first_name: str
    last_name: str
    email: str
    role: str


def make_one_time_password() -> str:
    """Four groups of five characters: 99 bits, and short enough to read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


@transaction.atomic
def invite_person(invitation: Invitation, *, by: Person, now: datetime) -> tuple[Person, str]:
    """A new person and the password to hand over; it is never shown again."""
    person = Person(
        username=invitation.username,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        email=invitation.email,
        role=invitation.role,
    )
    password = give_one_time_password(person, now)
    note("person.invited", person, by, now, role=person.role)
    return person, password


@transaction.atomic
def renew_password(person: Person, *, by: Person, now: datetime) -> str:
    """Another one-time password for someone who lost theirs; whoever is signed in with the old one is out."""
    password = give_one_time_password(person, now)
    note("person.password_renewed", person, by, now)
    return password


def give_one_time_password(person: Person, now: datetime) -> str:
    """A new password that is shown once and must be changed."""
    password = make_one_time_password()
    person.set_password(password)
    person.save()
    OneTimePassword.objects.update_or_create(person=person, defaults={"expires_at": now + LIFE_OF_ONE_TIME_PASSWORD})
    return password


@transaction.atomic
def choose_password(person: Person, password: str, *, now: datetime) -> None:
    """A person's own password, in place of whatever it was."""
    person.set_password(password)
    person.save(update_fields=["password"])
    OneTimePassword.objects.filter(person=person).delete()
    note("person.password_chosen", person, person, now)


@transaction.atomic
def change_role(person_id: int, role: str, *, by: Person, now: datetime) -> Person:
    """Gives a person another role; the same role again changes nothing. Raises: LastAdmin."""
    person = lock_person(person_id)
    if person.role == role:
        return person
    if role != Role.ADMIN:
        require_another_admin(person)
    before, person.role = person.role, role
    # What `createsuperuser` gave goes with the role.
    person.is_superuser = person.is_superuser and role == Role.ADMIN
    person.save(update_fields=["role", "is_superuser"])
    note("person.role_changed", person, by, now, before=before, after=role)
    return person


@transaction.atomic
def deactivate_person(person_id: int, *, by: Person, now: datetime) -> Person:
    """From now on the person's password, sessions and tokens open nothing. Raises: LastAdmin."""
    person = lock_person(person_id)
    if person.is_active:
        require_another_admin(person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        note("person.deactivated", person, by, now)
    return person


@transaction.atomic
def reactivate_person(person_id: int, *, by: Person, now: datetime) -> Person:
    """Lets a person in again."""
    person = lock_person(person_id)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        note("person.reactivated", person, by, now)
    return person


def lock_person(person_id: int) -> Person:
    """The person, with every admin's row locked in one order: of two last admins only one can be taken away."""
    admins: Iterable[Person] = Person.objects.select_for_update().filter(role=Role.ADMIN).order_by("pk")
    list(admins)
    return Person.objects.select_for_update().get(pk=person_id)


def require_another_admin(person: Person) -> None:
    """Raises LastAdmin where nobody would be left who can make admins."""
    if person.role != Role.ADMIN or not person.is_active:
        return
    if not Person.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=person.pk).exists():
        raise LastAdmin(LastAdmin.__doc__)


def note(kind: str, person: Person, by: Person, now: datetime, **data: Any) -> None:
    """The audit entry of a change to a person."""
    audit.record(kind, actor=f"person:{by.username}", subject=f"person:{person.username}", at=now, **data)
