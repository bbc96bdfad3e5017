"""A backtest of 100,000 actions of the last 30 days, on SQLite and on PostgreSQL.

The floor is the least that anything which looks at each of them must do: the same rows' facts and statuses, fetched
through the driver and thrown away.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.databases import make_database, setup_django

ACTIONS, COPIES, ROUNDS = 100_000, 50, 5
TARGET_SECONDS = 2.0
NOW = datetime(2026, 3, 31, tzinfo=UTC)
COPIED_ID = {
    "sqlite": "SUBSTR({0}, 1, 28) || PRINTF('%04x', {1})",
    "postgresql": "(LEFT({0}::text, 32) || LPAD(TO_HEX({1}), 4, '0'))::uuid",
}
NEW = {
    "approvals_action": ("id", "origin"),
    "approvals_decision": ("action_id",),
    "approvals_auditsample": ("action_id",),
}


def fill() -> None:
    """2,000 actions with every fate, and 49 copies of all of it."""
    from django.db import connection, transaction

    from tests.approvals.history import make_history
    from tickets.models import Person
    from tickets.operations import Letter, open_ticket

    by = Person.objects.create_user("max", role="manager")
    ticket, _ = open_ticket(Letter("carla@example.com", "A wish", "Please help."), now=NOW)
    with transaction.atomic(), connection.cursor() as cursor:
        make_history(ticket, by, size=ACTIONS // COPIES, until=NOW, days=30)
        for table, names in NEW.items():
            cursor.execute(copy_statement(table, names))
        cursor.execute("ANALYZE")


def copy_statement(table: str, names: tuple[str, ...]) -> str:
    """All rows of a table once more for each copy, with ids that end in its number."""
    from django.apps import apps
    from django.db import connection

    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    is_automatic = "id" not in names
    fields = [field for field in model._meta.concrete_fields if not (is_automatic and field.primary_key)]
    columns = [str(field.column) for field in fields]
    copied = [COPIED_ID[connection.vendor].format(name, "n") if name in names else name for name in columns]
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {COPIES - 1})"
    source = f"SELECT {', '.join(copied)} FROM {table}, numbers WHERE true"
    if connection.vendor == "sqlite":
        return f"INSERT INTO {table} ({', '.join(columns)}) {numbers} {source}"
    return f"{numbers} INSERT INTO {table} ({', '.join(columns)}) {source}"


def fetch_plainly() -> None:
    """The floor."""
    from django.db import connection

    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT facts, status FROM approvals_action ORDER BY proposed_at")
        while cursor.fetchmany(2000):
            pass


def time_it(work: Callable[[], object]) -> tuple[float, float]:
    """The medians of some rounds, in seconds: on the wall, and of this process's processor time."""
    wall, processor = [], []
    for _ in range(ROUNDS):
        began_at, had = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began_at)
        processor.append(time.process_time() - had)
    return statistics.median(wall), statistics.median(processor)


def measure() -> None:
    """One database: fills it, and prints the figures."""
    setup_django(os.environ["DATABASE_URL"], migrate=True)
    from django.db import connection

    from agentdesk.runs.queries import dry_run_origins
    from approvals.backtest.past import Window
    from approvals.backtest.trying import try_policy
    from approvals.models import Action
    from approvals.presets import preset_policy

    fill()
    window, draft = Window(30, NOW, dry_run_origins()), preset_policy("balanced")
    assert try_policy(draft, window).counted == Action.objects.count() == ACTIONS
    floor, _ = time_it(fetch_plainly)
    taken, processor = time_it(lambda: try_policy(draft, window))
    tracemalloc.start()
    try_policy(draft, window)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    print(
        f"backtest of {ACTIONS:,} actions on {connection.vendor}: {taken:.2f} s (target {TARGET_SECONDS:.0f} s; "
        f"{processor:.2f} s of processor), "
        f"{taken / floor:.1f} × fetching their facts ({floor:.2f} s), {peak:.1f} MiB at its peak"
    )


def main() -> int:
    """Both databases, each in a process of its own."""
    if "DATABASE_URL" in os.environ and os.environ.get("BACKTEST_HERE"):
        measure()
        return 0
    code = 0
    with tempfile.TemporaryDirectory() as folder, make_database() as server:
        for url in (f"sqlite:///{Path(folder) / 'bench.sqlite3'}", server):
            environment = {**os.environ, "DATABASE_URL": url, "BACKTEST_HERE": "1"}
            code |= subprocess.run([sys.executable, "-m", "tests.bench.backtest"], env=environment).returncode
    return code


if __name__ == "__main__":
    sys.exit(main())
