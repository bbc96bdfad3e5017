"""The phase before a turn's transaction: calls that leave the process, all at once, and those that go to a role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection

from agentdesk.agent.bounds import seconds_left
from agentdesk.agent.course import key_of
from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import ToolCall
from agentdesk.runs.cutting import NotJson, fit_answer
from agentdesk.runs.gathering import is_handed
from agentdesk.runs.leases import renewing
from agentdesk.runs.open_turn import Answered, OpenTurn
from agentdesk.runs.read_tools import ANSWERS, Desk, ToolRefused
from agentdesk.runs.tool_calls import answer_at_once, last_trouble, read_call, tool_failed
from agentdesk.runs.tool_running import Chance, Ran, Trouble, run_together
from agentdesk.runs.work import Work

NOT_KNOWN = "The agent was interrupted while the tool worked; whether it did is not known."


def leaves(call: ToolCall) -> bool:
    """Whether a call is answered outside this process, or by a role, and so never inside a transaction."""
    return is_handed(call) or (call.name in ANSWERS and ANSWERS[call.name].leaves_process)


def answer_outside(turn: OpenTurn, work: Work, *, is_resumed: bool) -> dict[str, Answered]:
    """The answers of a turn's calls that leave, by the call's id; looked up once where two ask the same.

    Args:
        is_resumed: whether a worker before this one may have run them already.
    Raises: whatever asking a role's model does.
    """
    ready: dict[str, Answered] = {}
    first: dict[str, ToolCall] = {}
    for call in filter(leaves, turn.calls):
        at_once = answer_at_once(call, turn) or (not_known(call) if is_resumed else None)
        if at_once is not None:
            ready[call.tool_call_id] = at_once
        else:
            first.setdefault(key_of(call), call)
    ready |= run_all([call for call in first.values() if not is_handed(call)], turn, work)
    for call in first.values():
        if is_handed(call):
            ready[call.tool_call_id] = hand_over(call, work)
    ready |= {
        call.tool_call_id: answer_alike(call, ready[first[key_of(call)].tool_call_id])
        for call in turn.calls
        if leaves(call) and call.tool_call_id not in ready
    }
    return ready


def not_known(call: ToolCall) -> Answered | None:
    """The answer of a call that may have been made and must not be made twice."""
    is_safe = is_handed(call) or ANSWERS[call.name].is_idempotent
    return None if is_safe else tool_failed(call, NOT_KNOWN, [Trouble(*last_trouble(Failure.TOOL_FAILED))])


def answer_alike(call: ToolCall, answered: Answered) -> Answered:
    """The answer of the same call in the same turn, given again."""
    return Answered(call, answered.answer, same_as=answered.call.tool_call_id)


def run_all(calls: Sequence[ToolCall], turn: OpenTurn, work: Work) -> dict[str, Answered]:
    """Runs the tools beside each other, within what is left of the run's time; no connection is held meanwhile."""
    if not calls:
        return {}
    if not connection.in_atomic_block:
        connection.close()
    left = seconds_left(work.spent, work.bounds, wraps_up=work.wraps_up is not None)
    jobs = [(job_of(call, turn), chance_of(call)) for call in calls]
    with renewing(work.run):
        ran = run_together(jobs, left)
    return {call.tool_call_id: answer_of(call, one) for call, one in zip(calls, ran, strict=True)}


def job_of(call: ToolCall, turn: OpenTurn) -> Callable[[], Any]:
    """A call as a function of nothing; a refusal is an answer like any other."""
    tool = ANSWERS[call.name]

    def look() -> Any:
        try:
            return tool.answer(read_call(call), Desk(turn.run.ticket_id, turn.run.pk))
        except ToolRefused as refused:
            return refused.answer

    return partial(look)


def chance_of(call: ToolCall) -> Chance:
    """How a tool may be tried."""
    tool = ANSWERS[call.name]
    return Chance(tool.timeout_seconds, tool.retryable, tool.is_idempotent)


def answer_of(call: ToolCall, ran: Ran) -> Answered:
    """What came of running a tool, as its answer."""
    if ran.is_failed:
        return tool_failed(call, ran.what_was_wrong, ran.troubles)
    return fitted(call, ran.value, ran.troubles)


def fitted(call: ToolCall, value: Any, troubles: tuple[Trouble, ...] = ()) -> Answered:
    """A value as an answer the model can be given."""
    try:
        return Answered(call, fit_answer(value), troubles=troubles)
    except NotJson as error:
        return tool_failed(call, str(error), [*troubles, Trouble(*last_trouble(Failure.TOOL_GARBLED))])


def hand_over(call: ToolCall, work: Work) -> Answered:
    """What a role answered."""
    # A role has its own calls answered by this room, so its room is known here only when it is needed.
    from agentdesk.runs.handing import HANDED

    handed: Mapping[str, Callable[[ToolCall, Work], dict[str, Any]]] = HANDED
    return fitted(call, handed[call.name](call, work))
