"""Leases: one worker advances a run at a time. Taken by one conditional UPDATE that raises the fence."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from agentdesk.runs.hands import waiting
from agentdesk.runs.log import LeaseLost
from agentdesk.runs.models import Run, RunStatus
from tickets.prepared import prepared_update

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a silent worker keeps a run; by the database's clock."""


RENEWAL_SECONDS = 15.0
"""How often a lease is renewed while a model answers."""


def take_lease(run_id: UUID) -> Run | None:
    """The run with a raised fence, if it is queued, or running under a lease that has lapsed; else None."""
    return next(iter(lease_if_free(run_id)), None)


@prepared_update
def lease_if_free(run_id: UUID) -> tuple[QuerySet[Run], dict[str, Any]]:
    """The run's row, if nobody holds it, as it is once it is leased."""
    free = Q(status=RunStatus.QUEUED) | Q(status=RunStatus.RUNNING, leased_until__lt=Now())
    leased = {"status": RunStatus.RUNNING, "fence": F("fence") + 1, "leased_until": Now() + LEASE}
    return Run.objects.filter(free, pk=run_id), leased


def drop_leases() -> int:
    """Frees every running run, where the one process that could hold a lease has just started. Returns: how many."""
    return Run.objects.filter(status=RunStatus.RUNNING).update(leased_until=Now())


def renew_lease(run: Run) -> None:
    """Keeps a run for another while. Raises: LeaseLost."""
    mine = Run.objects.filter(pk=run.pk, fence=run.fence, status=RunStatus.RUNNING)
    if not mine.update(leased_until=Now() + LEASE):
        raise LeaseLost(LeaseLost.__doc__)


class Keeper:
    """Renews the leases of this process's runs whose models answer slowly, on one thread for all of them.

    The thread starts with the first call and ends when it wakes and finds none.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: dict[int, tuple[float, Run]] = {}
        self._keys = itertools.count()
        self._thread: threading.Thread | None = None
        self._wakes_at = 0.0

    @contextmanager
    def keep(self, run: Run) -> Iterator[None]:
        """Keeps a run's lease alive while the caller is at it; several callers may keep one run."""
        key, due = next(self._keys), time.monotonic() + RENEWAL_SECONDS
        with self._changed:
            self._kept[key] = (due, run)
            self._wake_by(due)
        try:
            yield
        finally:
            with self._changed:
                del self._kept[key]

    def _wake_by(self, due: float) -> None:
        # A thread does not live on in a forked child: a child starts its own.
        if self._thread is None or not self._thread.is_alive():
            self._wakes_at = due
            self._thread = threading.Thread(target=self._renew_when_due, name="leases", daemon=True)
            self._thread.start()
        elif due < self._wakes_at:
            self._changed.notify()

    def _renew_when_due(self) -> None:
        while (ready := self._wait_for_due()) is not None:
            for run in ready:
                renew_quietly(run)
            connection.close()

    def _wait_for_due(self) -> list[Run] | None:
        with self._changed:
            if not self._kept:
                self._thread = None
                return None
            self._wakes_at = min(due for due, _ in self._kept.values())
            self._changed.wait(max(0.0, self._wakes_at - time.monotonic()))
            now = time.monotonic()
            ready = {key: run for key, (due, run) in self._kept.items() if due <= now}
            self._kept.update({key: (now + RENEWAL_SECONDS, run) for key, run in ready.items()})
            return list(ready.values())


def renew_quietly(run: Run) -> None:
    """Renews a lease; whoever lost it, or its database, learns of it at the next write."""
    try:
        renew_lease(run)
    except LeaseLost:
        return
    except Exception:
        logger.exception("the lease of run %s was not renewed", run.pk)


keeper = Keeper()


@contextmanager
def renewing(run: Run) -> Iterator[None]:
    """Keeps the lease alive while a model or a tool answers, however long it takes; others work meanwhile."""
    with keeper.keep(run), waiting():
        yield


def release_lease(run: Run, *, working_seconds: float) -> None:
    """Gives a run back without having ended it; a lost lease is nothing to give back."""
    mine = Run.objects.filter(pk=run.pk, fence=run.fence, status=RunStatus.RUNNING)
    mine.update(status=RunStatus.QUEUED, leased_until=None, working_seconds=working_seconds)
