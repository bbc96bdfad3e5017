"""Bells for workers: a task's name and an id, rung after the commit. A bell that fails costs a sweep's wait."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)


def ring_after_commit(task: Task[..., object], *ids: str, seconds: float = 0, priority: int = 0) -> None:
    """Enqueues a task once this transaction is committed, to start after some seconds."""
    transaction.on_commit(lambda: ring(task, *ids, seconds=seconds, priority=priority))


def ring(task: Task[..., object], *ids: str, seconds: float = 0, priority: int = 0) -> None:
    """Enqueues a task now; never raises for a broker that cannot be reached.

    Redis hands out what has the lowest priority number first, 0 to 9; a broker in memory knows no priorities.
    """
    try:
        task.apply_async(ids, countdown=seconds, priority=priority, retry=False)
    except (KombuError, OperationalError, OSError) as error:
        logger.warning("%s was not rung, a sweep will find it: %s", task.name, error)
