"""The address as an argument of two kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from approvals.kinds.catalogue_entry import Arguments, Refusal

Line = Annotated[str, Field(min_length=1, max_length=100)]


class Address(Arguments):
    """A full postal address. All fields are required; only the second line may be empty."""

    address1: Annotated[str, Field(min_length=1, max_length=200)]
    address2: Annotated[str, Field(max_length=200)]
    city: Line
    country: Line
    state: Line
    zip: Annotated[str, Field(min_length=1, max_length=20)]


def changed_address(before: Mapping[str, str], address: Address) -> dict[str, str]:
    """The new address, if it is another one."""
    after = address.model_dump()
    if dict(before) == after:
        raise Refusal("That is the address already on record.")
    return after


def one_line(address: Address) -> str:
    """An address in one line."""
    parts = (address.address1, address.address2, address.city, f"{address.state} {address.zip}", address.country)
    return ", ".join(part for part in parts if part)
