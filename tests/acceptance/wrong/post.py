"""The post: letters with their right deeds, and for each the ways it is got wrong; equal seeds write equal posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.acceptance.retail.casting import Caster
from tests.acceptance.retail.letters import Pen
from tests.acceptance.retail.mixing import address_and_payment, all_of, cancel_two, exchange_and_return
from tests.acceptance.retail.shop import Shop
from tests.acceptance.retail.wishes import Cancel, Wish
from tests.acceptance.wrong.errors import Careless, Credit, Deed
from tests.acceptance.wrong.pens import FirstPen, SecondPen, ThirdPen

CONFIDENCES = tuple(Decimal(number) / 100 for number in range(50, 101))
ROUNDS = 12
"""How many letters a sort gets for each time it comes up in a round."""


@dataclass(frozen=True)
class Written:
    """A letter and what it really asks for."""

    user_id: str
    subject: str
    body: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class Plan:
    """What an agent would do about a letter: the right thing, or, where it names an error, something else.

    `place` is the deed of the letter that is got wrong, `deed` what stands in its place.
    """

    letter: Written
    deed: Deed
    place: int
    sort: str
    confidence: Decimal

    @property
    def is_right(self) -> bool:
        """Whether the customer asked for it."""
        return not self.sort

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What the agent does, in the letter's order, up to the deed that counts."""
        return (*self.letter.deeds[: self.place], self.deed)


def write_letters(shop: Shop, seed: int, pen_of: type[Pen]) -> list[Written]:
    """Letters of every sort in turn, until the customers run out."""
    caster = Caster(shop, seed)
    caster.pen = pen_of(shop, caster.rng)
    singles: tuple[Callable[[str], Wish | None], ...] = (
        caster.cancel, caster.redirect, caster.repay, caster.send_back, caster.swap, caster.change_items,
        caster.send_back, caster.swap, caster.change_items, caster.move,
    )  # fmt: skip
    makes: list[Callable[[str], tuple[Deed, ...] | None]] = [
        *(lambda user, make=make: all_of(make(user)) for make in singles),
        lambda user: (Credit(f"{caster.rng.randint(5, 30)}.00", "Promised for a late parcel."),),
        lambda user: address_and_payment(caster, user),
        lambda user: cancel_two(caster, user),
        lambda user: exchange_and_return(caster, user),
    ]
    return list(deal(caster, makes))


def deal(caster: Caster, makes: list[Callable[[str], tuple[Deed, ...] | None]]) -> Iterator[Written]:
    """Goes round the sorts, the customers shuffled; a customer whom a sort does not suit gets the next."""
    turn = 0
    for user_id in caster.free:
        for _ in makes:
            deeds = makes[turn % len(makes)](user_id)
            turn += 1
            if deeds:
                yield Written(user_id, *caster.pen.letter(user_id, deeds), deeds)  # type: ignore[arg-type]
                break


def write_plans(shop: Shop, seed: int, pen_of: type[Pen]) -> list[Plan]:
    """For each letter the right plan and all its wrong ones."""
    rng = Random(seed)
    careless = Careless(shop, rng)
    plans = []
    for letter in write_letters(shop, seed, pen_of):
        for place, deed in enumerate(letter.deeds):
            plans.append(Plan(letter, deed, place, "", rng.choice(CONFIDENCES)))
            plans += [
                Plan(letter, error.deed, place, error.sort, rng.choice(CONFIDENCES))
                for error in careless.spoil(letter.user_id, deed)
                if not is_asked(error.deed, letter) and is_open(error.deed, letter.deeds[:place])
            ]
    return plans


def is_asked(deed: Deed, letter: Written) -> bool:
    """Whether the letter asks for a deed after all, be it for another reason."""
    if isinstance(deed, Cancel):
        return any(isinstance(one, Cancel) and one.order_id == deed.order_id for one in letter.deeds)
    return deed in letter.deeds


def is_open(deed: Deed, before: Sequence[Deed]) -> bool:
    """Whether the rules still take a deed after those before it: most of them close an order."""
    order_id = getattr(deed, "order_id", "")
    return not any(order_id and getattr(one, "order_id", "") == order_id for one in before)


def tuned_plans(shop: Shop, seed: int) -> list[Plan]:
    """Letters in the two hands that the checks were made with."""
    return [*write_plans(shop, seed, FirstPen), *write_plans(shop, seed + 1, SecondPen)]


def held_out_plans(shop: Shop, seed: int) -> list[Plan]:
    """Letters in the third hand, which no check was changed for."""
    return write_plans(shop, seed, ThirdPen)
