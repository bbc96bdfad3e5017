"""Answering tool calls: a read tool looks, a write tool proposes. Whatever a model sends is answered, never a crash."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from agentdesk.agent.bounds import ALL_TOOLS
from agentdesk.agent.course import MOST_EXECUTIONS, NOT_ALLOWED, TOOL_FAILED
from agentdesk.agent.failures import LAST_RUNG, Failure, choose_remedy
from agentdesk.agent.language_model import ToolCall
from agentdesk.agent.roles import HANDING
from agentdesk.runs.cutting import NotJson, fit_answer
from agentdesk.runs.gathering import is_handed
from agentdesk.runs.open_turn import (
    Answered,
    OpenTurn,
    ToolBroke,
    error_answer,
    faults_in_words,
    is_write,
    malformed,
    name_of_tool,
    repeated,
)
from agentdesk.runs.read_tools import ANSWERS, ToolRefused
from agentdesk.runs.tool_running import Trouble
from agentdesk.runs.write_calls import answer_write
from approvals.policy import ALWAYS_ALLOWED

logger = logging.getLogger(__name__)

MOST_CALLS = 10
"""Calls of one turn whose writes are proposed; a turn with more has lost its measure."""


def answer_call(call: ToolCall, turn: OpenTurn) -> Answered:
    """Answers one call inside the caller's transaction. Raises: ToolBroke."""
    ready = turn.ready.get(call.tool_call_id)
    if ready is not None:
        return ready
    if is_write(call):
        return refuse_call(call, turn) or answer_write(call, turn)
    return answer_at_once(call, turn) or answer_read(call, turn)


def refuse_call(call: ToolCall, turn: OpenTurn) -> Answered | None:
    """The error answer to a call that fits no tool, or one that may not be called here; None for any other."""
    if not isinstance(call.arguments, Mapping):
        return malformed(call, "The arguments are not a JSON object of storable text.")
    if name_of_tool(call) == "unknown":
        names = ", ".join(sorted(may_call(turn)))
        return malformed(call, f"There is no tool {call.name!r}.", f"Use one of: {names}.")
    if is_write(call) and len(turn.calls) > MOST_CALLS and call.name not in ALWAYS_ALLOWED:
        wrong = f"The turn asked for {len(turn.calls)} calls; nothing of it was proposed."
        return malformed(call, wrong, f"Ask for at most {MOST_CALLS} calls in one turn.")
    return refuse_tool(call, turn)


def refuse_tool(call: ToolCall, turn: OpenTurn) -> Answered | None:
    """The error answer to a tool that this run, or this role, may not call."""
    is_ours = call.name in ALL_TOOLS or is_handed(call)
    if turn.tools is not None:
        is_barred = call.name not in turn.tools
    else:
        is_barred = is_ours and call.name not in turn.allowed and call.name not in ALWAYS_ALLOWED
    if not is_barred:
        return None
    wrong = f"{call.name} may not be called here; nothing was done."
    names = ", ".join(sorted(may_call(turn)))
    return Answered(call, error_answer(NOT_ALLOWED, wrong, f"Use one of: {names}, or escalate."))


def may_call(turn: OpenTurn) -> set[str]:
    """The tools that can be called in a turn."""
    if turn.tools is not None:
        return set(turn.tools)
    return {*turn.allowed, *ALWAYS_ALLOWED} | {name for name in ANSWERS if name not in ALL_TOOLS}


def answer_at_once(call: ToolCall, turn: OpenTurn) -> Answered | None:
    """The answer to a look-up that needs no looking: an error, or what the same call was answered before."""
    refused = refuse_call(call, turn)
    if refused is not None:
        return refused
    try:
        read_call(call)
    except ValidationError as error:
        return malformed(call, faults_in_words(error))
    return repeat_answer(call, turn)


def read_call(call: ToolCall) -> BaseModel:
    """A look-up's arguments. Raises: ValidationError."""
    model = HANDING[call.name][0] if is_handed(call) else ANSWERS[call.name].arguments
    return model.model_validate(call.arguments)


def repeat_answer(call: ToolCall, turn: OpenTurn) -> Answered | None:
    """The answer to a call that was made before: the same again, then none; None where it is to be executed."""
    before = turn.course.same_reads(call)
    own = [one for one in before if one.thread == turn.thread]
    if len(own) >= MOST_EXECUTIONS:
        return repeated(call, own)
    if not before or before[-1].is_failed:
        return None
    same_as = before[-1].call.tool_call_id
    return Answered(call, {**before[-1].value, "same_as": same_as}, same_as=same_as)


def answer_read(call: ToolCall, turn: OpenTurn) -> Answered:
    """What one of the desk's own tools found. Raises: ToolBroke."""
    tool = ANSWERS[call.name]
    try:
        return Answered(call, fit_answer(tool.answer(read_call(call), turn.desk)))
    except ToolRefused as refused:
        return Answered(call, refused.answer)
    except NotJson as error:
        return tool_failed(call, str(error), [Trouble(*last_trouble(Failure.TOOL_GARBLED))])
    except Exception as error:
        logger.exception("the tool %s failed in run %s", call.name, turn.run.pk)
        trouble = Trouble(*last_trouble(Failure.TOOL_FAILED))
        raise ToolBroke(tool_failed(call, f"It failed: {type(error).__name__}.", [trouble])) from error


def last_trouble(failure: Failure) -> tuple[Failure, int, Any]:
    """A failure that is not tried again."""
    return failure, 1, choose_remedy(failure, LAST_RUNG)


def tool_failed(call: ToolCall, what_was_wrong: str, troubles: Collection[Trouble]) -> Answered:
    """The error answer of a tool that gave none."""
    what_to_try = "Use another tool, tell the customer what is known without it, or escalate."
    return Answered(call, error_answer(TOOL_FAILED, what_was_wrong, what_to_try), troubles=tuple(troubles))
