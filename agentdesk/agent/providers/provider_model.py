"""A model behind a provider's API: one call within its limits, whatever comes back."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import httpx2

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import (
    UNHURRIED,
    CallLimits,
    ModelFailed,
    Request,
    ToolCall,
    Turn,
    Usage,
)
from agentdesk.agent.providers.breaker import Breaker
from agentdesk.agent.providers.budget import CURRENT, CallBudget
from agentdesk.agent.providers.failing import CutShort, Overdue, describe_failure
from agentdesk.agent.providers.growing import Garbled, GrowingTurn, read_arguments
from agentdesk.agent.providers.prices import price_turn
from agentdesk.agent.providers.schemas import drop_nulls
from agentdesk.agent.providers.streaming import read_events

RETRIES = 2
PARTIAL_SECONDS = 0.05
FAIR_SECONDS = 5.0
"""A call that had less time than this and got no answer in it says nothing of the provider."""
Body = dict[str, Any]
Post = Callable[[bytes, int], httpx2.Response]
"""An SDK's transport: posts a JSON body with the SDK's headers and so many retries, and gives the open answer."""


class Wire(Protocol):
    """A wire format: how a request is written and how an event of its answer is read."""

    def write(self, request: Request, limits: CallLimits) -> Body:
        """The JSON body of a streaming request."""

    def read(self, event: dict[str, Any], turn: GrowingTurn) -> None:
        """Takes one event into the turn. Raises: Broken, Garbled."""


class ProviderModel:
    """A `LanguageModel` of a provider. Threads share it: its connections, and the breaker that skips it."""

    def __init__(self, name: str, prices: tuple[str, str], wire: Wire, post: Post, key: str) -> None:
        self._name = name
        self._prices = prices
        self._wire = wire
        self._post = post
        self._key = key
        self.breaker = Breaker()

    def __repr__(self) -> str:
        return f"ProviderModel({self._name!r})"

    @property
    def name(self) -> str:
        """How the model is labelled wherever it acts: `provider:model`."""
        return self._name

    def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
        """One turn within the limits; the SDK retries what is passing. Raises: ModelFailed."""
        if not self.breaker.admit(time.monotonic()):
            raise ModelFailed(f"{self._name}: skipped for a while, because it kept failing", Failure.PROVIDER_DOWN)
        call = ProviderCall(request, limits)
        error = self._attempt(call)
        usage = price_turn(call.turn, *self._prices)
        if error is None:
            self.breaker.succeed()
            return replace(call.made, usage=usage)
        # Raised outside of any handler: the SDK's exception, which holds the request's headers, is not chained.
        raise self._judge(error, call, usage)

    def _attempt(self, call: ProviderCall) -> Exception | None:
        """Makes the call; what went wrong, or None."""
        token = CURRENT.set(call.budget)
        try:
            call.follow(self._post(encode(self._wire.write(call.request, call.limits)), RETRIES), self._wire)
            call.made = call.finish()
        except Exception as error:
            return error
        except BaseException:
            self.breaker.release()
            raise
        finally:
            CURRENT.reset(token)
        return None

    def _judge(self, error: Exception, call: ProviderCall, usage: Usage) -> ModelFailed:
        """The failure an error means, told to the breaker where it tells of the provider."""
        failed = describe_failure(
            error, self._name, self._key, usage=usage, request_id=call.id_of(error), begun=call.has_begun
        )
        was_hurried = failed.failure == Failure.PROVIDER_SLOW and call.limits.seconds < FAIR_SECONDS
        if failed.failure == Failure.PROVIDER_REJECTS or was_hurried:
            self.breaker.release()
        else:
            self.breaker.fail(time.monotonic())
        return failed


class ProviderCall:
    """One call on its way: its budget, and what has been read of its answer."""

    def __init__(self, request: Request, limits: CallLimits) -> None:
        self.request = request
        self.limits = limits
        self.budget = CallBudget(time.monotonic() + limits.seconds)
        self.turn = GrowingTurn()
        self.made = Turn()
        self.request_id = ""
        self.has_begun = False
        self._shown_at = 0.0

    def follow(self, response: httpx2.Response, wire: Wire) -> None:
        """Reads the answer to its end. Raises: Overdue, Garbled, Broken, CutShort, and what the transport raises."""
        headers = response.headers
        self.request_id = headers.get("request-id") or headers.get("x-request-id") or ""
        with contextlib.closing(response):
            for events in read_events(response):
                for event in events:
                    self.has_begun = True
                    wire.read(event, self.turn)
                if self.budget.remaining() <= 0:
                    raise Overdue
                self.show()
        if not self.turn.is_whole:
            was_streamed = headers.get("content-type", "").startswith("text/event-stream")
            raise CutShort("the answer ended before its end") if was_streamed else Garbled("the answer is no turn")

    def id_of(self, error: Exception) -> str:
        """The request's id: the answer's, or that of the error the SDK made of it."""
        return self.request_id or getattr(error, "request_id", None) or ""

    def show(self) -> None:
        """Tells whoever watches what is written so far, at most each `PARTIAL_SECONDS`, and once it is whole."""
        now = time.monotonic()
        if self.limits.on_partial is None or not (self.turn.texts or self.turn.calls):
            return
        if self.turn.is_whole or now - self._shown_at >= PARTIAL_SECONDS:
            self._shown_at = now
            self.limits.on_partial(self.turn.partial())

    def finish(self) -> Turn:
        """The turn it became; its usage is priced elsewhere."""
        turn, stop = self.turn, self.turn.stop_reason
        schemas = {tool.name: tool.parameters for tool in self.request.tools}
        calls = []
        for call in turn.calls.values():
            arguments = read_arguments(call.arguments, schemas.get(call.name, {}), is_cut=stop == "length")
            calls.append(ToolCall(str(call.tool_call_id or ""), str(call.name), arguments))
        text = self.fit("".join(turn.texts))
        return Turn(text, tuple(calls), Usage(), stop, self.request_id, "".join(turn.reasoning))

    def fit(self, text: str) -> str:
        """A text asked for by a schema, as that schema has it: without the nulls strict modes need."""
        schema = self.request.parameters.get("answer_schema")
        if not schema:
            return text
        try:
            return json.dumps(drop_nulls(schema, json.loads(text)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return text


def encode(body: Body) -> bytes:
    """A body as it travels: the same value gives the same bytes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
