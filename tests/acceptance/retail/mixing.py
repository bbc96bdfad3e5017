"""Letters that ask for two or three things at once."""

from __future__ import annotations

from collections.abc import Iterator

from tests.acceptance.retail.casting import Caster
from tests.acceptance.retail.goods import make_address
from tests.acceptance.retail.wishes import Case, ChangeItems, Move, Redirect, Repay, Wish


def all_of(*wishes: Wish | None) -> tuple[Wish, ...] | None:
    """The wishes, if each of them could be had."""
    found = tuple(wish for wish in wishes if wish)
    return found if len(found) == len(wishes) else None


def cast_mixtures(caster: Caster) -> Iterator[Case]:
    """Two or three wishes in one letter, on one order or on several."""
    yield from caster.cast("mixture: address and payment", 4, lambda user: address_and_payment(caster, user))
    yield from caster.cast("mixture: address, payment, items", 3, lambda user: three_on_one_order(caster, user))
    yield from caster.cast("mixture: cancel two", 6, lambda user: cancel_two(caster, user))
    yield from caster.cast("mixture: exchange and return", 8, lambda user: exchange_and_return(caster, user))
    yield from caster.cast(
        "mixture: cancel and return", 9, lambda user: all_of(caster.cancel(user), caster.send_back(user))
    )
    yield from caster.cast(
        "mixture: exchange and cancel", 7, lambda user: all_of(caster.swap(user), caster.cancel(user))
    )
    yield from caster.cast(
        "mixture: items and return", 7, lambda user: all_of(caster.change_items(user), caster.send_back(user))
    )
    yield from caster.cast("mixture: address and items", 6, lambda user: address_and_items(caster, user))
    yield from caster.cast("mixture: move and address", 6, lambda user: move_and_redirect(caster, user))
    yield from caster.cast(
        "mixture: three orders",
        4,
        lambda user: all_of(caster.redirect(user), caster.send_back(user), caster.move(user)),
    )


def address_and_payment(caster: Caster, user_id: str) -> tuple[Wish, ...] | None:
    """One order goes elsewhere and is paid in another way."""
    payment = caster.repay(user_id)
    return (Redirect(payment.order_id, make_address(caster.rng)), payment) if payment else None


def address_and_items(caster: Caster, user_id: str) -> tuple[Wish, ...] | None:
    """One order goes elsewhere and holds something else; after its items nothing of it can be changed."""
    items = caster.change_items(user_id)
    return (Redirect(items.order_id, make_address(caster.rng)), items) if items else None


def three_on_one_order(caster: Caster, user_id: str) -> tuple[Wish, ...] | None:
    """Address, payment and items of one order."""
    items, payment = caster.change_items(user_id), caster.repay(user_id)
    if items is None or payment is None:
        return None
    # The difference goes on a method without a limit: a gift card may be emptied by the payment.
    method = caster.shop.users[user_id]["payment_methods"][items.method_id]
    if method["source"] == "gift_card" or items.order_id != payment.order_id:
        return None
    address = Redirect(items.order_id, make_address(caster.rng))
    return (
        address,
        Repay(items.order_id, payment.method_id),
        ChangeItems(items.order_id, items.pairs, items.method_id),
    )


def cancel_two(caster: Caster, user_id: str) -> tuple[Wish, ...] | None:
    """Two orders to call off."""
    first = caster.cancel(user_id)
    return all_of(first, caster.cancel(user_id, first)) if first else None


def exchange_and_return(caster: Caster, user_id: str) -> tuple[Wish, ...] | None:
    """One order's items for others, another's back."""
    first = caster.swap(user_id)
    return all_of(first, caster.send_back(user_id, first)) if first else None


def move_and_redirect(caster: Caster, user_id: str) -> tuple[Wish, ...] | None:
    """Moved, and an order goes to the new home."""
    order = caster.redirect(user_id)
    return (Move(user_id, order.address), order) if order else None
