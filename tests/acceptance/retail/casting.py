"""Picks real customers and orders, by a fixed seed, for letters that are to be acted upon; each customer once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

from tests.acceptance.retail.goods import has_plain_name, make_address
from tests.acceptance.retail.letters import Pen
from tests.acceptance.retail.shop import Record, Shop, original_method, total
from tests.acceptance.retail.wishes import (
    Cancel,
    Case,
    ChangeItems,
    Move,
    Pairs,
    Redirect,
    Repay,
    SendBack,
    Swap,
    Wish,
)

Make = Callable[[str], tuple[Wish, ...] | None]


class Caster:
    """Goes through the customers in a shuffled order and gives each to the first category that it suits."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.rng = Random(seed)
        self.pen = Pen(shop, self.rng)
        self.free = sorted(shop.users)
        self.rng.shuffle(self.free)

    def cast(self, category: str, count: int, make: Make) -> Iterator[Case]:
        """Letters of one category, until there are enough."""
        for user_id in list(self.free):
            if not count:
                return
            wishes = make(user_id)
            if wishes:
                self.free.remove(user_id)
                count -= 1
                yield Case(category, user_id, *self.pen.letter(user_id, wishes), wishes)

    # --- What a customer could wish for ---

    def pick_order(self, user_id: str, status: str, beside: Wish | None = None) -> Record | None:
        """One of the customer's orders in this state, another than the one of a wish."""
        taken = getattr(beside, "order_id", None)
        orders = [order for order in self.shop.orders_of(user_id, status) if order["order_id"] != taken]
        return self.rng.choice(orders) if orders else None

    def cancel(self, user_id: str, beside: Wish | None = None) -> Cancel | None:
        """A pending order to call off."""
        order = self.pick_order(user_id, "pending", beside)
        reason = self.rng.choice(("no longer needed", "ordered by mistake"))
        return Cancel(order["order_id"], reason) if order else None

    def redirect(self, user_id: str, beside: Wish | None = None) -> Redirect | None:
        """A pending order to send elsewhere."""
        order = self.pick_order(user_id, "pending", beside)
        return Redirect(order["order_id"], make_address(self.rng)) if order else None

    def move(self, user_id: str) -> Move:
        """A new address on the customer's record."""
        return Move(user_id, make_address(self.rng))

    def repay(self, user_id: str, beside: Wish | None = None) -> Repay | None:
        """A pending order to pay in another way that can bear it."""
        order = self.pick_order(user_id, "pending", beside)
        if order is None:
            return None
        fit = [
            method["id"]
            for method in self.shop.methods_of(user_id)
            if method["id"] != original_method(order)
            and has_plain_name(method["id"], user_id, self.shop)
            and method.get("balance", total(order)) >= total(order)
        ]
        return Repay(order["order_id"], self.rng.choice(fit)) if fit else None

    def send_back(self, user_id: str, beside: Wish | None = None) -> SendBack | None:
        """Some or all items of a delivered order."""
        order = self.pick_order(user_id, "delivered", beside)
        if order is None:
            return None
        items = list(order["items"])
        chosen = items if self.rng.random() < 0.25 else self.rng.sample(items, self.rng.randint(1, min(2, len(items))))
        chosen_ids = [item["item_id"] for item in chosen]
        is_partly_twin = any(chosen_ids.count(item["item_id"]) != count_in(order, item["item_id"]) for item in chosen)
        methods = [
            method["id"]
            for method in self.shop.methods_of(user_id)
            if method["id"] == original_method(order) or method["source"] == "gift_card"
        ]
        fit = [one for one in methods if has_plain_name(one, user_id, self.shop)]
        if is_partly_twin or not fit:
            return None
        return SendBack(order["order_id"], tuple(chosen_ids), self.rng.choice(fit))

    def change_items(self, user_id: str, beside: Wish | None = None) -> ChangeItems | None:
        """Items of a pending order for other variants."""
        found = self.pairs(user_id, "pending", beside)
        return ChangeItems(*found) if found else None

    def swap(self, user_id: str, beside: Wish | None = None) -> Swap | None:
        """Items of a delivered order for other variants."""
        found = self.pairs(user_id, "delivered", beside)
        return Swap(*found) if found else None

    def pairs(self, user_id: str, status: str, beside: Wish | None) -> tuple[str, Pairs, str] | None:
        """An order, one or two of its items with what they shall become, and who bears the difference."""
        order = self.pick_order(user_id, status, beside)
        if order is None:
            return None
        lonely = [item for item in order["items"] if count_in(order, item["item_id"]) == 1]
        self.rng.shuffle(lonely)
        offers = [(item, self.alternatives(item)) for item in lonely]
        picked = [(item, self.rng.choice(news)) for item, news in offers if news][: self.rng.choice((1, 1, 1, 2))]
        more = sum((new["price"] - item["price"] for item, new in picked), Decimal(0))
        fit = [
            method["id"]
            for method in self.shop.methods_of(user_id)
            if has_plain_name(method["id"], user_id, self.shop) and method.get("balance", abs(more)) >= more
        ]
        if not picked or not fit:
            return None
        pairs = tuple((item["item_id"], new["item_id"]) for item, new in picked)
        return order["order_id"], pairs, self.rng.choice(fit)

    def alternatives(self, item: Record) -> list[Record]:
        """Variants that can be had and differ in one or two options; their words fit no other variant."""
        variants = list(self.shop.products[item["product_id"]]["variants"].values())
        near = [one for one in variants if one["available"] and 1 <= count_changed(item, one) <= 2]
        return [one for one in near if sum(other["options"] == one["options"] for other in variants) == 1]


def count_in(order: Record, item_id: str) -> int:
    """How often an order holds an item."""
    return sum(item["item_id"] == item_id for item in order["items"])


def count_changed(item: Record, variant: Record) -> int:
    """In how many options a variant differs."""
    return sum(item["options"].get(option) != value for option, value in variant["options"].items())


def cast_single_wishes(caster: Caster) -> Iterator[Case]:
    """Letters that ask for one thing."""
    singles: tuple[tuple[str, int, Callable[[str], Wish | None]], ...] = (
        ("change payment", 22, caster.repay),
        ("cancel", 27, caster.cancel),
        ("change items", 27, caster.change_items),
        ("change address", 18, caster.redirect),
        ("return", 27, caster.send_back),
        ("exchange", 27, caster.swap),
        ("move", 7, caster.move),
    )
    for category, count, make in singles:
        yield from caster.cast(category, count, lambda user_id, make=make: one(make(user_id)))  # type: ignore[misc]


def cast_unnumbered(caster: Caster) -> Iterator[Case]:
    """Letters that name an order by what it holds."""
    caster.pen.by_content = True
    makes: tuple[tuple[int, Callable[[str], Wish | None]], ...] = ((6, caster.cancel), (3, caster.redirect))
    for count, make in makes:

        def write(user_id: str, make: Callable[[str], Wish | None] = make) -> tuple[Wish, ...] | None:
            wish = make(user_id)
            order = caster.shop.orders[wish.order_id] if isinstance(wish, Cancel | Redirect) else None
            return one(wish) if order and caster.pen.telling_item(order) else None

        yield from caster.cast("order named by what it holds", count, write)
    caster.pen.by_content = False


def one(wish: Wish | None) -> tuple[Wish, ...] | None:
    """A single wish as a letter's list of wishes."""
    return (wish,) if wish else None
