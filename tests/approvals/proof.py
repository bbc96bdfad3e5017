"""How long the property tests search: a quick fixed sample in `make test`, far longer under the marker `prove`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings

CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def searching(quick: int, long: int) -> list[Any]:
    """Two hypothesis profiles as pytest parameters; the long one only where `prove` is asked for.

    On SQLite it is a third of that: what asks for rows is searched on PostgreSQL, where there is one.
    """
    share = 3 if django_settings.ENVIRONMENT.is_sqlite else 1
    return [
        pytest.param(make_settings(quick), id="sample"),
        pytest.param(make_settings(long // share), id="long", marks=pytest.mark.prove),
    ]


def make_settings(examples: int) -> settings:
    """A profile that finds the same on every machine: fixed seed, no database of examples, no deadline."""
    return settings(max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=CHECKS)


def search(profile: settings, test: Callable[..., None], *arguments: Any) -> None:
    """Runs a `given` test under a profile, within the pytest test that calls it; the next call may bring another."""
    try:
        profile(test)(*arguments)
    finally:
        # Hypothesis takes one profile for a test and refuses a second; sample and long search share the test.
        del test._hypothesis_internal_settings_applied  # type: ignore[attr-defined]
