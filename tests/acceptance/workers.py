"""Several processes on one PostgreSQL database of their own, let go at the same moment, race after race."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PROCESSES = 4
HEAD_START = 0.3
"""Seconds between handing out a race's jobs and the moment all of them begin."""


def name_url(server: str, name: str) -> str:
    """The URL of another database on the same server."""
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def own_database(server: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh, empty database named after this process; dropped afterwards."""
    name = f"agentdesk_races_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield make_environment(name_url(server, name))
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def make_environment(url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "agentdesk.settings",
        "SECRET_KEY": "a-key-for-tests-that-guards-nothing-at-all-0123456789",
        "EMAIL_URL": "dummy://",
        "PYTHONUNBUFFERED": "1",
    }


class Racers:
    """Processes of `racer.py`: each reads a job a line and answers with a line."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.acceptance.racer"]
        self.processes = [
            subprocess.Popen(
                command, cwd=BASE_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(PROCESSES)
        ]

    def send(self, place: int, deed: str, job: dict[str, Any]) -> None:
        pipe = self.processes[place].stdin
        assert pipe is not None
        pipe.write(json.dumps([deed, job]) + "\n")
        pipe.flush()

    def hear(self, place: int) -> dict[str, Any]:
        pipe = self.processes[place].stdout
        assert pipe is not None
        line = pipe.readline()
        if not line:
            raise AssertionError(f"a racer ended with {self.processes[place].wait(60)}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def race(self, deed: str, number: int, **job: Any) -> list[dict[str, Any]]:
        """The deed `number` times at one moment, spread over all processes; the answers in no order."""
        start_at = time.time() + HEAD_START
        for place in range(PROCESSES):
            self.send(place, deed, {**job, "numbers": list(range(place, number, PROCESSES)), "start_at": start_at})
        return [one for place in range(PROCESSES) for one in self.hear(place)["answers"]]

    def lay_out(self, part: str, **job: Any) -> dict[str, Any]:
        """One part of the course, by one process."""
        self.send(0, "set_up", {"part": part, **job})
        return self.hear(0)

    def close(self) -> None:
        for process in self.processes:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.close()
            process.wait(60)
            process.stdout.close()
