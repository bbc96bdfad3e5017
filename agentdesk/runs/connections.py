"""Giving the database connection back while something else than the database is waited for."""

from __future__ import annotations

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def give_connection_back() -> None:
    """Gives this thread's connection back; inside a transaction it is kept."""
    if connection.in_atomic_block:
        return
    if connection.vendor == "sqlite":
        hold_open(str(connection.settings_dict["NAME"]))
    connection.close()


@cache
def hold_open(name: str) -> BaseDatabaseWrapper:
    """One idle connection of this process to a SQLite file.

    Where the last connection closes, SQLite writes its whole log back and waits for the disk, at every step of a run.
    """
    held: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)
    held.inc_thread_sharing()
    held.ensure_connection()
    return held
