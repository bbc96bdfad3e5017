"""The audit log: entries in the transaction of what they record, one sealer's seals afterwards, the check of both.

What the check finds is any change to what was sealed: an entry or a seal that is changed, gone, put in between or in
another order. It cannot find that the newest seals were cut off together with their entries, nor a chain that was made
anew from some place on: for that the head is written to the process log, and `verify_chain` takes a noted one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from approvals.digest import canonical_json
from approvals.models import AuditEntry, AuditSeal
from tickets.rows import insert_row

logger = logging.getLogger(__name__)

GENESIS = "0" * 64
BATCH = 1000
SEALER_LOCK = 7_305_001
"""PostgreSQL's advisory lock of the one sealer; on SQLite the write lock does."""

_token: ContextVar[int | None] = ContextVar("audit_token", default=None)
Head = tuple[int, str]
"""A seal's position and its hash."""


class BrokenChain(Exception):
    """The audit log is not what was sealed; the message names the first bad row."""


def record(kind: str, /, *, actor: str, subject: str, at: datetime, **data: Any) -> AuditEntry:
    """One entry, in the caller's transaction; what is done by an API token names it."""
    token = _token.get()
    if token is not None:
        data = {"token": token, **data}
    entry = AuditEntry(kind=kind, actor=actor, subject=subject, data=data, at=at)
    insert_row(entry)
    return entry


def note_token(token_id: int | None) -> None:
    """From now on in this request, entries name the token that it came with; None for none."""
    _token.set(token_id)


def hash_entry(position: int, previous_hash: str, entry: AuditEntry) -> str:
    """The hash of a seal: over its position, the hash before it, and every field of the entry."""
    return hash_fields(position, previous_hash, entry_to_json(entry))


def entry_to_json(entry: AuditEntry) -> dict[str, Any]:
    """Every field of an entry, as it is hashed and exported."""
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "actor": entry.actor,
        "subject": entry.subject,
        "data": entry.data,
        "at": entry.at.isoformat(),
    }


def hash_fields(position: int, previous_hash: str, fields: dict[str, Any]) -> str:
    """As `hash_entry`, of an entry's fields by themselves: a file of them can be checked without the database."""
    value = {"position": position, "previous": previous_hash, **fields}
    return hashlib.sha256(canonical_json(value)).hexdigest()


def seal_entries() -> int:
    """Seals every committed entry that has no seal yet, in order of id; one sealer at a time.

    Returns: how many were sealed.
    """
    sealed = 0
    while True:
        with transaction.atomic():
            if not take_sealer_lock():
                return sealed
            seals = seals_for(AuditEntry.objects.filter(seal__isnull=True).order_by("pk")[:BATCH])
            AuditSeal.objects.bulk_create(seals)
        sealed += len(seals)
        if len(seals) < BATCH:
            return sealed


def take_sealer_lock() -> bool:
    """Whether this transaction may seal: the writer's lock on SQLite, an advisory one on PostgreSQL."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def seals_for(entries: Iterable[AuditEntry]) -> list[AuditSeal]:
    """The next links of the chain for these entries."""
    head = AuditSeal.objects.order_by("-position").first()
    position, previous = (head.position, head.hash) if head else (0, GENESIS)
    seals = []
    for entry in entries:
        position += 1
        digest = hash_entry(position, previous, entry)
        seals.append(AuditSeal(position=position, entry=entry, previous_hash=previous, hash=digest))
        previous = digest
    return seals


def verify_chain(noted: Head | None = None) -> int:
    """Recomputes the whole chain; where a head was noted elsewhere, it must be one of its seals.

    Returns: how many entries are sealed and intact. Raises: BrokenChain.
    """
    expected, previous = 1, GENESIS
    for seal, entry in sealed_entries():
        if seal.position != expected:
            raise BrokenChain(f"seal {expected} is missing")
        if entry is None:
            raise BrokenChain(f"entry {seal.entry_id} (seal {seal.position}) is gone")
        if seal.previous_hash != previous or seal.hash != hash_entry(seal.position, previous, entry):
            raise BrokenChain(f"entry {entry.pk} (seal {seal.position}, {entry.kind}) is not what was sealed")
        if noted is not None and (seal.position, seal.hash) != noted and seal.position == noted[0]:
            raise BrokenChain(f"seal {seal.position} is not the one that was noted: the chain was made anew before it")
        expected, previous = seal.position + 1, seal.hash
    if noted is not None and noted[0] >= expected:
        raise BrokenChain(f"it ends at seal {expected - 1}, but seal {noted[0]} was noted: its end was cut off")
    return expected - 1


def sealed_entries() -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """Each seal in order with its entry, None where that is gone; a batch of rows at a time."""
    position = 0
    while True:
        seals = list(AuditSeal.objects.filter(position__gt=position).order_by("position")[:BATCH])
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
        yield from ((seal, entries.get(seal.entry_id)) for seal in seals)
        if len(seals) < BATCH:
            return
        position = seals[-1].position


def chain_head() -> tuple[int, str]:
    """Position and hash of the newest seal; (0, zeros) before the first."""
    head = AuditSeal.objects.order_by("-position").first()
    return (head.position, head.hash) if head else (0, GENESIS)


def log_chain_head() -> None:
    """Writes the head to the process log: a chain its owner can recompute proves nothing by itself."""
    position, digest = chain_head()
    logger.info("audit chain head: position %s hash %s", position, digest)
