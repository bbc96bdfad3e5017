"""Whether a run still gets anywhere: steps in a row that brought no new answer and no new proposal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from agentdesk.agent.language_model import Entry, ModelTurn, ToolAnswer

MOST_IDLE_STEPS = 3
"""Steps in a row that may change neither findings nor confidence; after so many the run is ended early."""
DECISIONS = "Decisions:"
"""How the news of what people decided begins."""
PASSING = frozenset({"action_id", "receipt", "assumption_broken", "same_as", "cut"})
"""Parts of an answer that differ without telling anything new."""


class Progress:
    """Counts idle steps. It is told a run's entries in order, the stored ones first."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._seen: set[str] = set()
        self._idle = 0
        self._is_open = False
        self._has_news = False
        self.take(entries)

    def take(self, entries: Iterable[Entry]) -> None:
        """Takes in what was said next."""
        for entry in entries:
            if isinstance(entry, ModelTurn):
                self._close_step()
                self._is_open, self._has_news = True, False
            elif isinstance(entry, ToolAnswer):
                self._has_news |= self._is_new(entry)
            elif entry.text.startswith(DECISIONS):
                self._close_step()
                self._idle, self._is_open = 0, False

    @property
    def idle_steps(self) -> int:
        """How many steps in a row brought nothing new, up to now."""
        return 0 if self._is_open and self._has_news else self._idle + self._is_open

    def _close_step(self) -> None:
        self._idle = self.idle_steps

    def _is_new(self, answer: ToolAnswer) -> bool:
        told = key_of(json.loads(answer.content))
        is_new = told is not None and told not in self._seen
        if told is not None:
            self._seen.add(told)
        return is_new


def key_of(answer: Any) -> str | None:
    """What an answer tells; None where it only tells what was wrong."""
    if isinstance(answer, dict):
        if "error" in answer:
            return None
        answer = {name: part for name, part in answer.items() if name not in PASSING}
    return json.dumps(answer, sort_keys=True)
