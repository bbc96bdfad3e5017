"""The transcript a model is sent: a fold over the run's events. There is no second copy.

A run has one main transcript and may have threads beside it: what a role was asked, what a workflow looked up and
decided. An event of a thread names it in its data, and is no part of the main transcript.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from agentdesk.agent.language_model import (
    Entry,
    ModelTurn,
    ToolAnswer,
    ToolCall,
    UserTurn,
    model_turn_from_json,
)
from agentdesk.runs.models import Event, EventKind, Text
from tickets.prepared import prepared


@dataclass(frozen=True)
class Transcript:
    """What the model has been told so far, and which of its calls nobody answered yet."""

    entries: tuple[Entry, ...]
    unanswered: tuple[ToolCall, ...]
    last_seq: int

    @property
    def is_complete(self) -> bool:
        """Whether the last word was the model's, and asked for nothing."""
        last = self.entries[-1] if self.entries else None
        return isinstance(last, ModelTurn) and not last.tool_calls


WORDED = {
    EventKind.RUN_STARTED: "brief",
    EventKind.MODEL_ANSWERED: "turn",
    EventKind.TOOL_ANSWERED: "answer",
    EventKind.RUN_RESUMED: "decisions",
    EventKind.RECOVERY_CHOSEN: "told",
    EventKind.WORKFLOW_STEPPED: "told",
    EventKind.ROLE_ASKED: "brief",
}
"""The events that can make a transcript, each with the name of its words; one without such words adds nothing."""


def fold_transcript(run_id: UUID, *, until: int | None = None) -> Transcript:
    """The main transcript after the event `until`, or after the last one."""
    return fold_thread(run_id, "", until=until)


def fold_thread(run_id: UUID, thread: str, *, until: int | None = None) -> Transcript:
    """The transcript of one thread of a run, begun by what its role was asked; "" is the main one."""
    events = worded_events(run_id) if until is None else worded_events_until(run_id, until)
    return fold(events, dict(words_of(run_id)), thread)


@prepared
def worded_events(run_id: UUID) -> QuerySet[Event]:
    """The events of a run that can make a transcript, in order."""
    return Event.objects.filter(run_id=run_id, kind__in=WORDED).order_by("seq")


@prepared
def worded_events_until(run_id: UUID, until: int) -> QuerySet[Event]:
    """Those of them up to one."""
    return Event.objects.filter(run_id=run_id, kind__in=WORDED, seq__lte=until).order_by("seq")


@prepared
def words_of(run_id: UUID) -> QuerySet[Text, tuple[str, str]]:
    """The words of a run's events, by their hash."""
    return Text.objects.filter(run_id=run_id).values_list("sha256", "body")


def fold(events: Sequence[Event], bodies: dict[str, str], thread: str = "") -> Transcript:
    """Events in order of seq, and the words they name, as the transcript of a thread.

    `last_seq` is that of the last event given, whichever thread it is of.
    """
    told = [event for event in events if is_told(event, thread)]
    entries = keep_answers_to_calls(entry_of(event, bodies) for event in told)
    return Transcript(entries, find_unanswered(entries), events[-1].seq if events else 0)


def is_told(event: Event, thread: str = "") -> bool:
    """Whether an event adds to the transcript of a thread."""
    name = WORDED.get(EventKind(event.kind))
    return name in event.data and event.data.get("thread", "") == thread


def entry_of(event: Event, bodies: dict[str, str]) -> Entry:
    """What one event that is told adds to its transcript."""
    words = bodies.get(event.data[WORDED[EventKind(event.kind)]], "")
    if event.kind == EventKind.MODEL_ANSWERED:
        return model_turn_from_json(json.loads(words))
    if event.kind == EventKind.TOOL_ANSWERED:
        return ToolAnswer(event.data["tool_call_id"], words)
    return UserTurn(words)


def keep_answers_to_calls(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries without answers to what no turn asked for: a workflow looks things up without a model's call."""
    kept: list[Entry] = []
    called: set[str] = set()
    for entry in entries:
        if isinstance(entry, ModelTurn):
            called.update(call.tool_call_id for call in entry.tool_calls)
        if not isinstance(entry, ToolAnswer) or entry.tool_call_id in called:
            kept.append(entry)
    return tuple(kept)


def find_unanswered(entries: Iterable[Entry]) -> tuple[ToolCall, ...]:
    """The calls of the last model turn that have no answer."""
    calls: tuple[ToolCall, ...] = ()
    answered: set[str] = set()
    for entry in entries:
        if isinstance(entry, ModelTurn):
            calls = entry.tool_calls
        elif isinstance(entry, ToolAnswer):
            answered.add(entry.tool_call_id)
    return tuple(call for call in calls if call.tool_call_id not in answered)
