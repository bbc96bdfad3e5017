"""The course of a run so far, as a fold over its transcript: what was asked and answered, and what still holds.

Everything the house knows of a run's inner life is worked out from what the model was told; there is no second copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agentdesk.agent.agenda import Agenda, Step, derive_agenda, read_agenda
from agentdesk.agent.assessing import Assessment, assess_answer, own_value
from agentdesk.agent.language_model import Entry, ModelTurn, ToolCall, UserTurn
from agentdesk.agent.repairing import key_values, plain
from agentdesk.agent.tools import READ_TOOLS, STATED
from approvals.kinds import PROPOSABLE

MALFORMED = "malformed call"
REPEATED = "call repeated"
TOOL_FAILED = "tool failed"
NOT_ALLOWED = "tool not allowed"
HOUSE_ERRORS = frozenset({MALFORMED, REPEATED, TOOL_FAILED, NOT_ALLOWED})
"""What the house answers by itself, whatever the tool."""
DECISIONS = "Decisions:"
OVERLAID = "as it will be with this run's proposed actions"
MOST_EXECUTIONS = 2
"""How often the same call is answered; after that it is only told to try something else."""


@dataclass(frozen=True)
class AnsweredCall:
    """A call with its answer, without what the house added to that.

    `place` counts changes of what is seen; `thread` is the part of the run that was told the answer.
    """

    call: ToolCall
    value: Mapping[str, Any]
    place: int
    key: str
    thread: str = ""

    @property
    def is_write(self) -> bool:
        """Whether it proposed something."""
        return self.call.name in PROPOSABLE

    @property
    def is_malformed(self) -> bool:
        """Whether it did not fit its tool."""
        return self.value.get("error") == MALFORMED

    @property
    def is_failed(self) -> bool:
        """Whether its tool gave no answer, so that another try may give one."""
        return self.value.get("error") == TOOL_FAILED


@dataclass
class Course:
    """A run's course. It is built by telling it what happened, in order."""

    brief: str = ""
    calls: list[AnsweredCall] = field(default_factory=list)
    agenda: Agenda | None = None
    dropped: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    to_repair: list[ToolCall] = field(default_factory=list)
    has_turns: bool = False
    _seen: set[str] = field(default_factory=set)
    _changes: int = 0
    _called: dict[str, ToolCall] = field(default_factory=dict)
    _last: set[str] = field(default_factory=set)

    def copy(self) -> Course:
        """The course so far, to go on from in a transaction that may be rolled back."""
        return replace(
            self, calls=list(self.calls), dropped=set(self.dropped), settled=set(self.settled), _seen=set(self._seen)
        )

    def note_told(self, text: str) -> None:
        """What the house told the model: the brief first; that people decided changes what is seen."""
        if not self.brief:
            self.brief = text
        elif text.startswith(DECISIONS):
            self._changes += 1

    def note_turn(self, text: str, calls: Iterable[ToolCall]) -> Agenda | None:
        """A model's turn. Returns: the agenda it made; a first turn that states none makes one by its calls."""
        asked = list(calls)
        made = read_agenda(text)
        if made is None and not self.has_turns:
            made = derive_agenda(asked)
        self.has_turns = self.has_turns or bool(asked)
        self.end_turn()
        self.expect(asked)
        self._last = {call.tool_call_id for call in asked}
        if made is not None:
            self.take_agenda(made)
        return made

    def end_turn(self) -> None:
        """A turn with a sound write repairs what there was to repair; its malformed calls are to be repaired next."""
        last = [one for one in self.calls if one.call.tool_call_id in self._last]
        if any(one.is_write and not one.is_malformed for one in last):
            self.to_repair = []
        self.to_repair = [*self.to_repair, *(one.call for one in last if one.is_malformed and is_no_read(one.call))]

    def expect(self, calls: Iterable[ToolCall]) -> None:
        """Calls that are to be answered."""
        self._called = {**self._called, **{call.tool_call_id: call for call in calls}}

    def take_agenda(self, agenda: Agenda) -> None:
        """A new agenda stands instead of the old one; what was answered before speaks to its assumptions too."""
        self.agenda, self.dropped, self.settled = agenda, set(), set()
        for one in self.calls:
            if not one.is_write:
                self.weigh(one.call, one.value, set())

    def note_answer(self, call: ToolCall, answer: Mapping[str, Any], thread: str = "") -> Assessment:
        """The answer to a call. Returns: what it brought."""
        value = own_value(answer)
        assessment = self.weigh(call, value, self._seen)
        is_change = call.name in PROPOSABLE and value.get("outcome") in ("proposed", "done")
        self._changes += is_change
        self.calls.append(AnsweredCall(call, value, self._changes, key_of(call), thread))
        return assessment

    def note_proposal(self) -> None:
        """An action that the gate is still to be asked about changes what is seen already."""
        self._changes += 1

    def weigh(self, call: ToolCall, value: Mapping[str, Any], seen: set[str]) -> Assessment:
        """Assesses an answer and keeps what it settles."""
        found = assess_answer(
            value,
            seen=seen,
            agenda=self.agenda,
            settled=self.settled,
            is_overlaid=value.get("note") == OVERLAID,
            is_write=call.name in PROPOSABLE,
        )
        self.settled.update(found.confirmed, (one.assumption.id for one in found.broken))
        self.dropped.update(found.dropped)
        return found

    def note_stored(self, tool_call_id: str, content: str, tool: str = "", thread: str = "") -> None:
        """A stored answer to a call; `tool` answered it, where no turn had asked."""
        call = self._called.get(tool_call_id) or (ToolCall(tool_call_id, tool, None) if tool else None)
        if call is not None:
            self.note_answer(call, read_answer(content), thread)

    def same_reads(self, call: ToolCall) -> list[AnsweredCall]:
        """The sound answers to exactly this call since anything that changes what is seen."""
        key = key_of(call)
        return [one for one in self.calls if one.place == self._changes and one.key == key]

    def same_writes(self, call: ToolCall) -> list[AnsweredCall]:
        """The sound answers to exactly this proposal in the whole run."""
        key = key_of(call)
        return [one for one in self.calls if one.key == key and not one.is_malformed]

    def fallen_step(self, call: ToolCall) -> Step | None:
        """The dropped step a proposal takes all the same, if it takes one.

        Where a step that still stands takes the same tool, only a dropped one that names this order is meant.
        """
        steps = [step for step in self.agenda.steps if step.tool == call.name] if self.agenda else []
        fallen = [step for step in steps if step.id in self.dropped]
        if len(fallen) == len(steps):
            return fallen[0] if fallen else None
        ids = [plain(one) for values in key_values(call.arguments).values() for one in values]
        return next((step for step in fallen if any(one in step.text.casefold() for one in ids)), None)


def is_no_read(call: ToolCall) -> bool:
    """Whether a call named a write tool, or none that is known."""
    return call.name not in READ_TOOLS


def read_course(entries: Iterable[Entry]) -> Course:
    """The course a transcript shows."""
    return take_entries(Course(), entries)


def take_entries(course: Course, entries: Iterable[Entry]) -> Course:
    """The same course, after these entries of its transcript too."""
    for entry in entries:
        if isinstance(entry, UserTurn):
            course.note_told(entry.text)
        elif isinstance(entry, ModelTurn):
            course.note_turn(entry.text, entry.tool_calls)
        else:
            course.note_stored(entry.tool_call_id, entry.content)
    return course


class CourseReader:
    """Reads the course of a transcript that grows: what was read before is not read again."""

    def __init__(self) -> None:
        self._entries: tuple[Entry, ...] = ()
        self._course = Course()

    def read(self, entries: Sequence[Entry]) -> Course:
        """The course these entries show, the caller's own to go on with."""
        known = len(self._entries)
        if any(one is not other for one, other in zip(self._entries, entries, strict=False)) or known > len(entries):
            known, self._course = 0, Course()
        take_entries(self._course, entries[known:])
        self._entries = tuple(entries)
        return self._course.copy()


def read_answer(content: str) -> dict[str, Any]:
    """A stored answer as a value; words that were erased are an empty one."""
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def key_of(call: ToolCall) -> str:
    """What makes two calls the same: the tool and its arguments, without what a model states about them."""
    arguments = call.arguments
    if isinstance(arguments, Mapping):
        arguments = {name: plain_value(name, part) for name, part in arguments.items() if name not in STATED}
        arguments = {name: part for name, part in arguments.items() if part is not None}
    return f"{call.name} {json.dumps(arguments, sort_keys=True, ensure_ascii=False, default=str)}"


def plain_value(name: str, value: Any) -> Any:
    """A value as it compares: outer and doubled spaces say nothing, nor does an order number's `#`."""
    if isinstance(value, str):
        text = " ".join(value.split())
        return text.lstrip("#") if name == "order_id" else text
    if isinstance(value, Mapping):
        return {inner: plain_value(inner, part) for inner, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value("", part) for part in value]
    return value
