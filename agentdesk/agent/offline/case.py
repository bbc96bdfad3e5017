"""What the planner knows: the ticket it was given, what its tools answered, what people decided. Read anew
each turn, for it keeps nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.language_model import ModelFailed, ModelTurn, Request, ToolAnswer, ToolCall, UserTurn

READ_TOOLS = frozenset(
    {
        "find_customer",
        "get_order",
        "list_orders",
        "get_product",
        "search_knowledge",
        "get_ticket_history",
        "calculate",
    }
)
DECISIONS = "Decisions:"


@dataclass(frozen=True)
class Message:
    """One utterance of the thread; `direction` is inbound, outbound or note."""

    direction: str
    body: str


@dataclass(frozen=True)
class Decision:
    """What became of one proposed action that people or the gate settled otherwise than proposed, or as proposed."""

    action_id: str
    kind: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Answered:
    """A tool call of ours with its answer; `round` counts the decisions told before it."""

    call: ToolCall
    answer: Mapping[str, Any]
    round: int

    @property
    def is_read(self) -> bool:
        """Whether it only looked something up."""
        return self.call.name in READ_TOOLS

    @property
    def outcome(self) -> str:
        """What became of a write call when it was made; an error answer counts as refused."""
        return str(self.answer.get("outcome", "refused"))


@dataclass(frozen=True)
class Case:
    """One ticket as the transcript tells it."""

    ticket: Mapping[str, Any]
    customer: Mapping[str, Any]
    messages: tuple[Message, ...]
    findings: str
    answered: tuple[Answered, ...]
    rounds: tuple[tuple[Decision, ...], ...]
    tools: frozenset[str]
    calls_made: int

    @property
    def written(self) -> tuple[Answered, ...]:
        """The write calls, in order."""
        return tuple(answered for answered in self.answered if not answered.is_read)

    def find(self, name: str, arguments: Mapping[str, Any]) -> Answered | None:
        """The first answer to exactly this call."""
        for answered in self.answered:
            if answered.call.name == name and answered.call.arguments == arguments:
                return answered
        return None


def read_case(request: Request) -> Case:
    """The case of a request. Raises: ModelFailed where the first entry is not a ticket."""
    ticket = read_ticket(request)
    answers = {entry.tool_call_id: entry for entry in request.transcript if isinstance(entry, ToolAnswer)}
    answered: list[Answered] = []
    rounds: list[tuple[Decision, ...]] = []
    calls_made = 0
    for entry in request.transcript[1:]:
        if isinstance(entry, UserTurn) and entry.text.lstrip().startswith(DECISIONS):
            rounds.append(read_decisions(entry.text))
        elif isinstance(entry, ModelTurn):
            calls_made += len(entry.tool_calls)
            answered += [
                Answered(call, read_answer(answers.get(call.tool_call_id)), len(rounds)) for call in entry.tool_calls
            ]
    return Case(
        ticket=ticket.get("ticket") or {},
        customer=ticket.get("customer") or {},
        messages=tuple(Message(str(m.get("direction")), str(m.get("body"))) for m in ticket.get("messages") or ()),
        findings=str(ticket.get("findings") or ""),
        answered=tuple(answered),
        rounds=tuple(rounds),
        tools=frozenset((*(tool.name for tool in request.tools), *request.parameters.get("allowed", ()))),
        calls_made=calls_made,
    )


def read_ticket(request: Request) -> dict[str, Any]:
    """The JSON document of the first entry."""
    first = request.transcript[0] if request.transcript else None
    text = first.text if isinstance(first, UserTurn) else ""
    value = parse_from(text, "{")
    if not isinstance(value, dict):
        raise ModelFailed("The first entry of the transcript is not a ticket.")
    return value


def read_decisions(text: str) -> tuple[Decision, ...]:
    """The list after `Decisions:`."""
    value = parse_from(text, "[")
    entries = value if isinstance(value, list) else []
    return tuple(
        Decision(*(str(entry.get(name) or "") for name in ("action_id", "kind", "outcome", "reason")))
        for entry in entries
        if isinstance(entry, dict)
    )


def read_answer(entry: ToolAnswer | None) -> Mapping[str, Any]:
    """A tool's answer as a JSON object; whatever else it is counts as an error."""
    value = parse_from(entry.content, "{") if entry else None
    return value if isinstance(value, dict) else {"error": "no answer", "what_was_wrong": "The tool did not answer."}


def parse_from(text: str, opening: str) -> Any:
    """The JSON value that starts at the first `opening`; None where there is none."""
    place = text.find(opening)
    if place < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(text[place:])[0]
    except ValueError:
        return None
