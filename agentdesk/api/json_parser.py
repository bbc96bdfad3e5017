"""Reading what comes in: bodies are JSON and nothing looser."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser


class StrictParser(Parser):
    """JSON as its standard has it: UTF-8, and no NaN or Infinity; addresses without empty parameters."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises: ValueError, RecursionError."""
        return json.loads(request.body.decode("utf-8"), parse_constant=refuse_constant)

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters of an address; an empty one (`?status=&kind=`) counts as not given."""
        given = super().parse_querydict(data, list_fields, request)
        return {name: value for name, value in given.items() if value != ""}


def refuse_constant(name: str) -> NoReturn:
    """Python would take these; nobody else does."""
    raise ValueError(f"{name} is not JSON")
