"""A new user's first minutes: a fresh clone, a stripped environment, and `make demo`."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from agentdesk.environment import BASE_DIR
from tests.house.production_shape import answers, wait_for
from tests.running_server import find_steady_port

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(not settings.ENVIRONMENT.is_sqlite, reason="`make demo` is the embedded program"),
]


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "agentdesk"
    subprocess.run(["git", "clone", "--quiet", str(BASE_DIR), str(folder)], check=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Demo:
    """`make demo` with nothing in its environment but a home and the system's own programs."""

    def __init__(self, clone: Path) -> None:
        self.port = str(find_steady_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = clone.parent / f"demo-{self.port}.log"
        environment = {"HOME": os.environ["HOME"], "PATH": "/usr/local/bin:/usr/bin:/bin", "PORT": self.port}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["make", "demo"], cwd=clone, env=environment, stdout=output, stderr=output, start_new_session=True
            )

    def wait_until_it_answers(self, seconds: float) -> float:
        """How many seconds of a processor it took: a busy machine does not make it slower."""
        wait_for(lambda: answers(self.url, "/healthz"), seconds, f"no answer:\n{self.log.read_text()}")
        return read_cpu_seconds(self.process.pid)

    def __enter__(self) -> Demo:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(60)

    def press_ctrl_c(self) -> str:
        """What it had written, once it has stopped."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        return self.log.read_text()


def read_cpu_seconds(group: int) -> float:
    """What the processes of this group have used so far, their ended children included."""
    fields = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # It may end while it is being read.
            fields.append(stat.read_text().rpartition(") ")[2].split())
    ticks = sum(sum(map(int, words[11:15])) for words in fields if int(words[2]) == group)
    return ticks / os.sysconf("SC_CLK_TCK")


def test_make_demo_works_from_nothing_and_starts_at_once_the_second_time(clone: Path) -> None:
    with Demo(clone) as first:
        first.wait_until_it_answers(600)
        page = httpx.get(f"{first.url}/", follow_redirects=True)
        assert page.status_code == 200
        assert {"rita", "max", "ada"} <= set(re.findall(r"\w+", page.text.lower()))
        written = first.press_ctrl_c()
    assert first.url in written
    assert "Traceback" not in written

    with Demo(clone) as second:
        assert second.wait_until_it_answers(120) < 4
        assert "Traceback" not in second.press_ctrl_c()
