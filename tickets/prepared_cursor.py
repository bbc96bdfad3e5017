"""PostgreSQL's cursor of statements that are prepared; apart, because a house on SQLite never loads that driver."""

from __future__ import annotations

from typing import Any, Self

from django.db.backends.postgresql.base import ServerBindingCursor


def cursor_of(connection: Any) -> PreparedCursor:
    """A connection's one cursor for prepared statements: whoever sends one takes all of its rows at once."""
    if not hasattr(connection, "prepared_cursor"):
        connection.prepared_cursor = PreparedCursor(connection)  # type: ignore[call-arg]
    cursor: PreparedCursor = connection.prepared_cursor
    return cursor


class PreparedCursor(ServerBindingCursor):
    """Prepares each statement at its first use on a connection; the connection keeps the most recent hundred."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        """Sends the statement's name and its values, once the server knows it."""
        super().execute(query, params, **{**options, "prepare": True})  # type: ignore[misc]
        return self
