"""`manage.py serve`: one process that is the whole desk, started and stopped as a person does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.running_server import BASE_DIR, DATABASE, RunningServer, find_template, make_environment

StartServer = Callable[..., RunningServer]
PATIENCE = 120.0
"""Seconds for what takes a fraction of one: the machine may be busy."""


def fetch(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=PATIENCE)


def wait_until_ready(url: str) -> httpx.Response:
    give_up_at = time.monotonic() + PATIENCE
    while True:
        answer = fetch(f"{url}/readyz")
        if answer.status_code == 200 or time.monotonic() > give_up_at:
            return answer
        time.sleep(0.1)


def test_it_migrates_answers_and_sees_its_worker(start_server: StartServer) -> None:
    server = start_server(LOAD="nothing")
    assert fetch(f"{server.url}/healthz").json() == {"status": "alive"}
    answer = wait_until_ready(server.url)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()["checks"].values()) == {"ok"}


def require_a_clean_stop(server: RunningServer, number: signal.Signals) -> None:
    wait_until_ready(server.url)
    assert server.stop(number) == 0
    assert "Traceback" not in server.output
    assert "Warning" not in server.output


def test_it_stops_cleanly_at_ctrl_c(start_server: StartServer) -> None:
    server = start_server()
    require_its_static_files(server.url)
    require_a_clean_stop(server, signal.SIGINT)


def test_it_stops_cleanly_when_told_and_starts_again_with_little_work(start_server: StartServer) -> None:
    require_a_clean_stop(start_server(), signal.SIGTERM)
    server = start_server()
    assert fetch(f"{server.url}/healthz").status_code == 200
    user, system = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
    assert (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") < 8


def test_a_port_in_use_stops_it_with_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_serve(tmp_path, "--port", port)
    assert done.returncode == 2
    assert port in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_is_served_on_a_loopback_address_only(tmp_path: Path) -> None:
    done = run_serve(tmp_path, "--host", "0.0.0.0", DEMO="1")
    assert done.returncode == 2
    assert "DEMO" in done.stderr


@pytest.fixture(scope="module")
def unmailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that was told of no mail server, for the tests that only look."""
    running = RunningServer.start(tmp_path_factory.mktemp("unmailed"), {"EMAIL_URL": ""})
    yield running
    running.stop()


def test_without_mail_it_says_that_messages_stay_queued(unmailed: RunningServer) -> None:
    assert "Mail is not configured" in unmailed.output
    assert "queued" in fetch(f"{unmailed.url}/readyz").json()["checks"]["mail"]


def test_every_answer_forbids_foreign_code_and_framing(unmailed: RunningServer) -> None:
    headers = fetch(f"{unmailed.url}/healthz").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


def require_its_static_files(url: str) -> None:
    """Served as they are, and not twice."""
    source = next((BASE_DIR / "static").rglob("*.css"))
    address = f"{url}/static/{source.relative_to(BASE_DIR / 'static')}"
    first = fetch(address)
    assert first.content == source.read_bytes()
    assert first.headers["content-type"].startswith("text/css")
    again = fetch(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.head(address, timeout=PATIENCE).content == b""
    assert fetch(f"{url}/static/../manage.py").status_code == 404


def run_serve(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    shutil.copyfile(find_template("tables"), folder / DATABASE)
    return subprocess.run(
        [sys.executable, "manage.py", "serve", *arguments],
        cwd=BASE_DIR,
        env=make_environment(folder, changes),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
