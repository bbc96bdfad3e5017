"""No order of what people may do lets anything run unapproved, twice, or other than its digest says."""

from __future__ import annotations

import random

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction

from approvals.audit import seal_entries, verify_chain
from tests.approvals.shop import NOW, Bench
from tests.approvals.walk import Walk
from tickets.models import Person

pytestmark = pytest.mark.django_db


LONG_WALKS = range(100, 220, 3 if settings.ENVIRONMENT.is_sqlite else 1)
"""All on PostgreSQL, where locks and isolation are hardest to get right; every third on SQLite as well."""


class RolledBack(Exception):
    """Ends one walk without a trace."""


def take_walk(bench: Bench, people: list[Person], seed: int, steps: int) -> Walk:
    walk = Walk(bench, people, random.Random(seed), NOW)
    with pytest.raises(RolledBack), transaction.atomic():
        mail.outbox.clear()
        walk.steps(steps)
        seal_entries()
        assert verify_chain() > 0
        raise RolledBack
    return walk


@pytest.mark.parametrize("seed", range(3))
def test_a_walk_keeps_every_promise(bench: Bench, rita: Person, max_: Person, ada: Person, seed: int) -> None:
    take_walk(bench, [rita, max_, ada], seed, 50)


@pytest.mark.prove
@pytest.mark.parametrize("seed", LONG_WALKS)
def test_a_long_walk_keeps_every_promise(bench: Bench, rita: Person, max_: Person, ada: Person, seed: int) -> None:
    take_walk(bench, [rita, max_, ada], seed, 150)


def test_walks_do_get_somewhere(bench: Bench, rita: Person, max_: Person, ada: Person) -> None:
    """The dice are fair enough that everything happens: otherwise the walks above would prove little."""
    told = {line.partition(":")[0] for line in take_walk(bench, [rita, max_, ada], 1, 100).told}
    assert len(told) >= 12
