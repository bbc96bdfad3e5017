"""The loop: ask the model, have its calls answered, until a turn asks for nothing. Synchronous and without I/O.

It yields what it needs and is sent the answer; whoever drives it stores in between, and keeps the bounds. Given the
transcript of an interrupted run it goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import Entry, ModelTurn, Request, ToolAnswer, ToolSpec, Turn, UserTurn

MOST_CALLS = 10
"""Tool calls in one turn at most."""
MALFORMED_CALL = "malformed call"
"""The error of an answer to a call that does not fit its tool."""


@dataclass(frozen=True)
class Setting:
    """What stays the same through a run: instructions, tools, parameters.

    `simple` are the instructions after two unfit turns in a row; `last_tools` are offered to an agent that wraps up.
    """

    system: str
    tools: tuple[ToolSpec, ...]
    parameters: dict[str, Any]
    simple: str = ""
    last_tools: tuple[ToolSpec, ...] = ()

    def request(self, entries: tuple[Entry, ...], *, unfit: int, wraps_up: bool) -> Request:
        """The next request, after so many unfit turns in a row."""
        return Request(
            self.simple if self.simple and unfit > 1 else self.system,
            self.last_tools if wraps_up else self.tools,
            entries,
            {**self.parameters, "temperature": 0} if unfit else self.parameters,
        )


@dataclass(frozen=True)
class AskModel:
    """The loop needs the model's turn for this request."""

    request: Request


@dataclass(frozen=True)
class AnswerCalls:
    """The loop needs this turn recorded and its tool calls answered; `fault` says what is wrong with the turn."""

    request: Request
    turn: Turn
    fault: Failure | None = None


@dataclass(frozen=True)
class HouseWord:
    """Instead of a turn: what the house tells the model before it asks again."""

    text: str
    is_unfit: bool = False
    wraps_up: bool = False


@dataclass(frozen=True)
class AgendaComplete:
    """A turn asked for no tool: its text is the result for staff."""

    request: Request
    turn: Turn


@dataclass(frozen=True)
class Standing:
    """How far an interrupted run had come beside its transcript."""

    unfit: int = 0
    wraps_up: bool = False


Need = AskModel | AnswerCalls
Answer = Turn | HouseWord | tuple[Entry, ...]


def run_loop(
    transcript: Sequence[Entry], setting: Setting, standing: Standing = Standing()
) -> Generator[Need, Answer, AgendaComplete]:
    """Takes turns until the agenda is complete; whoever drives it may stop asking at any need."""
    entries = tuple(transcript)
    while True:
        request = setting.request(entries, unfit=standing.unfit, wraps_up=standing.wraps_up)
        turn = yield AskModel(request)
        if isinstance(turn, HouseWord):
            entries = (*entries, UserTurn(turn.text))
            standing = after_word(standing, turn)
            continue
        if not isinstance(turn, Turn):
            raise TypeError("the loop asked for a turn")
        fault = find_fault(turn)
        if fault is None and not turn.tool_calls:
            return AgendaComplete(request, turn)
        told = yield AnswerCalls(request, turn, fault)
        if not isinstance(told, tuple):
            raise TypeError("the loop asked for answers")
        entries = (*entries, ModelTurn(turn.text, turn.tool_calls), *told)
        is_unfit = fault is not None or any(is_malformed(entry) for entry in told)
        standing = replace(standing, unfit=standing.unfit + 1 if is_unfit else 0)


def after_word(standing: Standing, word: HouseWord) -> Standing:
    """Where the run stands after the house spoke instead of the model."""
    return Standing(standing.unfit + word.is_unfit, standing.wraps_up or word.wraps_up)


def find_fault(turn: Turn) -> Failure | None:
    """What is wrong with a turn as such; what is wrong with its calls, their answers say."""
    if turn.stop_reason == "refusal":
        return Failure.TURN_REFUSED
    if turn.stop_reason in ("length", "context"):
        return Failure.TURN_CUT
    if len(turn.tool_calls) > MOST_CALLS:
        return Failure.TOO_MANY_CALLS
    return None if turn.tool_calls or turn.text.strip() else Failure.TURN_EMPTY


def is_malformed(entry: Entry) -> bool:
    """Whether an answer says that its call did not fit its tool."""
    if not isinstance(entry, ToolAnswer) or MALFORMED_CALL not in entry.content:
        return False
    answer = json.loads(entry.content)
    return isinstance(answer, dict) and answer.get("error") == MALFORMED_CALL
