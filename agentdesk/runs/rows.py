"""Rows written without the ORM's compiler, whose cost would be the greater part of a step's.

The statements are made once per shape; every value goes through its field, as the ORM would have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


@dataclass(frozen=True)
class Raised:
    """A column's new value: what it holds, and so much more."""

    by: Any


def insert_rows(model: type[Model], columns: tuple[str, ...], rows: Sequence[Sequence[Any]], *, once: bool) -> None:
    """Inserts rows in one statement; with `once`, those that are there already are left as they are."""
    fields = fields_of(model, columns)
    values = [prepare(field, value) for row in rows for field, value in zip(fields, row, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(insert_statement(model, columns, len(rows), once), values)


@lru_cache(maxsize=256)
def insert_statement(model: type[Model], columns: tuple[str, ...], count: int, once: bool) -> str:
    """The statement for so many rows."""
    names = ", ".join(quote_column(model, name) for name in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    table = connection.ops.quote_name(model._meta.db_table)
    ending = " ON CONFLICT DO NOTHING" if once else ""
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)}{ending}"  # noqa: S608


def update_row(
    model: type[Model], where: Mapping[str, Any], columns: Mapping[str, Any], returning: tuple[str, ...]
) -> tuple[Any, ...] | None:
    """Sets columns of the row that holds these values, or raises them by a `Raised`.

    Returns: the named columns as they then are; None where there is no such row.
    """
    statement = update_statement(
        model, tuple(where), tuple((name, is_raised(columns[name])) for name in columns), returning
    )
    stated = [value.by if isinstance(value, Raised) else value for value in columns.values()]
    fields = fields_of(model, (*columns, *where))
    values = [prepare(field, value) for field, value in zip(fields, (*stated, *where.values()), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


@lru_cache(maxsize=256)
def update_statement(
    model: type[Model], where: tuple[str, ...], columns: tuple[tuple[str, bool], ...], returning: tuple[str, ...]
) -> str:
    """The statement for these columns, each with whether it is raised."""

    quoted = [(quote_column(model, name), raised) for name, raised in columns]
    settings = ", ".join(f"{name} = {name} + %s" if raised else f"{name} = %s" for name, raised in quoted)
    held = " AND ".join(f"{quote_column(model, name)} = %s" for name in where)
    told = ", ".join(quote_column(model, name) for name in returning)
    return f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {settings} WHERE {held} RETURNING {told}"  # noqa: S608


def quote_column(model: type[Model], name: str) -> str:
    """The column of a field, quoted."""
    return connection.ops.quote_name(str(fields_of(model, (name,))[0].column))


def is_raised(value: Any) -> bool:
    """Whether a column is raised and not set."""
    return isinstance(value, Raised)


@lru_cache(maxsize=256)
def fields_of(model: type[Model], names: tuple[str, ...]) -> tuple[Field[Any, Any], ...]:
    """The fields of these names."""
    return tuple(model._meta.get_field(name) for name in names)  # type: ignore[misc]


def prepare(field: Field[Any, Any], value: Any) -> Any:
    """A value as the database takes it for a field."""
    return field.get_db_prep_save(value, connection)
