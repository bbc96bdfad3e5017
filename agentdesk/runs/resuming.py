"""What a run's log says beside its transcript: unfit turns in a row, and whether it wraps up."""

from __future__ import annotations

from dataclasses import dataclass

from agentdesk.agent.bounds import Reached
from agentdesk.agent.failures import MALFORMED, Failure
from agentdesk.agent.loop import Standing
from agentdesk.runs.model_days import MODEL_CALLS
from agentdesk.runs.models import Event, EventKind, Run

TELLING = (*MODEL_CALLS, EventKind.TOOL_ANSWERED, EventKind.BOUND_REACHED)
FRESH_SEQ = 2
"""The events of a run that has not taken a step."""


@dataclass
class Past:
    """A fold over the log: `has_wrapped_up` once the one turn at a bound was taken."""

    unfit: int = 0
    wraps_up: Reached | None = None
    has_wrapped_up: bool = False
    _is_open: bool = False
    _is_bad: bool = False

    @property
    def standing(self) -> Standing:
        """For the loop."""
        return Standing(self.unfit, self.wraps_up is not None)

    def close_turn(self) -> None:
        """The last turn is whole: a sound one ends the row of unfit ones."""
        if self._is_open and not self._is_bad:
            self.unfit = 0
        self._is_open = self._is_bad = False

    def note_bad(self) -> None:
        """The last turn was unfit; told of twice, it counts once."""
        if not self._is_bad:
            self.unfit += 1
        self._is_bad = True

    def take(self, event: Event) -> None:
        """The next event of the main transcript."""
        data = event.data
        if event.kind == EventKind.MODEL_ANSWERED:
            self.close_turn()
            self._is_open = True
        elif event.kind == EventKind.BOUND_REACHED:
            self.has_wrapped_up = True
        elif event.kind == EventKind.TOOL_ANSWERED:
            if data.get("malformed"):
                self.note_bad()
        elif "bound" in data:
            self.wraps_up = Reached(data["bound"], data["limit"])
        elif data.get("failure") in MALFORMED - {Failure.TURN_INVALID}:
            if "model" in data:
                self.close_turn()
            self.note_bad()


def read_past(run: Run) -> Past:
    """What this run's log says, as it stands."""
    past = Past()
    if run.last_seq <= FRESH_SEQ:
        return past
    for event in Event.objects.filter(run=run, kind__in=TELLING).order_by("seq"):
        if not event.data.get("thread"):
            past.take(event)
    past.close_turn()
    return past
