"""What stands out in a group is found by what it differs in, and what most share is not held against any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from approvals.batches.outliers import Item, Rejected, find_outliers
from tests.approvals.batches.crowd import Wish, make_crowd, planted
from tests.approvals.shop import NOW

SEEDS = range(20)


def item(place: int, **fields: object) -> Item:
    plain = Item(
        UUID(int=place + 1), "d" * 64, Decimal("30.00"), "USD", Decimal("0.90"), "verified", NOW, "support"
    )  # fmt: skip
    return replace(plain, **fields)  # type: ignore[arg-type]


def item_of(place: int, wish: Wish) -> Item:
    return item(
        place,
        amount=wish.amount,
        confidence=wish.confidence,
        is_new_customer=wish.sort == "new customer",
        identity="claimed" if wish.sort == "identity" else "verified",
        rejected=Rejected(date(2026, 3, 1), "item 9101") if wish.sort == "rejected" else None,
    )


def places_out(items: Sequence[Item]) -> set[int]:
    return {action_id.int - 1 for action_id in find_outliers(items)}


@pytest.mark.parametrize("seed", SEEDS)
def test_all_fifteen_of_three_hundred_are_out_and_five_others_at_most(seed: int) -> None:
    crowd = make_crowd(seed)
    out = places_out([item_of(place, wish) for place, wish in enumerate(crowd)])
    assert planted(crowd) <= out
    assert len(out - planted(crowd)) <= 5


def test_each_says_why_in_words() -> None:
    items = [item(place) for place in range(9)]
    items[0] = item(
        0, amount=Decimal("900.00"), confidence=Decimal("0.40"), identity="claimed", is_new_customer=True,
        rejected=Rejected(date(2026, 3, 1), "customer"),
    )  # fmt: skip
    assert find_outliers(items) == {
        UUID(int=1): (
            "amount 900.00 is far from the group's; the middle one is 30.00",
            "new customer: first ticket, nothing done for them before",
            "confidence 0.40; the middle one has 0.90",
            "identity only claimed; the others' are verified",
            "a similar one was rejected on 2026-03-01: same customer",
        )
    }


@pytest.mark.parametrize(
    "shared",
    [
        {"is_new_customer": True},
        {"identity": "claimed"},
        {"confidence": Decimal("0.3")},
        {"confidence": None},
        {"rejected": Rejected(date(2026, 3, 1), "item 9101")},
    ],
)
def test_what_most_share_is_held_against_none(shared: dict[str, object]) -> None:
    assert places_out([item(place, **shared) for place in range(8)]) == set()
    assert places_out([item(place, **shared) for place in range(5)] + [item(8), item(9)]) == set()


def test_a_customer_of_whom_something_was_rejected_is_out_however_many_they_are() -> None:
    items = [item(place, rejected=Rejected(date(2026, 3, 1), "customer")) for place in range(4)]
    assert places_out(items) == {0, 1, 2, 3}


def test_among_equal_amounts_another_is_far_and_a_near_one_is_not() -> None:
    equal = [item(place) for place in range(20)]
    assert places_out([*equal, item(20, amount=Decimal("33.00"))]) == set()
    assert places_out([*equal, item(20, amount=Decimal("90.00"))]) == {20}
    assert places_out([*equal, item(20, amount=Decimal("0.50"))]) == {20}


def test_among_nothings_at_stake_some_amounts_are_usual_and_one_is_not() -> None:
    nothing = [item(place, amount=Decimal("0.00")) for place in range(20)]
    some = [item(place, amount=Decimal(place)) for place in range(30, 42)]
    assert places_out(nothing + some) == set()
    assert places_out([*nothing, item(50, amount=Decimal("250.00"))]) == {50}


@pytest.mark.parametrize(
    ("amounts", "out"),
    [
        (["10"], set()),
        (["10", "90"], set()),
        (["10", "300"], {1}),
        (["0", "8"], set()),
        (["0", "400"], {1}),
        (["10", "12", "15", "200"], {3}),
    ],
)
def test_in_a_small_group_only_many_times_the_others_is_far(amounts: list[str], out: set[int]) -> None:
    assert places_out([item(place, amount=Decimal(amount)) for place, amount in enumerate(amounts)]) == out


def test_currencies_are_not_compared_with_each_other() -> None:
    dollars = [item(place, amount=Decimal(20 + place)) for place in range(8)]
    yen = [item(place, amount=Decimal(3000 + place), currency="JPY") for place in range(10, 18)]
    assert places_out(dollars + yen) == set()


def test_one_of_two_that_differ_is_out_and_one_alone_is_not() -> None:
    assert places_out([item(0, identity="claimed"), item(1)]) == {0}
    assert places_out([item(0, identity="claimed")]) == set()


def test_nothing_at_all_has_no_outliers() -> None:
    assert find_outliers([]) == {}
