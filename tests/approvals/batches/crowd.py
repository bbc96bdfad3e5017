"""300 actions of one group, 15 of which are planted to stand out in five ways; the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

SORTS = ("amount", "new customer", "confidence", "identity", "rejected")
OF_EACH = 3
ACTIONS = 300


@dataclass(frozen=True)
class Wish:
    """One action to be: what is at stake, how sure the agent is, and in which way it is odd, if it is."""

    amount: Decimal
    confidence: Decimal
    sort: str = ""


def make_crowd(seed: int) -> list[Wish]:
    """Ordinary returns with ordinary confidences, and three odd ones of each sort, at random places."""
    random = Random(seed)
    sorts = [sort for sort in SORTS for _ in range(OF_EACH)]
    crowd = [make_wish(random, sort) for sort in (*sorts, *[""] * (ACTIONS - len(sorts)))]
    random.shuffle(crowd)
    return crowd


def make_wish(random: Random, sort: str) -> Wish:
    amount = Decimal(str(round(random.lognormvariate(3.4, 0.4), 2)))
    confidence = Decimal(str(round(min(random.gauss(0.9, 0.03), 0.99), 3)))
    if sort == "amount":
        amount *= random.choice([12, 20, 40])
    if sort == "confidence":
        confidence = Decimal(str(round(random.uniform(0.3, 0.68), 3)))
    return Wish(amount.quantize(Decimal("0.01")), confidence, sort)


def planted(crowd: Sequence[Wish]) -> set[int]:
    """The places of the odd ones."""
    return {place for place, wish in enumerate(crowd) if wish.sort}
