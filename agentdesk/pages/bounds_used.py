"""How much of its bounds a run has used, as a list of meters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from agentdesk.agent.bounds import Bounds
from agentdesk.runs.models import Run


@dataclass(frozen=True)
class Meter:
    """One bound: what is used of how much, and from where on only the reserve is left."""

    name: str
    used: Decimal
    limit: Decimal
    wraps_up_at: Decimal
    unit: str = ""
    places: int = 0

    @property
    def words(self) -> str:
        """Such as `7 of 20`."""
        return f"{self.used:,.{self.places}f} of {self.limit:,.{self.places}f}{f' {self.unit}' if self.unit else ''}"

    @property
    def state(self) -> str:
        """`full`, `near` (only the reserve is left), or nothing."""
        if self.used >= self.limit:
            return "full"
        return "near" if self.used >= self.wraps_up_at else ""

    @property
    def shown(self) -> Decimal:
        """What the meter is filled to."""
        return min(self.used, self.limit)


def meters_of(run: Run) -> list[Meter]:
    """The bounds that were pinned for the run; of one that pinned none, those every run has."""
    share = Decimal(1)
    pinned: tuple[tuple[str, float | Decimal, float | Decimal, str, int], ...] = ()
    try:
        bounds = Bounds.model_validate(run.bounds) if run.bounds else None
    except ValidationError:
        bounds = None
    if bounds is not None:
        share = 1 - bounds.reserve
        pinned = (
            ("Tokens in", run.input_tokens, bounds.input_tokens, "", 0),
            ("Tokens out", run.output_tokens, bounds.output_tokens, "", 0),
            ("Money", run.cost, bounds.money, "USD", 4),
        )
    every = ("Steps", run.steps, run.step_limit, "", 0), ("Time", run.working_seconds, run.wall_clock_seconds, "s", 1)
    return list(make_meters((every[0], *pinned, every[1]), share))


def make_meters(
    rows: Iterable[tuple[str, float | Decimal, float | Decimal, str, int]], share: Decimal
) -> Iterable[Meter]:
    """A meter for each row of name, used, limit, unit and places; a bound of nothing cannot be shown on one."""
    for name, used, limit, unit, places in rows:
        if limit > 0:
            whole = Decimal(str(limit))
            yield Meter(name, Decimal(str(used)), whole, whole * share, unit, places)
