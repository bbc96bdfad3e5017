"""One process that is everything: daphne on the main thread, a Celery worker and the timers on threads beside it.

With Redis it is one node of several; without, broker and channel layer live in here too.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

# Before anything else of Twisted: daphne chooses the reactor.
from daphne.server import Server  # isort: skip
from celery.worker import WorkController, state
from django.conf import settings

from agentdesk.celery import app
from agentdesk.doorbell import capture_loop
from agentdesk.runs.leases import drop_leases

logger = logging.getLogger(__name__)

# Most wait for a model at any time, and hold neither a connection nor a hand (agentdesk/runs/hands.py) meanwhile.
WORKER_THREADS = 100
# Longer than any one task takes; what is cut off all the same is taken up again at the next start.
FAREWELL_SECONDS = 8.0


class Timers(threading.Thread):
    """Enqueues each periodic task of the Celery settings when it is due, the first time at once."""

    def __init__(self) -> None:
        super().__init__(name="timers", daemon=True)
        self._ending = threading.Event()

    def run(self) -> None:
        entries = list(app.conf.beat_schedule.values())
        due_at = [time.monotonic()] * len(entries)
        while not self._ending.wait(max(0.0, min(due_at) - time.monotonic())):
            now = time.monotonic()
            for place, entry in enumerate(entries):
                if due_at[place] <= now:
                    due_at[place] = now + entry["schedule"].run_every.total_seconds()
                    enqueue(entry)

    def end(self) -> None:
        self._ending.set()


def enqueue(entry: dict[str, Any]) -> None:
    """Puts a periodic task in the queue; a failing broker is logged, the timers go on."""
    try:
        app.tasks[entry["task"]].apply_async(**entry["options"])
    except Exception as error:  # The timers outlive whatever ails the broker.
        logger.warning("%s could not be enqueued: %r", entry["task"], error)


class Worker(threading.Thread):
    """A real Celery worker with a pool of threads; it is asked to end between two tasks, never inside one."""

    def __init__(self) -> None:
        super().__init__(name="worker", daemon=True)
        self.controller = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=WORKER_THREADS,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )

    def run(self) -> None:
        self.controller.start()

    def end(self, within: float) -> bool:
        """Waits for the tasks in flight; whether all ended in time."""
        give_up_at = time.monotonic() + within
        state.should_stop = 0  # type: ignore[assignment]
        # The in-process transport looks up only after a message or 2 s, twice over: give it a few.
        for _ in range(5):
            enqueue(app.conf.beat_schedule["note-worker"])
            self.join(0.1)
        self.join(max(0.0, give_up_at - time.monotonic()))
        return not self.is_alive()


def serve(host: str, port: int, announce: Callable[[str], None]) -> int:
    """Serves until it is interrupted; the exit code. `announce` gets the address once it answers."""
    load_tasks()
    if settings.IS_EMBEDDED:
        drop_leases()
    worker, timers = Worker(), Timers()

    def start_beside() -> None:
        capture_loop(asyncio.get_event_loop())
        worker.start()
        timers.start()
        announce(describe_address(host, server.listening_addresses))

    server = make_server(host, port, start_beside)
    server.run()
    if not server.listening_addresses:
        sys.stderr.write(f"agentdesk: PORT: {host}:{port} cannot be listened on; is it in use?\n")
        return 2
    return say_farewell(worker, timers)


def load_tasks() -> None:
    # The command that calls this has just run Django's checks; the worker need not again.
    """Imports every task before the worker starts."""
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    app.loader.import_default_modules()
    app.finalize()


def make_server(host: str, port: int, ready: Callable[[], None]) -> Server:
    """The web server, which calls `ready` once it listens."""
    from agentdesk.asgi import application

    escaped = host.strip("[]").replace(":", r"\:")
    return Server(
        application=application,
        endpoints=[f"tcp:port={port}:interface={escaped}"],
        ready_callable=ready,
        server_name="",
        verbosity=0,
        application_close_timeout=5,
    )


def describe_address(host: str, listening: list[tuple[str, int]]) -> str:
    """The address a person opens, from where the server listens."""
    port = listening[0][1] if listening else 0
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def say_farewell(worker: Worker, timers: Timers) -> int:
    """Ends timers and worker between two tasks; the process's exit code."""
    capture_loop(None)
    timers.end()
    if worker.end(within=FAREWELL_SECONDS):
        return 0
    logger.warning("tasks were still running after %.0f s; the next start takes them up again", FAREWELL_SECONDS)
    sys.stdout.flush()
    sys.stderr.flush()
    # A pool's threads cannot be ended and the interpreter would wait for them; every task may be cut off anywhere.
    os._exit(0)
