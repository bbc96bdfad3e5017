"""The agent's agenda: the steps it means to take, what binds it, what it assumes; stated, or told by its calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agentdesk.agent.language_model import ToolCall

MOST_STEPS = 40
MOST_OTHERS = 20
Id = Annotated[str, Field(min_length=1, max_length=40)]
Clause = Annotated[str, Field(min_length=1, max_length=500)]
Scalar = str | int | float | bool | None
BLOCK = re.compile(r"```\s*agenda\s*\n(.*?)```", re.DOTALL | re.IGNORECASE)


class Part(BaseModel):
    """A part of an agenda; what else a model says of it is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


class Step(Part):
    """One step: in words, with the tool it takes, and the steps and assumptions it rests on."""

    id: Id
    text: Clause
    tool: Annotated[str, Field(max_length=100)] = ""
    rests_on: Annotated[tuple[Id, ...], Field(max_length=MOST_OTHERS)] = ()


class Assumption(Part):
    """Something taken for true until an answer says otherwise.

    With a record's id, one of its fields (dots for nesting) and the value expected there, an answer settles it.
    """

    id: Id
    text: Clause
    record: Annotated[str, Field(max_length=100)] = ""
    field: Annotated[str, Field(max_length=100)] = ""
    expected: Scalar = None


class Agenda(Part):
    """Steps under the ids `s1`, `s2`, … and assumptions under `a1`, `a2`, …, whatever the model called them."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]
    constraints: Annotated[tuple[Clause, ...], Field(max_length=MOST_OTHERS)] = ()
    assumptions: Annotated[tuple[Assumption, ...], Field(max_length=MOST_OTHERS)] = ()
    source: Literal["model", "derived"] = "model"

    def to_json(self) -> dict[str, Any]:
        """The agenda as its words are stored."""
        return self.model_dump(mode="json", exclude={"source"})

    def resting_on(self, broken: Iterable[str]) -> frozenset[str]:
        """The ids of the steps that rest on any of these ids, directly or through other steps."""
        fallen = set(broken)
        while more := {step.id for step in self.steps if not fallen.isdisjoint(step.rests_on)} - fallen:
            fallen |= more
        return frozenset(step.id for step in self.steps if step.id in fallen)


def read_agenda(text: str) -> Agenda | None:
    """The agenda a turn states in a fenced block; None where it states none, or one that does not fit."""
    block = BLOCK.search(text)
    if block is None:
        return None
    try:
        stated = json.loads(block.group(1), parse_constant=refuse_constant)
        return rename(Agenda.model_validate({**stated, "source": "model"}))
    except (ValidationError, ValueError, TypeError, RecursionError):
        return None


def refuse_constant(name: str) -> None:
    """JSON has no NaN and no Infinity, and an answer that quotes one is none. Raises: ValueError."""
    raise ValueError(f"{name} is not JSON")


def rename(agenda: Agenda) -> Agenda | None:
    """The agenda under ids of the house's own; None where an id names two things.

    A model's ids are words of its own, and no words lie in the data of an event.
    """
    stated = [step.id for step in agenda.steps] + [assumption.id for assumption in agenda.assumptions]
    own = [f"s{place}" for place in range(1, len(agenda.steps) + 1)]
    own += [f"a{place}" for place in range(1, len(agenda.assumptions) + 1)]
    names = dict(zip(stated, own, strict=True))
    if len(names) != len(stated):
        return None
    steps = tuple(
        step.model_copy(update={"id": names[step.id], "rests_on": tuple(names[i] for i in step.rests_on if i in names)})
        for step in agenda.steps
    )
    assumptions = tuple(one.model_copy(update={"id": names[one.id]}) for one in agenda.assumptions)
    return agenda.model_copy(update={"steps": steps, "assumptions": assumptions})


def derive_agenda(calls: Sequence[ToolCall]) -> Agenda | None:
    """The agenda a turn without one shows by its calls; None where it makes none."""
    steps = tuple(
        Step(id=f"s{place}", text=f"call {call.name or 'a tool without a name'}", tool=call.name)
        for place, call in enumerate(calls[:MOST_STEPS], 1)
    )
    return Agenda(steps=steps, source="derived") if steps else None
