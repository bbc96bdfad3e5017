"""Audit entries in words: what happened, about what, with which facts, and where to look further."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from approvals.audit_kinds import KINDS
from approvals.models import AuditEntry

PLACES = {
    "action": ("action", UUID),
    "ticket": ("ticket", int),
    "policy": ("policy_version", int),
    "agent": ("agent_version", int),
    "report": ("report", UUID),
    "article": ("article", str),
}
"""The page about a subject, and what stands behind its colon."""


@dataclass(frozen=True)
class Fact:
    """One fact of an entry: its name and its value in words."""

    name: str
    value: str


@dataclass(frozen=True)
class EntryRow:
    """An entry as the page shows it."""

    entry: AuditEntry
    title: str
    facts: tuple[Fact, ...]
    address: str


def rows_for(entries: Iterable[AuditEntry]) -> list[EntryRow]:
    """Entries in words."""
    return [
        EntryRow(
            entry,
            KINDS.get(entry.kind, entry.kind),
            tuple(facts_of(entry.data)),
            address_of(entry.subject),
        )
        for entry in entries
    ]


def facts_of(data: dict[str, Any]) -> Iterator[Fact]:
    """The facts that say something, their names as words."""
    for name, value in data.items():
        if value not in (None, "", [], {}):
            yield Fact(name.replace("_", " ").capitalize(), in_words(value))


def in_words(value: Any) -> str:
    """A value as one reads it: a list with commas, an object part by part."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(in_words(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{name.replace('_', ' ')}: {in_words(part)}" for name, part in value.items())
    return "none" if value is None else str(value)


def address_of(subject: str) -> str:
    """The page about a subject; nothing where there is none."""
    sort, _, key = subject.partition(":")
    if sort not in PLACES or not key:
        return ""
    name, read = PLACES[sort]
    try:
        return reverse(name, args=(read(key),))
    except (ValueError, NoReverseMatch):
        return ""
