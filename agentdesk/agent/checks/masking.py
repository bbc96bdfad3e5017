"""Masking before words leave for a model: card numbers, passwords and bank data become what they are called.

Order, item, payment method and tracking numbers, phone numbers, zip codes and prices stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from agentdesk.agent.checks.sensitive import find_sensitive

SECRET_FIELDS: Mapping[str, str] = {
    "password": "[password]",
    "passwd": "[password]",
    "pin": "[PIN]",
    "cvv": "[card security code]",
    "cvc": "[card security code]",
    "iban": "[IBAN]",
    "account_number": "[bank account number]",
    "sort_code": "[sort code]",
    "routing_number": "[routing number]",
    "api_key": "[secret key]",
}
"""Fields of JSON objects that hold such a thing whatever it looks like."""
LONG_NUMBER = re.compile(r"\d{13,19}")
CHECKS: tuple[str, ...] = ()
SHORT = 100
"""Characters of a text whose masking is remembered."""


def mask(text: str) -> str:
    """The text with every such thing replaced by its name; of a card the last four digits stay."""
    return mask_short(text) if len(text) <= SHORT else mask_anew(text)


@lru_cache(maxsize=8192)
def mask_short(text: str) -> str:
    """The same of a short text, once: the names of fields and most of their values come again with every record."""
    return mask_anew(text)


def mask_anew(text: str) -> str:
    """The same, worked out."""
    pieces, done = [], 0
    for one in find_sensitive(text):
        pieces += [text[done : one.start], one.shown]
        done = one.end
    return "".join([*pieces, text[done:]])


def mask_value(value: Any) -> Any:
    """A JSON value with all its texts, keys and long numbers masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {mask(str(name)): mask_field(str(name), held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [mask_value(held) for held in value]
    if isinstance(value, int) and LONG_NUMBER.fullmatch(str(value)):
        masked = mask(str(value))
        return value if masked == str(value) else masked
    return value


def mask_field(name: str, value: Any) -> Any:
    """One field of an object: hidden whole where its name says what it holds."""
    shown = SECRET_FIELDS.get(name.lower())
    if shown and isinstance(value, str | int) and not isinstance(value, bool) and str(value):
        return shown
    return mask_value(value)
