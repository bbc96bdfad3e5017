"""The kind breaker's pure function: whether what is known since the last promotion is more wrong than is tolerated.

It is a cumulative sum (E. S. Page, Biometrika 41, 1954) of Bernoulli log-likelihood ratios: each wrong one raises the
score by log(p1/p0), each right one lowers it by log((1-p0)/(1-p1)), never below 0; at `BOUND` the kind goes back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

BOUND = 8.0
"""The score at which a kind goes back. Where 2 % is tolerated, a steady 2 % gets there within 1,000 outcomes in 2 or 3
of 100 cases, and a drift to 20 % is noticed after 23 outcomes, median; docs/autonomy.md has the figures."""

SPREAD = 10
LARGEST_DRIFT = 0.2
REJECTIONS_TOLERATED = 0.3
REJECTIONS_TOO_MANY = 0.7
"""Of what waits for people anyway a part is rejected: that is what it waits for. Beyond most of it, the kind itself is
in question."""


@dataclass(frozen=True)
class Chart:
    """Two shares of wrong ones to tell apart: what is tolerated, and what must be noticed."""

    tolerated: float
    noticed: float

    @property
    def up(self) -> float:
        """What a wrong one adds."""
        return math.log(self.noticed / self.tolerated)

    @property
    def down(self) -> float:
        """What a right one takes away."""
        return math.log((1 - self.tolerated) / (1 - self.noticed))


REJECTIONS = Chart(REJECTIONS_TOLERATED, REJECTIONS_TOO_MANY)


@dataclass(frozen=True)
class Alarm:
    """Too many: `wrong` of the `of` outcomes since all was last well."""

    wrong: int
    of: int


def chart_for(max_wrong: Decimal) -> Chart:
    """The chart of a kind's own tolerance: ten times as much is noticed, or 20 % where that is less, at least twice."""
    tolerated = float(max_wrong)
    return Chart(tolerated, max(min(SPREAD * tolerated, LARGEST_DRIFT), 2 * tolerated))


def watch(outcomes: Iterable[bool], chart: Chart) -> Alarm | None:
    """The first alarm over outcomes in order, each true where it was wrong; None where there is no cause for one."""
    score, wrong, of = 0.0, 0, 0
    for is_wrong in outcomes:
        score += chart.up if is_wrong else -chart.down
        wrong, of = wrong + is_wrong, of + 1
        if score >= BOUND:
            return Alarm(wrong, of)
        if score <= 0:
            score, wrong, of = 0.0, 0, 0
    return None
