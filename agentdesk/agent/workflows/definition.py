"""What a workflow is: a list of named steps of four kinds, each saying by name what it does and where it leads.

A definition is data. Whatever a step does is a named Python function, found in a table; there is no expression
language. A workflow takes every step at most once, so it always ends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class StepKind(StrEnum):
    """The four kinds of steps."""

    DECISION = "AI decision"
    CONDITION = "condition"
    ACTION = "action"
    VERIFY = "verify"


class Ending(StrEnum):
    """Where a workflow can lead besides a step of its own."""

    DONE = "done"
    LOOP = "loop"
    PEOPLE = "people"


ENDING_TITLES: Mapping[Ending, str] = {
    Ending.DONE: "Done: what was proposed waits or has happened",
    Ending.LOOP: "The agent goes on by itself",
    Ending.PEOPLE: "People take over",
}


@dataclass(frozen=True)
class Step:
    """One step. `does` names a function of the step's kind; `next` says, per outcome, which step or ending follows.

    `title` is a sentence for people.
    """

    name: str
    kind: StepKind
    does: str
    title: str
    next: Mapping[str, str]


@dataclass(frozen=True)
class Workflow:
    """A named list of steps, the first of which is taken first. `version` is by content."""

    name: str
    title: str
    steps: tuple[Step, ...]
    version: str = field(default="", compare=False)

    @property
    def asks_model(self) -> bool:
        """Whether one of its steps is an AI decision."""
        return any(step.kind == StepKind.DECISION for step in self.steps)

    def step(self, name: str) -> Step:
        """The step of this name. Raises: KeyError."""
        return next((step for step in self.steps if step.name == name), None) or self._missing(name)

    def _missing(self, name: str) -> Step:
        raise KeyError(f"the workflow {self.name} has no step {name}")

    def branches(self) -> Iterator[tuple[Step, str, str]]:
        """Every branch: the step, the outcome, and where it leads."""
        for step in self.steps:
            for outcome, target in step.next.items():
                yield step, outcome, target


def version_of(workflow: Workflow) -> str:
    """A version by content: it changes with every word of a definition."""
    steps = [[step.name, step.kind, step.does, step.title, dict(step.next)] for step in workflow.steps]
    value = json.dumps([workflow.name, workflow.title, steps], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(value.encode()).hexdigest()[:12]
