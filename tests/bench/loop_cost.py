"""What a step of the loop costs of its own, over a bare HTTP call with the same bytes to the same provider on loopback.

Two figures for each wire format: before persistence (the loop and its provider: request built and measured, sent,
streamed answer read), and with every event stored, the tool's answer and the checks included, on both databases.
"""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from unittest import mock
from uuid import UUID

from tests.bench.answering import point_at, run_provider
from tests.bench.databases import make_database, setup_django
from tests.wire.replies import FORMATS
from tests.wire.server import MODELS

CALLS = 14
STEPS = CALLS + 1
RUNS = 12
ANSWER = '{"result": "1.25"}'
TARGETS = {"before persistence": 2.0, "every event stored": 5.0}
USUAL = 0.3
"""Milliseconds of a bare call on a quiet machine."""
PATHS = {"anthropic": "/v1/messages", "openai": "/v1/responses", "openai-chat": "/v1/chat/completions"}


@dataclass(frozen=True)
class Taken:
    """Milliseconds a step took, and those of them this process's processor worked."""

    wall: float
    processor: float


class Stopwatch:
    """Runs from its making."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def stop(self, steps: int) -> Taken:
        """What each of so many steps took."""
        wall, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        return Taken(wall * 1000 / steps, processor * 1000 / steps)


@contextmanager
def kept_bodies() -> Iterator[list[bytes]]:
    """The bodies sent meanwhile, to be posted once more without all the rest."""
    from agentdesk.agent.providers.budget import BudgetClient

    bodies: list[bytes] = []
    send = BudgetClient.send

    def send_and_keep(client: Any, request: Any, **options: Any) -> Any:
        bodies.append(request.content)
        return send(client, request, **options)

    with mock.patch.object(BudgetClient, "send", send_and_keep):
        yield bodies


def post_bare(wire: str, port: int, bodies: list[bytes]) -> Taken:
    """Milliseconds of one call on a kept connection: those bodies sent, the whole answer read, nothing looked at."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    watch = Stopwatch()
    for body in bodies:
        connection.request("POST", PATHS[wire], body, {"content-type": "application/json"})
        connection.getresponse().read()
    taken = watch.stop(len(bodies))
    connection.close()
    return taken


def make_customer() -> None:
    """Carla, who writes all the letters."""
    from tickets.models import Customer

    place = {"address1": "1 Quay", "address2": "", "city": "Leeds", "country": "UK", "state": "WY", "zip": "LS1"}
    Customer.objects.create(customer_id="carla", email="carla@example.com", **place)


def queue_run(wire: str) -> UUID:
    """A letter about an order; the id of its run."""
    from django.utils import timezone

    from agentdesk.runs.models import Run
    from tickets.operations import Letter, open_ticket

    letter = Letter("carla@example.com", "Cancel", "Please cancel my order #W1000000, I no longer need it.")
    run = Run.objects.get(ticket=open_ticket(letter, now=timezone.now())[0])
    Run.objects.filter(pk=run.pk).update(model=MODELS[wire])
    return run.pk


def run_stored(run_id: UUID) -> Taken:
    """Milliseconds a step of a whole run takes, every event stored."""
    from agentdesk.runs.engine import advance_run
    from agentdesk.runs.models import Run

    watch = Stopwatch()
    advance_run(run_id)
    taken = watch.stop(STEPS)
    run = Run.objects.get(pk=run_id)
    if (run.status, run.steps) != ("done", STEPS):
        raise SystemExit(f"the run ended {run.status} after {run.steps} steps: {run.reason}")
    return taken


def run_unstored(run_id: UUID) -> Taken:
    """Milliseconds a step takes where nothing is stored: the loop, the measured request, the provider's answer."""
    from agentdesk.agent.language_model import CallLimits, ToolAnswer
    from agentdesk.agent.loop import AskModel, run_loop
    from agentdesk.agent.providers import find_model
    from agentdesk.agent.request_hash import RequestHasher
    from agentdesk.runs.instructing import setting_of
    from agentdesk.runs.models import Run
    from agentdesk.runs.transcript import fold_transcript
    from agentdesk.runs.work import Work

    run = Run.objects.select_related("ticket").get(pk=run_id)
    work = Work(run, lambda: run.created_at)
    entries = fold_transcript(run.pk).entries
    setting, model, hasher = setting_of(run, work.bounds, work.names()), find_model(run.model), RequestHasher()
    steps, watch = 0, Stopwatch()
    loop: Any = run_loop(entries, setting)
    with suppress(StopIteration):
        need = next(loop)
        while True:
            if isinstance(need, AskModel):
                steps += 1
                hasher.measure(need.request)
                need = loop.send(model.answer(need.request, CallLimits(60.0)))
            else:
                need = loop.send(tuple(ToolAnswer(call.tool_call_id, ANSWER) for call in need.turn.tool_calls))
    return watch.stop(steps)


def measure(wire: str, port: int) -> str:
    """The figures of one format; each round measures all three beside each other.

    A step's own cost is told as time on the wall, as that time where a bare call takes 0.3 ms, and as work of this
    process's processor: on a busy machine only the last means something.
    """
    with kept_bodies() as bodies:
        run_stored(queue_run(wire))
    run_stored(queue_run(wire)), run_unstored(queue_run(wire))
    rounds = [
        (post_bare(wire, port, bodies), run_unstored(queue_run(wire)), run_stored(queue_run(wire))) for _ in range(RUNS)
    ]
    bare, *figures = (median(taken) for taken in zip(*rounds, strict=True))
    told = [f"bare call {bare.wall:.2f} ms"]
    for (what, target), one in zip(TARGETS.items(), figures, strict=True):
        own = one.wall - bare.wall
        worked = one.processor - bare.processor
        usual = own / bare.wall * USUAL
        told.append(f"{what} {own:.2f} ms, {usual:.1f} at {USUAL}, {worked:.2f} of processor (target ≤ {target:.0f})")
    return "; ".join(told)


def median(taken: Sequence[Taken]) -> Taken:
    """The middle of each."""
    return Taken(statistics.median(one.wall for one in taken), statistics.median(one.processor for one in taken))


def profile(wire: str) -> None:
    """Where the time of stored steps goes: to standard output."""
    import cProfile
    import pstats

    runs = [queue_run(wire) for _ in range(5)]
    profiler = cProfile.Profile()
    for run_id in runs:
        profiler.runcall(run_stored, run_id)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    pstats.Stats(profiler).sort_stats("cumtime").print_stats("agentdesk|approvals|tickets", 45)


def measure_database(name: str, url: str, wires: list[str]) -> None:
    """Every format on one database, in this process."""
    with run_provider(CALLS) as port:
        point_at(port)
        setup_django(url, migrate=True)
        make_customer()
        # On a thread of a worker, beside the process's own connection, as in `manage.py serve`: SQLite tidies up
        # whenever the last connection of all is closed.
        worker = ThreadPoolExecutor(1)
        for wire in wires:
            print(f"loop cost, {wire} on {name}: {worker.submit(measure, wire, port).result()}", flush=True)
        if os.environ.get("PROFILE"):
            worker.submit(profile, wires[0]).result()


def main() -> None:
    """A process for each database; `PROFILE=1` tells where a step's time goes."""
    if len(sys.argv) > 1:
        measure_database(sys.argv[1], sys.argv[2], sys.argv[3:] or list(FORMATS))
        return
    with tempfile.TemporaryDirectory() as folder, make_database() as postgresql:
        for name, url in (("SQLite", f"sqlite:///{folder}/bench.sqlite3"), ("PostgreSQL", postgresql)):
            subprocess.run([sys.executable, "-m", "tests.bench.loop_cost", name, url], check=True)


if __name__ == "__main__":
    main()
