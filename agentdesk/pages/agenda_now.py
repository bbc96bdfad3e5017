"""A run's agenda as it stands: its steps, those that fell away with the reason, what binds it and what it assumes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agentdesk.pages.inner_life import read_json
from agentdesk.runs.models import Event, EventKind
from agentdesk.runs.queries import words_of

SHAPING = (EventKind.AGENDA_MADE, EventKind.TOOL_ANSWERED, EventKind.STEP_ASSESSED)


@dataclass
class AgendaStep:
    """A step; `dropped` says why it fell away, empty where it stands."""

    id: str
    text: str
    tool: str = ""
    dropped: str = ""


@dataclass
class Assumption:
    """What was taken for true, and what an answer said to it: confirmed, or false."""

    id: str
    text: str
    verdict: str = ""


@dataclass
class AgendaNow:
    """The agenda that holds."""

    steps: list[AgendaStep] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    is_stated: bool = False


def agenda_now(run_id: UUID) -> AgendaNow | None:
    """The newest agenda of a run with all that has come to it since; None before there is one, or where it was erased.

    A workflow's steps are an agenda too, until the loop states its own.
    """
    made = Event.objects.filter(run_id=run_id, kind=EventKind.AGENDA_MADE).order_by("-seq")
    newest = next((event for event in made), None)
    if newest is None:
        return None
    since = Event.objects.filter(run_id=run_id, kind__in=SHAPING, seq__gte=newest.seq).order_by("seq")
    events = [event for event in since if event.data.get("thread", "") == newest.data.get("thread", "")]
    words = words_of(run_id, list(named(events)))
    agenda = read_agenda(newest, words)
    for event in events:
        if agenda and event.kind == EventKind.STEP_ASSESSED:
            assess(agenda, event, events, words)
    return agenda


def named(events: Iterable[Event]) -> Iterable[str]:
    """The words that are needed: the agenda, and the answers that broke something."""
    breaking = {event.data.get("tool_call_id") for event in events if event.data.get("breaks")}
    for event in events:
        if event.kind == EventKind.AGENDA_MADE:
            yield event.data.get("agenda", "")
        elif event.kind == EventKind.TOOL_ANSWERED and event.data.get("tool_call_id") in breaking:
            yield event.data.get("answer", "")


def read_agenda(event: Event, words: Mapping[str, str]) -> AgendaNow | None:
    """The agenda as it was made."""
    value = read_json(words.get(event.data.get("agenda", ""), ""))
    if not isinstance(value, Mapping) or not value.get("steps"):
        return None
    return AgendaNow(
        [AgendaStep(step["id"], step["text"], step.get("tool", "")) for step in value["steps"]],
        list(value.get("constraints", ())),
        [Assumption(one["id"], one["text"]) for one in value.get("assumptions", ())],
        event.data.get("source") == "model",
    )


def assess(agenda: AgendaNow, event: Event, events: Iterable[Event], words: Mapping[str, str]) -> None:
    """What one assessment did to the agenda."""
    found = findings_of(event, events, words)
    known = {one.id: one for one in agenda.assumptions}
    for name in event.data.get("confirms", ()):
        if name in known:
            known[name].verdict = "confirmed"
    broken = [known[name] for name in event.data.get("breaks", ()) if name in known]
    for one in broken:
        one.verdict = f"false{found.get(one.text, '')}"
    why = "; ".join(f"“{one.text}” is {one.verdict}" for one in broken) or "what it rested on is not so"
    for step in agenda.steps:
        if step.id in event.data.get("drops", ()):
            step.dropped = why


def findings_of(event: Event, events: Iterable[Event], words: Mapping[str, str]) -> dict[str, str]:
    """For each assumption an answer broke, by its words, what it found instead."""
    call = event.data.get("tool_call_id")
    answers = [
        read_json(words.get(one.data.get("answer", ""), ""))
        for one in events
        if one.kind == EventKind.TOOL_ANSWERED and one.data.get("tool_call_id") == call
    ]
    told: list[Any] = [one for answer in answers if isinstance(answer, Mapping) for one in broken_in(answer)]
    return {str(one.get("assumption", "")): f": {one['field']} is {one['found']}" for one in told if "found" in one}


def broken_in(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What an answer says of broken assumptions."""
    told = answer.get("assumption_broken")
    return [one for one in told if isinstance(one, Mapping) and "field" in one] if isinstance(told, list) else []
