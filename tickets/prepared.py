"""Questions that are compiled once: the ORM states them, every later asking only sends them and reads the rows.

The ORM's compiler costs several times what a short statement does, and PostgreSQL's planner as much again. Used on the
paths that every run and every action take; everywhere else the ORM is asked itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql import UpdateQuery

P = ParamSpec("P")
Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


class Slot(Expression):
    """Where a value goes that is known only when the question is asked."""

    def __init__(self, place: int, part: int | None = None) -> None:
        super().__init__()
        self.place, self.part = place, part

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A placeholder, and this slot in the place of its value."""
        return "%s", [self]

    def value_in(self, values: Sequence[Any]) -> Any:
        """Its value among those of an asking, as the database takes it."""
        value = values[self.place]
        return adapt(value if self.part is None else value[self.part])


def adapt(value: Any) -> Any:
    """A value as the database takes it. None is another question: it is asked with `isnull`."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, str | int):
        return value
    raise TypeError(f"{value!r} has no place in a prepared question")


@dataclass(frozen=True)
class Statement:
    """A compiled question: its words, its values or their slots, and how its rows are read."""

    sql: str
    params: tuple[Any, ...]
    read: Callable[[Sequence[Sequence[Any]]], list[Any]]
    locks: bool

    def ask(self, values: Sequence[Any]) -> list[Any]:
        """The rows for these values."""
        if self.locks and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        return self.read(
            fetch_rows(self.sql, [one.value_in(values) if isinstance(one, Slot) else one for one in self.params])
        )


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """A question that is compiled once per database and per number of values in its sequences.

    `build` is called with slots in place of the values, so what it asks cannot depend on them. It gives a queryset of
    rows, whole or in part and with related ones, or of `values_list`. Values are given by position; a sequence of them
    is a tuple.
    """
    compiled: dict[tuple[str, tuple[int | None, ...]], Statement | None] = {}

    @wraps(build)
    def ask(*values: Any) -> list[Row]:
        lengths = tuple(len(value) if isinstance(value, tuple) else None for value in values)
        shape = (connection.vendor, lengths)
        if shape not in compiled:
            compiled[shape] = compile_question(build, slots_for(lengths))
        statement = compiled[shape]
        return [] if statement is None else statement.ask(values)

    return cast(Callable[P, list[Row]], ask)


def prepared_update(build: Callable[P, tuple[QuerySet[M], Mapping[str, Any]]]) -> Callable[P, list[M]]:
    """The same for a conditional update: `build` gives the rows it is for and what their columns become.

    What it gives are the rows that were changed, as they then are.
    """
    statements: dict[str, Statement] = {}

    @wraps(build)
    def update(*values: Any) -> list[M]:
        if connection.vendor not in statements:
            statements[connection.vendor] = compile_update(*build(*slots_for([None] * len(values))))  # type: ignore[call-arg]
        return statements[connection.vendor].ask(values)

    return cast(Callable[P, list[M]], update)


def compile_update(rows: QuerySet[Any], columns: Mapping[str, Any]) -> Statement:
    """The statement of an update that gives the rows it changed."""
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(columns)
    sql, params = query.get_compiler(using=rows.db).as_sql()
    whole = rows.model._default_manager.all()
    compiler = whole.query.get_compiler(using=rows.db)
    compiler.pre_sql_setup()
    told = ", ".join(compiler.compile(column)[0] for column, _, _ in compiler.select)
    return Statement(f"{sql} RETURNING {told}", tuple(params), reader_of(whole, compiler), locks=False)


def slots_for(lengths: Iterable[int | None]) -> list[Any]:
    """A slot for each value, or as many as a sequence has."""
    return [
        Slot(place) if length is None else tuple(Slot(place, part) for part in range(length))
        for place, length in enumerate(lengths)
    ]


def compile_question(build: Callable[..., QuerySet[Any, Any]], slots: Sequence[Any]) -> Statement | None:
    """The statement of a question; None where no row can ever answer it.

    Raises: ValueError, where a lookup takes no slot (that of a related row's id `__in` is one) and made a value of it.
    """
    question = build(*slots)
    compiler = question.query.get_compiler(using=question.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    wanted = {part for slot in slots for part in (slot if isinstance(slot, tuple) else (slot,))}
    if not wanted.issubset(one for one in params if isinstance(one, Slot)):
        raise ValueError(f"a value of {build.__name__} did not reach its statement")
    return Statement(sql, tuple(params), reader_of(question, compiler), question.query.select_for_update)


def reader_of(question: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Sequence[Any]]], list[Any]]:
    """How the rows of a queryset are read, as the ORM would."""
    converters = compiler.get_converters([column for column, _, _ in compiler.select])
    make = MAKERS[question._iterable_class](question, compiler)

    def read(rows: Sequence[Sequence[Any]]) -> list[Any]:
        return [make(row) for row in (compiler.apply_converters(rows, converters) if converters else rows)]

    return read


def rows_to_models(question: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """Instances, with those of related rows that were selected too."""
    info, alias = compiler.klass_info, question.db
    model, select = info["model"], compiler.select
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [select[place][0].target.attname for place in range(start, end)]
    related = get_related_populators(info, select, alias)  # type: ignore[call-arg]

    def make(row: Sequence[Any]) -> Any:
        instance = model.from_db(alias, names, row[start:end])
        for populator in related:
            populator.populate(row, instance)
        return instance

    return make


def rows_to_values(question: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """The one value of each row."""
    return lambda row: row[0]


def rows_to_lists(question: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """The values of each row."""
    return tuple


MAKERS: dict[Any, Callable[[QuerySet[Any, Any], Any], Callable[[Sequence[Any]], Any]]] = {
    ModelIterable: rows_to_models,
    FlatValuesListIterable: rows_to_values,
    ValuesListIterable: rows_to_lists,
}
"""By what a queryset gives: rows, single values, or lists of values."""


def fetch_rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Sends a statement and takes what it gives."""
    cursor = open_cursor()
    cursor.execute(sql, params)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def open_cursor() -> CursorWrapper:
    """A cursor whose statements PostgreSQL prepares once per connection; SQLite's driver does so by itself."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        return database.cursor()
    from tickets.prepared_cursor import cursor_of

    database.ensure_connection()
    cursor: Any = cursor_of(database.connection)
    return database.make_debug_cursor(cursor) if database.queries_logged else database.make_cursor(cursor)
