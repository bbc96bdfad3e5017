"""What an action kind is: its arguments, how to plan it, and what it may touch. A kind never writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tickets.effects import Effect
from tickets.records import DeskView

ZERO = Decimal("0.00")
Id = Annotated[str, Field(min_length=1, max_length=64)]
Words = Annotated[str, Field(min_length=1, max_length=20_000)]


class Refusal(Exception):
    """The rules do not allow it; the message says why, in words a customer's agent may hear."""


class Arguments(BaseModel):
    """What an action kind is asked for; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def can_be_stored(cls, value: Any) -> Any:
        """PostgreSQL stores no NUL in text, and nobody means one."""
        parts = value if isinstance(value, list | tuple) else (value,)
        if any(isinstance(part, str) and "\0" in part for part in parts):
            raise ValueError("must not hold NUL characters")
        return value


def no_amount(arguments: Any, view: DeskView) -> Decimal:
    """The amount at stake of a kind that moves no money."""
    return ZERO


@dataclass(frozen=True)
class ActionKind:
    """One class of action.

    `plan(arguments, view)` only reads; it returns the exact effects or raises `Refusal`. `amount` is what is at stake.
    `reads(arguments)` names records the plan depends on, to couple it to earlier actions that touch them.
    `undo_while` is what must still hold for an undo beyond its days, in words. `reversed_by` is the kind that does the
    opposite where no undo is possible any more; empty where none does.
    """

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    plan: Callable[[Any, DeskView], Sequence[Effect]]
    summary: Callable[[Any, DeskView], str]
    amount: Callable[[Any, DeskView], Decimal] = no_amount
    reads: Callable[[Any], frozenset[str]] = lambda arguments: frozenset()
    moves_money: bool = False
    reaches_customer: bool = False
    changes_records: bool = False
    cannot_undo: str = ""
    undo_while: str = ""
    reversed_by: str = ""
    is_proposable: bool = True
    takes_closed_tickets: bool = False
