"""One worker's hold on one run, what the run has spent, and why the worker lets go of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from agentdesk.agent.bounds import Bounds, Reached, Spent
from agentdesk.agent.course import CourseReader
from agentdesk.agent.failures import Failure, Remedy, choose_remedy
from agentdesk.agent.language_model import LanguageModel, Usage
from agentdesk.agent.providers import find_model, split_models
from agentdesk.agent.request_hash import RequestHasher
from agentdesk.runs.agent_versions import agent_in_force
from agentdesk.runs.log import Fact
from agentdesk.runs.models import Run

Clock = Callable[[], datetime]


@dataclass
class Work:
    """One worker's hold on one run.

    `pending` are facts that the next append of this worker stores as well. `wraps_up` is set once a bound is near: the
    reserve may be used from then on; `names_bound` once the log names it. `unfit` counts each thread's unfit turns in
    a row. Roles may ask models from several threads at once.
    """

    run: Run
    clock: Clock
    given: LanguageModel | Sequence[LanguageModel] | None = None
    started: float = field(default_factory=time.monotonic)
    leased: float = field(default_factory=time.monotonic)
    seq: int = 0
    pending: list[Fact] = field(default_factory=list)
    wraps_up: Reached | None = None
    names_bound: bool = False
    unfit: dict[str, int] = field(default_factory=dict)
    courses: CourseReader = field(default_factory=CourseReader)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        run = self.run
        given = self.given if isinstance(self.given, Sequence) else [self.given] if self.given else []
        self._given = {model.name: model for model in given}
        self._hashers: dict[str, RequestHasher] = {}
        self._spent = Spent(run.steps, run.input_tokens, run.output_tokens, Decimal(run.cost))

    @cached_property
    def bounds(self) -> Bounds:
        """How far this run may go, as it was when it started."""
        pinned = Bounds.model_validate(self.run.bounds)
        own = {"steps": self.run.step_limit, "wall_clock_seconds": self.run.wall_clock_seconds}
        return pinned.model_copy(update=own)

    @cached_property
    def daily_money(self) -> Decimal | None:
        """What all runs may spend in a day, in US dollars, as it was when this worker took the run."""
        return agent_in_force().daily_money

    @property
    def spent(self) -> Spent:
        """What the run has used so far, this worker's calls included."""
        return replace(self._spent, seconds=self.seconds_worked)

    def spend(self, usage: Usage, *, steps: int) -> None:
        """Counts what a model call took."""
        with self._lock:
            spent = self._spent
            self._spent = Spent(
                spent.steps + steps,
                spent.input_tokens + usage.input_tokens,
                spent.output_tokens + usage.output_tokens,
                spent.money + Decimal(usage.cost),
            )

    def count_unfit(self, failure: Failure, thread: str) -> Remedy:
        """Counts an unfit turn of a thread. Returns: what comes next after so many in a row."""
        self.unfit[thread] = self.unfit.get(thread, 0) + 1
        return choose_remedy(failure, self.unfit[thread])

    def take_pending(self) -> list[Fact]:
        """The facts that wait for an append; they wait no longer."""
        taken, self.pending = self.pending, []
        return taken

    def hasher(self, thread: str) -> RequestHasher:
        """What measures the requests of a thread."""
        return self._hashers.setdefault(thread, RequestHasher())

    def names(self, models: str = "") -> tuple[str, ...]:
        """The models to ask, in order: those this worker was given, else `models`, else those of the run."""
        return tuple(self._given) or split_models(models or self.run.model)

    def find(self, name: str) -> LanguageModel:
        """The model of this name. Raises: UnknownModel."""
        return self._given.get(name) or find_model(name)

    @property
    def seconds_worked(self) -> float:
        """How long the agent has worked on this run, waiting for people not counted."""
        return self.run.working_seconds + time.monotonic() - self.started


class Paused(Exception):
    """An admin paused the agent; no run takes a step."""


class OutOfBounds(Exception):
    """A bound of the run is reached."""

    def __init__(self, reached: Reached) -> None:
        super().__init__(f"{OutOfBounds.__doc__} ({reached.words})")
        self.reached = reached


class GivenUp(Exception):
    """What failed has no remedy left but people; the message says what it was."""


class OutOfTime(OutOfBounds):
    """The run's wall clock is over."""
