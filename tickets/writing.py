"""Writes effects to the desk's rows: each a conditional update on its `before`. Only the gate may import this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Model
from django.db.models.functions import Round

from tickets.effects import AddRecord, ChangeField, Effect, MoveMoney, SendMessage
from tickets.models import (
    Customer,
    LedgerLine,
    Message,
    Order,
    OrderLine,
    PaymentMethod,
    Ticket,
)
from tickets.models.shop import ADDRESS_FIELDS
from tickets.rows import update_row


class StaleEffect(Exception):
    """A record no longer holds what the effect was planned from; nothing was changed."""


@dataclass(frozen=True)
class Deed:
    """What all effects of one execution share: which ticket, which action, who, when."""

    ticket_id: int
    action_id: UUID
    actor: str
    at: datetime


RECORDS: dict[str, type[Model]] = {
    "customer": Customer,
    "ticket": Ticket,
    "message": Message,
}
ORDER_COLUMNS = {"return": "return_facts", "exchange": "exchange_facts"}


def write_effects(effects: Sequence[Effect], deed: Deed) -> dict[str, str]:
    """Carries out the effects in order, inside the caller's transaction and customer lock.

    Messages that leave the house are not written here: they go through the outbox.

    Returns: what each created record became, such as `{"new:note:1": "message:12"}`.
    Raises: StaleEffect.
    """
    created: dict[str, str] = {}
    for effect in effects:
        if isinstance(effect, ChangeField):
            change_field(effect, deed)
        elif isinstance(effect, MoveMoney):
            created[effect.record] = move_money(effect, deed)
        elif isinstance(effect, AddRecord):
            created[effect.record] = add_record(effect, deed)
    return created


def change_field(effect: ChangeField, deed: Deed) -> None:
    """One field, if it still holds what it was planned from."""
    model, where, after = row_and_columns(effect)
    if model is Ticket:
        after = {**after, "updated_at": deed.at}
    if update_row(model, where, after, tuple(where)[:1]) is None:
        raise StaleEffect(f"{effect.record} {effect.field} is no longer what it was.")


def row_and_columns(effect: ChangeField) -> tuple[type[Model], dict[str, Any], dict[str, Any]]:
    """The model of the row a change addresses, what tells the row and what it holds before, and its columns after."""
    kind, _, key = effect.record.partition(":")
    if kind == "order" and "/" in key:
        order_id, _, place = key.partition("/")
        line = {"order": order_id, "place": int(place)}
        return OrderLine, {**line, **item_columns(effect.before)}, item_columns(effect.after)
    model = Order if kind == "order" else RECORDS[kind]
    row = {model._meta.pk.name: key}
    if effect.field == "address":
        return model, {**row, **address_columns(effect.before)}, address_columns(effect.after)
    column = ORDER_COLUMNS.get(effect.field, effect.field)
    return model, {**row, column: effect.before}, {column: effect.after}


def item_columns(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item's columns on an order line."""
    return {
        "item_id": item["item_id"],
        "price": Decimal(item["price"]),
        "options": item["options"],
    }


def address_columns(address: Mapping[str, str]) -> dict[str, str]:
    """An address's columns on a customer or an order."""
    return {name: address[name] for name in ADDRESS_FIELDS}


def move_money(effect: MoveMoney, deed: Deed) -> str:
    """A ledger line, and the balance it stands on; a balance that is too low is stale, never negative."""
    move_balance(effect)
    line = LedgerLine.objects.create(
        customer_id=effect.customer_id,
        order_id=effect.order_id,
        direction=effect.direction,
        amount=effect.amount,
        currency=effect.currency,
        payment_method_id=effect.payment_method_id,
        action=deed.action_id,
        at=deed.at,
    )
    return f"ledger:{line.pk}"


def move_balance(effect: MoveMoney) -> None:
    """Raises or lowers a gift card or the customer's account; other methods hold no balance here.

    SQLite's arithmetic is binary: only rounded does the sum compare as the decimal it stands for.
    """
    signed = -effect.amount if effect.direction == "payment" else effect.amount
    if effect.payment_method_id is None:
        accounts = Customer.objects.filter(pk=effect.customer_id, credit__gte=-signed)
        changed = accounts.update(credit=Round(F("credit") + signed, precision=2))
    else:
        method = PaymentMethod.objects.get(pk=effect.payment_method_id)
        if method.balance is None:
            return
        cards = PaymentMethod.objects.filter(pk=method.pk, balance__gte=-signed)
        changed = cards.update(balance=Round(F("balance") + signed, precision=2))
    if not changed:
        raise StaleEffect(f"There is not enough on {effect.payment_method_id or 'the account'} any more.")


def add_record(effect: AddRecord, deed: Deed) -> str:
    """A new internal note; the only record besides money and messages that an action creates."""
    fields = effect.fields
    message = Message.objects.create(
        ticket_id=fields["ticket_id"],
        direction=fields["direction"],
        author=deed.actor,
        body=fields["body"],
        action=deed.action_id,
        at=deed.at,
    )
    return f"message:{message.pk}"


def write_sent_message(effect: SendMessage, deed: Deed) -> str:
    """The outbound message on the thread, once it has left the house."""
    message = Message.objects.create(
        ticket_id=effect.ticket_id,
        direction="outbound",
        author=deed.actor,
        body=effect.body,
        citations=[dict(citation) for citation in effect.citations],
        action=deed.action_id,
        at=deed.at,
    )
    Ticket.objects.filter(pk=effect.ticket_id).update(updated_at=deed.at)
    return f"message:{message.pk}"
