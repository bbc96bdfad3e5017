"""Ways to get a right plan wrong so that the rules still accept it: what a careless agent does to somebody's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from tests.acceptance.retail.casting import Caster, count_in
from tests.acceptance.retail.goods import make_address
from tests.acceptance.retail.shop import Record, Shop, original_method, total
from tests.acceptance.retail.wishes import Cancel, ChangeItems, Move, Pairs, Redirect, Repay, SendBack, Swap, Wish


@dataclass(frozen=True)
class Credit:
    """A sum put on the customer's account."""

    amount: str
    reason: str


Deed = Wish | Credit


@dataclass(frozen=True)
class Error:
    """A wrong deed in the place of a right one, and what is wrong with it."""

    sort: str
    deed: Deed


class Careless:
    """Gets deeds wrong, by a fixed seed, within what the rules allow."""

    def __init__(self, shop: Shop, rng: Random) -> None:
        self.shop = shop
        self.rng = rng
        self.caster = Caster(shop, 0)
        self.caster.rng = rng

    def spoil(self, user_id: str, deed: Deed) -> list[Error]:
        """Every way to get it wrong that the shop's rules accept, one of each sort."""
        makes: dict[type, tuple[Callable[..., Iterator[Error]], ...]] = {
            Cancel: (self.other_order, self.redirect_instead),
            Redirect: (self.other_order, self.other_address, self.move_instead, self.cancel_instead),
            Move: (self.own_other_address, self.redirect_instead_of_move),
            Repay: (self.other_order, self.other_method, self.cancel_instead),
            SendBack: (self.other_items, self.other_method, self.other_delivered, self.swap_instead),
            Swap: (self.other_pairs, self.other_variant, self.other_method, self.other_delivered, self.return_instead),
            ChangeItems: (self.other_pairs, self.other_variant, self.other_method, self.cancel_instead),
            Credit: (self.more_credit,),
        }
        found = [error for make in makes[type(deed)] for error in make(user_id, deed)]
        return [error for error in found if error.deed != deed]

    # --- Another order ---

    def other_order(self, user_id: str, deed: Cancel | Redirect | Repay) -> Iterator[Error]:
        """Another of the customer's pending orders."""
        others = [one for one in self.shop.orders_of(user_id, "pending") if one["order_id"] != deed.order_id]
        if isinstance(deed, Repay):
            others = [one for one in others if self.can_pay(user_id, one, deed.method_id)]
        if others:
            yield Error("another order", replace(deed, order_id=self.rng.choice(others)["order_id"]))

    def can_pay(self, user_id: str, order: Record, method_id: str) -> bool:
        """Whether an order can be paid that way instead."""
        method = self.shop.users[user_id]["payment_methods"][method_id]
        return method_id != original_method(order) and method.get("balance", total(order)) >= total(order)

    def other_delivered(self, user_id: str, deed: SendBack | Swap) -> Iterator[Error]:
        """The same for another order that came: something of it, to a method that may be used for it."""
        others = [one for one in self.shop.orders_of(user_id, "delivered") if one["order_id"] != deed.order_id]
        for order in others[:1]:
            if isinstance(deed, SendBack):
                item = self.rng.choice(order["items"])
                yield Error("another order", SendBack(order["order_id"], (item["item_id"],), original_method(order)))
            elif pairs := self.one_pair(order, ()):
                yield Error("another order", Swap(order["order_id"], pairs, original_method(order)))

    # --- Other items ---

    def other_items(self, user_id: str, deed: SendBack) -> Iterator[Error]:
        """Another item of the order, one too many, one too few."""
        order = self.shop.orders[deed.order_id]
        rest = [item["item_id"] for item in order["items"] if item["item_id"] not in deed.item_ids]
        if rest:
            other = self.rng.choice(rest)
            yield Error("another item", replace(deed, item_ids=(*deed.item_ids[1:], other)))
            yield Error("an item too many", replace(deed, item_ids=(*deed.item_ids, other)))
        if len(deed.item_ids) > 1:
            yield Error("an item too few", replace(deed, item_ids=deed.item_ids[1:]))

    def other_pairs(self, user_id: str, deed: Swap | ChangeItems) -> Iterator[Error]:
        """Another item of the order for another variant of that one."""
        order = self.shop.orders[deed.order_id]
        if pairs := self.one_pair(order, [old for old, _ in deed.pairs]):
            yield Error("another item", replace(deed, pairs=pairs))

    def one_pair(self, order: Record, spared: list[str] | tuple[str, ...]) -> Pairs:
        """An item of an order, none of the spared ones, with another variant that can be had."""
        for item in self.rng.sample(order["items"], len(order["items"])):
            news = self.caster.alternatives(item)
            if news and item["item_id"] not in spared and count_in(order, item["item_id"]) == 1:
                return ((item["item_id"], self.rng.choice(news)["item_id"]),)
        return ()

    def other_variant(self, user_id: str, deed: Swap | ChangeItems) -> Iterator[Error]:
        """The right item for another new variant."""
        order = self.shop.orders[deed.order_id]
        old, new = deed.pairs[0]
        item = next(item for item in order["items"] if item["item_id"] == old)
        news = [one["item_id"] for one in self.caster.alternatives(item) if one["item_id"] != new]
        if news:
            yield Error("another variant", replace(deed, pairs=((old, self.rng.choice(news)), *deed.pairs[1:])))

    # --- Money ---

    def other_method(self, user_id: str, deed: Repay | SendBack | Swap | ChangeItems) -> Iterator[Error]:
        """Another of the customer's methods that may be used."""
        order = self.shop.orders[deed.order_id]
        fit = [
            method
            for method in self.shop.methods_of(user_id)
            if method["id"] != deed.method_id and method.get("balance", total(order)) >= total(order)
        ]
        if isinstance(deed, SendBack):
            fit = [one for one in fit if one["source"] == "gift_card" or one["id"] == original_method(order)]
        if isinstance(deed, Repay):
            fit = [one for one in fit if one["id"] != original_method(order)]
        if fit:
            yield Error("another method", replace(deed, method_id=self.rng.choice(fit)["id"]))

    def more_credit(self, user_id: str, deed: Credit) -> Iterator[Error]:
        """The total of an order, or the price of an item, in the place of what was promised."""
        order = self.rng.choice(self.shop.orders_of(user_id, "delivered"))
        price = max(item["price"] for item in order["items"])
        for amount in (total(order), price):
            if amount > Decimal(deed.amount):
                yield Error("a larger credit", replace(deed, amount=f"{amount:.2f}"))

    # --- Another deed ---

    def cancel_instead(self, user_id: str, deed: Redirect | Repay | ChangeItems) -> Iterator[Error]:
        """The order called off in the place of a change of it."""
        yield Error("another deed", Cancel(deed.order_id, "no longer needed"))

    def redirect_instead(self, user_id: str, deed: Cancel) -> Iterator[Error]:
        """The order sent to the customer's own address or another's in the place of calling it off."""
        yield Error("another deed", Redirect(deed.order_id, make_address(self.rng)))

    def return_instead(self, user_id: str, deed: Swap) -> Iterator[Error]:
        """The items taken back for money in the place of an exchange."""
        order = self.shop.orders[deed.order_id]
        items = tuple(old for old, _ in deed.pairs)
        yield Error("another deed", SendBack(deed.order_id, items, original_method(order)))

    def swap_instead(self, user_id: str, deed: SendBack) -> Iterator[Error]:
        """An item exchanged in the place of taking it back."""
        order = self.shop.orders[deed.order_id]
        rest = [item["item_id"] for item in order["items"] if item["item_id"] not in deed.item_ids]
        if pairs := self.one_pair(order, rest):
            yield Error("another deed", Swap(deed.order_id, pairs, original_method(order)))

    # --- Addresses ---

    def other_address(self, user_id: str, deed: Redirect) -> Iterator[Error]:
        """An address on record, and the right one with a slip in it."""
        order = self.shop.orders[deed.order_id]
        own = dict(self.shop.users[user_id]["address"])
        if own != order["address"]:
            yield Error("another address", replace(deed, address=own))
        number, street = deed.address["address1"].split(" ", 1)
        slipped = {**deed.address, "address1": f"{int(number) + 10} {street}"}
        yield Error("another address", replace(deed, address=slipped))

    def own_other_address(self, user_id: str, deed: Move) -> Iterator[Error]:
        """The new address without its door, or with another number."""
        number, street = deed.address["address1"].split(" ", 1)
        yield Error("another address", replace(deed, address={**deed.address, "address1": f"{number}1 {street}"}))

    def move_instead(self, user_id: str, deed: Redirect) -> Iterator[Error]:
        """The customer's record in the place of one order."""
        yield Error("another deed", Move(user_id, deed.address))

    def redirect_instead_of_move(self, user_id: str, deed: Move) -> Iterator[Error]:
        """An order in the place of the customer's record."""
        for order in self.shop.orders_of(user_id, "pending")[:1]:
            yield Error("another deed", Redirect(order["order_id"], deed.address))
