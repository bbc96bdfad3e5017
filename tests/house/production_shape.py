"""The production shape without Docker: the very commands docker-compose.yml names, on PostgreSQL and Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis
import yaml

from tests.running_server import find_steady_port

BASE_DIR = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 300.0
"""Seconds for what takes a few: the machine may be busy with another pass of the tests."""


def read_compose() -> dict[str, Any]:
    compose: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
    return compose


def read_command(service: str) -> list[str]:
    """A service's command, its program taken from this environment."""
    program, *arguments = read_compose()["services"][service]["command"]
    return [str(BIN / program), *arguments]


@dataclass
class Node:
    """One process of the installation, writing to a file of its own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> int:
        """Its exit code; killed, where it did not stop when asked."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@dataclass
class Installation:
    """A database and a Redis prefix of its own, and the processes that run on them."""

    folder: Path
    environment: dict[str, str]
    nodes: list[Node] = field(default_factory=list)

    def run(self, service: str) -> None:
        """A command that ends by itself: the migration step."""
        run_to_its_end(read_command(service), self.environment)

    def start(self, service: str, **replaced: str) -> Node:
        """One more process of this service; `replaced` changes words of its command (a port, a path)."""
        command = [replaced.get(word, word) for word in read_command(service)]
        log = self.folder / f"{service}-{len(self.nodes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=BASE_DIR, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        node = Node(service, process, log)
        self.nodes.append(node)
        return node

    def start_web(self) -> str:
        """One more web process; its address, once it answers."""
        port = str(find_steady_port())
        # The words of the command that stand for "all addresses" and "port 8000" in a container.
        self.start("web", **{"0.0.0.0": "127.0.0.1", "8000": port})
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(url, "/healthz"), PATIENCE, "a web process did not answer")
        return url

    def start_beat(self) -> Node:
        return self.start("beat", **{"/tmp/agentdesk-beat": str(self.folder / "beat")})

    def manage(self, *arguments: str, **variables: str) -> str:
        """A management command's standard output; `variables` are added to its environment."""
        return run_to_its_end([sys.executable, "manage.py", *arguments], {**self.environment, **variables})

    def read_logs(self) -> str:
        return "\n".join(f"--- {node.log.name}\n{node.log.read_text()}" for node in self.nodes)


def run_to_its_end(command: list[str], environment: dict[str, str]) -> str:
    """A command's standard output. Raises: AssertionError with all it wrote, where it failed."""
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr}{done.stdout}"
    return done.stdout


def answers(url: str, path: str) -> bool:
    try:
        return httpx.get(url + path, timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False


def wait_for(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            raise AssertionError(otherwise)
        time.sleep(0.1)


@contextmanager
def install(folder: Path, database_url: str, redis_url: str) -> Iterator[Installation]:
    """A fresh installation on these servers, stopped and cleared away afterwards."""
    name = f"agentdesk_shape_{os.getpid()}"
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        installation = Installation(folder, make_environment(database_url, name, redis_url))
        try:
            yield installation
        finally:
            for node in installation.nodes:
                node.ask_to_stop()
            for node in installation.nodes:
                node.wait()
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            forget_keys(redis_url, name)


def make_environment(database_url: str, name: str, redis_url: str) -> dict[str, str]:
    head, _, query = database_url.partition("?")
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "SECRET_KEY": "a-key-for-tests-that-guards-nothing-at-all-0123456789",
        "DATABASE_URL": f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else ""),
        "REDIS_URL": redis_url,
        "REDIS_PREFIX": name,
        "EMAIL_URL": "dummy://",
        "PYTHONUNBUFFERED": "1",
    }


def forget_keys(redis_url: str, prefix: str) -> None:
    with redis.Redis.from_url(redis_url) as server:
        for key in server.scan_iter(f"{prefix}:*", count=500):
            server.delete(key)
