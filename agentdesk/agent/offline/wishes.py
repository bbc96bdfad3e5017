"""What a letter asks for, as values: wishes with the words that state them, questions, and the tone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agentdesk.agent.checks.alarms import Alarm
from agentdesk.agent.offline.addresses import PostalAddress


class Kind(StrEnum):
    """What can be wished for."""

    CANCEL = "cancel"
    ITEMS = "items"
    RETURN = "return"
    ORDER_ADDRESS = "order address"
    OWN_ADDRESS = "own address"
    PAYMENT = "payment"
    REFUND = "refund"
    UNSUPPORTED = "unsupported"
    ORDER_STATUS = "order status"
    REFUND_STATUS = "refund status"
    DAMAGE = "damage"


class Manner(StrEnum):
    """How a change of items was put: for an order on its way, for one that has arrived, or leaving it open."""

    CHANGE = "change"
    EXCHANGE = "exchange"
    OPEN = "open"


@dataclass(frozen=True)
class Wish:
    """One wish. `text` states it, `before` and `after` surround it and may name what it leaves out.

    `orders` are those it names or, where `is_inherited`, those the letter was speaking of.
    """

    kind: Kind
    text: str
    orders: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    manner: Manner = Manner.OPEN
    addresses: tuple[PostalAddress, ...] = ()
    is_inherited: bool = False
    is_weak: bool = False
    place: int = 0


@dataclass(frozen=True)
class Reading:
    """A letter understood. `text` is the letter in lower case, `words` as it was written, subject first.

    `answer` is the newest message alone, where it answers a question of ours. `is_steered` where words in it, beyond
    what was read, tried to give the agent orders; `hidden_orders` where such words were hidden from view.
    """

    wishes: tuple[Wish, ...] = ()
    questions: tuple[str, ...] = ()
    settlements: tuple[tuple[int, str], ...] = ()
    orders: tuple[str, ...] = ()
    text: str = ""
    words: str = ""
    alarm: Alarm | None = None
    hidden_orders: bool = False
    is_steered: bool = False
    is_angry: bool = False
    is_thanks: bool = False
    is_hedged: bool = False
    is_withdrawn: bool = False
    is_following_up: bool = False
    answer: str = ""
