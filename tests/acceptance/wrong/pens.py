"""The writers of the post: the retail letters' own, and two others in sentences of their own."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from tests.acceptance.retail.goods import join, say_address, say_item, say_wanted
from tests.acceptance.retail.letters import Pen, pick_items
from tests.acceptance.retail.shop import original_method
from tests.acceptance.retail.wishes import Cancel, ChangeItems, Move, Redirect, Repay, SendBack, Swap, Wish
from tests.acceptance.wrong import second_words, third_words
from tests.acceptance.wrong.errors import Credit


class OtherPen(Pen):
    """Says the same wishes in the words of another hand."""

    words: ModuleType

    def letter(self, user_id: str, wishes: Sequence[Wish | Credit]) -> tuple[str, str]:
        """Subject and body that ask for these wishes."""
        said = [self.say(wish, "plain") for wish in wishes]
        body = self.rng.choice(self.words.BETWEEN).join(said)
        name = self.shop.users[user_id]["name"]["first_name"]
        parts = (
            self.rng.choice(self.words.OPENINGS),
            self.rng.choice(self.words.ASIDES),
            body.strip(),
            self.rng.choice(self.words.ENDINGS).format(name=name),
        )
        return self.rng.choice(self.words.SUBJECTS), "\n\n".join(part for part in parts if part)

    def say(self, wish: Wish | Credit, style: str) -> str:
        """One wish in words."""
        if isinstance(wish, Credit):
            return say_credit(wish, self, self.words.CREDIT)
        if isinstance(wish, Cancel):
            templates = self.words.CANCEL if wish.reason == "no longer needed" else self.words.CANCEL_MISTAKE
            return self.fill(templates, style, order=self.order(wish.order_id))
        if isinstance(wish, Redirect):
            address = say_address(wish.address, self.rng)
            return self.fill(self.words.REDIRECT, style, order=self.order(wish.order_id), address=address)
        if isinstance(wish, Move):
            return self.fill(self.words.MOVE, style, address=say_address(wish.address, self.rng))
        if isinstance(wish, Repay):
            return self.fill(self.words.REPAY, style, order=self.order(wish.order_id), method=self.method(wish))
        return self.say_return(wish, style) if isinstance(wish, SendBack) else self.say_pairs(wish, style)

    def say_return(self, wish: SendBack, style: str) -> str:
        """What goes back, what stays, and where the money goes."""
        order = self.shop.orders[wish.order_id]
        goes = pick_items(order, wish.item_ids)
        stays = [item for item in order["items"] if not any(item is one for one in goes)]
        if not stays:
            said = self.fill(self.words.SEND_BACK_ALL, style, order=self.order(wish.order_id))
        else:
            items = join([say_item(item, order, self.rng) for item in goes])
            said = self.fill(self.words.SEND_BACK, style, order=self.order(wish.order_id), items=items)
            said += self.rng.choice(self.words.KEEPING).format(kept=say_item(self.rng.choice(stays), order, self.rng))
        is_unsaid = wish.method_id == original_method(order) and self.rng.random() < 0.75
        templates = self.words.REFUND_AS_PAID if is_unsaid else self.words.REFUND_TO
        return f"{said} {self.fill(templates, style, method=self.method(wish))}".strip()

    def say_pairs(self, wish: ChangeItems | Swap, style: str) -> str:
        """What becomes what, and who pays the difference."""
        order = self.shop.orders[wish.order_id]
        olds = pick_items(order, [item_id for item_id, _ in wish.pairs])
        news = [self.shop.variant(new_id) for _, new_id in wish.pairs]
        template = self.words.PAIR[0 if isinstance(wish, Swap) else 1]
        pairs = [
            template.format(item=say_item(old, order, self.rng), wanted=say_wanted(old, new, self.rng))
            for old, new in zip(olds, news, strict=True)
        ]
        templates = self.words.SWAP if isinstance(wish, Swap) else self.words.CHANGE_ITEMS
        said = self.fill(templates, style, order=self.order(wish.order_id), pairs=" and ".join(pairs))
        return f"{said} {self.fill(self.words.DIFFERENCE, style, method=self.method(wish))}"


def say_credit(wish: Credit, pen: Pen, templates: Sequence[str]) -> str:
    """A promised sum, asked for."""
    amount = pen.rng.choice((f"${wish.amount}", f"{wish.amount} USD", f"{wish.amount} dollars"))
    return pen.fill(templates, "plain", amount=amount)


class SecondPen(OtherPen):
    """Writes in the second hand."""

    words = second_words


class ThirdPen(OtherPen):
    """Writes in the third hand."""

    words = third_words


class FirstPen(Pen):
    """The retail letters' own writer, who can ask for a credit, too."""

    def letter(self, user_id: str, wishes: Sequence[Wish | Credit]) -> tuple[str, str]:
        """Subject and body that ask for these wishes."""
        if isinstance(wishes[0], Credit):
            return "My credit", self.wrap(user_id, "plain", say_credit(wishes[0], self, second_words.CREDIT))
        return super().letter(user_id, wishes)  # type: ignore[arg-type]
