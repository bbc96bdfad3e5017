"""Writes a whole letter: a greeting, what is wished for, in words a careful reader takes in one way only, a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from tests.acceptance.retail import sentences
from tests.acceptance.retail.goods import join, say_address, say_item, say_method, say_order, say_wanted
from tests.acceptance.retail.shop import Record, Shop, original_method
from tests.acceptance.retail.wishes import Cancel, ChangeItems, Move, Redirect, Repay, SendBack, Swap, Wish

STYLES = ("polite", "plain", "plain", "angry", "rambling", "terse", "hasty")
UNSAID = 0.75
"""How often a refund to the original method goes without saying."""


class Pen:
    """One writer, with a fixed seed, before one shop."""

    def __init__(self, shop: Shop, rng: Random) -> None:
        self.shop = shop
        self.rng = rng
        self.by_content = False
        """Whether orders are named by what they hold instead of by number."""

    def letter(self, user_id: str, wishes: Sequence[Wish]) -> tuple[str, str]:
        """Subject and body that ask for these wishes."""
        style = self.rng.choice(STYLES)
        said = [self.say(wish, style) for wish in wishes]
        return self.subject(wishes), self.wrap(user_id, style, self.list_up(said))

    def list_up(self, said: list[str]) -> str:
        """Several wishes, numbered or one after the other."""
        if len(said) > 1 and self.rng.random() < 0.4:
            return "\n".join(f"{place}) {one}" for place, one in enumerate(said, start=1))
        linked = [said[0], *(self.link(one) for one in said[1:])]
        return self.rng.choice((" ", "\n", "\n\n")).join(linked)

    def link(self, said: str) -> str:
        """A further wish, tied to what stands before it."""
        link = self.rng.choice(sentences.LINKS)
        runs_on = link.endswith(("and ", "Then, ", "that, ")) and not said.startswith(("I ", "I'", "#", "W"))
        return link + (said[:1].lower() + said[1:] if runs_on else said)

    def wrap(self, user_id: str, style: str, words: str) -> str:
        """The words with what people write before and after them."""
        name = self.shop.users[user_id]["name"]
        signature = self.rng.choice((name["first_name"], f"{name['first_name']} {name['last_name']}"))
        parts = (
            self.rng.choice(sentences.GREETINGS[style]),
            self.rng.choice(sentences.FILLERS[style]),
            words.strip(),
            self.rng.choice(sentences.CLOSINGS[style]).format(name=signature),
        )
        return self.rng.choice(("\n\n", "\n")).join(part for part in parts if part)

    def subject(self, wishes: Sequence[Wish]) -> str:
        """A few words that give nothing away that the letter does not say."""
        if len(wishes) > 1:
            return self.rng.choice(sentences.SUBJECTS_OF_SEVERAL)
        return self.rng.choice(sentences.SUBJECTS[type(wishes[0]).__name__])

    # --- One wish ---

    def say(self, wish: Wish, style: str) -> str:
        """One wish in words."""
        if isinstance(wish, Cancel):
            needless = wish.reason == "no longer needed"
            templates = sentences.CANCEL_NOT_NEEDED if needless else sentences.CANCEL_MISTAKE
            return self.fill(templates, style, order=self.order(wish.order_id))
        if isinstance(wish, Redirect):
            return self.fill(
                sentences.REDIRECT, style, order=self.order(wish.order_id), address=say_address(wish.address, self.rng)
            )
        if isinstance(wish, Move):
            return self.fill(sentences.MOVE, style, address=say_address(wish.address, self.rng))
        if isinstance(wish, Repay):
            return self.fill(sentences.REPAY, style, order=self.order(wish.order_id), method=self.method(wish))
        return self.say_return(wish, style) if isinstance(wish, SendBack) else self.say_pairs(wish, style)

    def say_return(self, wish: SendBack, style: str) -> str:
        """What goes back, what stays, and where the money goes."""
        order = self.shop.orders[wish.order_id]
        goes = pick_items(order, wish.item_ids)
        stays = [item for item in order["items"] if not any(item is one for one in goes)]
        order_words = self.order(wish.order_id)
        if not stays and self.rng.random() < 0.7:
            said = self.fill(sentences.SEND_BACK_ALL, style, order=order_words)
        else:
            items = join([say_item(item, order, self.rng) for item in goes])
            said = self.fill(sentences.SEND_BACK, style, order=order_words, items=items)
        if stays:
            kept = say_item(self.rng.choice(stays), order, self.rng)
            said += self.rng.choice(sentences.KEEPING).format(kept=kept, Kept=kept[0].upper() + kept[1:])
        is_unsaid = wish.method_id == original_method(order) and self.rng.random() < UNSAID
        templates = sentences.REFUND_AS_PAID if is_unsaid else sentences.REFUND_TO
        return f"{said} {self.fill(templates, style, method=self.method(wish))}".strip()

    def say_pairs(self, wish: ChangeItems | Swap, style: str) -> str:
        """What becomes what, and who pays the difference."""
        order = self.shop.orders[wish.order_id]
        olds = pick_items(order, [item_id for item_id, _ in wish.pairs])
        news = [self.shop.variant(new_id) for _, new_id in wish.pairs]
        template = sentences.PAIR[0 if isinstance(wish, Swap) else 1]
        pairs = [
            template.format(item=say_item(old, order, self.rng), wanted=say_wanted(old, new, self.rng))
            for old, new in zip(olds, news, strict=True)
        ]
        templates = sentences.SWAP if isinstance(wish, Swap) else sentences.CHANGE_ITEMS
        said = self.fill(
            templates,
            style,
            order=self.order(wish.order_id),
            pairs=self.rng.choice(sentences.BETWEEN_PAIRS).join(pairs),
        )
        if len(self.shop.methods_of(order["user_id"])) == 1 and self.rng.random() < 0.5:
            return said
        return f"{said} {self.fill(sentences.DIFFERENCE, style, method=self.method(wish))}"

    def order(self, order_id: str) -> str:
        """An order's number in words, or, where this is on, the one thing that only this order holds."""
        order = self.shop.orders.get(order_id)
        name = self.telling_item(order) if self.by_content and order else None
        return f"my order with the {name.lower()}" if name else say_order(order_id, self.rng)

    def telling_item(self, order: Record) -> str | None:
        """A product that none of the customer's other orders holds."""
        others = [other for other in self.shop.orders_of(order["user_id"]) if other is not order]
        elsewhere = {item["name"] for other in others for item in other["items"]}
        names = [item["name"] for item in order["items"]]
        return next((name for name in names if name not in elsewhere and names.count(name) == 1), None)

    def method(self, wish: ChangeItems | Repay | SendBack | Swap) -> str:
        """A wish's payment method in words."""
        user_id = self.shop.orders[wish.order_id]["user_id"]
        return say_method(wish.method_id, user_id, self.shop, self.rng)

    def fill(self, templates: Sequence[str], style: str, **words: str) -> str:
        """One of the templates with its gaps filled; haste misspells the prose, never what fills the gaps."""
        template = self.rng.choice(templates)
        if style == "hasty":
            template = misspell(template)
        said = template.format(**words)
        if said and not said.endswith((".", "!", "?", "\n")):
            said += "."
        return said[:1].upper() + said[1:] if template.startswith("{") else said


def misspell(template: str) -> str:
    """Common slips in the prose of a template."""
    return re.sub(r"(?<!\{)\b[a-z]+\b(?!\})", lambda word: sentences.MISSPELT.get(word[0], word[0]), template)


def pick_items(order: Record, item_ids: Sequence[str]) -> list[Record]:
    """The order's items of these ids, each line once."""
    left = list(order["items"])
    picked = []
    for item_id in item_ids:
        item = next(item for item in left if item["item_id"] == item_id)
        left = [other for other in left if other is not item]
        picked.append(item)
    return picked
