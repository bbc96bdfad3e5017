"""kill -9 to the worker in the middle of a bulk: the next one goes on, and every item is answered once."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.house.production_shape import PATIENCE, Installation, install, run_to_its_end, wait_for

pytestmark = [pytest.mark.services, pytest.mark.prove]

ITEMS = 600
DEATHS = (50, 250)
"""Decisions after which the worker is killed: wherever it then is in its stretch."""


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A database and a Redis prefix of its own."""
    environment = settings.ENVIRONMENT
    if environment.is_sqlite or not environment.redis_url:
        pytest.skip("needs DATABASE_URL (PostgreSQL) and REDIS_URL")
    folder: Path = tmp_path_factory.mktemp("bulk")
    with install(folder, environment.database_url, environment.redis_url) as made:
        made.run("migrate")
        yield made


def ask(installation: Installation, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.approvals.batches.bulk_course", *words]
    answer: dict[str, Any] = json.loads(run_to_its_end(command, installation.environment).splitlines()[-1])
    return answer


def count(rows: psycopg.Connection[Any], statement: str) -> int:
    found = rows.execute(statement.encode()).fetchone()
    return int(found[0]) if found else 0


DECIDED = (
    "SELECT count(*) FROM approvals_decision d JOIN tickets_person p ON p.id = d.person_id WHERE username = 'rita'"
)
UNFINISHED = "SELECT count(*) FROM approvals_bulkdecision WHERE finished_at IS NULL"


def live_until(installation: Installation, rows: psycopg.Connection[Any], decisions: int) -> None:
    """A worker that is killed as soon as there are so many decisions."""
    worker = installation.start("worker")
    give_up_at = time.monotonic() + PATIENCE
    while count(rows, DECIDED) < decisions:
        assert time.monotonic() < give_up_at and worker.process.poll() is None, installation.read_logs()
        time.sleep(0.005)
    worker.process.kill()
    worker.process.wait()


def test_what_a_killed_worker_left_is_decided_once_and_the_failed_stay(installation: Installation) -> None:
    bulk = ask(installation, "set_up", str(ITEMS))["bulk"]
    installation.start_beat()
    with psycopg.connect(installation.environment["DATABASE_URL"], autocommit=True) as rows:
        for decisions in DEATHS:
            live_until(installation, rows, decisions)
            assert decisions <= count(rows, DECIDED) < ITEMS - 5 and count(rows, UNFINISHED) == 1
        installation.start("worker")
        wait_for(lambda: count(rows, UNFINISHED) == 0, PATIENCE, "the bulk was not taken up again")
    taken = ITEMS - 1 - 4
    assert ask(installation, "report", bulk) == {
        "is_finished": True,
        "answered": True,
        "lost": {"already_decided": 2, "preview_changed": 2, "not_found": 1},
        "twice": 0,
        "decisions": [taken, taken],
        "seconds": [12.5],
        "statuses": {"approved": taken, "rejected": 2, "waiting": 2},
        "stayed": {"waiting": 2},
        "ended": 1,
        "sealed": True,
    }
