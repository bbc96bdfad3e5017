"""How far a run may go, per category of ticket, and which tools it is offered."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agentdesk.agent.categories import Category
from agentdesk.agent.tools import READ_TOOLS
from approvals.kinds import PROPOSABLE

MOST_TOOLS = 10
"""Tools in one request at most."""
ALL_TOOLS = (*READ_TOOLS, *PROPOSABLE)
ALWAYS_OFFERED = ("send_reply", "set_ticket", "escalate")


class Bounds(BaseModel):
    """What a run on a ticket of one category may do and spend.

    `tools` are the allowed ones, most useful first; at most ten of them go into a request. `money` is in US dollars.
    `reserve` is the share of each bound kept to wrap up with. `way` is `loop`, `roles`, or a workflow's name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tools: Annotated[tuple[str, ...], Field(max_length=len(ALL_TOOLS))] = ALL_TOOLS
    steps: Annotated[int, Field(ge=1, le=100)] = 20
    input_tokens: Annotated[int, Field(ge=1000, le=10_000_000)] = 400_000
    output_tokens: Annotated[int, Field(ge=500, le=1_000_000)] = 40_000
    money: Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)] = Decimal("1.00")
    wall_clock_seconds: Annotated[int, Field(ge=5, le=3600)] = 600
    reserve: Annotated[Decimal, Field(ge=0, le=Decimal("0.5"), decimal_places=2)] = Decimal("0.10")
    way: Annotated[str, Field(max_length=60)] = "loop"


@dataclass(frozen=True)
class Spent:
    """What a run has used so far."""

    steps: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    money: Decimal = Decimal(0)
    seconds: float = 0.0


@dataclass(frozen=True)
class Reached:
    """A bound that was reached, and where it lies."""

    bound: str
    limit: int | str

    @property
    def words(self) -> str:
        """For staff."""
        return f"{self.bound.replace('_', ' ')} {self.limit}"


WRAP_UP_TOOLS = ("send_reply", "add_note", "set_ticket", "escalate")
"""What an agent that wraps up is offered."""


def kept_steps(bounds: Bounds) -> int:
    """The steps kept to wrap up: the reserve's share, one at least where there are two."""
    return min(math.ceil(bounds.steps * bounds.reserve), bounds.steps - 1)


def find_reached(
    spent: Spent, bounds: Bounds, *, expected_input: int = 0, wraps_up: bool = False, costs: bool = True
) -> Reached | None:
    """The first bound that leaves no room for another model call; None where there is room.

    `expected_input` are the tokens the next request will take; `wraps_up` lets the reserve be used; a model that
    costs nothing (`costs`) is not held back by money.
    """
    share = Decimal(1) if wraps_up else 1 - bounds.reserve
    kept = 0 if wraps_up else kept_steps(bounds)
    room = {
        "steps": spent.steps < bounds.steps - kept,
        "input_tokens": spent.input_tokens + expected_input <= bounds.input_tokens * share,
        "output_tokens": spent.output_tokens < bounds.output_tokens * share,
        "money": not costs or spent.money < bounds.money * share,
        "wall_clock_seconds": spent.seconds < bounds.wall_clock_seconds * share,
    }
    full = next((name for name, has_room in room.items() if not has_room), None)
    return None if full is None else Reached(full, shown_limit(bounds, full))


def shown_limit(bounds: Bounds, name: str) -> int | str:
    """A bound's limit as JSON holds it; money as a decimal string."""
    limit = getattr(bounds, name)
    return str(limit) if isinstance(limit, Decimal) else int(limit)


def seconds_left(spent: Spent, bounds: Bounds, *, wraps_up: bool) -> float:
    """Seconds the next model call may take, the reserve kept."""
    share = Decimal(1) if wraps_up else 1 - bounds.reserve
    return float(bounds.wall_clock_seconds * share) - spent.seconds


def output_left(spent: Spent, bounds: Bounds, *, wraps_up: bool) -> int:
    """Output tokens the next model call may take, the reserve kept."""
    share = Decimal(1) if wraps_up else 1 - bounds.reserve
    return int(bounds.output_tokens * share) - spent.output_tokens


LOOK = ("get_order", "find_customer", "list_orders", "get_product", "search_knowledge")
REST = tuple(name for name in ALL_TOOLS if name not in LOOK)
FIRST_TOOLS: Mapping[Category, tuple[str, ...]] = {
    Category.QUESTION: ("search_knowledge", "find_customer", "get_order", "list_orders", "get_product", "calculate"),
    Category.ORDER_STATUS: ("get_order", "list_orders", "find_customer", "search_knowledge", "get_product"),
    Category.ORDER_CHANGE: (
        "get_order", "find_customer", "get_product", "cancel_order", "change_order_items", "change_order_address",
        "change_order_payment",
    ),
    Category.RETURN: (
        "get_order", "find_customer", "get_product", "search_knowledge", "return_items", "exchange_items",
    ),
    Category.ACCOUNT: ("find_customer", "list_orders", "get_order", "change_customer_address", "give_credit"),
    Category.MIXED: ("get_order", "find_customer", "get_product", "search_knowledge"),
    Category.PEOPLE: ("escalate", "add_note"),
}  # fmt: skip
"""The tools that come first in a request for each category."""
WAYS: Mapping[Category, str] = {
    Category.QUESTION: "answer_from_knowledge",
    Category.ORDER_STATUS: "order_status",
    Category.PEOPLE: "escalate",
}


def in_order(first: Collection[str]) -> tuple[str, ...]:
    """All tools, these first."""
    return tuple(dict.fromkeys((*first, *ALWAYS_OFFERED, *LOOK, *REST)))


DEFAULT_BOUNDS: Mapping[Category, Bounds] = {
    category: Bounds(tools=in_order(FIRST_TOOLS[category]), way=WAYS.get(category, "loop")) for category in Category
}


def pick_tools(bounds: Bounds, wished: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the tools offered in a request: at most ten, allowed ones only, in the catalogue's order.

    The reply, the ticket and the call for people come first, then what the customer's wishes need (`wished`), then the
    category's own order.
    """
    ranked = dict.fromkeys((*ALWAYS_OFFERED, *wished, *bounds.tools))
    picked = [name for name in ranked if name in bounds.tools][:MOST_TOOLS]
    return tuple(name for name in ALL_TOOLS if name in picked)
