"""What a run knows for a fact: the ticket's words, its tool answers, the articles it read, what its actions will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Source:
    """One thing a claim can rest on, under the name a citation gives it.

    `name` is `ticket`, `article:SLUG@REVISION` or `tool:TOOL_CALL_ID`; `value` is the JSON value the model was told.
    """

    name: str
    kind: Literal["ticket", "article", "tool"]
    value: Any
    tool: str = ""


@dataclass(frozen=True)
class ProposedAction:
    """An action of this run that a reply may speak of: it is sent only once this has happened.

    `effects` are sentences as people see them; `status` is the action's; `amount` is decimal text.
    """

    kind: str
    arguments: Mapping[str, Any]
    effects: tuple[str, ...]
    status: str
    amount: str = "0.00"


@dataclass(frozen=True)
class Evidence:
    """All a run may rest a claim on so far, in the order it came."""

    sources: tuple[Source, ...] = ()
    actions: tuple[ProposedAction, ...] = ()
    customer: Mapping[str, Any] | None = None
