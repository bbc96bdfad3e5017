"""Short words for what a scripted model says, and for what a test asks of a run's log."""

from __future__ import annotations

import json
from typing import Any

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.runs.models import Event, Run, Text

CANCEL = {"order_id": "#W0000001", "reason": "no longer needed", "confidence": 0.9, "rationale": "asked for"}
DONE = Turn("All of it is done.")


def call(number: int, name: str, **arguments: object) -> Turn:
    """A turn with one call."""
    return say(ToolCall(f"call_{number}", name, arguments))


def say(*calls: ToolCall) -> Turn:
    """A turn with these calls."""
    return Turn(tool_calls=calls)


def answers_of(run: Run) -> list[dict[str, Any]]:
    """What the model was answered, in order."""
    bodies = dict(Text.objects.filter(run=run).values_list("sha256", "body"))
    told = Event.objects.filter(run=run, kind="tool.answered")
    return [json.loads(bodies[event.data["answer"]]) for event in told]


def kinds_of(run: Run) -> list[str]:
    """The kinds of the run's events, in order."""
    return list(Event.objects.filter(run=run).values_list("kind", flat=True))
