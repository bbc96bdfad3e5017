"""What became of an action of the past, as far as it tells whether it was right. Pure."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

APPROVE, AMEND, REJECT = 1, 2, 4
BITS = {"ap": APPROVE, "am": AMEND, "re": REJECT}
"""What people said of an action, by the beginnings of verdicts; a word taken back still stands here, the status tells
the rest."""

RAN = frozenset({"approved", "executing", "executed", "unknown", "failed", "undone"})
"""Statuses of what was let through, by a person or by itself."""


class Fate(IntEnum):
    """What people made of an action. `UNDECIDED`: expired, overtaken, refused later, in the shadow, or still open."""

    BY_ITSELF = 0
    APPROVED = 1
    EDITED = 2
    REJECTED = 3
    UNDONE = 4
    UNDECIDED = 5

    @property
    def word(self) -> str:
        """As it stands in answers and on pages."""
        return self.name.lower()


WRONG = frozenset({Fate.EDITED, Fate.REJECTED, Fate.UNDONE})
"""Fates that say: as the agent wanted it, it was not right."""


class Lesson(NamedTuple):
    """What an action teaches. `label`: how many it speaks for, and whether it was wrong; None where nobody looked."""

    fate: Fate
    ran_by_itself: bool
    label: tuple[float, bool] | None

    @property
    def is_certain(self) -> bool:
        """Whether it would be known without being drawn: what ran by itself and was taken back."""
        return self.fate == Fate.UNDONE and self.ran_by_itself


@lru_cache(maxsize=4096)
def lesson_of(status: str, said: int, finding: str, share: str | None) -> Lesson:
    """What an action in this status teaches, of which people said this, and whose audit found that."""
    fate = fate_of(status, said)
    return Lesson(fate, status in RAN and not said & APPROVE, label_of(fate, finding, share))


def fate_of(status: str, said: int) -> Fate:
    """The fate of an action in this status of which people said this."""
    if status == "undone":
        return Fate.UNDONE
    if said & REJECT:
        return Fate.REJECTED
    if status not in RAN:
        return Fate.UNDECIDED
    if said & AMEND:
        return Fate.EDITED
    return Fate.APPROVED if said & APPROVE else Fate.BY_ITSELF


def label_of(fate: Fate, finding: str, share: str | None) -> tuple[float, bool] | None:
    """What a person decided speaks for itself; an audit's finding for one over its chance to be drawn."""
    if fate in WRONG:
        return 1.0, True
    if fate == Fate.APPROVED:
        return 1.0, False
    if finding in ("right", "wrong") and share and Decimal(share):
        return float(1 / Decimal(share)), finding == "wrong"
    return None
