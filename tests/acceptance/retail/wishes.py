"""What a letter really asks for, as values, and the letter itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Address = Mapping[str, str]
Pairs = tuple[tuple[str, str], ...]

ACTED = frozenset({"done"})
ASKED = frozenset({"awaiting_customer", "escalated"})
CALLED = frozenset({"escalated"})
ANSWERED = frozenset({"done", "awaiting_customer", "escalated"})
TOLD = frozenset({"done", "awaiting_customer"})


@dataclass(frozen=True)
class Cancel:
    """An order is not wanted any more."""

    order_id: str
    reason: str


@dataclass(frozen=True)
class ChangeItems:
    """Items of an order not yet sent become others of the same product."""

    order_id: str
    pairs: Pairs
    method_id: str


@dataclass(frozen=True)
class Redirect:
    """An order not yet sent goes elsewhere."""

    order_id: str
    address: Address


@dataclass(frozen=True)
class Move:
    """The customer lives elsewhere now."""

    user_id: str
    address: Address


@dataclass(frozen=True)
class Repay:
    """An order not yet sent is paid in another way."""

    order_id: str
    method_id: str


@dataclass(frozen=True)
class SendBack:
    """Items that came go back for their money."""

    order_id: str
    item_ids: tuple[str, ...]
    method_id: str


@dataclass(frozen=True)
class Swap:
    """Items that came go back for others of the same product."""

    order_id: str
    pairs: Pairs
    method_id: str


Wish = Cancel | ChangeItems | Redirect | Move | Repay | SendBack | Swap


@dataclass(frozen=True)
class Case:
    """One letter, the wishes that are to come true (none: nothing may change), and how its run may end."""

    category: str
    user_id: str
    subject: str
    body: str
    wishes: tuple[Wish, ...] = ()
    endings: frozenset[str] = ACTED
    secrets: tuple[str, ...] = ()
    """Words about somebody else that no reply may hold."""
