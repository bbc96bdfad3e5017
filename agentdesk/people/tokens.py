"""Making, checking and revoking API tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from agentdesk.people.models import Token
from approvals import audit
from tickets.models import Person

PREFIX = "ad_"
SCOPES = {
    "read": "look at everything",
    "tickets": "open tickets, add messages, start and steer runs",
    "propose": "propose actions",
    "decide": "decide and undo actions",
    "policy": "publish policies",
}


class UnknownScope(Exception):
    """There is no such scope."""


def hash_token(raw: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def make_token(person: Person, *, scopes: Sequence[str], name: str, by: str, now: datetime) -> str:
    """A new token for a person, in the clear; it is never shown again. Raises: UnknownScope."""
    strangers = [scope for scope in scopes if scope not in SCOPES]
    if strangers:
        raise UnknownScope(f"There is no scope {', '.join(strangers)}; there are {', '.join(SCOPES)}.")
    raw = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person, name=name, sha256=hash_token(raw), scopes=list(scopes), created_by=by, created_at=now
    )
    audit.record("token.made", actor=by, subject=f"token:{token.pk}", at=now, person=person.username, scopes=scopes)
    return raw


@transaction.atomic
def revoke_token(token_id: int, *, by: str, now: datetime) -> None:
    """From now on the token opens nothing."""
    if Token.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=now):
        audit.record("token.revoked", actor=by, subject=f"token:{token_id}", at=now)


def find_token(header: str) -> Token | None:
    """The valid token in an Authorization header, if there is one."""
    scheme, _, raw = header.partition(" ")
    if scheme.lower() != "bearer" or not raw:
        return None
    token = Token.objects.select_related("person").filter(sha256=hash_token(raw.strip()), revoked_at=None).first()
    return token if token is not None and token.person.is_active else None


def find_reader(user: Person | AnonymousUser, header: str) -> Person | None:
    """Who is looking: the signed-in person, or the owner of a token that may read."""
    if isinstance(user, Person) and user.is_active:
        return user
    token = find_token(header)
    if token is None or (token.scopes and "read" not in token.scopes):
        return None
    return token.person
