"""The strict forms of the tools a request offers, each worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.language_model import ToolSpec
from agentdesk.agent.providers.schemas import NotStrict, count_unions, make_strict

MOST_KEPT = 512
_forms: dict[int, tuple[dict[str, Any], StrictForm]] = {}


@dataclass(frozen=True)
class StrictForm:
    """A schema as sent, whether it is a strict one, and how many of its fields have more than one type."""

    schema: dict[str, Any]
    is_strict: bool
    unions: int


def strict_form_of(schema: dict[str, Any]) -> StrictForm:
    """The strict form of a schema, or the schema itself where no strict mode takes it."""
    known = _forms.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    try:
        strict = make_strict(schema)
        form = StrictForm(strict, True, count_unions(strict))
    except NotStrict:
        form = StrictForm(schema, False, 0)
    if len(_forms) >= MOST_KEPT:
        _forms.clear()
    # Keeping the schema itself keeps its id from being given to another.
    _forms[id(schema)] = (schema, form)
    return form


def strict_tools(tools: Iterable[ToolSpec], most_unions: int) -> Iterable[tuple[ToolSpec, StrictForm]]:
    """Each tool with what to send of its schema; tools beyond `most_unions` fields of several types go as they are."""
    unions = 0
    for tool in tools:
        form = strict_form_of(tool.parameters)
        unions += form.unions
        yield tool, form if unions <= most_unions else StrictForm(tool.parameters, False, 0)
