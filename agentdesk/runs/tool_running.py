"""Running tools that leave the process: all of a turn's at once, each under its deadline, again where that is safe.

A tool that hangs is abandoned at its deadline; what it still answers after that is dropped. No transaction is open.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

from agentdesk.agent.failures import LAST_RUNG, Failure, Recovery, Remedy, choose_remedy

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.2
"""Seconds before a tool is tried again; doubled each time."""
SLOTS = threading.BoundedSemaphore(64)
"""Tools that may be at work in this process, those abandoned included: what hangs for good takes no more than these."""


@dataclass(frozen=True)
class Chance:
    """How a tool may be tried: its time limit in seconds, and which errors a second try can mend.

    Only an idempotent tool is tried again.
    """

    timeout_seconds: float
    retryable: tuple[type[Exception], ...]
    is_idempotent: bool

    def allows(self, error: Exception | None) -> bool:
        """Whether a second try is safe and may help after this error; None is a missed deadline."""
        return self.is_idempotent and (error is None or isinstance(error, self.retryable))


@dataclass(frozen=True)
class Trouble:
    """One failure of a tool, the how-manieth, and what was chosen to do about it."""

    failure: Failure
    times: int
    remedy: Remedy


@dataclass(frozen=True)
class Ran:
    """What came of running a tool: its value, or what was wrong in words; and the failures on the way."""

    value: Any = None
    what_was_wrong: str = ""
    troubles: tuple[Trouble, ...] = ()

    @property
    def is_failed(self) -> bool:
        """Whether it gave no value."""
        return bool(self.what_was_wrong)


Job = tuple[Callable[[], Any], Chance]


def run_together(jobs: Sequence[Job], seconds: float) -> list[Ran]:
    """Runs tools beside each other, within so many seconds all in all. Returns: what came of each, in order."""
    until = time.monotonic() + seconds
    if len(jobs) == 1:
        return [run_tool(*jobs[0], until)]
    done: list[Ran] = [Ran(what_was_wrong="It was not started.")] * len(jobs)

    def run_at(place: int) -> None:
        done[place] = run_tool(*jobs[place], until)

    threads = [threading.Thread(target=run_at, args=(place,), daemon=True) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def run_tool(tool: Callable[[], Any], chance: Chance, until: float) -> Ran:
    """Runs a tool until it answers, or nothing more may be tried. `until` is a reading of the monotonic clock."""
    troubles: list[Trouble] = []
    while True:
        answer = try_once(tool, min(chance.timeout_seconds, until - time.monotonic()))
        if isinstance(answer, Given):
            return Ran(answer.value, troubles=tuple(troubles))
        pause = FIRST_PAUSE * 2 ** len(troubles)
        may_again = chance.allows(answer.error) and time.monotonic() + pause < until
        times = len(troubles) + 1
        remedy = choose_remedy(answer.failure, times if may_again else LAST_RUNG)
        troubles.append(Trouble(answer.failure, times, remedy))
        if remedy.recovery != Recovery.RETRY:
            return Ran(what_was_wrong=answer.in_words, troubles=tuple(troubles))
        time.sleep(pause)


@dataclass(frozen=True)
class Given:
    """What a tool answered in time."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """That a tool did not answer: too late, or by an error."""

    failure: Failure
    in_words: str
    error: Exception | None = None


def try_once(tool: Callable[[], Any], seconds: float) -> Given | Failed:
    """One try in a thread of its own, which is left behind where it does not end in time."""
    too_late = Failed(Failure.TOOL_TIMED_OUT, f"It gave no answer within {max(seconds, 0):.3g} seconds.")
    slots = SLOTS
    if seconds <= 0 or not slots.acquire(timeout=seconds):
        return too_late
    answers: queue.SimpleQueue[Given | Failed] = queue.SimpleQueue()
    threading.Thread(target=answer_into, args=(answers, tool, slots), name="tool", daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return too_late


def answer_into(
    answers: queue.SimpleQueue[Given | Failed], tool: Callable[[], Any], slots: threading.Semaphore
) -> None:
    """Runs a tool in this thread, and gives back what it took: its place and its database connection."""
    try:
        answers.put(Given(tool()))
    except Exception as error:
        logger.warning("a tool failed", exc_info=True)
        # What an error says may be anything, a key or another's data too: the model is told its name only.
        answers.put(Failed(Failure.TOOL_FAILED, f"It failed: {type(error).__name__}.", error))
    finally:
        connections.close_all()
        slots.release()
