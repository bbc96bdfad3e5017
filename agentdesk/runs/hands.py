"""A worker has many runs open and few hands: most wait for a model, and only so many work at a time in one process.

More would wait for each other at the interpreter and the database, SQLite's one writer above all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

HANDS = 4
"""More gain nothing under one interpreter lock; fewer would wait for each commit to reach the disk."""
_free = threading.BoundedSemaphore(HANDS)
_own = threading.local()


@contextmanager
def at_work() -> Iterator[None]:
    """Holds one of the process's hands; whoever holds one already goes on with it."""
    if getattr(_own, "held", False):
        yield
        return
    _take()
    try:
        yield
    finally:
        _give_back()


@contextmanager
def waiting() -> Iterator[None]:
    """Gives the hand back, if there is one, while something else than this process is at it."""
    if not getattr(_own, "held", False):
        yield
        return
    _give_back()
    try:
        yield
    finally:
        _take()


def _take() -> None:
    _free.acquire()
    _own.held = True


def _give_back() -> None:
    _own.held = False
    _free.release()
