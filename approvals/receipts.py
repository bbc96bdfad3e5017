"""Receipts: what was done, when, under which idempotency key, and how to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from approvals.kinds import CATALOGUE
from approvals.kinds.catalogue_entry import ActionKind
from approvals.models import Action
from approvals.policy import Policy

UNDO_DAYS = 30
"""How long an executed action on our own records can be taken back, where nothing changed since."""


@dataclass(frozen=True)
class UndoRule:
    """Whether what a kind does can be taken back, until when, and what else there is."""

    kind: ActionKind
    seconds: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether it can be taken back after it is done; a message only before it has left."""
        return not self.kind.cannot_undo

    @property
    def until(self) -> str:
        """How long it can be taken back."""
        if self.kind.reaches_customer:
            return f"until it leaves, {self.seconds} s after it is carried out"
        return f"for {UNDO_DAYS} days after it is done" if self.is_possible else ""

    @property
    def words(self) -> str:
        """All of it in a sentence, before anybody approves."""
        if self.kind.reaches_customer:
            return f"Can be withdrawn {self.until}; then it is gone. {self.kind.cannot_undo}"
        if not self.is_possible:
            return f"Cannot be undone: {self.kind.cannot_undo}"
        return f"Can be undone {self.until}{f', while {self.kind.undo_while}' if self.kind.undo_while else ''}."

    @property
    def instead(self) -> str:
        """What does the opposite where it is too late, by its title; empty where nothing does."""
        return CATALOGUE[self.kind.reversed_by].title if self.kind.reversed_by else ""


def undo_rule(kind: str, policy: Policy) -> UndoRule:
    """The rule of one kind."""
    return UndoRule(CATALOGUE[kind], policy.of(kind).undo_seconds)


def undo_rules(policy: Policy) -> list[UndoRule]:
    """The rule of every kind there is, in the catalogue's order."""
    return [undo_rule(name, policy) for name in CATALOGUE]


def idempotency_key(action: Action, place: str) -> str:
    """The key an effect leaves under: action, revision and place."""
    return f"{action.pk}:{action.revision}:{place}"


def make_receipt(action: Action, created: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """The receipt of an execution, as stored; `created` names what the added records became."""
    cannot = CATALOGUE[action.kind].cannot_undo
    until = None if cannot else (now + timedelta(days=UNDO_DAYS)).isoformat()
    return {
        "executed_at": now.isoformat(),
        "idempotency_key": idempotency_key(action, "all"),
        "effects": action.effects,
        "created": dict(created),
        "summary": action.summary,
        "undo": {"possible": not cannot, "until": until, "why_not": cannot or None},
    }
