"""The best partial result of a run, from its log alone: what was found, done and proposed, and what is left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agentdesk.agent.language_model import ModelTurn, ToolAnswer, ToolCall
from agentdesk.agent.tools import READ_TOOLS
from agentdesk.runs.models import Event, EventKind, Run, Text
from agentdesk.runs.transcript import Transcript, fold_transcript
from approvals.models import Action, ActionStatus
from tickets.effects import describe, effect_from_json

LONGEST_SUMMARY = 9_000
LONGEST_WORDS = 800
"""Characters of the model's own last words."""
LONGEST_LINE = 400
HAPPENED = frozenset({ActionStatus.EXECUTED, ActionStatus.EXECUTING})
OPEN = frozenset({ActionStatus.WAITING, ActionStatus.APPROVED, ActionStatus.PLANNED})


def sum_up(run: Run, reason: str, last_words: str = "") -> str:
    """A handover for people, in lines; in the caller's transaction, before what is undecided is overtaken."""
    transcript = fold_transcript(run.pk)
    actions = list(Action.objects.filter(origin=run.pk).order_by("place"))
    parts = [
        (None, [reason]),
        ("Done:", [line_of(one) for one in actions if one.status in HAPPENED]),
        ("Proposed, and not decided when it ended:", [line_of(one) for one in actions if one.status in OPEN]),
        ("Not done:", [f"{line_of(one)}: {one.status_reason or one.status}" for one in actions if is_off(one)]),
        ("Looked up:", looked_up(transcript)),
        ("Left of its agenda:", left_of_agenda(run, transcript)),
        ("Its last words:", [(last_words or own_words(transcript))[:LONGEST_WORDS]]),
    ]
    lines = [line for title, items in parts for line in titled(title, items)]
    return "\n".join(lines)[:LONGEST_SUMMARY]


def titled(title: str | None, items: Iterable[str]) -> list[str]:
    """A part of the summary; nothing where it is empty."""
    lines = [item[:LONGEST_LINE] if title != "Its last words:" else item for item in items if item.strip()]
    if title is None or not lines:
        return lines
    return [title, *(f"- {line}" for line in lines)]


def is_off(action: Action) -> bool:
    """Whether an action will not happen, or nobody knows."""
    return action.status not in HAPPENED and action.status not in OPEN


def line_of(action: Action) -> str:
    """An action in one line."""
    effects = "; ".join(describe(effect_from_json(effect)) for effect in action.effects)
    return f"{action.kind}: {effects}" if effects else action.kind


def answered_calls(transcript: Transcript) -> list[ToolCall]:
    """The calls that were answered with something other than what was wrong."""
    told = {entry.tool_call_id: entry.content for entry in transcript.entries if isinstance(entry, ToolAnswer)}
    calls = [call for entry in transcript.entries if isinstance(entry, ModelTurn) for call in entry.tool_calls]
    return [call for call in calls if is_found(told.get(call.tool_call_id))]


def looked_up(transcript: Transcript) -> list[str]:
    """Each look-up that was answered, once."""
    return list(dict.fromkeys(words_of(call) for call in answered_calls(transcript) if call.name in READ_TOOLS))


def is_found(content: str | None) -> bool:
    """Whether an answer tells something other than what was wrong."""
    answer = json.loads(content) if content else {}
    return bool(answer) and not (isinstance(answer, dict) and "error" in answer)


def words_of(call: ToolCall) -> str:
    """A look-up with what was asked for."""
    asked = call.arguments.values() if isinstance(call.arguments, Mapping) else ()
    return " ".join([call.name, *(str(value) for value in asked if value is not None)])


def own_words(transcript: Transcript) -> str:
    """What the model said last, beside its calls."""
    said = [entry.text.strip() for entry in transcript.entries if isinstance(entry, ModelTurn)]
    return next((text for text in reversed(said) if text), "")


def left_of_agenda(run: Run, transcript: Transcript) -> list[str]:
    """The steps of the last agenda whose tool was never answered; a step that names none may be left too."""
    events = Event.objects.filter(run=run, kind=EventKind.AGENDA_MADE).order_by("-seq")
    made = next((event for event in events if not event.data.get("thread")), None)
    body = Text.objects.filter(run=run, sha256=made.data.get("agenda", "")).first() if made is not None else None
    steps: list[dict[str, Any]] = json.loads(body.body).get("steps", []) if body is not None and body.body else []
    used = {call.name for call in answered_calls(transcript)}
    return [str(step["text"]) for step in steps if step.get("tool") not in used]
