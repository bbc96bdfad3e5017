"""Databases of a benchmark's own, named with the process id."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

SERVER = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def make_database() -> Iterator[str]:
    """The URL of a fresh database on the PostgreSQL that tests use; dropped afterwards."""
    import psycopg

    name = f"agentdesk_bench_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield SERVER.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def setup_django(url: str, *, migrate: bool = False) -> None:
    """Sets Django up on a database, once per process."""
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("SECRET_KEY", "a-key-for-benchmarks-that-guards-nothing-at-all-01234")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")
    os.environ.setdefault("EMAIL_URL", "memory://")
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
