"""The kinds of values that come in: text a database can keep, ids within its range, JSON without surprises."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Path, Query, Schema
from pydantic import AfterValidator, ConfigDict, Field

LARGEST_ID = 2**63 - 1
NUL = "must not hold NUL characters"


class Body(Schema):
    """The body of a call; a field it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


def keep_storable(text: str) -> str:
    """Text that both databases keep: no NUL. (Lone surrogates are no text for Pydantic already.)"""
    if "\0" in text:
        raise ValueError(NUL)
    return text


def keep_storable_json(value: Any) -> Any:
    """JSON both databases keep, in every key and value."""
    if isinstance(value, str):
        require_text(value)
    elif isinstance(value, dict):
        for name, part in value.items():
            require_text(name)
            keep_storable_json(part)
    elif isinstance(value, list):
        for part in value:
            keep_storable_json(part)
    return value


def require_text(text: str) -> None:
    """Neither NUL nor lone surrogates. Raises: ValueError."""
    keep_storable(text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must not hold lone surrogates") from error


def keep_address(address: str) -> str:
    """An e-mail address, in ASCII: databases fold other letters' case each in its own way."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError("is not an e-mail address") from error
    if not address.isascii():
        raise ValueError("must be ASCII; write other domains in their xn-- form")
    return address


Text = Annotated[str, AfterValidator(keep_storable)]
Line = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(keep_storable)]
Words = Annotated[str, Field(min_length=1), AfterValidator(keep_storable)]
Reason = Annotated[str, Field(max_length=4000), AfterValidator(keep_storable)]
Key = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(keep_storable)]
Email = Annotated[str, Field(max_length=254, examples=["carla@example.com"]), AfterValidator(keep_address)]
Digest = Annotated[str, Field(max_length=64, description="the digest of the preview that was looked at")]
JsonObject = Annotated[dict[str, Any], AfterValidator(keep_storable_json)]
Confidence = Annotated[Decimal, Field(ge=0, le=1, max_digits=8, examples=[0.9])]

TicketId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
TicketFilter = Annotated[int | None, Query(None, ge=1, le=LARGEST_ID)]
