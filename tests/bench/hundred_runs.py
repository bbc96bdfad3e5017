"""A hundred runs at once in one worker process, each of five steps of 200 ms: how long, and how much memory.

The provider is on loopback in a process of its own and waits 200 ms before each answer; every event is stored. The
worker is the process's own threads, a hundred of them, as `celery worker --pool threads --concurrency 100` has them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from tests.bench.answering import point_at, run_provider
from tests.bench.databases import make_database, setup_django
from tests.bench.loop_cost import make_customer, queue_run
from tests.wire.replies import FORMATS

RUNS = 100
STEPS = 5
WAIT = 0.2
SECONDS, MEBIBYTES = 3.0, 60.0


def resident() -> float:
    """MiB of memory this process holds now."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Peak(threading.Thread):
    """Looks at the memory again and again; `highest` is the most it saw, in MiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.highest = resident()
        self._over = threading.Event()

    def run(self) -> None:
        """Looks until it is told to stop."""
        while not self._over.wait(0.02):
            self.highest = max(self.highest, resident())

    def stop(self) -> float:
        """The most there was."""
        self._over.set()
        self.join()
        return max(self.highest, resident())


def advance(run_id: UUID) -> None:
    """What the worker's task does, its connection given back."""
    from django.db import connection

    from agentdesk.runs.engine import advance_run

    advance_run(run_id)
    connection.close()


def measure(name: str, url: str, wire: str) -> None:
    """The figures on one database, in this process."""
    with run_provider(STEPS - 1, WAIT) as port:
        point_at(port)
        setup_django(url, migrate=True)
        from agentdesk.runs.models import Run

        make_customer()
        advance(queue_run(wire))  # the SDK, the prompts and the policy are in memory, as in a worker that is idle
        runs = [queue_run(wire) for _ in range(RUNS)]
        with ThreadPoolExecutor(RUNS) as pool:
            idle, peak = resident(), Peak()
            peak.start()
            began = time.perf_counter()
            list(pool.map(advance, runs))
            taken = time.perf_counter() - began
            highest = peak.stop()
        ended = Run.objects.filter(pk__in=runs, status="done", steps=STEPS).count()
        if ended != RUNS:
            raise SystemExit(f"{ended} of {RUNS} runs are done")
    print(
        f"hundred runs, {wire} on {name}: {taken:.2f} s (target ≤ {SECONDS}), "
        f"{highest - idle:.0f} MiB above the idle worker's {idle:.0f} (target ≤ {MEBIBYTES:.0f})",
        flush=True,
    )


def main() -> None:
    """A process for each database and format."""
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
        return
    for wire in FORMATS:
        with tempfile.TemporaryDirectory() as folder, make_database() as postgresql:
            for name, url in (("SQLite", f"sqlite:///{folder}/bench.sqlite3"), ("PostgreSQL", postgresql)):
                subprocess.run([sys.executable, "-m", "tests.bench.hundred_runs", name, url, wire], check=True)


if __name__ == "__main__":
    main()
