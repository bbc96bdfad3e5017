"""How much of something is wrong, and how sure that is: intervals and bounds from labels. Pure; sources beside each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

Z = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""

CONFIDENCE = 0.95


class Weighed(Protocol):
    """A label as the estimates see it: wrong or not, and how many actions of its kind it speaks for.

    `is_certain` where it is known whether or not it was drawn, as of what was undone: it speaks for itself alone.
    """

    @property
    def is_wrong(self) -> bool: ...
    @property
    def weight(self) -> Decimal: ...
    @property
    def is_certain(self) -> bool: ...


@dataclass(frozen=True)
class Interval:
    """A share, 0 to 1, between its bounds; `n` is how many equally telling labels it rests on (0: nothing is known)."""

    low: float
    estimate: float
    high: float
    n: float = 0.0

    @property
    def width(self) -> float:
        """How far apart the bounds are."""
        return self.high - self.low

    @property
    def wrong(self) -> float:
        """How many of `n` were wrong."""
        return self.estimate * self.n

    def scaled(self, factor: float) -> Interval:
        """The same share of a part that is this much of the whole."""
        return Interval(self.low * factor, self.estimate * factor, self.high * factor, self.n)


NOTHING_KNOWN = Interval(0.0, 0.0, 1.0)


def wilson(wrong: float, n: float) -> Interval:
    """The 95 % score interval of a share (E. B. Wilson, JASA 22, 1927); counts need not be whole."""
    if n <= 0:
        return NOTHING_KNOWN
    share, square = wrong / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return Interval(max(0.0, middle - half), share, min(1.0, middle + half), n)


def weighted(labels: Iterable[Weighed]) -> Interval:
    """The share of wrong ones among all actions the labels speak for.

    Each label weighs one over its chance to be drawn (Hájek's ratio of Horvitz and Thompson's sums); the interval is
    Wilson's on the effective number of labels, (Σw)² / Σw² (L. Kish, Survey Sampling, 1965). What is known for certain
    is a share of all of them beside that, and its interval is joined to the other.
    """
    drawn, certain = Sums(), Sums()
    for label in labels:
        (certain if label.is_certain else drawn).add(label.weight, is_wrong=label.is_wrong)
    return share_of(drawn, certain)


def share_of(drawn: Sums, certain: Sums) -> Interval:
    """The share that `weighted` tells, from what the labels of each sort add up to."""
    if not certain.weight or not drawn.weight:
        return (drawn if drawn.weight else certain).interval()
    total = drawn.weight + certain.weight
    known = wilson(certain.weight, total)
    found = drawn.interval().scaled(1 - known.estimate)
    joined = join(known, found)
    effective = total * total / (drawn.squares + certain.squares)
    return Interval(joined.low, joined.estimate, joined.high, effective)


@dataclass(slots=True)
class Sums:
    """What the labels of one sort add up to."""

    weight: float = 0.0
    squares: float = 0.0
    wrong: float = 0.0

    def add(self, weight: float | Decimal, *, is_wrong: bool) -> None:
        """One label more."""
        weight = float(weight)
        self.weight += weight
        self.squares += weight * weight
        self.wrong += weight if is_wrong else 0.0

    def interval(self) -> Interval:
        """Wilson's interval on the effective number of them."""
        if not self.weight:
            return NOTHING_KNOWN
        effective = self.weight * self.weight / self.squares
        return wilson(self.wrong / self.weight * effective, effective)


def join(one: Interval, other: Interval) -> Interval:
    """The interval of a sum of two shares from those of each (Zou and Donner, Statistics in Medicine 27, 2008)."""
    total = one.estimate + other.estimate
    below = math.hypot(one.estimate - one.low, other.estimate - other.low)
    above = math.hypot(one.high - one.estimate, other.high - other.estimate)
    return Interval(max(0.0, total - below), total, min(1.0, total + above))


def upper_bound(wrong: float, n: float, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper bound of a share (Clopper and Pearson, Biometrika 26, 1934): a larger one would have shown.

    It is the share at which so few wrong ones, or fewer, come by chance in 1 - `confidence` of cases.
    """
    if n <= 0:
        return 1.0
    low, high = min(1.0, wrong / n), 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if chance_of_at_most(wrong, n, middle) > 1 - confidence else (low, middle)
    return high


def chance_of_at_most(wrong: float, n: float, share: float) -> float:
    """The binomial chance of at most so many wrong of `n`: a regularized incomplete beta (DLMF 8.17.5)."""
    return 1.0 if wrong >= n else incomplete_beta(n - wrong, wrong + 1, 1 - share)


def labels_needed(share: float = 0.02, confidence: float = CONFIDENCE) -> int:
    """How many labels, all clean, say "at most this share is wrong": the smallest n with 1 - (1 - share)^n reached."""
    return math.ceil(math.log(1 - confidence) / math.log(1 - share))


def clean_needed(wrong: float, n: float, share: float = 0.02, confidence: float = CONFIDENCE) -> int:
    """How many more labels, all clean, bring the upper bound down to this share; 0 where it is there already."""
    too_likely = 1 - confidence
    if n > 0 and chance_of_at_most(wrong, n, share) <= too_likely:
        return 0
    low, high = 0, labels_needed(share, confidence)
    while chance_of_at_most(wrong, n + high, share) > too_likely:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance_of_at_most(wrong, n + middle, share) <= too_likely else (middle, high)
    return high


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta I_x(a, b), by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / a * beta_fraction(a, b, x)


def beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction 1/(1 + d1/(1 + d2/(1 + ...))), from its far end; terms die out after √(a + b) or so."""
    value = 1.0
    for step in range(50 + 4 * math.isqrt(math.ceil(a + b)), 0, -1):
        value = 1 + beta_term(step, a, b, x) / value
    return 1 / value


def beta_term(step: int, a: float, b: float, x: float) -> float:
    """The terms d1, d2, ... of DLMF 8.17.23."""
    m = step // 2
    if step % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
