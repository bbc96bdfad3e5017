"""Links that sign in: mailed to a person, good once and not for long. They open the door and decide nothing.

Stored hashed like tokens. Only a POST uses one up: programs that look into mail follow links, and press no buttons.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from agentdesk.people.models import SignInLink
from agentdesk.people.tokens import hash_token
from approvals import audit
from tickets.models import Person


class LinkSpent(Exception):
    """This link has been used, has run out, or never was."""


class LinkUnknown(LinkSpent):
    """This link has been used, has run out, or never was."""


@transaction.atomic
def make_link(person: Person, path: str, *, expires_at: datetime, now: datetime) -> tuple[SignInLink, str]:
    """A new link for a person to a page of this desk, and its secret in the clear, which nobody can look up again."""
    raw = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        person=person, sha256=hash_token(raw), path=path, made_at=now, expires_at=expires_at
    )
    data = {"link": link.pk, "path": path, "expires_at": expires_at.isoformat()}
    audit.record("link.made", actor="system", subject=f"person:{person.username}", at=now, **data)
    return link, raw


def find_link(raw: str, *, now: datetime) -> SignInLink:
    """The link with this secret, as long as it is good; looking does not use it up.

    Raises: LinkSpent, LinkUnknown where it never was one, which its message does not tell.
    """
    link = SignInLink.objects.select_related("person").filter(sha256=hash_token(raw)).first()
    if link is None:
        raise LinkUnknown(LinkUnknown.__doc__)
    if link.used_at is not None or link.expires_at <= now or not link.person.is_active:
        raise LinkSpent(LinkSpent.__doc__)
    return link


@transaction.atomic
def use_link(raw: str, *, now: datetime) -> SignInLink:
    """Uses a link up; of two that try at once one gets in. Raises: LinkSpent."""
    link = find_link(raw, now=now)
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise LinkSpent(LinkSpent.__doc__)
    actor = f"person:{link.person.username}"
    audit.record("link.used", actor=actor, subject=actor, at=now, link=link.pk, path=link.path)
    return link


def end_links(link_ids: list[int], *, now: datetime) -> None:
    """Links whose mail certainly never left open nothing."""
    SignInLink.objects.filter(pk__in=link_ids, used_at=None, expires_at__gt=now).update(expires_at=now)
