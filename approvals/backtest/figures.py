"""What a backtest answers: per kind and in all, with what is not known said beside what is. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Literal

from approvals.autonomy.estimates import Interval, clean_needed, labels_needed, share_of
from approvals.backtest.fates import Fate
from approvals.backtest.past import Past
from approvals.backtest.tallies import Labels, Looking, Tally

ASSUMED_SECONDS = 60.0
"""How long a person looks at an action of a kind of which no looking time is known."""

TimesFrom = Literal["measured", "median", "assumed", "none"]


@dataclass(frozen=True)
class Expected:
    """Something expected in a week, between its bounds; `is_known` says whether any label stands behind it."""

    low: float = 0.0
    estimate: float = 0.0
    high: float = 0.0
    is_known: bool = True


@dataclass(frozen=True)
class ReviewTime:
    """Reviewers' hours in the window, and where they come from: `measured` of them on screens, the rest by the median
    of the kind, or assumed where none was ever measured."""

    hours: float
    measured: int
    estimated: int
    seconds_each: float
    source: TimesFrom


@dataclass(frozen=True)
class Newly:
    """Those that would newly run by themselves, by what people had made of them; amounts in the orders' currency."""

    count: int
    approved: int
    edited: int
    rejected: int
    undone: int
    undecided: int
    amount: Decimal
    wrong_amount: Decimal

    @property
    def without_outcome(self) -> int:
        """Of so many nobody knows what would have come of them: they did not happen."""
        return self.rejected + self.undecided


@dataclass(frozen=True)
class Claim:
    """How far the labels carry "at most `share` wrong": `more` is how many clean ones are missing still."""

    share: float
    labels: int
    wrong: int
    needed: int
    more: int


@dataclass(frozen=True)
class Figures:
    """One kind, or all of them (`kind` empty), under the draft."""

    kind: str
    counted: int
    by_itself: int
    waits: int
    refused: int
    shadow: int
    over_ceiling: int
    amount: Decimal
    newly: Newly
    no_longer: int
    review: ReviewTime
    wrong: Expected
    at_stake: Expected
    claim: Claim
    days: float

    def share(self, count: int) -> float:
        """A count as a share of all."""
        return count / self.counted if self.counted else 0.0

    @property
    def waits_a_day(self) -> float:
        """How many a day come to people."""
        return self.waits / self.days

    @property
    def hours_a_day(self) -> float:
        """How long people look at them each day."""
        return self.review.hours / self.days


@dataclass(frozen=True)
class Backtest:
    """The whole answer: `worst` holds those that would newly run by themselves, the worst first."""

    window_days: int
    days: float
    counted: int
    all_kinds: Figures
    kinds: list[Figures]
    worst: list[Past]


def figures_of(kind: str, tally: Tally, *, days: float, max_wrong: float) -> Figures:
    """One kind's figures from its tally."""
    share = share_of(tally.labels.drawn, tally.labels.certain)
    a_week = 7 / days
    return Figures(
        kind=kind,
        counted=tally.by_itself + tally.waits + tally.refused + tally.shadow,
        by_itself=tally.by_itself,
        waits=tally.waits,
        refused=tally.refused,
        shadow=tally.shadow,
        over_ceiling=tally.over_ceiling,
        amount=tally.amount,
        newly=newly_of(tally),
        no_longer=tally.no_longer,
        review=review_time(tally.looking),
        wrong=expect(share, tally.by_itself * a_week),
        at_stake=expect(share, float(tally.amount) * a_week),
        claim=claim_of(tally.labels, max_wrong),
        days=days,
    )


def expect(share: Interval, a_week: float) -> Expected:
    """So many a week, of which this share is wrong."""
    is_known = share.n > 0 or a_week == 0
    return Expected(share.low * a_week, share.estimate * a_week, share.high * a_week, is_known)


def newly_of(tally: Tally) -> Newly:
    """Those that would newly run by themselves, as the tally has them."""
    fates = tally.newly
    # Nobody's word stands on what ran by itself, was undone and so is none of the new ones.
    return Newly(
        count=fates.total(),
        approved=fates[Fate.APPROVED],
        edited=fates[Fate.EDITED],
        rejected=fates[Fate.REJECTED],
        undone=fates[Fate.UNDONE],
        undecided=fates[Fate.UNDECIDED],
        amount=tally.newly_amount,
        wrong_amount=tally.newly_wrong_amount,
    )


def review_time(looking: Looking) -> ReviewTime:
    """Hours people would look at what waits."""
    each = median(looking.times) if looking.times else ASSUMED_SECONDS
    estimated = looking.waits - looking.times_known
    seconds = looking.known + estimated * each
    return ReviewTime(seconds / 3600, looking.times_known, estimated, each, source_of(looking, estimated))


def source_of(looking: Looking, estimated: int) -> TimesFrom:
    """Where the hours come from, in a word."""
    if not looking.waits:
        return "none"
    if not estimated:
        return "measured"
    return "median" if looking.times else "assumed"


def claim_of(labels: Labels, max_wrong: float) -> Claim:
    """How far the labels carry the claim that at most so many are wrong."""
    more = clean_needed(labels.wrong, labels.count, max_wrong)
    return Claim(max_wrong, labels.count, labels.wrong, labels_needed(max_wrong), more)


def add_up(kinds: Iterable[Figures], *, days: float) -> Figures:
    """All kinds together."""
    kinds = list(kinds)
    return Figures(
        kind="",
        counted=sum(one.counted for one in kinds),
        by_itself=sum(one.by_itself for one in kinds),
        waits=sum(one.waits for one in kinds),
        refused=sum(one.refused for one in kinds),
        shadow=sum(one.shadow for one in kinds),
        over_ceiling=sum(one.over_ceiling for one in kinds),
        amount=sum((one.amount for one in kinds), Decimal(0)),
        newly=add_newly([one.newly for one in kinds]),
        no_longer=sum(one.no_longer for one in kinds),
        review=add_review([one.review for one in kinds]),
        wrong=add_expected(one.wrong for one in kinds),
        at_stake=add_expected(one.at_stake for one in kinds),
        claim=add_claims([one.claim for one in kinds]),
        days=days,
    )


def add_newly(kinds: list[Newly]) -> Newly:
    """Sums of each part."""
    return Newly(
        count=sum(one.count for one in kinds),
        approved=sum(one.approved for one in kinds),
        edited=sum(one.edited for one in kinds),
        rejected=sum(one.rejected for one in kinds),
        undone=sum(one.undone for one in kinds),
        undecided=sum(one.undecided for one in kinds),
        amount=sum((one.amount for one in kinds), Decimal(0)),
        wrong_amount=sum((one.wrong_amount for one in kinds), Decimal(0)),
    )


def add_review(kinds: list[ReviewTime]) -> ReviewTime:
    """Hours of all kinds; the source is the weakest of theirs, the seconds the mean over what was estimated."""
    estimated = sum(one.estimated for one in kinds)
    each = sum(one.estimated * one.seconds_each for one in kinds) / estimated if estimated else 0.0
    order: tuple[TimesFrom, ...] = ("none", "measured", "median", "assumed")
    source: TimesFrom = max((one.source for one in kinds), key=order.index, default="none")
    return ReviewTime(sum(one.hours for one in kinds), sum(one.measured for one in kinds), estimated, each, source)


def add_expected(parts: Iterable[Expected]) -> Expected:
    """A sum of independent estimates with the bounds of G. Zou and A. Donner (Statistics in Medicine 27, 2008):
    each part's distance from its bound, added as distances at right angles."""
    parts = list(parts)
    estimate = sum(part.estimate for part in parts)
    below = math.hypot(*(part.estimate - part.low for part in parts))
    above = math.hypot(*(part.high - part.estimate for part in parts))
    return Expected(max(0.0, estimate - below), estimate, estimate + above, all(part.is_known for part in parts))


def add_claims(kinds: list[Claim]) -> Claim:
    """All labels together say least where a kind has none: what is missing is missing per kind."""
    share = min((one.share for one in kinds), default=0.02)
    labels, wrong = sum(one.labels for one in kinds), sum(one.wrong for one in kinds)
    return Claim(share, labels, wrong, labels_needed(share), sum(one.more for one in kinds if one.labels))
