"""Rows written without the ORM's compiler, whose cost would be the greater part of a step's or a decision's.

The statements are made once per shape; every value goes through its field, as the ORM would have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

from tickets.prepared import fetch_rows, open_cursor


@dataclass(frozen=True)
class Raised:
    """A column's new value: what it holds, and so much more."""

    by: Any


def insert_rows(model: type[Model], columns: tuple[str, ...], rows: Sequence[Sequence[Any]], *, once: bool) -> None:
    """Inserts rows in one statement; with `once`, those that are there already are left as they are."""
    fields = fields_of(model, columns)
    values = [value for row in rows for value in prepare_all(fields, row)]
    open_cursor().execute(insert_statement(model, columns, len(rows), once), values)


def insert_row(instance: Model) -> None:
    """Inserts an instance that is in no row yet, as `save(force_insert=True)` would; it gets the id the database gives.

    Signals of the ORM are not sent: none of this house listens to one.
    """
    model, key = type(instance), instance._meta.pk
    names = names_of_columns(model, has_key=instance.pk is not None)
    fields = fields_of(model, names)
    values = prepare_all(fields, [field.pre_save(instance, True) for field in fields])
    statement = f"{insert_statement(model, names, 1, False)} RETURNING {quote_column(model, key.name)}"
    rows = fetch_rows(statement, values)
    if instance.pk is None:
        instance.pk = rows[0][0]
    instance._state.adding, instance._state.db = False, connection.alias


@lru_cache(maxsize=64)
def names_of_columns(model: type[Model], *, has_key: bool) -> tuple[str, ...]:
    """The fields of a model that are columns; without its key, where the database gives that."""
    fields = model._meta.concrete_fields
    return tuple(field.name for field in fields if has_key or not field.primary_key)


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
    rows = fetch_rows(*state_update(model, where, columns, returning))
    return rows[0] if rows else None


def state_update(
    model: type[Model], where: Mapping[str, Any], columns: Mapping[str, Any], returning: tuple[str, ...]
) -> tuple[str, list[Any]]:
    """The statement of `update_row` and its values."""
    held = tuple((name, value is None) for name, value in where.items())
    set_to = tuple((name, isinstance(value, Raised)) for name, value in columns.items())
    stated = [value.by if isinstance(value, Raised) else value for value in columns.values()]
    known = {name: value for name, value in where.items() if value is not None}
    fields = fields_of(model, (*columns, *known))
    return update_statement(model, held, set_to, returning), prepare_all(fields, (*stated, *known.values()))


@lru_cache(maxsize=256)
def update_statement(
    model: type[Model],
    where: tuple[tuple[str, bool], ...],
    columns: tuple[tuple[str, bool], ...],
    returning: tuple[str, ...],
) -> str:
    """The statement for columns, each with whether it is raised, where others, each with whether it is none, hold."""
    quoted = [(quote_column(model, name), is_raised) for name, is_raised in columns]
    settings = ", ".join(f"{name} = {name} + %s" if is_raised else f"{name} = %s" for name, is_raised in quoted)
    held = " AND ".join(f"{quote_column(model, name)} {'IS NULL' if is_none else '= %s'}" for name, is_none in where)
    told = ", ".join(quote_column(model, name) for name in returning)
    return f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {settings} WHERE {held} RETURNING {told}"  # noqa: S608


def quote_column(model: type[Model], name: str) -> str:
    """The column of a field, quoted."""
    return connection.ops.quote_name(str(fields_of(model, (name,))[0].column))


@lru_cache(maxsize=256)
def fields_of(model: type[Model], names: tuple[str, ...]) -> tuple[Field[Any, Any], ...]:
    """The fields of these names."""
    return tuple(model._meta.get_field(name) for name in names)  # type: ignore[misc]


def prepare_all(fields: Iterable[Field[Any, Any]], values: Iterable[Any]) -> list[Any]:
    """Values as the database takes them for their fields."""
    database = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(value, database) for field, value in zip(fields, values, strict=True)]
