"""Hundreds of runs, each request and each look-up with one chance in twenty to go wrong: every run ends well.

Seeds are fixed. A sample is in `make test`, the five hundred in `make prove`.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from agentdesk.agent.tools import GetOrder
from agentdesk.runs import tool_running
from agentdesk.runs.read_tools import ANSWERS, Desk, ReadTool
from tests.acceptance.days.desk import (
    WIRES,
    provider,
    require_good_end,
    require_nothing_unapproved,
    work_on,
    write_in,
)
from tests.approvals.shop import make_catalogue, make_order
from tests.wire.replies import (
    Answer,
    Call,
    Reply,
    answer_half_json,
    answer_prose,
    break_off,
    by_place,
    call,
    cut,
    fail,
    refuse,
    say,
    stall,
    trickle,
)
from tickets.models import Customer

pytestmark = pytest.mark.django_db

SHARE = 0.05
ORDER = "#W1000000"
LETTER = f"Please cancel my order {ORDER}, I no longer need it."
STATED = {"rationale": "asked for", "confidence": 0.9, "alternatives": []}
CANCEL = call("cancel_order", {"order_id": ORDER, "reason": "no longer needed", **STATED})
TURNS = by_place([call("get_order", {"order_id": ORDER}), CANCEL, say("It waits for a colleague.")])
LONG = Reply(text="word " * 200)
FAULTS: tuple[Callable[[], Answer], ...] = (
    lambda: fail(400),
    lambda: fail(401),
    lambda: fail(408, 0.01),
    lambda: fail(429, 0.01),
    lambda: fail(500, 0.01),
    lambda: fail(503, 0.01),
    lambda: fail(529, 0.01),
    answer_prose,
    answer_half_json,
    refuse,
    lambda: Reply(),
    lambda: cut(LONG),
    lambda: break_off(LONG),
    lambda: stall(600),
    lambda: trickle(LONG, 0.5),
    lambda: call("get_order", "{{"),
    lambda: call("no_such_tool", {}),
    lambda: call("cancel_order", {"order_id": 7}),
    lambda: Reply(tool_calls=(Call("list_orders"),) * 12),
)


class Weather:
    """What goes wrong, by fixed dice; `struck` counts it. Asked from several threads."""

    def __init__(self, seed: int) -> None:
        self.struck = 0
        self._dice = random.Random(seed)
        self._lock = threading.Lock()

    def strikes(self) -> bool:
        with self._lock:
            is_bad = self._dice.random() < SHARE
            self.struck += is_bad
            return is_bad

    def answer(self, body: dict[str, Any]) -> Answer:
        """What the provider answers: the script's next turn, or a fault."""
        if not self.strikes():
            return TURNS(body)
        with self._lock:
            return self._dice.choice(FAULTS)()

    def look_up(self, arguments: GetOrder, desk: Desk) -> dict[str, str]:
        """What the tool answers, where it does."""
        if self.strikes():
            raise ConnectionResetError("reset")
        return {"order_id": arguments.order_id, "status": "pending"}


def endure(customer: Customer, monkeypatch: pytest.MonkeyPatch, *, seed: int, runs: int, wire: str) -> Counter[str]:
    """So many runs, one after the other, each of which has to end well. Returns: how they ended."""
    weather = Weather(seed)
    monkeypatch.setattr(tool_running, "FIRST_PAUSE", 0.01)
    monkeypatch.setitem(ANSWERS, "get_order", ReadTool(weather.look_up, GetOrder, leaves_process=True))
    ends: Counter[str] = Counter()
    with provider(wire, weather.answer):
        for _ in range(runs):
            run = work_on(write_in(customer, LETTER, wall_clock_seconds=3))
            require_good_end(run)
            ends[run.status] += 1
    require_nothing_unapproved()
    assert weather.struck, "the weather was too fair to prove anything"
    return ends


@pytest.fixture
def customer(carla: Customer) -> Customer:
    make_catalogue()
    make_order(carla, ORDER)
    return carla


@pytest.mark.parametrize(("wire", "runs"), [("anthropic", 9), ("openai", 8), ("openai-chat", 8)])
def test_a_sample_of_runs_ends_well(customer: Customer, monkeypatch: pytest.MonkeyPatch, wire: str, runs: int) -> None:
    endure(customer, monkeypatch, seed=WIRES.index(wire) + 1, runs=runs, wire=wire)


@pytest.mark.prove
@pytest.mark.parametrize(("wire", "runs"), [("anthropic", 167), ("openai", 167), ("openai-chat", 166)])
def test_five_hundred_runs_end_well(customer: Customer, monkeypatch: pytest.MonkeyPatch, wire: str, runs: int) -> None:
    ends = endure(customer, monkeypatch, seed=WIRES.index(wire) + 11, runs=runs, wire=wire)
    assert ends["waiting"] > runs * 0.7, ends
