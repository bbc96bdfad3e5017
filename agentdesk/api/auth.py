"""Who calls: the owner of a token, or the signed-in person; and whether the call is theirs to make."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from agentdesk.api.errors import ApiError, TooManyCalls
from agentdesk.people.models import Token
from agentdesk.people.tokens import find_token
from approvals.audit import note_token
from tickets.models import Person

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Who makes a call; without a token it is the person, signed in."""

    person: Person
    token: Token | None = None

    @property
    def proposer(self) -> str:
        """As whom this caller proposes: what comes by token is a program's wish, never its owner's own word."""
        return f"{'outside' if self.token else 'person'}:{self.person.username}"

    @property
    def actor(self) -> str:
        """As whom this caller stands in logs."""
        return f"person:{self.person.username}"

    def require(self, scope: str) -> None:
        """Raises a 403 where the role or the token does not reach so far."""
        if scope != "read" and not self.person.may_decide:
            raise ApiError(403, "Auditors look; they change nothing.", who_can="support")
        if self.token is not None and self.token.scopes and scope not in self.token.scopes:
            raise ApiError(403, f"This token has no scope {scope}.", scope=scope)
        if scope == "policy" and not self.person.ranks_at_least("admin"):
            raise ApiError(403, "Policies are published by admins.", who_can="admin")


class TokenAuth(HttpBearer):
    """A token made on the people page or by `make_token`: `Authorization: Bearer ad_…`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The token's owner. A header that opens nothing is an error even where there is a session."""
        found = find_token(f"Bearer {token}")
        if found is None:
            raise ApiError(401, "This token is not valid; it may have been revoked.")
        count_call(found)
        caller = Caller(found.person, found)
        caller.require(self.scope)
        note_token(found.pk)
        return caller


class SessionAuth(APIKeyCookie):
    """The session of a signed-in person; calls that change something need the X-CSRFToken header."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, scope: str) -> None:
        super().__init__(csrf=False)
        self.scope = scope

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The signed-in person, once the page that calls is known to be ours."""
        if not isinstance(request.user, Person) or not request.user.is_active:
            return None
        if check_csrf(request) is not None:
            raise ApiError(403, "The CSRF token is missing or wrong; send it as X-CSRFToken.", code="csrf_failed")
        caller = Caller(request.user)
        caller.require(self.scope)
        return caller


def allow(scope: str) -> list[Any]:
    """The two ways in to a call that needs this scope."""
    return [TokenAuth(scope), SessionAuth(scope)]


def caller_of(request: HttpRequest) -> Caller:
    """Who was let in to this call."""
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def count_call(token: Token) -> None:
    """Counts a call in the present minute; every process counts in the one cache. Raises: TooManyCalls."""
    minute, second = divmod(int(time.time()), 60)
    name = f"api-calls:{token.pk}:{minute}"
    try:
        cache.add(name, 0, 120)
        calls = cache.incr(name)
    except Exception:
        # The cache is a convenience: where it cannot be reached, calls are answered uncounted.
        logger.warning("calls are not counted: the cache did not answer")
        return
    if calls > settings.API_CALLS_PER_MINUTE:
        raise TooManyCalls(60 - second)
