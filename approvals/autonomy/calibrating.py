"""A kind's record as its page tells it: calibration, and the error of what ran by itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from approvals.autonomy.estimates import Interval, clean_needed, weighted
from approvals.autonomy.outcomes import Label, Source, labels
from approvals.autonomy.promoting import WINDOW, Evidence, evidence_for
from approvals.autonomy.records import WATCHED, Trouble, find_trouble, outcomes_since
from approvals.autonomy.rungs import last_promotion
from approvals.autonomy.sampling import share_of
from approvals.policy import Policy

EDGES = tuple(Decimal(edge) for edge in ("0", "0.5", "0.7", "0.8", "0.9", "0.95", "1"))
"""Bands of stated confidence, from each to below the next; the last holds 1 as well."""

NOTICED_WITHIN = 25
"""Labelled outcomes within which, in most cases, the breaker notices a drift from 2 % to 20 %."""


@dataclass(frozen=True)
class Band:
    """What was stated, from `low` to below `high`, and the share of it that was right, by so many labels."""

    low: Decimal
    high: Decimal
    right: Interval
    labels: int

    @property
    def stated(self) -> float:
        """The middle of what was stated."""
        return float(self.low + self.high) / 2


@dataclass(frozen=True)
class KindRecord:
    """All that is known of a kind over the last 90 days, and what it means for its rung."""

    kind: str
    by_itself: Interval
    looked_at: int
    taken_back: int
    decided: int
    max_wrong: Decimal
    missing: int
    share: Decimal
    bands: tuple[Band, ...]
    evidence: tuple[Evidence, ...]
    trouble: Trouble | None

    @property
    def actions_to_notice(self) -> int | None:
        """How many actions it takes, at the present audit share, until so many are labelled; None at a share of 0."""
        return math.ceil(NOTICED_WITHIN / self.share) if self.share else None


def calibrate(known: Iterable[Label]) -> tuple[Band, ...]:
    """The share that was right in each band of stated confidence, of whatever stated one."""
    stated = [label for label in known if label.confidence is not None]
    return tuple(band_of(stated, low, high) for low, high in pairwise(EDGES))


def band_of(stated: Iterable[Label], low: Decimal, high: Decimal) -> Band:
    """One band; its interval is that of the wrong ones, turned over."""
    inside = [label for label in stated if low <= (label.confidence or 0) < high or label.confidence == high == 1]
    wrong = weighted(inside)
    right = Interval(1 - wrong.high, 1 - wrong.estimate, 1 - wrong.low, wrong.n)
    return Band(low, high, right, len(inside))


def record_of(kind: str, policy: Policy, *, now: datetime) -> KindRecord:
    """The record of a kind under the policy in force."""
    known = labels(kind, since=now - WINDOW, limit=WATCHED)
    own = [label for label in known if label.by_itself]
    error = weighted(own)
    rules = policy.of(kind)
    sources: Counter[Source] = Counter(label.source for label in known)
    return KindRecord(
        kind=kind,
        by_itself=error,
        looked_at=sources["audit"],
        taken_back=sources["undo"],
        decided=sources["decision"],
        max_wrong=rules.max_wrong,
        missing=clean_needed(error.wrong, error.n, float(rules.max_wrong)),
        share=share_of(kind, "", policy, now),
        bands=calibrate(known),
        evidence=tuple(evidence_of(kind, policy, now)),
        trouble=trouble_of(kind, policy),
    )


def evidence_of(kind: str, policy: Policy, now: datetime) -> Iterable[Evidence]:
    """What is known for the next rung: of the kind, and of each category that has a rung of its own."""
    for category in ("", *policy.of(kind).categories):
        evidence = evidence_for(kind, category, policy, now=now)
        if evidence is not None:
            yield evidence


def trouble_of(kind: str, policy: Policy) -> Trouble | None:
    """What the breaker sees in a kind that runs by itself, before its sweep has come round."""
    step = last_promotion(kind, "", policy) if policy.of(kind).mode == "auto" else None
    return find_trouble(outcomes_since(kind, "", policy, step), policy.of(kind).max_wrong) if step else None
