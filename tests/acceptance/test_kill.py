"""kill -9 in the middle of twenty runs: after a restart nothing is lost and nothing is there twice."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.running_server import BASE_DIR, DATABASE, RunningServer, find_template, make_environment

RUNS = 20
MESSAGE_ID = re.compile(r"^Message-ID: <(\S+)@", re.MULTILINE)
PATIENCE = 300.0
LONG_AGO = "2000-01-01 00:00:00"


class Victim:
    """One embedded installation in a folder of its own: killed, started again, looked at from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "mail").mkdir()
        shutil.copyfile(find_template("tables"), folder / DATABASE)
        self.environment = {**make_environment(folder, {}), "DJANGO_SETTINGS_MODULE": "agentdesk.settings"}

    def ask(self, part: str, *arguments: Any) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.acceptance.kill_course", part, json.dumps(arguments)]
        done = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def query(self, statement: str) -> Any:
        with sqlite3.connect(self.folder / "desk.sqlite3", timeout=60) as connection:
            row = connection.execute(statement).fetchone()
        connection.close()
        return row[0] if row else None

    def count_events(self) -> int:
        return int(self.query("SELECT count(*) FROM runs_event"))

    def count_active(self) -> int:
        return int(self.query("SELECT count(*) FROM runs_run WHERE status IN ('queued', 'running', 'waiting')"))

    def count_unknown(self) -> int:
        return int(self.query("SELECT count(*) FROM approvals_action WHERE status = 'unknown'"))

    def pass_time(self) -> None:
        """The minutes after which a silent worker's leases lapse."""
        for table, status in (("runs_run", "running"), ("approvals_outboxmessage", "sending")):
            self.query(f"UPDATE {table} SET leased_until = '{LONG_AGO}' WHERE status = '{status}'")

    def live_until(self, events: int) -> bool:
        """Starts it and kills it as soon as its logs hold so many events; whether it was at work until then."""
        server = RunningServer.start(self.folder, {})
        give_up_at = time.monotonic() + PATIENCE
        while self.count_events() < events and self.count_active() and time.monotonic() < give_up_at:
            time.sleep(0.005)
        server.kill()
        self.pass_time()
        return bool(self.count_active())

    def live_to_the_end(self) -> None:
        """Starts it and lets it finish; a person settles what nobody can know."""
        server = RunningServer.start(self.folder, {})
        give_up_at = time.monotonic() + PATIENCE
        try:
            while self.count_active() and time.monotonic() < give_up_at:
                if self.count_unknown():
                    self.ask("settle", [name[:36] for name in self.sent()])
                time.sleep(0.1)
        finally:
            server.stop()
        assert not self.count_active(), server.output

    def sent(self) -> list[str]:
        """The Message-IDs of all letters that left the house."""
        words = [path.read_text(errors="replace") for path in (self.folder / "mail").iterdir()]
        return [name for text in words for name in MESSAGE_ID.findall(text)]


pytestmark = pytest.mark.skipif(
    not settings.ENVIRONMENT.is_sqlite, reason="kills the embedded program, which has a SQLite file of its own"
)


def kill_again_and_again(folder: Path, *, kills: int, seed: int) -> int:
    """How many of the kills struck runs at work; everything is checked at the end."""
    victim, dice, struck = Victim(folder), random.Random(seed), 0
    assert victim.ask("set_up")["runs"] == RUNS
    for _ in range(kills):
        struck += victim.live_until(victim.count_events() + dice.randint(3, max(4, 320 // kills)))
    victim.live_to_the_end()
    report, letters = victim.ask("report"), Counter(victim.sent())
    # A letter that was being sent at the kill and never left is settled so by a person; its ticket goes to people.
    unsent = report["actions"].get("send_reply failed", 0)
    assert report["runs"] == {"done": RUNS - unsent, **({"escalated": unsent} if unsent else {})}, report
    assert report["gaps"] == report["answered_twice"] == report["executed_twice"] == report["moved_twice"] == []
    assert report["orders"] == {"cancelled": RUNS} and report["lines"] == {"payment": RUNS, "refund": RUNS}, report
    assert report["balances"] == ["75.00"] and report["sealed"], report
    assert set(letters.values()) == {1} and len(letters) == report["letters"] == RUNS - unsent, letters
    return struck


def test_killed_in_the_middle_of_twenty_runs(tmp_path_factory: pytest.TempPathFactory) -> None:
    # Where the machine let all runs end before the kill it struck nothing: another try tells.
    assert any(kill_again_and_again(tmp_path_factory.mktemp("killed"), kills=1, seed=seed) for seed in range(1, 6))


@pytest.mark.prove
@pytest.mark.parametrize("seed", [2, 3])
def test_killed_again_and_again(tmp_path: Path, seed: int) -> None:
    assert kill_again_and_again(tmp_path, kills=12, seed=seed) >= 6
