"""The time a model call may take, kept by the HTTP client beneath an SDK.

The SDK retries and waits as it likes; here every attempt, and every single read from its connection, gets only what is
left, and `retry-after` is clamped. A read time-out by itself never fires on a trickle, be it of headers or of a body.
"""

from __future__ import annotations

import contextlib
import email.utils
import ssl
import time
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2
import httpx2

from agentdesk.agent.failures import Failure
from agentdesk.agent.providers.failing import Overdue

CONNECT_SECONDS = 10.0
QUIET_SECONDS = 90.0
"""Longest silence of a provider, before its first byte or between two: it pings or streams far more often."""
LONGEST_WAIT = 20.0
BACK_OFF = 1.0
"""The longest pause an SDK makes by itself between its two retries, in seconds."""
LIMITS = httpx2.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=30.0)


@dataclass(frozen=True)
class CallBudget:
    """One call's deadline by the monotonic clock."""

    deadline: float

    def remaining(self) -> float:
        """Seconds left; negative once overdue."""
        return self.deadline - time.monotonic()


CURRENT: ContextVar[CallBudget | None] = ContextVar("model_call_budget", default=None)


class BudgetStream(httpcore2.NetworkStream):
    """A connection that gives each read and write at most what is left of the current call's budget."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What comes next, in time. Raises: httpcore2.ReadTimeout."""
        return self._inner.read(max_bytes, within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends, in time."""
        self._inner.write(buffer, within(timeout))

    def close(self) -> None:
        """Ends the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted."""
        return BudgetStream(self._inner.start_tls(ssl_context, server_hostname, within(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._inner.get_extra_info(info)


class BudgetBackend(httpcore2.SyncBackend):
    """Opens connections that keep the current call's budget."""

    def connect_tcp(self, *given: Any, **named: Any) -> httpcore2.NetworkStream:
        """A new connection."""
        return BudgetStream(super().connect_tcp(*given, **named))


def within(timeout: float | None) -> float | None:
    """The time-out, or what is left where that is less. Raises: httpcore2.ReadTimeout where nothing is."""
    budget = CURRENT.get()
    if budget is None:
        return timeout
    left = budget.remaining()
    if left <= 0:
        raise httpcore2.ReadTimeout("out of time")
    return left if timeout is None else min(timeout, left)


BACKEND = BudgetBackend()


class BudgetClient(httpx2.Client):
    """An HTTP client that keeps the current call's budget.

    `overdue` is an exception class of the SDK above: such a one it passes on, where others are retried.
    """

    def __init__(self, overdue: type[Overdue]) -> None:
        super().__init__(verify=trust(), timeout=QUIET_SECONDS, limits=LIMITS, follow_redirects=True)
        self._overdue = overdue
        for transport in (self._transport, *self._mounts.values()):
            # The client has no argument for its pools' backend. Proxies of the environment are mounts.
            if isinstance(transport, httpx2.HTTPTransport):
                transport._pool._network_backend = BACKEND

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Sends within what is left of the budget. Raises: `overdue` where that is used up."""
        budget = CURRENT.get()
        if budget is None:
            return super().send(request, **options)
        left = budget.remaining()
        if left <= 0:
            raise self._overdue("out of time")
        request.extensions["timeout"] = {
            "connect": min(CONNECT_SECONDS, left),
            "pool": min(CONNECT_SECONDS, left),
            "write": min(QUIET_SECONDS, left),
            "read": min(QUIET_SECONDS, left),
        }
        try:
            response = super().send(request, **options)
        except httpx2.ReadTimeout:
            # Asking a provider that said nothing for so long again would take as long again.
            raise self._overdue("no answer in time") from None
        except httpx2.TransportError as error:
            if budget.remaining() >= BACK_OFF:
                raise
            is_slow = isinstance(error, httpx2.TimeoutException)
            failure = Failure.PROVIDER_SLOW if is_slow else Failure.PROVIDER_DOWN
            raise self._overdue("no connection in time", failure) from None
        clamp_wait(response, budget.remaining())
        return response


@cache
def trust() -> ssl.SSLContext:
    """The certificates this process trusts: read once, for they take time and memory."""
    return httpx2.create_ssl_context()


def clamp_wait(response: httpx2.Response, left: float) -> None:
    """Makes a failed answer's `retry-after` fit into the seconds left, or forbids the retry."""
    if response.status_code < 400:
        return
    if left <= BACK_OFF:
        response.headers["x-should-retry"] = "false"
    wait = stated_wait(response.headers)
    for name in ("retry-after-ms", "retry-after"):
        response.headers.pop(name, None)
    if wait is not None and wait > 0:
        response.headers["retry-after"] = f"{min(wait, LONGEST_WAIT, max(left, 0.0) / 4):.3f}"


def stated_wait(headers: httpx2.Headers) -> float | None:
    """The seconds an answer asks to wait, given as milliseconds, seconds or a date; None where it does not say."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        with contextlib.suppress(ValueError):
            if (stated := headers.get(name)) is not None:
                return float(stated) / divisor
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return email.utils.parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time()
    return None
