"""One kind's past under its two handles, least confidence and largest amount: judged on all else, counted by stops.

A handle stands on a stop, so the counts for wherever it stands are sums of cells: exact, and small enough for a page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from approvals.backtest.fates import Fate
from approvals.backtest.figures import ASSUMED_SECONDS, Figures, figures_of
from approvals.backtest.past import Past, Window, days_of, read_past
from approvals.backtest.rules import Outcome, Rule, compile_rule
from approvals.backtest.tallies import Ceilings, Labels, Looking
from approvals.backtest.trying import Trial
from approvals.policy import Policy

HUNDREDTHS = tuple(Decimal(number).scaleb(-2) for number in range(101))
AMOUNTS = tuple(
    Decimal(number)
    for number in (0, 1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750,
                   1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 50_000, 100_000)
)  # fmt: skip


@dataclass(slots=True)
class Cell:
    """Actions that only the handles decide on: between two stops of each."""

    count: int = 0
    ran: int = 0
    newly: Counter[Fate] = field(default_factory=Counter)
    cents: int = 0
    seconds: float = 0.0
    times: int = 0
    labels: Labels = field(default_factory=Labels)

    def add(self, past: Past) -> None:
        """One more."""
        self.count += 1
        self.cents += int(past.facts.amount * 100)
        if past.seconds is not None:
            self.seconds += past.seconds
            self.times += 1
        self.labels.add(past.lesson)
        if past.lesson.ran_by_itself:
            self.ran += 1
        else:
            self.newly[past.lesson.fate] += 1


@dataclass(slots=True)
class Fixed:
    """Actions that neither handle decides on."""

    count: int = 0
    ran: int = 0
    seconds: float = 0.0
    times: int = 0

    def add(self, past: Past) -> None:
        """One more."""
        self.count += 1
        self.ran += past.lesson.ran_by_itself
        if past.seconds is not None:
            self.seconds += past.seconds
            self.times += 1


CellKey = tuple[bool, int, int]
"""Whether its category stands on a rung of its own, and the places of the stops that let it through."""
FixedKey = tuple[bool, str]
"""Whether its category stands on a rung of its own, and what becomes of it there: waits, refused or shadow."""


@dataclass
class Handles:
    """A kind's past as its handles see it.

    `confidences` and `amounts` are the stops; a handle may stand beyond the last of them: never, and no limit.
    """

    kind: str
    days: float
    figures: Figures
    confidences: list[Decimal]
    amounts: list[Decimal]
    cells: dict[CellKey, Cell]
    fixed: dict[FixedKey, Fixed]
    by_confidence: dict[int, Counter[Fate]]
    by_amount: dict[int, Counter[Fate]]
    seconds_each: float
    has_ceiling: bool

    @property
    def moves_money(self) -> bool:
        """Whether any amount was at stake."""
        return any(place > 0 for place in self.by_amount)


def count_for_handles(policy: Policy, kind: str, window: Window) -> Handles:
    """One pass over a kind's past: the figures under the draft, and the cells for wherever its handles are moved.

    The day's ceilings are left aside: what they hold back depends on the order of all kinds (`trying` knows it).
    """
    rules = policy.of(kind)
    counting = Counting(policy, kind, stops(HUNDREDTHS, rules.min_confidence), stops(AMOUNTS, rules.max_amount))
    trial = Trial(policy, Ceilings({}, None))
    for past in read_past(window, kind):
        trial.take(past)
        counting.take(past)
    days = days_of(window)
    figures = figures_of(kind, trial.tally(kind), days=days, max_wrong=float(rules.max_wrong))
    times = counting.looking.times
    return Handles(
        kind=kind,
        days=days,
        figures=figures,
        confidences=counting.confidences,
        amounts=shorten(counting.amounts, counting.by_amount, rules.max_amount),
        cells=counting.cells,
        fixed=counting.fixed,
        by_confidence=counting.by_confidence,
        by_amount=counting.by_amount,
        seconds_each=median(times) if times else ASSUMED_SECONDS,
        has_ceiling=rules.daily_amount is not None or policy.settings.daily_amount is not None,
    )


def stops(usual: Sequence[Decimal], present: Decimal | None) -> list[Decimal]:
    """Where a handle may stand: the usual stops, and where it stands now."""
    return sorted({*usual} if present is None else {*usual, present})


def shorten(amounts: list[Decimal], seen: dict[int, Counter[Fate]], present: Decimal | None) -> list[Decimal]:
    """Amount stops up to the first that lets every action through, and the present one."""
    needed = max(seen, default=0)
    last = max(needed, amounts.index(present) if present is not None else 0)
    return amounts[: last + 1]


@dataclass
class Counting:
    """A kind's past on its way into cells."""

    policy: Policy
    kind: str
    confidences: list[Decimal]
    amounts: list[Decimal]
    cells: dict[CellKey, Cell] = field(default_factory=dict)
    fixed: dict[FixedKey, Fixed] = field(default_factory=dict)
    by_confidence: dict[int, Counter[Fate]] = field(default_factory=dict)
    by_amount: dict[int, Counter[Fate]] = field(default_factory=dict)
    looking: Looking = field(default_factory=Looking)
    open_rules: dict[str, Rule] = field(default_factory=dict)

    def take(self, past: Past) -> None:
        """One action: into the cell whose stops let it through, or among those that no handle lets through."""
        facts, fate = past.facts, past.lesson.fate
        at = -1 if facts.confidence is None else bisect_right(self.confidences, facts.confidence) - 1
        upto = bisect_left(self.amounts, facts.amount)
        self.by_confidence.setdefault(at, Counter())[fate] += 1
        self.by_amount.setdefault(upto, Counter())[fate] += 1
        self.looking.note(past.seconds, waits=False)
        rule = self.open_rules.get(facts.category) or self.open_up(facts.category)
        outcome, is_own = rule.judge(facts), facts.category in self.policy.of(self.kind).categories
        if outcome == "allow":
            self.cells.setdefault((is_own, at, upto), Cell()).add(past)
        else:
            self.fixed.setdefault((is_own, word_of(outcome, rule)), Fixed()).add(past)

    def open_up(self, category: str) -> Rule:
        """The rule with both handles open and the kind by itself; a category keeps the rung of its own."""
        rules = self.policy.of(self.kind)
        wide = rules.model_copy(update={"mode": "auto", "min_confidence": Decimal(0), "max_amount": None})
        policy = self.policy.model_copy(update={"kinds": {**self.policy.kinds, self.kind: wide}})
        rule = self.open_rules[category] = compile_rule(policy, self.kind, category)
        return rule


def word_of(outcome: Outcome, rule: Rule) -> str:
    """What becomes of an action that no handle lets through."""
    if outcome == "refuse":
        return "refused"
    return "shadow" if rule.mode == "shadow" else "waits"
