"""Effects: a closed set of values that say exactly what would change.

An effect can be laid over a view (records.py), written (writing.py), inverted and described. It names a record by its
stable id and a created one by its place (`new:note:1`); it holds no generated id and no time, so that the same plan
made hours apart is the same value. Money is `Decimal` with two places; addresses and items are dicts of strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

MoneyDirection = Literal["payment", "refund", "credit"]


class CannotInvert(Exception):
    """What this effect did cannot be taken back."""


@dataclass(frozen=True)
class ChangeField:
    """One field of one record goes from `before` to `after`; values are JSON values, money as strings."""

    record: str
    field: str
    before: Any
    after: Any
    op: Literal["change"] = "change"


@dataclass(frozen=True)
class AddRecord:
    """A record that did not exist, named by its place among those its action creates."""

    record: str
    fields: Mapping[str, Any]
    op: Literal["add"] = "add"


@dataclass(frozen=True)
class MoveMoney:
    """An amount that moves: one ledger line, and the balance it stands on (a gift card, or the customer's account).

    `payment` is from the customer to the shop, `refund` and `credit` the other way. Without a payment method the
    amount moves on the customer's account.
    """

    record: str
    direction: MoneyDirection
    amount: Decimal
    currency: str
    payment_method_id: str | None
    customer_id: str
    order_id: str | None = None
    op: Literal["money"] = "money"


@dataclass(frozen=True)
class SendMessage:
    """A message that leaves the house: the exact recipient and the exact words."""

    record: str
    channel: Literal["email"]
    to: str
    subject: str
    body: str
    ticket_id: int
    citations: tuple[Mapping[str, str], ...] = ()
    op: Literal["message"] = "message"


Effect = ChangeField | AddRecord | MoveMoney | SendMessage


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """The effect as a JSON value; amounts become strings with two places."""
    value = asdict(effect)
    if isinstance(effect, MoveMoney):
        value["amount"] = f"{effect.amount:.2f}"
    if isinstance(effect, SendMessage):
        value["citations"] = [dict(citation) for citation in effect.citations]
    return value


def effect_from_json(value: Mapping[str, Any]) -> Effect:
    """The effect a JSON value stands for; the opposite of `effect_to_json`."""
    fields = dict(value)
    op = fields.pop("op")
    if op == "change":
        return ChangeField(**fields)
    if op == "add":
        return AddRecord(**fields)
    if op == "money":
        return MoveMoney(**{**fields, "amount": Decimal(fields["amount"])})
    return SendMessage(**{**fields, "citations": tuple(fields["citations"])})


def touched_records(effect: Effect) -> frozenset[str]:
    """The records an effect changes, as plans name what they read; two actions that share one are coupled.

    An order's lines count as the order, the customer's account is apart from the customer's address, and a message to
    the customer touches the ticket's thread.
    """
    if isinstance(effect, ChangeField):
        return frozenset({effect.record.partition("/")[0]})
    if isinstance(effect, MoveMoney):
        owner = f"method:{effect.payment_method_id}" if effect.payment_method_id else f"account:{effect.customer_id}"
        return frozenset({owner, f"order:{effect.order_id}"} if effect.order_id else {owner})
    if isinstance(effect, SendMessage):
        return frozenset({"thread"})
    return frozenset()


def invert(effect: Effect, created: Mapping[str, str]) -> Effect:
    """The effect that takes this one back. `created` names what the added records became.

    Raises:
        CannotInvert: what left the house cannot be called back.
    """
    if isinstance(effect, ChangeField):
        return ChangeField(effect.record, effect.field, before=effect.after, after=effect.before)
    if isinstance(effect, MoveMoney):
        back: MoneyDirection = "refund" if effect.direction == "payment" else "payment"
        if effect.payment_method_id is None and back == "refund":
            back = "credit"
        return MoveMoney(
            effect.record, back, effect.amount, effect.currency, effect.payment_method_id, effect.customer_id,
            effect.order_id,
        )  # fmt: skip
    if isinstance(effect, AddRecord):
        return ChangeField(created[effect.record], "withdrawn", before=False, after=True)
    raise CannotInvert("A message that has left cannot be called back.")


def describe(effect: Effect) -> str:
    """The effect as one sentence for people; also its `text` on the wire."""
    if isinstance(effect, ChangeField):
        name = record_name(effect.record)
        return f"{name}: {effect.field.replace('_', ' ')} {shown(effect.before)} → {shown(effect.after)}."
    if isinstance(effect, AddRecord):
        return f"Adds {record_name(effect.record)} to the ticket."
    if isinstance(effect, MoveMoney):
        return describe_money(effect)
    return f"Sends an e-mail to {effect.to}: “{effect.subject}”."


def describe_money(effect: MoveMoney) -> str:
    """Which amount goes where."""
    amount = f"{effect.amount:.2f} {effect.currency}"
    place = effect.payment_method_id or "the customer's account"
    order = f" for {effect.order_id}" if effect.order_id else ""
    if effect.direction == "payment":
        return f"Charges {amount} to {place}{order}."
    verb = "Refunds" if effect.direction == "refund" else "Credits"
    return f"{verb} {amount} to {place}{order}."


def record_name(record: str) -> str:
    """A record's id in words: `order:#W1` is “Order #W1”, `new:note:1` “a note”."""
    kind, _, rest = record.partition(":")
    if kind == "new":
        return f"a {rest.partition(':')[0]}"
    if kind == "order" and "/" in rest:
        order_id, _, place = rest.partition("/")
        return f"Order {order_id}, line {int(place) + 1}"
    return f"{kind.capitalize()} {rest}"


def shown(value: Any) -> str:
    """A value of a changed field, short enough for a sentence."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, Mapping):
        return ", ".join(shown(part) for part in value.values() if part not in ("", None))
    if isinstance(value, list | tuple):
        return ", ".join(shown(part) for part in value)
    return str(value)
