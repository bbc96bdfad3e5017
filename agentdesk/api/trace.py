"""A run's trace: what was asked of the model and the tools, and what they answered, rebuilt from the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agentdesk.agent.language_model import ModelTurn, Request, entry_to_json
from agentdesk.api.answers import show_time
from agentdesk.runs.instructing import rebuild_request
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, EventKind, PinnedText, Run, Text
from agentdesk.runs.transcript import WORDED, fold, is_told


class Log:
    """A run's events and words, read once."""

    def __init__(self, run: Run) -> None:
        self.events = list(Event.objects.filter(run=run).order_by("seq"))
        self.bodies: dict[str, str] = dict(Text.objects.filter(run=run).values_list("sha256", "body"))

    def words(self, event: Event, name: str) -> Any:
        """The words an event names, as the JSON value they are; None where they were erased."""
        body = self.bodies.get(event.data.get(name, ""), "")
        return json.loads(body) if body else None

    def rebuild_request(self, event: Event) -> Request | None:
        """The request a model call was made with, from its thread's transcript as it was then.

        None where words of it were erased, or what made the run was never pinned.
        """
        thread, until = event.data.get("thread", ""), event.data["folded_to"]
        told = [one for one in self.events if one.seq <= until and is_told(one, thread)]
        if not all(self.bodies.get(one.data[WORDED[EventKind(one.kind)]]) for one in told):
            return None
        try:
            return rebuild_request(event, fold(told, self.bodies, thread).entries)
        except (PinnedText.DoesNotExist, KeyError):
            return None

    def find_call(self, tool_call_id: str, before: int) -> Any:
        """The arguments of a tool call, from the turn that made it; None for one that no model asked for."""
        turns = [one for one in self.events if one.kind == EventKind.MODEL_ANSWERED and one.seq < before]
        for turn in reversed(turns):
            for call_id, _, arguments in (self.words(turn, "turn") or {"tool_calls": []})["tool_calls"]:
                if call_id == tool_call_id:
                    return arguments
        return None


def trace_run(run: Run) -> dict[str, Any]:
    """The whole trace, in order of seq."""
    log = Log(run)
    return {"run_id": run.pk, "entries": [entry_of(event, log) for event in log.events]}


def entry_of(event: Event, log: Log) -> dict[str, Any]:
    """One event as an entry of the trace."""
    told = TELLERS.get(EventKind(event.kind), tell_fact)(event, log)
    return {"seq": event.seq, "at": show_time(event.at), "actor": event.actor, **told}


def tell_model_call(event: Event, log: Log) -> dict[str, Any]:
    """A model call: its request, its response, what it took."""
    request = log.rebuild_request(event)
    data = event.data
    return {
        "type": "model_call",
        **thread_of(event),
        "model": data["model"],
        "request": request and request_to_json(request),
        "request_sha256": data["request_sha256"],
        "request_is_exact": request is not None and hash_request(request) == data["request_sha256"],
        "response": response_to_json(log.words(event, "turn")),
        "input_tokens": data["input_tokens"],
        "cached_tokens": data.get("cached_tokens", 0),
        "cache_write_tokens": data.get("cache_write_tokens", 0),
        "output_tokens": data["output_tokens"],
        "cost": data["cost"],
        "latency_ms": data["latency_ms"],
        "stop_reason": data["stop_reason"],
        "request_id": data["request_id"],
        "reasoning": log.bodies.get(data.get("reasoning", "")) or None,
        "versions": data["versions"],
    }


def thread_of(event: Event) -> dict[str, str]:
    """Whose transcript an event belongs to: empty for the run's own, else the thread's name; and the role in it."""
    return {"thread": event.data.get("thread", ""), "role": event.data.get("role", "agent")}


def hash_request(request: Request) -> str:
    """The name of the bytes that were sent."""
    return hash_words(request.to_bytes().decode())


def request_to_json(request: Request) -> dict[str, Any]:
    """Everything the model was given."""
    return {
        "system": request.system,
        "tools": [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in request.tools
        ],
        "transcript": [show_entry(entry_to_json(entry), isinstance(entry, ModelTurn)) for entry in request.transcript],
        "parameters": request.parameters,
    }


def show_entry(entry: dict[str, Any], is_turn: bool) -> dict[str, Any]:
    """A transcript entry with its calls by name."""
    return {**entry, "tool_calls": calls_to_json(entry["tool_calls"])} if is_turn else entry


def response_to_json(turn: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the model answered; None where it was erased."""
    return None if turn is None else {**turn, "tool_calls": calls_to_json(turn["tool_calls"])}


def calls_to_json(calls: list[Any]) -> list[dict[str, Any]]:
    """Tool calls by name."""
    return [{"tool_call_id": call_id, "name": name, "arguments": arguments} for call_id, name, arguments in calls]


def tell_tool_call(event: Event, log: Log) -> dict[str, Any]:
    """A tool call: its arguments and its answer."""
    data = event.data
    return {
        "type": "tool_call",
        **thread_of(event),
        "tool": data["tool"],
        "tool_call_id": data["tool_call_id"],
        "arguments": log.find_call(data["tool_call_id"], event.seq),
        "answer": log.words(event, "answer"),
        "malformed": data.get("malformed", False),
        "same_as": data.get("same_as"),
        "knowledge": data.get("knowledge", []),
        "action_id": data.get("action_id"),
        "outcome": data.get("outcome"),
    }


def tell_message(event: Event, log: Log) -> dict[str, Any]:
    """What the house told the model."""
    name = WORDED[EventKind(event.kind)]
    text = log.bodies.get(event.data.get(name, ""))
    return {"type": "message", "kind": event.kind, "text": text, "data": event.data}


def tell_fact(event: Event, log: Log) -> dict[str, Any]:
    """Anything else that happened, its words in place of their names; those that were erased are null."""
    data = {name: read_words(name, value, log) for name, value in event.data.items()}
    return {"type": TYPES.get(EventKind(event.kind), "event"), "kind": event.kind, "data": data}


def read_words(name: str, value: Any, log: Log) -> Any:
    """What stands in an event's data: a value, or the words it names."""
    if not isinstance(value, str) or value not in log.bodies:
        return value
    body = log.bodies[value]
    return (json.loads(body) if name in JSON_WORDS else body) if body else None


JSON_WORDS = frozenset({"agenda", "findings", "reasons"})
"""Words that are a JSON value rather than a text."""
TYPES: Mapping[EventKind, str] = {
    EventKind.TICKET_TRIAGED: "triage",
    EventKind.AGENDA_MADE: "agenda",
    EventKind.STEP_ASSESSED: "assessment",
    EventKind.DRAFT_VERIFIED: "verification",
    EventKind.RECOVERY_CHOSEN: "recovery",
    EventKind.ROLE_ASKED: "role",
    EventKind.ROLE_ANSWERED: "role",
    EventKind.WORKFLOW_STEPPED: "workflow_step",
    EventKind.BOUND_REACHED: "bound",
}
Teller = Callable[[Event, Log], dict[str, Any]]
TELLERS: Mapping[EventKind, Teller] = {
    EventKind.MODEL_ANSWERED: tell_model_call,
    EventKind.TOOL_ANSWERED: tell_tool_call,
    EventKind.RUN_STARTED: tell_message,
    EventKind.RUN_RESUMED: tell_message,
}
