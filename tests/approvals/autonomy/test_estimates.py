"""Intervals and bounds: exact where they are known in closed form, and never past 0 or 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import pytest

from approvals.autonomy.estimates import (
    NOTHING_KNOWN,
    chance_of_at_most,
    clean_needed,
    labels_needed,
    upper_bound,
    weighted,
    wilson,
)


@dataclass(frozen=True)
class Weight:
    is_wrong: bool
    weight: Decimal = Decimal(1)
    is_certain: bool = False


def by_summing(wrong: int, n: int, share: float) -> float:
    return sum(math.comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(wrong + 1))


@pytest.mark.parametrize(
    ("wrong", "n", "share"),
    [(0, 149, 0.02), (3, 100, 0.05), (10, 40, 0.3), (39, 40, 0.9), (20, 900, 0.01)],
)
def test_the_chance_of_so_few_is_the_binomial_sum(wrong: int, n: int, share: float) -> None:
    assert chance_of_at_most(wrong, n, share) == pytest.approx(by_summing(wrong, n, share), rel=1e-9)


def test_149_clean_labels_say_at_most_two_in_a_hundred() -> None:
    assert labels_needed() == 149
    assert upper_bound(0, 149) <= 0.02 < upper_bound(0, 148)
    assert clean_needed(0, 0) == 149
    assert clean_needed(0, 100) == 49
    assert clean_needed(0, 149) == 0


def test_a_wrong_one_asks_for_more_clean_ones() -> None:
    missing = clean_needed(1, 50)
    assert upper_bound(1, 50 + missing) <= 0.02 < upper_bound(1, 50 + missing - 1)


def test_wilson_is_the_published_interval() -> None:
    interval = wilson(2, 100)
    assert (round(interval.low, 4), interval.estimate, round(interval.high, 4)) == (0.0055, 0.02, 0.0700)
    assert wilson(0, 20).low == 0
    assert wilson(20, 20).high == 1
    assert wilson(0, 0) == NOTHING_KNOWN


def test_equal_weights_change_nothing() -> None:
    labels = [Weight(is_wrong=i < 3, weight=Decimal(10)) for i in range(100)]
    interval, plain = weighted(labels), wilson(3, 100)
    assert interval.n == pytest.approx(100)
    assert (interval.low, interval.high) == pytest.approx((plain.low, plain.high))
    assert interval.wrong == pytest.approx(3)


def test_what_was_drawn_seldom_counts_for_more() -> None:
    often = [Weight(is_wrong=False, weight=Decimal(2))] * 50
    seldom = [Weight(is_wrong=True, weight=Decimal(10))] * 10 + [Weight(is_wrong=False, weight=Decimal(10))] * 40
    interval = weighted(often + seldom)
    assert interval.estimate == pytest.approx(100 / 600)
    assert interval.n < 100
    assert weighted([]) == NOTHING_KNOWN


def test_what_was_taken_back_adds_to_what_was_drawn() -> None:
    undone = [Weight(is_wrong=True, is_certain=True)] * 20
    drawn = [Weight(is_wrong=False, weight=Decimal(10))] * 98
    interval = weighted(undone + drawn)
    assert interval.estimate == pytest.approx(0.02)
    assert interval.low < 0.02 < interval.high < wilson(2, 118).high
    assert weighted(undone).estimate == 1
