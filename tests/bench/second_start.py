"""`make demo` the second time: from the command to the first answer, in seconds."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import httpx

from tests.running_server import RunningServer, make_environment, start_process

TARGET = 4.0
ROUNDS = 3


def start_demo(folder: Path) -> RunningServer:
    """What `make demo` runs once its environment is made."""
    environment = make_environment(folder, {"DEMO": "1"})
    server = RunningServer(start_process(environment, "serve", "--port", "0", "--demo-data"), environment)
    server.url = server.wait_for_address()
    return server


def main() -> None:
    """Prints the median of three starts on data that is there."""
    with tempfile.TemporaryDirectory() as folder:
        start_demo(Path(folder)).stop()
        seconds = []
        for _ in range(ROUNDS):
            asked_at = time.perf_counter()
            server = start_demo(Path(folder))
            httpx.get(f"{server.url}/healthz").raise_for_status()
            seconds.append(time.perf_counter() - asked_at)
            server.stop()
    print(f"second start: {statistics.median(seconds):.2f} s to the first answer (target {TARGET} s)")


if __name__ == "__main__":
    main()
