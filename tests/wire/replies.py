"""What a provider on loopback is told to answer, in words of no provider; and what of a request is alike in all three.

A `Reply` is a turn, with how it travels; a `Fault` is an HTTP answer that is none.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

FORMATS = ("anthropic", "openai", "openai-chat")
"""The prefixes of model names, one for each wire format."""

Ending = Literal["whole", "cut", "error", "silent"]


@dataclass(frozen=True)
class Call:
    """A tool call; arguments that are text are sent as they are, be they JSON or not."""

    name: str
    arguments: Any = field(default_factory=dict)
    tool_call_id: str = ""


@dataclass(frozen=True)
class Tokens:
    """What a turn took; `cached` and `written` are parts of `input`."""

    input: int = 100
    output: int = 20
    cached: int = 0
    written: int = 0


@dataclass(frozen=True)
class Reply:
    """A turn. `stop` is `end`, `tool_use`, `length`, `refusal` or `context`; empty: whichever its calls make it.

    `wait` is the seconds before the first byte, `pause` those between two events of a stream. `ending`: a stream goes
    up to half way and is then `cut` (the connection closes), ends in an `error` event, or stays open, `silent`. A
    `plain` one does not stream, whatever it was asked for. `until`: the second half of a stream waits for this event.
    """

    text: str = ""
    tool_calls: tuple[Call, ...] = ()
    tokens: Tokens = Tokens()
    stop: str = ""
    reasoning: str = ""
    wait: float = 0.0
    pause: float = 0.0
    ending: Ending = "whole"
    plain: bool = False
    until: threading.Event | None = None

    @property
    def stop_reason(self) -> str:
        """Why the turn ends."""
        return self.stop or ("tool_use" if self.tool_calls else "end")


@dataclass(frozen=True)
class Fault:
    """An HTTP answer as it is; without a body the provider's own error of that status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    wait: float = 0.0


Answer = Reply | Fault
Script = Sequence[Answer] | Callable[[dict[str, Any]], Answer]


def say(text: str) -> Reply:
    """A turn of words."""
    return Reply(text=text)


def call(name: str, arguments: Any = None, text: str = "") -> Reply:
    """A turn of one tool call."""
    return Reply(text=text, tool_calls=(Call(name, {} if arguments is None else arguments),))


def fail(status: int, retry_after: float | str | None = None) -> Fault:
    """A status with the provider's own error body; `retry_after` in seconds or as a date."""
    return Fault(status, {} if retry_after is None else {"retry-after": str(retry_after)})


def answer_prose() -> Fault:
    """A page where JSON belongs, with status 200."""
    return Fault(200, {"content-type": "text/html"}, b"<html><body>We will be back soon.</body></html>")


def answer_half_json() -> Fault:
    """JSON that ends too early, with status 200."""
    return Fault(200, {"content-type": "application/json"}, b'{"id": "x", "content": [{"type": "te')


def cut(reply: Reply) -> Reply:
    """The reply, with the connection closed half way."""
    return replace(reply, ending="cut")


def break_off(reply: Reply) -> Reply:
    """The reply, with the provider's error event half way."""
    return replace(reply, ending="error")


def fall_silent(reply: Reply) -> Reply:
    """The reply, with nothing more coming half way, and the connection open."""
    return replace(reply, ending="silent")


def trickle(reply: Reply, pause: float = 0.05) -> Reply:
    """The reply, event by event with pauses of so many seconds."""
    return replace(reply, pause=pause)


def stall(seconds: float = 600.0) -> Reply:
    """No byte for so many seconds."""
    return Reply(text="late", wait=seconds)


def answer_at_length(size: int = 2_000_000) -> Reply:
    """An answer of so many bytes of text."""
    return Reply(text="All is well. " * (size // 13))


def refuse(text: str = "I cannot help with that.") -> Reply:
    """The model declines."""
    return Reply(text=text, stop="refusal")


def place_in(body: Mapping[str, Any]) -> int:
    """How many turns of the model a request's transcript holds: the place in a script that keeps nothing."""
    items = body["input"] if "input" in body else body["messages"]
    # A turn of the Responses format is several items in a row.
    own = [item.get("role") == "assistant" or item.get("type") in ("function_call", "reasoning") for item in items]
    return sum(is_own and not (place and own[place - 1]) for place, is_own in enumerate(own))


def by_place(replies: Sequence[Answer]) -> Callable[[dict[str, Any]], Answer]:
    """A script by the transcript's length, so that many runs share one server and a repeated call gets the same."""

    def choose(body: dict[str, Any]) -> Answer:
        place = place_in(body)
        return replies[place] if place < len(replies) else say("Done.")

    return choose


def tools_in(body: Mapping[str, Any]) -> list[str]:
    """The names of the tools a request offers."""
    return [tool["function"]["name"] if "function" in tool else tool["name"] for tool in body.get("tools", ())]
