"""Bounds leave room for another call or they do not; the reserve is kept to wrap up with."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.agent.bounds import (
    ALL_TOOLS,
    DEFAULT_BOUNDS,
    MOST_TOOLS,
    Bounds,
    Reached,
    Spent,
    find_reached,
    kept_steps,
    output_left,
    pick_tools,
    seconds_left,
)
from agentdesk.agent.categories import Category
from approvals.kinds import PROPOSABLE

BOUNDS = Bounds(steps=20, input_tokens=1000, output_tokens=1000, money=Decimal(1), wall_clock_seconds=100)


@pytest.mark.parametrize(
    ("spent", "bound"),
    [
        (Spent(), None),
        (Spent(17, 900, 899, Decimal("0.8999"), 89.9), None),
        (Spent(steps=18), Reached("steps", 20)),
        (Spent(input_tokens=901), Reached("input_tokens", 1000)),
        (Spent(output_tokens=900), Reached("output_tokens", 1000)),
        (Spent(money=Decimal("0.90")), Reached("money", "1")),
        (Spent(seconds=90), Reached("wall_clock_seconds", 100)),
    ],
)
def test_each_bound_is_reached_where_its_reserve_begins(spent: Spent, bound: Reached | None) -> None:
    assert find_reached(spent, BOUNDS) == bound
    if bound is not None:
        assert find_reached(spent, BOUNDS, wraps_up=True) is None


@pytest.mark.parametrize(
    ("spent", "bound"),
    [
        (Spent(steps=20), "steps"),
        (Spent(input_tokens=1001), "input_tokens"),
        (Spent(output_tokens=1000), "output_tokens"),
        (Spent(money=Decimal(1)), "money"),
        (Spent(seconds=100), "wall_clock_seconds"),
    ],
)
def test_the_reserve_ends_too(spent: Spent, bound: str) -> None:
    reached = find_reached(spent, BOUNDS, wraps_up=True)
    assert reached is not None and reached.bound == bound


def test_what_the_next_request_will_take_counts() -> None:
    assert find_reached(Spent(input_tokens=500), BOUNDS, expected_input=400) is None
    assert find_reached(Spent(input_tokens=500), BOUNDS, expected_input=401) == Reached("input_tokens", 1000)


def test_money_holds_back_only_what_costs() -> None:
    broke = Spent(money=Decimal(5))
    assert find_reached(broke, BOUNDS) == Reached("money", "1")
    assert find_reached(broke, BOUNDS, costs=False) is None
    assert find_reached(Spent(), Bounds(money=Decimal(0))) == Reached("money", "0")


@pytest.mark.parametrize(("steps", "kept"), [(1, 0), (2, 1), (3, 1), (10, 1), (11, 2), (20, 2), (100, 10)])
def test_a_step_is_kept_to_wrap_up_where_there_are_two(steps: int, kept: int) -> None:
    assert kept_steps(Bounds(steps=steps)) == kept


def test_a_call_may_take_what_is_left() -> None:
    spent = Spent(output_tokens=300, seconds=30.5)
    assert (seconds_left(spent, BOUNDS, wraps_up=False), seconds_left(spent, BOUNDS, wraps_up=True)) == (59.5, 69.5)
    assert (output_left(spent, BOUNDS, wraps_up=False), output_left(spent, BOUNDS, wraps_up=True)) == (600, 700)


amounts = st.integers(0, 2000)


@given(st.builds(Spent, amounts, amounts, amounts, st.decimals(0, 2, places=2), st.floats(0, 200)), amounts)
def test_spending_more_never_makes_room(spent: Spent, more: int) -> None:
    richer = Spent(spent.steps + more, spent.input_tokens, spent.output_tokens + more, spent.money, spent.seconds)
    if find_reached(spent, BOUNDS) is not None:
        assert find_reached(richer, BOUNDS) is not None
    if find_reached(spent, BOUNDS, wraps_up=True) is not None:
        assert find_reached(spent, BOUNDS) is not None


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("wished", [(), ("return_items", "exchange_items"), tuple(PROPOSABLE)])
def test_at_most_ten_tools_go_into_a_request(category: Category, wished: tuple[str, ...]) -> None:
    offered = pick_tools(DEFAULT_BOUNDS[category], wished)
    assert len(offered) == MOST_TOOLS and len(set(offered)) == MOST_TOOLS
    assert {"send_reply", "set_ticket", "escalate"} <= set(offered)
    assert list(offered) == [name for name in ALL_TOOLS if name in offered]


def test_only_allowed_tools_are_offered() -> None:
    assert pick_tools(Bounds(tools=("get_order", "escalate")), ("cancel_order",)) == ("get_order", "escalate")
