"""The real program as a process of its own: `manage.py serve` with a database that only this test knows."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import queue
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE = "desk.sqlite3"
ADDRESS = re.compile(r"http://[^/\s]+")
START_TIMEOUT = 300.0
STOP_TIMEOUT = 60.0


@functools.cache
def find_template(load: str) -> Path:
    """A database to copy, made once for this process: the migrations and the demo shop are the same for every test."""
    folder = Path(tempfile.mkdtemp(prefix="agentdesk-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = make_environment(folder, {"DEMO": "1"})
    if load == "tables":
        run_manage(environment, "migrate", "--verbosity=0")
    else:
        shutil.copyfile(find_template("tables"), folder / DATABASE)
        run_manage(environment, f"load_{load}")
    return folder / DATABASE


def find_steady_port() -> int:
    """A port nobody listens on, below those that the kernel hands out: it is still free when it is used again."""
    for port in random.SystemRandom().sample(range(15_000, 30_000), 100):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def make_environment(folder: Path, changes: dict[str, str]) -> dict[str, str]:
    """A stripped environment, with a SQLite file in `folder` unless `changes` say otherwise."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "EMAIL_URL": f"file://{folder / 'mail'}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "default",
        **changes,
    }


@dataclass
class RunningServer:
    """A process that prints its address. `lines` holds all that its `listeners` read so far; `beside` ends with it."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    url: str = ""
    lines: list[str] = field(default_factory=list)
    beside: list[subprocess.Popen[str]] = field(default_factory=list)
    listeners: list[threading.Thread] = field(default_factory=list)

    @classmethod
    def start(cls, folder: Path, changes: dict[str, str], *, port: int = 0) -> RunningServer:
        """With the tables in its database, with the demo shop (LOAD="demo"), or with no file yet (LOAD="nothing")."""
        wanted = dict(changes)
        load = wanted.pop("LOAD", "tables")
        environment = make_environment(folder, wanted)
        if load != "nothing" and not (folder / DATABASE).exists():
            shutil.copyfile(find_template(load), folder / DATABASE)
        server = cls(start_process(environment, "serve", "--port", str(port)), environment)
        server.url = server.wait_for_address()
        return server

    def wait_for_address(self) -> str:
        heard: queue.Queue[str] = queue.Queue()
        assert self.process.stdout is not None
        self.listeners.append(threading.Thread(target=self._listen, args=(self.process.stdout, heard), daemon=True))
        self.listeners[-1].start()
        give_up_at = time.monotonic() + START_TIMEOUT
        while time.monotonic() < give_up_at:
            try:
                address = ADDRESS.search(heard.get(timeout=0.2))
            except queue.Empty:
                if self.process.poll() is not None:
                    break
                continue
            if address:
                return address.group()
        self.kill()
        raise RuntimeError("serve did not start:\n" + "".join(self.lines))

    def _listen(self, stream: IO[str], heard: queue.Queue[str]) -> None:
        with stream:
            for line in stream:
                self.lines.append(line)
                heard.put(line)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def manage(self, *arguments: str) -> str:
        """Another `manage.py` command on the same data; its standard output."""
        return run_manage(self.environment, *arguments)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to stop and waits; its exit code."""
        for other in self.beside:
            other.communicate()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._close()

    def kill(self) -> None:
        """kill -9: no farewell, as when the machine loses power."""
        self.process.kill()
        self.process.wait()
        self._close()

    def _close(self) -> None:
        """Until all it wrote was read: who reads a pipe closes it."""
        for listener in self.listeners:
            listener.join(STOP_TIMEOUT)


def start_process(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return done.stdout
