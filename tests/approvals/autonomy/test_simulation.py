"""Seeded worlds with known truth: the interval holds it, a drift is noticed, what is steady is kept.

`make test` runs 20 seeds, `make prove` 400 and prints the figures that docs/autonomy.md tells.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest
from django.test import override_settings

from approvals.autonomy.estimates import weighted, wilson
from tests.approvals.autonomy.simulated import do_deeds, first_trouble, trouble_with

SEEDS = [pytest.param(20, id="sample"), pytest.param(400, id="all", marks=pytest.mark.prove)]
ERRORS = (0.01, 0.02, 0.05, 0.1, 0.2)
SHARE = Decimal("0.1")
"""The audit share of the presets."""


@pytest.fixture(autouse=True)
def one_key() -> Iterator[None]:
    """Lots hang on the key: with one key the worlds are the same on every machine."""
    with override_settings(SECRET_KEY="simulated"):
        yield


def is_covered(seed: int, error: float, undone: float) -> tuple[bool, float]:
    """Whether one world's interval holds its truth, and its width by Wilson's on the same labels."""
    deeds = do_deeds(Random(f"{seed} {error} {undone}"), 1500, SHARE, error=lambda _: error, undone=undone)
    labels = [deed for deed in deeds if deed.is_labelled]
    interval = weighted(labels)
    plain = wilson(sum(label.is_wrong for label in labels), len(labels))
    return interval.low <= error <= interval.high, interval.width / plain.width


@pytest.mark.parametrize("undone", [0.0, 0.3])
@pytest.mark.parametrize("seeds", SEEDS)
def test_the_interval_holds_the_truth(seeds: int, undone: float) -> None:
    worlds = {error: [is_covered(seed, error, undone) for seed in range(seeds)] for error in ERRORS}
    held = {error: statistics.mean(covered for covered, _ in each) for error, each in worlds.items()}
    widest = max(width for each in worlds.values() for _, width in each)
    print(f"{seeds} seeds, {undone:.0%} undone: held {held}, width at most {widest:.2f} of Wilson's")
    low, high = bounds_of_chance(seeds * len(ERRORS))
    assert low <= statistics.mean(held.values()) <= high
    assert widest <= 1.5
    if seeds >= 400:
        assert all(0.92 <= share <= 0.98 for share in held.values())


def bounds_of_chance(worlds: int) -> tuple[float, float]:
    """Where the mean of so many worlds lies if each holds its truth in 92 to 98 % of cases: within 2.6 deviations."""
    return 0.92 - 2.6 * math.sqrt(0.92 * 0.08 / worlds), min(1.0, 0.98 + 2.6 * math.sqrt(0.98 * 0.02 / worlds))


@pytest.mark.parametrize("share", [SHARE, Decimal(1)])
@pytest.mark.parametrize("seeds", SEEDS)
def test_a_drift_is_noticed_within_25_labels(seeds: int, share: Decimal) -> None:
    labels, actions = [], []
    for seed in range(seeds):
        steady, drifted = 300, int(150 / share)
        rng = Random(f"drift {seed} {share}")
        before = list(do_deeds(rng, steady, share, error=lambda _: 0.02, undone=0, days=30))
        if trouble_with(before) is not None:
            continue
        after = list(do_deeds(rng, drifted, share, error=lambda _: 0.2, undone=0, days=90))
        noticed = first_trouble(before + after) or len(before + after)
        actions.append(noticed - steady)
        labels.append(sum(deed.is_labelled for deed in after[: noticed - steady]))
    late = sorted(labels)[int(len(labels) * 0.9)]
    middle, in_actions = statistics.median(labels), statistics.median(actions)
    print(f"{seeds} seeds, share {share}: {middle} labels, median ({late} in 9 of 10), or {in_actions} actions")
    assert len(labels) >= 0.9 * seeds
    assert middle <= 25


@pytest.mark.parametrize(("share", "undone"), [(SHARE, 0.0), (SHARE, 0.5), (Decimal(1), 0.0), (Decimal(1), 0.5)])
@pytest.mark.parametrize("seeds", SEEDS)
def test_a_steady_kind_is_kept_over_1000_actions(seeds: int, share: Decimal, undone: float) -> None:
    kept = 0
    for seed in range(seeds):
        rng = Random(f"steady {seed} {share} {undone}")
        kept += trouble_with(list(do_deeds(rng, 1000, share, error=lambda _: 0.02, undone=undone))) is None
    print(f"{seeds} seeds, share {share}, {undone:.0%} undone: kept in {kept / seeds:.1%}")
    assert kept / seeds >= 0.95
