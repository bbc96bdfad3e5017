"""What planning a wish can come to: an action to propose, an answer to give, or a doubt that keeps the hand still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Citation:
    """What a sentence of the reply rests on."""

    source: str
    quote: str

    def to_json(self) -> dict[str, str]:
        """As `send_reply` takes it."""
        return {"source": self.source, "quote": self.quote}


@dataclass(frozen=True)
class Proposal:
    """An action to propose. `told` is what the reply says once it has happened, `failed` names it if it has not."""

    kind: str
    arguments: Mapping[str, Any]
    confidence: float
    rationale: str
    told: str
    failed: str
    citations: tuple[Citation, ...] = ()
    alternatives: tuple[str, ...] = ()

    def to_call(self) -> dict[str, Any]:
        """The arguments of the write tool, with what is stated about them."""
        return {
            **self.arguments,
            "rationale": self.rationale,
            "confidence": self.confidence,
            "alternatives": list(self.alternatives),
        }


@dataclass(frozen=True)
class Remark:
    """Something to tell the customer without acting: an answer, or what stands in the way.

    `asks` where the customer must say something before anything can go on; `needs_person` where only people can.
    `is_settled` where the wished state holds already.
    """

    told: str
    note: str
    citations: tuple[Citation, ...] = ()
    asks: bool = False
    needs_person: str = ""
    is_settled: bool = False


Outcome = Proposal | Remark


class Doubt(Exception):
    """A wish that cannot be carried out as it stands: `told` is for the customer, `note` for staff.

    `is_empty` where the clause turns out to name nothing at all: a heading, a turn of phrase. `is_foreign` where what
    it names is not in the order.
    """

    def __init__(
        self,
        told: str,
        note: str,
        *,
        is_empty: bool = False,
        is_foreign: bool = False,
        citations: tuple[Citation, ...] = (),
    ) -> None:
        super().__init__(note)
        self.told = told
        self.note = note
        self.is_empty = is_empty
        self.is_foreign = is_foreign
        self.citations = citations

    @staticmethod
    def not_in_order(said: str) -> Doubt:
        """The order does not hold what was named."""
        return Doubt(f"I could not find “{said}” in this order.", f"“{said}” is not in the order", is_foreign=True)

    @staticmethod
    def not_as_described(said: str, known: Sequence[str]) -> Doubt:
        """The order holds such a thing, but not as described."""
        return Doubt(
            f"The order does not hold “{said}” as you describe it; what I see is {join_words(known)}.",
            f"“{said}” is not in the order as described",
        )

    @staticmethod
    def which_of(said: str, known: Sequence[str]) -> Doubt:
        """Several lines fit."""
        return Doubt(
            f"The order holds more than one item that “{said}” can mean: {join_words(known)}. Which do you mean, "
            f"or all of them?",
            f"“{said}” fits several lines",
        )


def join_words(parts: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
