"""`make bench`: every benchmark in a process of its own, one after the other, its figure beside its target.

Name one or more to run only those: `python -m tests.bench approve_cycle`.
"""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "queue_page",
    "event_to_browser",
    "next_item",
    "fifty_runs",
    "second_start",
    "approve_cycle",
    "bulk_decide",
    "loop_cost",
    "hundred_runs",
    "input_cost",
    "backtest",
)


def main(names: list[str]) -> int:
    """Runs them; the exit code tells whether each gave a figure, not whether it reached its target."""
    strangers = [name for name in names if name not in BENCHMARKS]
    if strangers:
        sys.stderr.write(f"no such benchmark: {', '.join(strangers)}; there are {', '.join(BENCHMARKS)}\n")
        return 2
    failed = 0
    for name in names or BENCHMARKS:
        sys.stdout.write(f"— {name}\n")
        sys.stdout.flush()
        failed += subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], timeout=900).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
