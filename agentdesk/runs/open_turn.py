"""A turn whose calls are being answered: what is known so far, and what came of each call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from pydantic import ValidationError

from agentdesk.agent.assessing import FAILED, Assessment
from agentdesk.agent.bounds import ALL_TOOLS
from agentdesk.agent.course import MALFORMED, REPEATED, AnsweredCall, Course
from agentdesk.agent.failures import Failure, choose_remedy
from agentdesk.agent.language_model import ToolCall
from agentdesk.runs.gathering import is_handed, read_ticket
from agentdesk.runs.models import Run
from agentdesk.runs.read_tools import ANSWERS, Desk
from agentdesk.runs.tool_running import Trouble
from agentdesk.runs.verifying import Verification
from approvals.kinds import PROPOSABLE
from approvals.models import Action
from approvals.proposing import Held

UNASSESSED = Assessment(FAILED)


@dataclass(frozen=True)
class Answered:
    """What came of one call: the JSON value for the model, the action it became, and how it went.

    `answer` is None while an approved action is not carried out: the gate is asked first, in its own transaction.
    `is_known` where a worker that was killed had proposed the action before. `same_as` names the call whose answer was
    given again.
    """

    call: ToolCall
    answer: dict[str, Any] | None
    action: Action | None = None
    is_malformed: bool = False
    is_known: bool = False
    same_as: str = ""
    verification: Verification | None = None
    troubles: tuple[Trouble, ...] = ()
    assessment: Assessment = UNASSESSED

    @property
    def told(self) -> dict[str, Any]:
        """The answer, once there is one."""
        return cast(dict[str, Any], self.answer)

    @property
    def proposed(self) -> Action:
        """The action of a call that became one."""
        return cast(Action, self.action)


class ToolBroke(Exception):
    """One of the desk's own tools failed; the transaction it failed in may be spoilt."""

    def __init__(self, answered: Answered) -> None:
        super().__init__(answered.call.name)
        self.answered = answered


@dataclass
class OpenTurn:
    """A turn whose calls are being answered: its run, its thread, and what is known so far.

    `ready` are the answers of calls that left the process or went to a role, or whose tool broke. `tools` are the only
    ones that may be called; None: all the run's bounds allow.
    """

    run: Run
    course: Course
    now: datetime
    calls: tuple[ToolCall, ...]
    allowed: Collection[str] = ALL_TOOLS
    tools: Collection[str] | None = None
    held: Held | None = None
    thread: str = ""
    ready: Mapping[str, Answered] = field(default_factory=dict)
    proposed: list[Action] = field(default_factory=list)
    _desk: Desk | None = None

    @cached_property
    def ticket(self) -> dict[str, Any]:
        """The ticket as the run was told of it."""
        return read_ticket(self.course.brief)

    @property
    def writes(self) -> list[str]:
        """The write tools it calls."""
        return [call.name for call in self.calls if is_write(call)]

    @property
    def desk(self) -> Desk:
        """What the desk's own tools look at; the same view for all of the turn's reads up to its next proposal."""
        if self._desk is None:
            self._desk = Desk(self.run.ticket_id, self.run.pk)
        return self._desk

    def note_proposal(self, action: Action) -> None:
        """An action the turn has proposed: what is read after it shows it."""
        self.proposed.append(action)
        self._desk = None

    def find_action(self, call: ToolCall) -> Action | None:
        """The action this very call has become before."""
        return next((action for action in self.proposed if action.tool_call_id == call.tool_call_id), None)


def is_write(call: ToolCall) -> bool:
    """Whether a call would propose an action."""
    return call.name in PROPOSABLE


def name_of_tool(call: ToolCall) -> str:
    """A call's tool for the log; the name of none is the model's own words."""
    return call.name if call.name in ANSWERS or is_write(call) or is_handed(call) else "unknown"


def error_answer(error: str, what_was_wrong: str, what_to_try: str) -> dict[str, Any]:
    """An answer that says what was wrong."""
    return {"error": error, "what_was_wrong": what_was_wrong, "what_to_try": what_to_try}


def malformed(
    call: ToolCall, what_was_wrong: str, what_to_try: str = "Call it again with the fields it takes."
) -> Answered:
    """An error answer to a call that does not fit its tool."""
    return Answered(call, error_answer(MALFORMED, what_was_wrong, what_to_try), is_malformed=True)


def faults_in_words(error: ValidationError) -> str:
    """Every field that does not fit, with what is wrong."""
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())


def repeated(call: ToolCall, before: list[AnsweredCall]) -> Answered:
    """The error answer to the same call with the same arguments, once too often."""
    wrong = f"{call.name} was called with these arguments before, as {before[0].call.tool_call_id}; see its answer."
    what_to_try = "Go on from that answer: look up something else, ask the customer, or escalate."
    remedy = choose_remedy(Failure.CALL_REPEATED, len(before))
    trouble = Trouble(Failure.CALL_REPEATED, len(before) + 1, remedy)
    return Answered(call, error_answer(REPEATED, wrong, what_to_try), troubles=(trouble,))
