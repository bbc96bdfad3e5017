"""Making a model's turn fit to be stored: no database keeps every character, and ids must tell calls apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from agentdesk.agent.language_model import ModelTurn, Request, ToolCall, Turn

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
LONGEST_NAME = 100
"""Characters of a call's id or name."""
DEEPEST = 50
"""How deep arguments are nested at most; every tool's own take fewer than ten."""


def make_storable(turn: Turn, request: Request) -> Turn:
    """The turn as it is kept: NUL and lone surrogates replaced, every call under an id of its own in this run.

    Arguments that hold such characters become text, which no tool takes: their meaning is not guessed at.
    """
    taken = set(ids_in(request))
    step = sum(isinstance(entry, ModelTurn) for entry in request.transcript) + 1
    calls = []
    for place, call in enumerate(turn.tool_calls, 1):
        own_id = clean(call.tool_call_id)[:LONGEST_NAME]
        tool_call_id = own_id if own_id and own_id not in taken else f"step_{step}_call_{place}"
        taken.add(tool_call_id)
        calls.append(ToolCall(tool_call_id, clean(call.name)[:LONGEST_NAME], clean_arguments(call.arguments)))
    return replace(
        turn,
        text=clean(turn.text),
        tool_calls=tuple(calls),
        stop_reason=clean(turn.stop_reason)[:LONGEST_NAME],
        request_id=clean(turn.request_id)[:LONGEST_NAME],
        reasoning=clean(turn.reasoning),
        model=clean(turn.model)[:LONGEST_NAME],
    )


def ids_in(request: Request) -> Iterator[str]:
    """The ids of the calls so far."""
    for entry in request.transcript:
        if isinstance(entry, ModelTurn):
            yield from (call.tool_call_id for call in entry.tool_calls)


def clean(text: str) -> str:
    """The text with a replacement character for each that cannot be stored."""
    return UNSTORABLE.sub("\ufffd", text)


def clean_arguments(arguments: Any) -> Any:
    """The arguments where they can be stored, else their JSON as one text."""
    if is_storable(arguments):
        return arguments
    try:
        return json.dumps(arguments)
    except RecursionError:
        return "Arguments nested too deeply to be kept."


def is_storable(value: Any) -> bool:
    """Whether every text in a JSON value can be stored, and the value is not nested beyond all measure."""
    open_values = [(value, 0)]
    while open_values:
        one, depth = open_values.pop()
        if depth > DEEPEST:
            return False
        if isinstance(one, str) and UNSTORABLE.search(one):
            return False
        if isinstance(one, dict):
            open_values += [(part, depth + 1) for part in (*one.keys(), *one.values())]
        elif isinstance(one, list | tuple):
            open_values += [(part, depth + 1) for part in one]
    return True
