"""Counting: what is added up for one kind while its past goes by. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from approvals.autonomy.estimates import Sums
from approvals.backtest.fates import WRONG, Fate, Lesson
from approvals.backtest.past import Past

ENOUGH_SECONDS = 20_000
"""Looking times kept for the median of a kind; what comes later no longer moves it much."""


@dataclass(slots=True)
class Labels:
    """What an estimate of the share of wrong ones takes; what is certain stands beside what was drawn."""

    count: int = 0
    wrong: int = 0
    drawn: Sums = field(default_factory=Sums)
    certain: Sums = field(default_factory=Sums)

    def add(self, lesson: Lesson) -> None:
        """One more action, where anybody looked."""
        if lesson.label is None:
            return
        weight, is_wrong = lesson.label
        self.count += 1
        self.wrong += is_wrong
        (self.certain if lesson.is_certain else self.drawn).add(weight, is_wrong=is_wrong)


@dataclass(slots=True)
class Looking:
    """How long people looked: what is known of those that wait, and all known times of the kind for their median."""

    known: float = 0.0
    times_known: int = 0
    waits: int = 0
    times: list[float] = field(default_factory=list)

    def note(self, seconds: float | None, *, waits: bool) -> None:
        """One action: its own time counts where it would wait, and towards the median in any case."""
        self.waits += waits
        if seconds is None:
            return
        if len(self.times) < ENOUGH_SECONDS:
            self.times.append(seconds)
        if waits:
            self.known += seconds
            self.times_known += 1


@dataclass(slots=True)
class Tally:
    """One kind, counted: under the draft, and how that compares with what happened."""

    by_itself: int = 0
    waits: int = 0
    refused: int = 0
    shadow: int = 0
    over_ceiling: int = 0
    amount: Decimal = Decimal(0)
    newly: Counter[Fate] = field(default_factory=Counter)
    newly_amount: Decimal = Decimal(0)
    newly_wrong_amount: Decimal = Decimal(0)
    no_longer: int = 0
    happened: Counter[Fate] = field(default_factory=Counter)
    labels: Labels = field(default_factory=Labels)
    looking: Looking = field(default_factory=Looking)

    def add_allowed(self, past: Past) -> None:
        """One that would run by itself."""
        amount = past.facts.amount
        self.by_itself += 1
        self.amount += amount
        self.labels.add(past.lesson)
        if not past.lesson.ran_by_itself:
            self.newly[past.lesson.fate] += 1
            self.newly_amount += amount
            if past.lesson.fate in WRONG:
                self.newly_wrong_amount += amount

    def add_other(self, past: Past, *, is_refused: bool, is_shadow: bool) -> None:
        """One that would be refused, be planned only, or wait for a person."""
        self.no_longer += past.lesson.ran_by_itself
        if is_refused:
            self.refused += 1
        elif is_shadow:
            self.shadow += 1
        else:
            self.waits += 1


@dataclass(slots=True)
class Ceilings:
    """What a draft's ceilings let through on each day, in order of time, as the gate counts it."""

    of_kind: dict[str, Decimal | None]
    of_all: Decimal | None
    day: str = ""
    moved: dict[str, Decimal] = field(default_factory=dict)

    def let_through(self, past: Past) -> bool:
        """Whether both counters of the day take this amount; they are raised only together."""
        amount, kind = past.facts.amount, past.facts.kind
        if not amount:
            return True
        if past.day != self.day:
            self.day, self.moved = past.day, {}
        new = [(kind, self.of_kind.get(kind)), ("*", self.of_all)]
        raised = {name: self.moved.get(name, Decimal(0)) + amount for name, _ in new}
        if any(ceiling is not None and raised[name] > ceiling for name, ceiling in new):
            return False
        self.moved |= raised
        return True


SEVERITY = {Fate.UNDONE: 4, Fate.REJECTED: 4, Fate.EDITED: 3, Fate.UNDECIDED: 2, Fate.APPROVED: 1}


@dataclass(slots=True)
class Worst:
    """The worst of those that would newly run by themselves, as many as fit, found in one pass."""

    size: int
    heap: list[tuple[int, Decimal, str, Past]] = field(default_factory=list)

    def note(self, past: Past) -> None:
        """Keeps it while it is among the worst: what was wrong before what is unknown, then by amount."""
        one = (SEVERITY[past.lesson.fate], past.facts.amount, past.action_id, past)
        if len(self.heap) < self.size:
            heapq.heappush(self.heap, one)
        elif one > self.heap[0]:
            heapq.heapreplace(self.heap, one)

    def in_order(self) -> list[Past]:
        """The worst first."""
        return [past for *_, past in sorted(self.heap, key=lambda one: one[:3], reverse=True)]
