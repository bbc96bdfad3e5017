"""The workbench of one planning: what is known, what earlier actions of the plan will have changed, and who pays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agentdesk.agent.offline import phrases
from agentdesk.agent.offline.lookups import Lookups
from agentdesk.agent.offline.methods import (
    MethodWord,
    balance_of,
    fitting,
    means_original,
    method_in_words,
    one_of,
    read_methods,
)
from agentdesk.agent.offline.outcomes import Citation, Doubt
from agentdesk.agent.offline.products import find_mentions
from agentdesk.agent.offline.records import Order
from agentdesk.agent.offline.spelling import mend_spelling
from agentdesk.agent.offline.tokens import tokenize
from agentdesk.agent.offline.wishes import Kind, Reading, Wish

ORDER_WITH = re.compile(
    r"\b(?:order|purchase)\s+(?:with|of|for|containing|including|that (?:has|had|contains|contained))\s+(.+)",
    re.I | re.S,
)
FOR_ALL = re.compile(
    r"\b(?:all|both|everything|each|every|either|differences|any refunds|differences? (?:and|or) refunds?|"
    r"refunds? (?:and|or) (?:\w+ )?differences?)\b"
)
PLURAL = re.compile(r"\b(?:both|them|these|those|all|each|orders|every)\b")
ORDINALS = (
    (re.compile(r"\b(?:first|former|1st)\b"), 0),
    (re.compile(r"\b(?:second|latter|2nd|other)\b"), 1),
    (re.compile(r"\b(?:third|3rd)\b"), 2),
)


@dataclass
class Bench:
    """What handlers share while they plan a letter's wishes in order.

    `balances` are gift cards as they will be, `payers` the method an order will be paid with, `ended` the orders that
    take no further change once earlier actions of the plan have happened.
    """

    lookups: Lookups
    reading: Reading
    balances: dict[str, Decimal] = field(default_factory=dict)
    payers: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)

    def balance(self, method_id: str) -> Decimal | None:
        """What a gift card will hold at this point of the plan; None for other methods."""
        if method_id in self.balances:
            return self.balances[method_id]
        return balance_of(self.lookups.methods.get(method_id) or {})

    def move(self, method_id: str, amount: Decimal) -> None:
        """A gift card will have this much more (or, below zero, less)."""
        held = self.balance(method_id)
        if held is not None:
            self.balances[method_id] = held + amount

    def words_for(self, method_id: str) -> str:
        """A method as a sentence names it."""
        return method_in_words(self.lookups.methods.get(method_id))

    def payer(self, order: Order) -> str:
        """The method an order is, or by then will be, paid with."""
        return self.payers.get(order.order_id, order.original_method)

    def cite_order(self, order: Order, quote: str) -> Citation:
        """The citation of an order's record."""
        return self.lookups.cite(quote, "get_order", order_id=order.order_id)


def unknown_order(order_id: str) -> Doubt:
    """The order is not this customer's, or is nobody's: both sound alike."""
    return Doubt(
        f"I could not find an order {order_id} on your account. Could you please check the number? You find "
        f"it in the "
        "confirmation you received for the order.",
        f"no order {order_id} is known for this customer",
    )


def orders_of(wish: Wish, bench: Bench) -> tuple[list[Order], tuple[str, ...]]:
    """The orders a wish speaks of, and what had to be concluded for it. Raises: Doubt, NotYet."""
    if wish.orders:
        return [require_order(order_id, bench) for order_id in narrowed(wish, bench)], (
            ("order inherited",) if wish.is_inherited else ()
        )
    listed = bench.lookups.orders()
    if phrases.EVERY_PENDING.search(wish.text.lower()):
        pending = [str(order["order_id"]) for order in listed if order.get("status") == "pending"]
        if pending:
            return [require_order(order_id, bench) for order_id in pending], ("order located",)
    return [locate(wish, listed, bench)], ("order located",)


def require_order(order_id: str, bench: Bench) -> Order:
    """The customer's order. Raises: Doubt for any other, NotYet."""
    order = bench.lookups.order(order_id)
    if order is None:
        raise unknown_order(order_id)
    return order


def narrowed(wish: Wish, bench: Bench) -> Sequence[str]:
    """Of several orders named before, those that the wish means. Raises: Doubt where that stays open."""
    if len(wish.orders) == 1 or (not wish.is_inherited and wish.kind not in {Kind.ITEMS, Kind.RETURN}):
        return wish.orders
    low = wish.text.lower()
    for pattern, place in ORDINALS:
        if wish.is_inherited and pattern.search(low) and place < len(wish.orders):
            return [wish.orders[place]]
    holding = [order_id for order_id in wish.orders if holds_named(require_order(order_id, bench), wish.text)]
    if len(holding) == 1 or (holding and wish.kind in {Kind.ITEMS, Kind.RETURN} and PLURAL.search(low)):
        return holding
    if PLURAL.search(low) and wish.kind not in {Kind.ITEMS}:
        return wish.orders
    raise Doubt("Which of the orders do you mean?", "several orders named, not clear which is meant")


def holds_named(order: Order, text: str) -> bool:
    """Whether an order holds a product that the text names."""
    return any(mention.names for mention in find_mentions(tokenize(text), order.names))


def locate(wish: Wish, listed: Sequence[Mapping[str, Any]], bench: Bench) -> Order:
    """The one order meant where none was named. Raises: Doubt."""
    names = {str(order["order_id"]): [str(name) for name in order.get("items") or ()] for order in listed}
    every = {name for held in names.values() for name in held}
    if not names:
        raise Doubt("I could not find an order on your account.", "the customer has no orders")
    for text in (wish.text, f"{wish.text}\n{wish.after}", f"{wish.before}\n{wish.text}"):
        held_by = ORDER_WITH.search(text)
        mentions = find_mentions(tokenize(held_by[1] if held_by else text), every)[: 1 if held_by else None]
        named = {name for mention in mentions for name in mention.names}
        if not mentions:
            continue
        holding = [order_id for order_id, held in names.items() if named & set(held)]
        if len(holding) == 1 and named:
            return require_order(holding[0], bench)
        break
    else:
        if len(names) == 1:
            return require_order(next(iter(names)), bench)
    raise Doubt(
        "Which order is this about? Please send us the order number; it starts with #W and is in the "
        "confirmation you received.",
        "the order is not named, and several can be meant",
    )


def settling_texts(wish: Wish, bench: Bench) -> list[str]:
    """The words that can say how this wish is settled, the nearest first: its own, those after it, those before it."""
    said = [(place, text) for place, text in bench.reading.settlements if belongs(place, text, wish, bench)]
    if bench.reading.answer and read_methods(mend_spelling(bench.reading.answer.lower())):
        return [bench.reading.answer]
    later = [text for place, text in said if place > wish.place and text not in wish.text]
    earlier = [text for place, text in said if place < wish.place and text not in wish.text]
    return [wish.text, *later, *reversed(earlier)]


def belongs(place: int, text: str, wish: Wish, bench: Bench) -> bool:
    """Whether words about money at a place speak of this wish: of the wish before them, or of all."""
    settled = [other for other in bench.reading.wishes if other.kind in {Kind.ITEMS, Kind.RETURN, Kind.REFUND}]
    owner = max((other for other in settled if other.place <= place), key=lambda other: other.place, default=None)
    return owner is None or owner is wish or bool(set(owner.orders) & set(wish.orders)) or is_for_all([text])


def is_for_all(texts: Sequence[str]) -> bool:
    """Whether the last words on money are meant for everything: `any differences`, `all refunds`, `both`."""
    low = " ".join(texts).lower()
    return bool(FOR_ALL.search(low))


def settle_with(wish: Wish, order: Order, bench: Bench) -> tuple[str, tuple[str, ...]]:
    """The method that pays or receives what a change of items leaves. Raises: Doubt.

    What the customer names, nearest words first; else the method the order is paid with.
    """
    for text in settling_texts(wish, bench):
        low = mend_spelling(text.lower())
        words = [word for word in read_methods(low) if word.role != "old"]
        new = [word for word in words if word.role == "new"]
        told = len(new) < len(words)
        if (means_original(low) and not (new and told)) or (words and not new):
            return require_same(words, order, bench), ()
        if new:
            return require_method(new, order, bench), ()
    return bench.payer(order), ("method defaulted",) if len(bench.lookups.methods) > 1 else ()


def require_same(words: Sequence[MethodWord], order: Order, bench: Bench) -> str:
    """The original method, where what was named is that. Raises: Doubt."""
    original = order.original_method
    new = [word for word in words if word.kind]
    if new and not any(original in fitting(word, bench.lookups.methods) for word in new):
        raise Doubt(
            f"The order was paid with {bench.words_for(original)}, so I am not sure which payment method you mean.",
            "the method named is not the one the order was paid with",
        )
    return original


def require_method(words: Sequence[MethodWord], order: Order, bench: Bench) -> str:
    """The one of the customer's methods that was named. Raises: Doubt."""
    methods = bench.lookups.methods
    found = one_of(words, methods, order.original_method)
    if found:
        return found
    if found is None and all(order.original_method in fitting(word, methods) for word in words):
        return order.original_method
    named = "payment method" if len({word.kind for word in words}) > 1 else spoken(words[0])
    if found is None:
        raise Doubt(
            f"You have more than one {named} in your account. Which one shall we use?", f"several methods fit: {named}"
        )
    if len({word.kind for word in words}) > 1:
        raise Doubt("Which one of your payment methods shall we use?", "several methods named")
    raise Doubt(
        f"I could not find that {named} in your account; we can only use payment methods that are saved there. "
        "Which of your saved methods shall we use?",
        f"the customer has no such method: {named}",
    )


def spoken(word: MethodWord) -> str:
    """A method as the customer named it."""
    if word.brand or word.last_four:
        return " ".join(
            filter(None, [word.brand.capitalize(), "card", f"ending in {word.last_four}" if word.last_four else ""])
        )
    return {"gift_card": "gift card", "paypal": "PayPal account", "credit_card": "credit card"}[word.kind]


def require_cover(method_id: str, amount: Decimal, bench: Bench) -> None:
    """A gift card must hold what is to be paid with it. Raises: Doubt."""
    held = bench.balance(method_id)
    if held is not None and amount > held:
        raise Doubt(
            f"Your gift card holds {held:.2f} USD, which does not cover the {amount:.2f} USD needed. "
            "Which other payment method shall we use?",
            f"gift card {method_id} holds {held:.2f}, needed are {amount:.2f}",
        )
