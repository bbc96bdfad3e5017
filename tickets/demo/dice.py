"""Repeatable chance: the same seed gives the same shop on every Python version and machine."""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

Thing = TypeVar("Thing")

CENT = Decimal("0.01")


class Dice:
    """Draws built on `Random.random()` alone, the one method whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        return int(self._random.random() * bound)

    def chance(self, share: float) -> bool:
        """True in about `share` of all calls, 0 to 1."""
        return self._random.random() < share

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things, each as likely as the others."""
        return things[self.below(len(things))]

    def draw(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """`count` different places of the sequence, in drawn order; all of them if there are fewer."""
        rest = list(things)
        return [rest.pop(self.below(len(rest))) for _ in range(min(count, len(rest)))]

    def digits(self, count: int) -> str:
        """A string of `count` digits that does not start with 0."""
        return str(1 + self.below(9)) + "".join(str(self.below(10)) for _ in range(count - 1))

    def amount(self, least: int, most: int) -> Decimal:
        """An amount of money between two whole numbers, to the cent."""
        return (least * 100 + self.below((most - least) * 100)) * CENT


class Numbers:
    """Numbers of a fixed length, never the same one twice."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._given: set[str] = set()

    def next(self, prefix: str, digits: int) -> str:
        """A new number such as `#W5550123`: the prefix and so many digits."""
        while (number := prefix + self._dice.digits(digits)) in self._given:
            pass
        self._given.add(number)
        return number
