"""Is this process alive, and is this installation ready to work? Two plain answers for machines."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from agentdesk.celery import app

OK = "ok"
WORKER_SEEN_KEY = "worker-seen-at"
WORKER_MUST_BE_SEEN_WITHIN = 60.0
MAIL_MISSING = "not configured: messages stay queued until EMAIL_URL is set"


class NotReady(Exception):
    """One of the things this installation needs does not answer."""


def note_worker_seen() -> None:
    """Called by a periodic task, so it proves timer, broker and worker at once."""
    cache.set(WORKER_SEEN_KEY, time.time(), timeout=None)


@require_safe
@never_cache
def show_health(request: HttpRequest) -> JsonResponse:
    """`/healthz`: the process is alive."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def show_readiness(request: HttpRequest) -> JsonResponse:
    """`/readyz`: whether it can do its work, check by check."""
    checks = run_checks()
    ready = all(answer == OK for answer in checks.values())
    checks["mail"] = OK if settings.MAIL_CONFIGURED else MAIL_MISSING
    return JsonResponse({"status": "ready" if ready else "not ready", "checks": checks}, status=200 if ready else 503)


def run_checks() -> dict[str, str]:
    """Each check's answer; what stands on one that failed is not asked, for a dead server makes every asker wait."""
    answers: dict[str, str] = {}
    for name, check, needed in CHECKS:
        answers[name] = run_check(check) if answers.get(needed, OK) == OK else f"not asked: {needed} is not there"
    return answers


def run_check(check: Callable[[], None]) -> str:
    """A check's outcome in words."""
    try:
        check()
    except NotReady as reason:
        return str(reason)
    return OK


def check_database() -> None:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReady("does not answer") from error


def check_migrations() -> None:
    """Whether the tables are those of this code."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise NotReady("cannot be read") from error
    if waiting:
        raise NotReady(f"{len(waiting)} not applied")


def check_broker() -> None:
    """Whether the broker answers."""
    if settings.IS_EMBEDDED:
        return
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
    except OperationalError as error:
        raise NotReady("does not answer") from error


def check_worker() -> None:
    """Whether a worker was seen lately."""
    seen_at = cache.get(WORKER_SEEN_KEY)
    if seen_at is None:
        raise NotReady("not seen yet")
    age = time.time() - float(seen_at)
    if age > WORKER_MUST_BE_SEEN_WITHIN:
        raise NotReady(f"last seen {age:.0f} s ago")


CHECKS: tuple[tuple[str, Callable[[], None], str], ...] = (
    ("database", check_database, ""),
    ("migrations", check_migrations, "database"),
    ("broker", check_broker, ""),
    ("worker", check_worker, "broker"),
)
