"""Effects as values: to JSON and back, inverted, described, and what they touch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.effects import (
    AddRecord,
    CannotInvert,
    ChangeField,
    Effect,
    MoveMoney,
    SendMessage,
    describe,
    effect_from_json,
    effect_to_json,
    invert,
    shown,
    touched_records,
)

WORDS = st.text(max_size=20)
JSON = st.none() | WORDS | st.lists(WORDS, max_size=3) | st.dictionaries(WORDS, WORDS, max_size=3)
MONEY = st.builds(
    MoveMoney,
    record=st.just("new:payment:1"),
    direction=st.sampled_from(["payment", "refund", "credit"]),
    amount=st.decimals("0.01", 9999, places=2),
    currency=st.just("USD"),
    payment_method_id=st.none() | st.just("gift_card_1"),
    customer_id=st.just("carla_1"),
    order_id=st.none() | st.just("#W1"),
)
CHANGES = st.builds(ChangeField, st.sampled_from(["order:#W1", "order:#W1/0", "ticket:3"]), WORDS, JSON, JSON)
LETTERS = st.builds(
    SendMessage,
    record=st.just("new:message:1"), channel=st.just("email"), to=WORDS, subject=WORDS, body=WORDS,
    ticket_id=st.integers(1, 9), citations=st.lists(st.dictionaries(WORDS, WORDS, max_size=2), max_size=2).map(tuple),
)  # fmt: skip
NOTES = st.builds(AddRecord, st.just("new:note:1"), st.dictionaries(WORDS, WORDS, max_size=3))
EFFECTS = CHANGES | MONEY | LETTERS | NOTES
FIXED = settings(max_examples=150, derandomize=True, database=None, deadline=None)


@FIXED
@given(EFFECTS)
def test_json_and_back_is_the_same_value(effect: Effect) -> None:
    assert effect_from_json(effect_to_json(effect)) == effect
    assert isinstance(describe(effect), str) and describe(effect)


@FIXED
@given(CHANGES | MONEY.filter(lambda money: money.direction != "credit" or money.payment_method_id is None))
def test_inverted_twice_it_moves_as_much_the_same_way(effect: Effect) -> None:
    twice = invert(invert(effect, {}), {})
    if isinstance(effect, MoveMoney) and isinstance(twice, MoveMoney):
        out = {"payment": -1, "refund": 1, "credit": 1}
        assert out[twice.direction] * twice.amount == out[effect.direction] * effect.amount
        assert twice.payment_method_id == effect.payment_method_id
    else:
        assert twice == effect


def test_a_message_cannot_be_inverted() -> None:
    with pytest.raises(CannotInvert):
        invert(SendMessage("new:message:1", "email", "a@example.com", "s", "b", 1), {})


def test_a_note_is_withdrawn_by_the_name_it_got() -> None:
    assert invert(AddRecord("new:note:1", {}), {"new:note:1": "message:12"}) == ChangeField(
        "message:12", "withdrawn", before=False, after=True
    )


@pytest.mark.parametrize(
    ("effect", "touched"),
    [
        (ChangeField("order:#W1/2", "item", 1, 2), {"order:#W1"}),
        (ChangeField("ticket:3", "status", "open", "solved"), {"ticket:3"}),
        (MoveMoney("r", "payment", Decimal(1), "USD", "gift_1", "c", "#W1"), {"method:gift_1", "order:#W1"}),
        (MoveMoney("r", "credit", Decimal(1), "USD", None, "c"), {"account:c"}),
        (SendMessage("r", "email", "a", "s", "b", 1), {"thread"}),
        (AddRecord("new:note:1", {}), set()),
    ],
)
def test_what_an_effect_touches(effect: Effect, touched: set[str]) -> None:
    assert touched_records(effect) == touched


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [
        (ChangeField("order:#W1", "status", "pending", "cancelled"), "Order #W1: status pending → cancelled."),
        (ChangeField("order:#W1/0", "item", {"id": "1"}, {"id": "2"}), "Order #W1, line 1: item 1 → 2."),
        (MoveMoney("r", "payment", Decimal("5"), "USD", "gift_1", "c", "#W1"), "Charges 5.00 USD to gift_1 for #W1."),
        (MoveMoney("r", "refund", Decimal("5.1"), "USD", "gift_1", "c"), "Refunds 5.10 USD to gift_1."),
        (MoveMoney("r", "credit", Decimal("5"), "USD", None, "c"), "Credits 5.00 USD to the customer's account."),
        (AddRecord("new:note:1", {}), "Adds a note to the ticket."),
        (SendMessage("r", "email", "a@b.c", "Re: x", "b", 1), "Sends an e-mail to a@b.c: “Re: x”."),
    ],
)
def test_each_is_a_sentence(effect: Effect, sentence: str) -> None:
    assert describe(effect) == sentence


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_is_called_nothing(nothing: Any) -> None:
    assert shown(nothing) == "nothing"
