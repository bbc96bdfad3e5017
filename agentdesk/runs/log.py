"""Appending to a run's log: gapless numbers in commit order, words kept apart, watchers woken after the commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from agentdesk.agent.fencing import show_unseen
from agentdesk.doorbell import ring
from agentdesk.runs.model_days import is_malformed, raise_days
from agentdesk.runs.models import Event, EventKind, Run, RunStatus, Text
from tickets.prepared import fetch_rows
from tickets.rows import Raised, insert_rows, state_update, update_row


class LeaseLost(Exception):
    """Another worker has this run, or it was paused or ended; nothing of this write was kept."""


@dataclass(frozen=True)
class Fact:
    """An event before it has its number. `words` are stored apart and named in `data` by their hash."""

    kind: EventKind
    data: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    actor: str = "agent"


class Standing(NamedTuple):
    """Where a run stands after something was appended to its log."""

    last_seq: int
    status: str


def hash_words(words: str) -> str:
    """The name of a text: SHA-256 of its UTF-8 bytes, in hex."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def append_facts(
    run_id: UUID,
    facts: Sequence[Fact],
    *,
    at: datetime,
    fence: int | None = None,
    **columns: Any,
) -> Standing:
    """Appends facts to a run's log and sets columns of the run, in the caller's transaction.

    A column is a value, or a `Raised` for what is added to it. With a fence the write holds only while this worker's
    lease does and the run is running.
    Returns: where the run then stands. Raises: LeaseLost (without a fence: there is no such run).
    """
    where: dict[str, Any] = {"id": run_id}
    if fence is not None:
        where |= {"fence": fence, "status": RunStatus.RUNNING}
    if is_malformed(facts):
        columns["malformed_turns"] = Raised(1)
    row = write_log(run_id, facts, where, {"last_seq": Raised(len(facts)), **columns}, at)
    if row is None:
        raise LeaseLost(LeaseLost.__doc__)
    standing = Standing(*row)
    # Last: a model's day is one row for all runs, and is held until the commit.
    raise_days(facts, at)
    transaction.on_commit(lambda: ring(f"run.{run_id}", {"seq": standing.last_seq}))
    return standing


def write_log(
    run_id: UUID, facts: Sequence[Fact], where: Mapping[str, Any], columns: Mapping[str, Any], at: datetime
) -> tuple[Any, ...] | None:
    """Sets columns of the run that holds these values, and stores the rows of facts and words that go with it.

    Returns: the run's `last_seq` and `status`; None where there is no such run, and nothing was stored.
    """
    bodies: dict[str, str] = {}
    rows = []
    for fact in facts:
        names = {name: hash_words(words) for name, words in fact.words.items()}
        bodies |= {names[name]: words for name, words in fact.words.items()}
        rows.append((fact.kind, fact.actor, {**fact.data, **names}))
    if facts and connection.vendor == "postgresql":
        return write_at_once(rows, bodies, where, columns, at)
    row = update_row(Run, where, columns, STANDING)
    if row is not None and facts:
        first = row[0] - len(rows) + 1
        events = [(run_id, seq, kind, at, actor, data) for seq, (kind, actor, data) in enumerate(rows, first)]
        insert_rows(Event, EVENT_COLUMNS, events, once=False)
        texts = [(run_id, name, body) for name, body in bodies.items()]
        if texts:
            insert_rows(Text, TEXT_COLUMNS, texts, once=True)
    return row


STANDING = ("last_seq", "status")
EVENT_COLUMNS = ("run", "seq", "kind", "at", "actor", "data")
TEXT_COLUMNS = ("run", "sha256", "body")
AT_ONCE = """WITH run AS ({update}), event AS (
 INSERT INTO runs_event (run_id, seq, kind, at, actor, data)
 SELECT id, last_seq - %s + place, fact->>0, %s, fact->>1, fact->2
 FROM run, jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS new (fact, place)
), body AS (
 INSERT INTO runs_text (run_id, sha256, body)
 SELECT id, key, value FROM run, jsonb_each_text(%s::jsonb) ON CONFLICT DO NOTHING
) SELECT last_seq, status FROM run"""


def write_at_once(
    rows: Sequence[tuple[str, str, dict[str, Any]]],
    bodies: Mapping[str, str],
    where: Mapping[str, Any],
    columns: Mapping[str, Any],
    at: datetime,
) -> tuple[Any, ...] | None:
    """PostgreSQL takes all of it in one statement: three would cost every append two more round trips."""
    update, values = state_update(Run, where, columns, ("id", *STANDING))
    values += [len(rows), at, json.dumps(rows), json.dumps(bodies)]
    written = fetch_rows(AT_ONCE.format(update=update), values)
    return written[0] if written else None


def to_words(value: object) -> str:
    """A JSON value as stored words; what cannot be seen stands in it as its escape, for a model or a person to see."""
    return show_unseen(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
