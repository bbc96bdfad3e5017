"""Appending to a run's log: gapless numbers in commit order, words kept apart, watchers woken after the commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from agentdesk.agent.fencing import show_unseen
from agentdesk.doorbell import ring
from agentdesk.runs.model_days import is_malformed, raise_days
from agentdesk.runs.models import Event, EventKind, Run, RunStatus, Text
from agentdesk.runs.rows import Raised, insert_rows, update_row


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
    # One UPDATE … RETURNING: two statements would cost every event a round trip.
    row = update_row(Run, where, {"last_seq": Raised(len(facts)), **columns}, ("last_seq", "status"))
    if row is None:
        raise LeaseLost(LeaseLost.__doc__)
    standing = Standing(*row)
    if facts:
        store_events(run_id, facts, standing.last_seq - len(facts) + 1, at)
    # Last: a model's day is one row for all runs, and is held until the commit.
    raise_days(facts, at)
    transaction.on_commit(lambda: ring(f"run.{run_id}", {"seq": standing.last_seq}))
    return standing


EVENT_COLUMNS = ("run", "seq", "kind", "at", "actor", "data")
TEXT_COLUMNS = ("run", "sha256", "body")


def store_events(run_id: UUID, facts: Sequence[Fact], first: int, at: datetime) -> None:
    """The rows of facts, numbered from `first`; their words are named by their hash, and stored once per run."""
    bodies: dict[str, str] = {}
    rows = []
    for seq, fact in enumerate(facts, first):
        names = {name: hash_words(words) for name, words in fact.words.items()}
        bodies |= {names[name]: words for name, words in fact.words.items()}
        rows.append((run_id, seq, fact.kind, at, fact.actor, {**fact.data, **names}))
    insert_rows(Event, EVENT_COLUMNS, rows, once=False)
    if bodies:
        insert_rows(Text, TEXT_COLUMNS, [(run_id, name, body) for name, body in bodies.items()], once=True)


def to_words(value: object) -> str:
    """A JSON value as stored words; what cannot be seen stands in it as its escape, for a model or a person to see."""
    return show_unseen(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))
