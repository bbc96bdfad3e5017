"""Masking: no card number, password or bank number reaches a model, and nothing else is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickets.demo
from agentdesk.agent.checks.masking import mask, mask_value
from agentdesk.agent.checks.sensitive import digits_of, is_luhn

DATA = Path(__file__).parents[3] / "shared" / "data"
MESSAGES = DATA / "messages" / "banking77.jsonl"
RETAIL = DATA / "retail"

MASKED = (
    ("4242424242424242", "[card number ending 4242]"),
    ("4242 4242 4242 4242.", "[card number ending 4242]."),
    ("4111-1111-1111-1111, thanks", "[card number ending 1111], thanks"),
    ("Amex 3782 822463 10005", "Amex [card number ending 0005]"),
    ("30569309025904", "[card number ending 5904]"),
    ("6011000990139424", "[card number ending 9424]"),
    ("ref 12 4242424242424242 12", "ref 12 [card number ending 4242] 12"),
    ("4242\u200b4242\u200b4242\u200b4242", "[card number ending 4242]"),
    ("4242\u00a04242\u00a04242\u00a04242", "[card number ending 4242]"),
    ("4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2", "[card number ending 4242]"),
    ("my card number is 4242 4242 4242 4243", "my card number is [card number ending 4243]"),
    ("4242424242424242 12/27 123", "[card number ending 4242] 12/27 [card security code]"),
    ("CVV: 123", "CVV: [card security code]"),
    ("the security code is 9876", "the security code is [card security code]"),
    ("My password is hunter2.", "My password is [password]"),
    ("my password is sunshine, try it", "my password is [password], try it"),
    ('Password: "open sesame" please', 'Password: "[password]" please'),
    ('{"password": "hunter2"}', '{"password": "[password]"}'),
    ("the password for my account is Tr0ub4dor&3", "the password for my account is [password]"),
    ("Mein Passwort ist geheim99", "Mein Passwort ist [password]"),
    ("my PIN is 4711", "my PIN is [PIN]"),
    ("Pay to DE89 3704 0044 0532 0130 00.", "Pay to [IBAN]."),
    ("gb82west12345698765432", "[IBAN]"),
    ("IBAN: US133000000121212121212", "IBAN: [IBAN]"),
    (
        "account number 12345678, sort code 12-34-56",
        "account number [bank account number], sort code [sort code]",
    ),
    ("routing number 021000021", "routing number [routing number]"),
    ("my bank account is 1234 5678 90", "my bank account is [bank account number]"),
    ("SWIFT code DEUTDEFF500", "SWIFT code [bank code]"),
    ("SSN: 123-45-6789", "SSN: [social security number]"),
    ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer [secret key]"),
    ("sk-abcdefghijklmnop0123", "[secret key]"),
)
KEPT = (
    "Order #W1234567, item 1234567890, product 9523456873.",
    "Refund it to credit_card_1234567 or gift_card_7654321, not to paypal_5727330.",
    "Call me on +49 170 1234567 or (415) 555-2671 or 001 212 555 0100.",
    "That is 1,234.56 dollars, zip 80279-1234, tracking 357962501027.",
    "Sizes 38 39 40 41 42 43 44 and 36 37 38 39 40 41 42.",
    "Tracking number 4242424242424242 shows nothing.",
    "Items 4234567890 9876543210 5234567890.",
    "My password is not working. My password is still wrong, and the password is blocked.",
    "I forgot my password: please reset it.",
    "Your password is never asked for by us.",
    "Which PIN is right? My pin is blocked.",
    "The card ends in 4242. The security code is on the back.",
    "On 2024-05-01 12:30:00 I paid 4 x 25.00.",
    "What is an IBAN, and where is my sort code?",
    "My account is empty. Account sara_doe_496 is mine.",
)


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_it_names_what_it_hides(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_it_keeps_what_work_needs(text: str) -> None:
    assert mask(text) == text


def with_check_digit(digits: str) -> str:
    return next(f"{digits}{last}" for last in range(10) if is_luhn(f"{digits}{last}"))


CARDS = st.one_of(
    st.from_regex(r"4[0-9]{14}", fullmatch=True),
    st.from_regex(r"5[1-5][0-9]{13}", fullmatch=True),
    st.from_regex(r"3[47][0-9]{12}", fullmatch=True),
    st.from_regex(r"6011[0-9]{11,14}", fullmatch=True),
).map(with_check_digit)
WORDS = st.text(st.characters(codec="ascii", categories=["L", "Z"]), max_size=20)


@given(WORDS, CARDS, st.sampled_from(["", " ", "-", ".", "\u00a0", " - "]), WORDS)
def test_no_card_passes_however_it_is_grouped(before: str, card: str, gap: str, after: str) -> None:
    written = gap.join(card[place : place + 4] for place in range(0, len(card), 4)) if len(gap) < 3 else card
    masked = mask(f"{before} {written} {after}")
    assert f"[card number ending {card[-4:]}]" in masked
    assert card[:8] not in digits_of(masked)


IDS = st.one_of(
    st.from_regex(r"#W[0-9]{7}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"(credit_card|gift_card|paypal)_[0-9]{7}", fullmatch=True),
    st.from_regex(r"[0-9]{5}(-[0-9]{4})?", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9]{0,2} [0-9]{3} [0-9]{7}", fullmatch=True),
    st.from_regex(r"\$[0-9]{1,5}\.[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{12}", fullmatch=True),
    st.from_regex(r"1Z[0-9A-Z]{16}", fullmatch=True),
)


@given(st.lists(IDS, min_size=1, max_size=6))
def test_ids_amounts_and_phone_numbers_stay(ids: list[str]) -> None:
    text = f"It is about {', '.join(ids)}, thank you."
    assert mask(text) == text


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.sampled_from([text for text, _ in MASKED]), st.sampled_from([text for text, _ in MASKED]))
def test_two_secrets_are_both_hidden(first: str, second: str) -> None:
    masked = mask(f"{first}\n{second}")
    assert mask(masked) == masked
    assert not set(masked.split()) & {"4242424242424242", "hunter2", "sunshine", "12345678", "DEUTDEFF500"}


def test_values_are_masked_through_and_through() -> None:
    value = {"note": ["card 4242424242424242", 4242424242424242, {"password": "x", "ok": True}], "price": 12.5}
    assert mask_value(value) == {
        "note": ["card [card number ending 4242]", "[card number ending 4242]", {"password": "[password]", "ok": True}],
        "price": 12.5,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@given(JSON)
def test_a_value_keeps_its_shape(value: Any) -> None:
    masked = mask_value(value)
    assert json.loads(json.dumps(masked)) == masked
    assert type(masked) is type(value)


def test_no_message_to_a_bank_is_touched() -> None:
    if not MESSAGES.is_file():
        pytest.skip(f"the data is not there: {MESSAGES}")
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    assert [text for text in texts if mask(text) != text] == []


@pytest.mark.parametrize("name", ["users", "orders", "products"])
def test_no_record_of_the_retail_shop_is_touched(name: str) -> None:
    file = RETAIL / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the data is not there: {file}")
    value = json.loads(file.read_text(encoding="utf-8"))
    assert mask_value(value) == value


def test_no_letter_and_no_article_of_the_demo_shop_is_touched() -> None:
    files = [file for file in Path(tickets.demo.__file__).parent.rglob("*") if file.suffix in {".json", ".md"}]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert mask(text) == text
