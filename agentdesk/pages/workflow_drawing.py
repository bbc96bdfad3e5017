"""Drawing a workflow: its steps in one column, what leaves it beside them. Positions only; the template draws.

Lengths are units of the drawing's own box, which is as wide as a phone; one unit is about a pixel there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentdesk.agent.workflows.definition import Ending, Step, Workflow

WIDTH = 332
MARGIN = 14
STEP_WIDTH = 190
EXIT_LEFT = 226
EXIT_WIDTH = 104
EXIT_HEIGHT = 40
EXIT_GAP = 6
LINE = 17
HEAD = 22
FOOT = 10
GAP = 38
LONGEST_LINE = 23
"""Characters of a title on one line."""
EXIT_WORDS: Mapping[str, str] = {Ending.DONE: "Done", Ending.LOOP: "Agent goes on", Ending.PEOPLE: "To people"}

Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Box:
    """A step: where it stands, and its title line by line."""

    step: Step
    top: int
    height: int
    lines: tuple[tuple[int, str], ...]

    @property
    def middle(self) -> int:
        """Half its height, from the drawing's top."""
        return self.top + self.height // 2

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.top + self.height


@dataclass(frozen=True)
class Exit:
    """A branch that leaves the workflow beside its step."""

    outcome: str
    ending: str
    words: str
    count: int
    top: int
    line: str

    @property
    def middle(self) -> int:
        """Half its height, from the drawing's top."""
        return self.top + EXIT_HEIGHT // 2


@dataclass(frozen=True)
class Arrow:
    """A branch that goes down, to the next step or past it, with its label beside it."""

    outcome: str
    count: int
    line: str
    label_left: int
    label_top: int


@dataclass(frozen=True)
class Drawing:
    """A workflow's drawing. `last` is where the ending below the last step stands, None where none does."""

    workflow: Workflow
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    exits: tuple[Exit, ...]
    last: tuple[int, str, str] | None


def draw_workflow(workflow: Workflow, counts: Counts) -> Drawing:
    """Places steps, branches and endings; `counts` is how often each (step, outcome) was taken."""
    last = last_of(workflow)
    boxes = tuple(place_boxes(workflow, last))
    downward = {boxes[-1].step.name: last}
    exits = tuple(exit_ for box in boxes for exit_ in place_exits(box, counts, downward.get(box.step.name)))
    arrows = tuple(arrow for box in boxes for arrow in place_arrows(box, boxes, counts, downward.get(box.step.name)))
    floor = max([boxes[-1].bottom, *(one.top + EXIT_HEIGHT for one in exits)])
    if last is None:
        return Drawing(workflow, floor + MARGIN, boxes, arrows, exits, None)
    top = boxes[-1].bottom + GAP
    ending = workflow.steps[-1].next[last]
    below = (top, ending, EXIT_WORDS[ending])
    return Drawing(workflow, max(floor, top + EXIT_HEIGHT - LINE) + MARGIN, boxes, arrows, exits, below)


def place_boxes(workflow: Workflow, last: str | None) -> Iterator[Box]:
    """The steps in one column, each below the one before and as high as what leaves beside it."""
    top = MARGIN
    for step in workflow.steps:
        lines = textwrap.wrap(step.title, LONGEST_LINE)
        beside = sum(target in EXIT_WORDS for target in step.next.values())
        beside -= step is workflow.steps[-1] and last is not None
        height = max(HEAD + LINE * len(lines) + FOOT, beside * (EXIT_HEIGHT + EXIT_GAP))
        placed = tuple((top + HEAD + LINE * number, line) for number, line in enumerate(lines, 1))
        yield Box(step, top, height, placed)
        top += height + GAP


def last_of(workflow: Workflow) -> str | None:
    """The outcome of the last step that leads down to an ending: its first one, where that ends the workflow."""
    outcome, target = next(iter(workflow.steps[-1].next.items()))
    return outcome if target in EXIT_WORDS else None


def place_exits(box: Box, counts: Counts, down: str | None) -> Iterator[Exit]:
    """The branches of a step that leave the workflow, one below the other, beside it."""
    leaving = [
        (outcome, target) for outcome, target in box.step.next.items() if target in EXIT_WORDS and outcome != down
    ]
    tall = len(leaving) * (EXIT_HEIGHT + EXIT_GAP) - EXIT_GAP
    for number, (outcome, target) in enumerate(leaving):
        top = box.middle - tall // 2 + number * (EXIT_HEIGHT + EXIT_GAP)
        middle = top + EXIT_HEIGHT // 2
        line = f"M{MARGIN + STEP_WIDTH} {middle}H{EXIT_LEFT - 2}"
        yield Exit(outcome, target, EXIT_WORDS[target], counts.get((box.step.name, outcome), 0), top, line)


def place_arrows(box: Box, boxes: tuple[Box, ...], counts: Counts, down: str | None) -> Iterator[Arrow]:
    """The branches of a step that go on: straight to what stands below, past others along the margin.

    `down` is the outcome by which the last step ends, for that step alone.
    """
    places = {one.step.name: number for number, one in enumerate(boxes)}
    centre = MARGIN + STEP_WIDTH // 2
    for outcome, target in box.step.next.items():
        count = counts.get((box.step.name, outcome), 0)
        if outcome == down or places.get(target) == places[box.step.name] + 1:
            yield Arrow(outcome, count, f"M{centre} {box.bottom}v{GAP - 2}", centre + 8, box.bottom + 23)
        elif target in places:
            to = boxes[places[target]].middle
            line = f"M{MARGIN} {box.middle}C2 {box.middle} 2 {to} {MARGIN - 2} {to}"
            yield Arrow(outcome, count, line, MARGIN, box.bottom + 14)
