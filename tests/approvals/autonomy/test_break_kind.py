"""The breaker's pure function: it notices a drift, and keeps what is steady."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.autonomy.breaking import REJECTIONS, Alarm, chart_for, watch

CHART = chart_for(Decimal("0.02"))


def test_four_wrong_in_a_row_are_too_many() -> None:
    assert watch([True] * 3, CHART) is None
    assert watch([True] * 4, CHART) == Alarm(wrong=4, of=4)


def test_it_counts_since_all_was_last_well() -> None:
    assert watch([True, *[False] * 20, True, True, False, True, True], CHART) == Alarm(wrong=4, of=5)


def test_a_few_wrong_ones_far_apart_are_tolerated() -> None:
    assert watch([True, *[False] * 20] * 50, CHART) is None


def test_nothing_known_is_no_cause() -> None:
    assert watch([], CHART) is None


def test_of_what_waits_anyway_most_must_be_rejected() -> None:
    assert watch([True, False, True] * 8, REJECTIONS) is None
    assert watch([True] * 10, REJECTIONS) == Alarm(wrong=10, of=10)


@pytest.mark.parametrize("tolerated", ["0.001", "0.01", "0.02", "0.1", "0.2"])
def test_every_tolerance_tells_two_shares_apart(tolerated: str) -> None:
    chart = chart_for(Decimal(tolerated))
    assert 0 < chart.tolerated < chart.noticed < 1
    assert chart.up > chart.down > 0


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60))
def test_one_more_wrong_never_quiets_an_alarm(outcomes: list[bool], place: int) -> None:
    worse = [was or at == place for at, was in enumerate(outcomes)]
    assert watch(outcomes, CHART) is None or watch(worse, CHART) is not None
