"""What the loop asks of a language model, and the values that pass between them.

A model is anything with a `name` and an `answer`; it gets a whole `Request` and gives one `Turn`. The values are
frozen and serialise to canonical JSON, so that the bytes of any past request can be rebuilt and compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from agentdesk.agent.failures import Failure


@dataclass(frozen=True)
class ToolSpec:
    """A tool as a model sees it: its name, what it is for, and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class ToolCall:
    """One call a turn asks for. `arguments` is what the model sent: any JSON value, not yet validated."""

    tool_call_id: str
    name: str
    arguments: Any


@dataclass(frozen=True)
class UserTurn:
    """What the house tells the model: the ticket as data, or the decisions on its proposals."""

    text: str


@dataclass(frozen=True)
class ModelTurn:
    """What the model said earlier in this run."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True)
class ToolAnswer:
    """The answer to one tool call, as the JSON text the model reads."""

    tool_call_id: str
    content: str


Entry = UserTurn | ModelTurn | ToolAnswer


@dataclass(frozen=True)
class Request:
    """Everything a model is given for one turn: instructions, tools, transcript and parameters.

    Parameters a provider knows: `temperature` (0 on a repaired turn), `answer_schema` (the JSON schema a turn's text
    must fit), `cache_key` (requests that share a prefix), `service_tier`. Others are the house's own, and not sent.
    """

    system: str
    tools: tuple[ToolSpec, ...]
    transcript: tuple[Entry, ...]
    parameters: dict[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The canonical bytes of this request: what its stored hash is taken over."""
        tools = [[tool.name, tool.description, tool.parameters] for tool in self.tools]
        entries = [entry_to_json(entry) for entry in self.transcript]
        value = {"system": self.system, "tools": tools, "transcript": entries, "parameters": self.parameters}
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Usage:
    """Tokens of one model call and what they cost, in US dollars as a decimal string.

    `cached_tokens` and `cache_write_tokens` are parts of `input_tokens`: read from a prompt cache, and put there.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost: str = "0"
    cached_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass(frozen=True)
class Turn:
    """A model's answer: text, tool calls, or both. A turn without tool calls ends the agenda.

    `stop_reason` is `end`, `tool_use`, `length`, `refusal`, `context` (window exceeded) or the provider's own word.
    `reasoning` is the provider's summary of its thinking, for the trace. `model` is who answered, where it is not who
    was asked.
    """

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    stop_reason: str = "end"
    request_id: str = ""
    reasoning: str = ""
    model: str = ""


@dataclass(frozen=True)
class Partial:
    """The text of a turn so far; for `send_reply`, the body so far with its call's id and tool."""

    text: str
    tool_call_id: str = ""
    tool: str = ""


@dataclass(frozen=True)
class CallLimits:
    """What one model call may take: seconds in all, retries and stream included; and who watches it being written."""

    seconds: float = 600.0
    output_tokens: int = 8192
    on_partial: Callable[[Partial], None] | None = None


UNHURRIED = CallLimits()


class ModelFailed(Exception):
    """The model gave no usable answer; the message says what happened, for the log and for staff.

    `usage` is what the failed call took all the same.
    """

    def __init__(
        self, message: str, failure: Failure = Failure.PROVIDER_DOWN, *, usage: Usage = Usage(), request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.usage = usage
        self.request_id = request_id


class LanguageModel(Protocol):
    """A language model. `answer` blocks, holds no database connection, and raises `ModelFailed` where it cannot."""

    @property
    def name(self) -> str:
        """How the model is labelled wherever it acts, such as `offline` or `provider:model`."""

    def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
        """One turn for one request, within the limits."""


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """One transcript entry as a JSON value, tagged by role."""
    if isinstance(entry, UserTurn):
        return {"role": "user", "text": entry.text}
    if isinstance(entry, ToolAnswer):
        return {"role": "tool", "tool_call_id": entry.tool_call_id, "content": entry.content}
    calls = [[call.tool_call_id, call.name, call.arguments] for call in entry.tool_calls]
    return {"role": "model", "text": entry.text, "tool_calls": calls}


def turn_to_json(turn: Turn) -> dict[str, Any]:
    """A turn as the JSON value its stored text holds."""
    calls = [[call.tool_call_id, call.name, call.arguments] for call in turn.tool_calls]
    return {"text": turn.text, "tool_calls": calls, "stop_reason": turn.stop_reason}


def model_turn_from_json(value: dict[str, Any]) -> ModelTurn:
    """The transcript entry for a stored turn."""
    calls = tuple(ToolCall(tool_call_id, name, arguments) for tool_call_id, name, arguments in value["tool_calls"])
    return ModelTurn(value["text"], calls)
