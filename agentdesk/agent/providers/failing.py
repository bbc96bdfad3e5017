"""What a failed call means: every exception an SDK or its transport may throw, as a `ModelFailed` in one line."""

from __future__ import annotations

import re
from typing import Any

import httpx2

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import ModelFailed, Usage
from agentdesk.agent.providers.growing import Broken, Garbled

LONGEST_WORDS = 300
SHORTEST_KEY = 8
KEY_LIKE = re.compile(r"\b(?:sk|key)-[A-Za-z0-9_*-]{6,}")
BUSY = frozenset({409, 429, 529})


class Overdue(Exception):
    """The call's time is used up, or what is left is not worth another attempt after this failure."""

    def __init__(self, message: str = "", failure: Failure = Failure.PROVIDER_SLOW) -> None:
        super().__init__(message)
        self.failure = failure


class CutShort(Exception):
    """The stream ended, properly, before the answer did."""


def describe_failure(
    error: Exception, name: str, key: str, *, usage: Usage, request_id: str, begun: bool
) -> ModelFailed:
    """The failure of a call to the model of this name; `begun` once an event of its answer had arrived."""
    failure, words = classify(error, begun=begun)
    line = " ".join(hide_keys(f"{name}: {words}", key).split())[:LONGEST_WORDS]
    return ModelFailed(line, failure, usage=usage, request_id=request_id)


def classify(error: Exception, *, begun: bool) -> tuple[Failure, str]:
    """What failed, and in what words. SDK errors are told by what both SDKs' errors have."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return failure_of_status(status), f"answered {status}: {message_of(error)}"
    if isinstance(error, Broken):
        return error.failure, f"broke off: {error}"
    if isinstance(error, Garbled):
        return Failure.PROVIDER_GARBLED, str(error)
    if isinstance(error, Overdue) and error.failure == Failure.PROVIDER_DOWN:
        return Failure.PROVIDER_DOWN, "cannot be reached"
    if isinstance(error, Overdue | httpx2.TimeoutException) or type(error).__name__ == "APITimeoutError":
        return Failure.PROVIDER_SLOW, "gave no whole answer in time"
    if isinstance(error, CutShort) or (isinstance(error, httpx2.TransportError) and begun):
        return Failure.TURN_CUT, "the connection broke within the answer"
    if isinstance(error, httpx2.TransportError) or type(error).__name__ == "APIConnectionError":
        return Failure.PROVIDER_DOWN, "cannot be reached"
    return Failure.PROVIDER_GARBLED, f"gave an answer that cannot be read ({type(error).__name__})"


def failure_of_status(status: int) -> Failure:
    """What an HTTP status stands for, after the SDK's retries."""
    if status in BUSY:
        return Failure.PROVIDER_BUSY
    if status == 408:
        return Failure.PROVIDER_SLOW
    return Failure.PROVIDER_DOWN if status >= 500 else Failure.PROVIDER_REJECTS


def message_of(error: Any) -> str:
    """The provider's own words for an error, or none."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return message if isinstance(message, str) and message else "no reason given"


def hide_keys(text: str, key: str) -> str:
    """The text without the key and what looks like one; a short one is a mere word, for a server that asks for none."""
    return KEY_LIKE.sub("[key]", text.replace(key, "[key]") if len(key) >= SHORTEST_KEY else text)
