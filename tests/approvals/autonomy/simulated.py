"""A kind whose true error is known: what it does, what is drawn of it and found, by the desk's own functions.

The lots, the shares, the weights, the estimates and the breaker are those of the desk; only the actions are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from approvals.autonomy.records import Outcomes, Trouble, find_trouble
from approvals.autonomy.rungs import Step
from approvals.autonomy.sampling import lot_of, share_at

PROMOTED = Step(1, datetime(2026, 1, 5, tzinfo=UTC))
DAYS = 42
"""How long the record is; the first 14 are those in which twice as much is drawn."""
MAX_WRONG = Decimal("0.02")


@dataclass(frozen=True)
class Deed:
    """One action that ran by itself, with what is and what is known of it."""

    is_wrong: bool
    is_undone: bool
    share: Decimal
    is_drawn: bool

    @property
    def is_labelled(self) -> bool:
        """Whether anything is known of it."""
        return self.is_undone or self.is_drawn

    @property
    def is_certain(self) -> bool:
        """As a label: known without being drawn."""
        return self.is_undone

    @property
    def weight(self) -> Decimal:
        """As a label: how many it speaks for."""
        return Decimal(1) if self.is_undone else 1 / self.share


def do_deeds(
    rng: Random, number: int, share: Decimal, *, error: Callable[[int], float], undone: float, days: float = DAYS
) -> Iterator[Deed]:
    """So many actions, evenly over the days; `error` is the true rate in each place, `undone` the part of the wrong
    ones that somebody takes back without being asked."""
    for place in range(number):
        drawn_by = share_at(share, PROMOTED, PROMOTED.at + timedelta(days=days * place / number))
        is_wrong = rng.random() < error(place)
        is_undone = is_wrong and rng.random() < undone
        lot = lot_of(UUID(int=rng.getrandbits(128)))
        yield Deed(is_wrong, is_undone, drawn_by, is_drawn=lot < drawn_by and not is_undone)


def outcomes_of(deeds: list[Deed]) -> Outcomes:
    """What the breaker is told of them."""
    return Outcomes(
        looked_at=tuple(deed.is_wrong for deed in deeds if deed.is_drawn),
        taken_back=tuple(deed.is_undone for deed in deeds),
    )


def trouble_with(deeds: list[Deed]) -> Trouble | None:
    """What the breaker says of them."""
    return find_trouble(outcomes_of(deeds), MAX_WRONG)


def first_trouble(deeds: list[Deed]) -> int | None:
    """After how many of them the breaker goes off; it never takes an alarm back."""
    if trouble_with(deeds) is None:
        return None
    quiet, loud = 0, len(deeds)
    while loud - quiet > 1:
        middle = (quiet + loud) // 2
        quiet, loud = (quiet, middle) if trouble_with(deeds[:middle]) else (middle, loud)
    return loud
