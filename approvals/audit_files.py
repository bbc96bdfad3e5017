"""The audit log as files: rows with their place in the chain, so that a reader can check them without the database."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from approvals.audit import BrokenChain, entry_to_json, hash_fields
from approvals.models import AuditEntry, AuditSeal

BATCH = 1000
CHAIN = ("position", "previous", "hash")
COLUMNS = (*CHAIN, "id", "at", "kind", "actor", "subject", "data")
Row = dict[str, Any]


def rows_of(entries: QuerySet[AuditEntry], until: int) -> Iterator[list[Row]]:
    """The sealed ones among these entries, up to a position of the chain, oldest first, a batch at a time.

    The chain is gone through seal by seal: however long it is and whatever fits, a batch is all that is in memory.
    """
    position = 0
    while seals := list(AuditSeal.objects.filter(position__gt=position, position__lte=until)[:BATCH]):
        fitting = entries.in_bulk([seal.entry_id for seal in seals])
        rows = [row_of(fitting[seal.entry_id], seal) for seal in seals if seal.entry_id in fitting]
        if rows:
            yield rows
        position = seals[-1].position


def row_of(entry: AuditEntry, seal: AuditSeal) -> Row:
    """A sealed entry with its place in the chain."""
    return {"position": seal.position, "previous": seal.previous_hash, "hash": seal.hash, **entry_to_json(entry)}


def to_lines(batches: Iterable[list[Row]]) -> Iterator[str]:
    """JSON Lines: an object a row, its keys always in the same order."""
    for batch in batches:
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in batch)


def to_table(batches: Iterable[list[Row]], safe: Callable[[object], str]) -> Iterator[str]:
    """CSV with a head; `data` is JSON in one cell, and `safe` keeps cells from being read as formulas."""
    yield table_lines([list(COLUMNS)])
    for batch in batches:
        yield table_lines([[safe(cell_of(row[name])) for name in COLUMNS] for row in batch])


def table_lines(rows: list[list[str]]) -> str:
    """Rows as the `csv` module writes them."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def cell_of(value: Any) -> object:
    """A value of a row as one cell."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else value


def verify_lines(lines: Iterable[str]) -> tuple[int, str]:
    """Checks an exported file by itself: every row against its own hash, and against the row before where it follows.

    Returns: how many rows are intact, and the last hash. Raises: BrokenChain, naming the first bad line.
    """
    count, position, last = 0, 0, ""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = read_line(line, number)
        follows = row["position"] == position + 1 and count
        if row["position"] <= position or (follows and row["previous"] != last):
            raise BrokenChain(f"line {number} (entry {row['id']}) does not follow the line before it")
        fields = {name: row[name] for name in row if name not in CHAIN}
        if hash_fields(row["position"], row["previous"], fields) != row["hash"]:
            raise BrokenChain(f"line {number} (entry {row['id']}) is not what was sealed")
        count, position, last = count + 1, row["position"], row["hash"]
    return count, last


def read_line(line: str, number: int) -> Row:
    """One row of a file. Raises: BrokenChain where it is none."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BrokenChain(f"line {number} is not JSON") from error
    if not isinstance(row, dict) or set(row) != set(COLUMNS) or not isinstance(row["position"], int):
        raise BrokenChain(f"line {number} is no row of an export")
    return row
