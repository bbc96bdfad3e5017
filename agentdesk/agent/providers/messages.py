"""Anthropic's Messages: how a request is written, how its stream is read.

The prefix is stable: tools, then system, then the transcript, each the same bytes as in the call before. Breakpoints
for the prompt cache stand at the end of the system prompt (which covers the tools), at the newest entry, and where the
request before this one ended. The API of this SDK has no temperature.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import anthropic
import httpx2

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import CallLimits, Entry, ModelTurn, Request, ToolAnswer, ToolSpec, UserTurn
from agentdesk.agent.providers.budget import BudgetClient
from agentdesk.agent.providers.failing import Overdue
from agentdesk.agent.providers.growing import Broken, GrowingCall, GrowingTurn, count
from agentdesk.agent.providers.naming import Configured
from agentdesk.agent.providers.provider_model import Body, ProviderModel
from agentdesk.agent.providers.tool_schemas import strict_form_of, strict_tools

BASE_URL = "https://api.anthropic.com"
"""Stated, because the SDK takes an empty variable for a URL."""
MOST_UNIONS = 16
"""Fields of several types in all strict tools of a request: beyond, a tool is sent without `strict`."""
TIERS = frozenset({"auto", "standard_only"})
STOPS = {
    "end_turn": "end",
    "stop_sequence": "end",
    "tool_use": "tool_use",
    "max_tokens": "length",
    "refusal": "refusal",
    "model_context_window_exceeded": "context",
}
BUSY = frozenset({"overloaded_error", "rate_limit_error"})
NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")
EPHEMERAL = {"type": "ephemeral"}


class OverdueHere(Overdue, anthropic.AnthropicError):
    """The call's time is used up; the SDK passes its own kind of error on and tries nothing more."""


def connect_messages(configured: Configured) -> ProviderModel:
    """A model of Anthropic's, or of a server that speaks Messages at the base URL."""
    client = anthropic.Anthropic(
        api_key=configured.key, base_url=configured.base_url or BASE_URL, http_client=BudgetClient(OverdueHere)
    )

    def post(body: bytes, retries: int) -> httpx2.Response:
        # The transport with a prepared body: `messages.create` would walk the whole transcript first.
        return client.post(
            "/v1/messages",
            content=body,
            cast_to=httpx2.Response,
            options={"max_retries": retries},
            stream=True,
            stream_cls=anthropic.Stream[Any],
        )  # type: ignore[return-value]

    prices = ("anthropic", configured.model)
    return ProviderModel(configured.name, prices, MessagesWire(configured.model), post, configured.key)


class MessagesWire:
    """The wire format for one model."""

    def __init__(self, model: str) -> None:
        self._model = model

    def write(self, request: Request, limits: CallLimits) -> Body:
        """The body of a streaming request."""
        body: Body = {"model": self._model, "max_tokens": limits.output_tokens, "stream": True}
        if request.tools:
            body["tools"] = write_tools(request.tools)
        if request.system:
            body["system"] = [{"type": "text", "text": request.system, "cache_control": EPHEMERAL}]
        body["messages"] = write_messages(request.transcript)
        if schema := request.parameters.get("answer_schema"):
            body["output_config"] = {"format": {"type": "json_schema", "schema": strict_form_of(schema).schema}}
        if (tier := request.parameters.get("service_tier")) in TIERS:
            body["service_tier"] = tier
        return body

    def read(self, event: dict[str, Any], turn: GrowingTurn) -> None:
        """Takes one event into the turn."""
        kind = event.get("type")
        if kind == "content_block_delta":
            read_delta(event["delta"], event["index"], turn)
        elif kind == "content_block_start":
            read_start(event["content_block"], event["index"], turn)
        elif kind == "message_start":
            read_usage(event["message"]["usage"], turn)
        elif kind == "message_delta":
            stop = event["delta"].get("stop_reason")
            turn.stop = STOPS.get(stop, stop or "")
            read_usage(event.get("usage") or {}, turn)
        elif kind == "message_stop":
            turn.is_whole = True
        elif kind == "error":
            raise_error(event.get("error") or {})
        elif kind == "message":
            read_whole(event, turn)


def read_whole(message: dict[str, Any], turn: GrowingTurn) -> None:
    """A whole message, from a server that does not stream."""
    for place, block in enumerate(message["content"]):
        read_start(block, place, turn)
        if block["type"] == "tool_use":
            turn.argue(place, json.dumps(block["input"], ensure_ascii=False))
        elif block["type"] == "thinking":
            turn.think(block["thinking"])
    read_usage(message.get("usage") or {}, turn)
    turn.stop = STOPS.get(message.get("stop_reason") or "", message.get("stop_reason") or "")
    turn.is_whole = True


def write_tools(tools: Sequence[ToolSpec]) -> list[Body]:
    """The tools, strict where their schemas can be."""
    written = []
    for tool, form in strict_tools(tools, MOST_UNIONS):
        value = {"name": tool.name, "description": tool.description, "input_schema": form.schema}
        written.append({**value, "strict": True} if form.is_strict else value)
    return written


def write_messages(transcript: Sequence[Entry]) -> list[Body]:
    """The transcript: entries of one side in a row are one message; breakpoints at the two newest places."""
    messages: list[Body] = []
    places: list[Body] = []
    for entry in transcript:
        role = "assistant" if isinstance(entry, ModelTurn) else "user"
        if role == "assistant" and messages:
            places = [messages[-1]["content"][-1]]
        for block in write_blocks(entry):
            if not messages or messages[-1]["role"] != role:
                messages.append({"role": role, "content": []})
            messages[-1]["content"].append(block)
    if messages:
        for block in (*places, messages[-1]["content"][-1]):
            block["cache_control"] = EPHEMERAL
    return messages


def write_blocks(entry: Entry) -> Iterator[Body]:
    """One entry as content blocks; a text of nothing is refused by the API, so it is left out."""
    if isinstance(entry, ToolAnswer):
        yield {"type": "tool_result", "tool_use_id": clean_id(entry.tool_call_id), "content": entry.content}
        return
    if entry.text.strip():
        yield {"type": "text", "text": entry.text}
    if isinstance(entry, UserTurn):
        return
    for call in entry.tool_calls:
        # The API takes objects only; what the model wrote instead is shown to it as such.
        given = call.arguments if isinstance(call.arguments, dict) else {"unreadable": call.arguments}
        yield {"type": "tool_use", "id": clean_id(call.tool_call_id), "name": call.name, "input": given}


def clean_id(tool_call_id: str) -> str:
    """A call's id in the characters the API takes; another provider may have made it."""
    return NOT_IN_IDS.sub("_", tool_call_id) or "_"


def read_start(block: dict[str, Any], place: int, turn: GrowingTurn) -> None:
    """A content block begins."""
    if block["type"] == "tool_use":
        turn.calls[place] = GrowingCall(block["id"], block["name"])
    elif block["type"] == "text" and block.get("text"):
        turn.say(block["text"])


def read_delta(delta: dict[str, Any], place: int, turn: GrowingTurn) -> None:
    """More of a content block."""
    if delta["type"] == "text_delta":
        turn.say(delta["text"])
    elif delta["type"] == "input_json_delta":
        turn.argue(place, delta["partial_json"])
    elif delta["type"] == "thinking_delta":
        turn.think(delta["thinking"])


def read_usage(usage: dict[str, Any], turn: GrowingTurn) -> None:
    """Tokens; the API counts input without what is cached, the house with it. Counts are of the whole turn so far."""
    if (fresh := usage.get("input_tokens")) is not None:
        turn.cached_tokens = count(usage.get("cache_read_input_tokens"))
        turn.cache_write_tokens = count(usage.get("cache_creation_input_tokens"))
        turn.input_tokens = count(fresh) + turn.cached_tokens + turn.cache_write_tokens
    turn.output_tokens = count(usage.get("output_tokens")) or turn.output_tokens


def raise_error(error: dict[str, Any]) -> None:
    """An error within the stream."""
    failure = Failure.PROVIDER_BUSY if error.get("type") in BUSY else Failure.PROVIDER_DOWN
    raise Broken(failure, str(error.get("message", "no reason given")))
