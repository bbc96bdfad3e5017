"""kill -9 in the middle of a submission of sixty plans: after a restart each is answered once and done once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.running_server import BASE_DIR, DATABASE, RunningServer, find_template, make_environment

PLANS = 60
PATIENCE = 300.0
pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(
        not settings.ENVIRONMENT.is_sqlite, reason="kills the embedded program, which has a SQLite file of its own"
    ),
]


class Victim:
    """One embedded installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copyfile(find_template("tables"), folder / DATABASE)
        self.environment = {**make_environment(folder, {}), "DJANGO_SETTINGS_MODULE": "agentdesk.settings"}

    def ask(self, part: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.acceptance.submission_course", part]
        done = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def count(self, what: str) -> int:
        with sqlite3.connect(self.folder / DATABASE, timeout=60) as connection:
            (number,) = connection.execute(f"SELECT {what}").fetchone()
        connection.close()
        return int(number or 0)

    def count_answered(self) -> int:
        return self.count("max(answered) FROM runs_reportsubmission")

    def is_over(self) -> bool:
        """Whether all is answered, and all that was approved is done."""
        finished = self.count("count(*) FROM runs_reportsubmission WHERE finished_at IS NOT NULL")
        return bool(finished) and self.count("count(*) FROM approvals_action WHERE status = 'executed'") == PLANS

    def live_until(self, is_over: Callable[[], bool]) -> None:
        """Starts it and kills it as soon as this holds."""
        server = RunningServer.start(self.folder, {})
        give_up_at = time.monotonic() + PATIENCE
        while not is_over() and time.monotonic() < give_up_at:
            time.sleep(0.005)
        server.kill()
        assert is_over(), server.output


def test_each_plan_is_answered_and_done_once(tmp_path: Path) -> None:
    victim = Victim(tmp_path)
    assert victim.ask("set_up") == {"plans": PLANS}
    victim.live_until(lambda: victim.count_answered() >= PLANS // 4)
    assert victim.count_answered() < PLANS, "it was killed at work"
    victim.live_until(victim.is_over)
    assert victim.ask("report") == {
        "answers": {"approved": PLANS},
        "live_runs": {"done": PLANS},
        "actions": {"executed": PLANS},
        "decided_twice": [],
        "decisions": PLANS,
        "executed_twice": [],
        "orders": {"cancelled": PLANS},
        "worked_off": 1,
    }
