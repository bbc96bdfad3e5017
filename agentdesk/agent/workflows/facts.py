"""What a workflow's functions decide from: the ticket, what its steps looked up, what its AI decisions said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from agentdesk.agent.evidence import Evidence
from agentdesk.agent.roles import Draft


@dataclass(frozen=True)
class Call:
    """A tool call an action step wants made."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Looked:
    """A call that was answered: the JSON value the tool gave, under the id a citation names."""

    step: str
    tool_call_id: str
    tool: str
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """A run as a workflow sees it. `ticket` is the brief's JSON value; `reasons` are triage's, in sentences.

    `drafts` are what AI decisions said, by step.
    """

    ticket: Mapping[str, Any]
    reasons: tuple[str, ...] = ()
    urgency: str = "normal"
    looked: tuple[Looked, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def subject(self) -> str:
        """The ticket's subject."""
        return str((self.ticket.get("ticket") or {}).get("subject") or "")

    @cached_property
    def newest_words(self) -> str:
        """What the customer wrote since our last answer, oldest first; a first letter with its subject."""
        newest: list[str] = []
        answered = False
        for message in self.ticket.get("messages") or ():
            if message.get("direction") == "inbound":
                newest.append(str(message.get("body") or ""))
            elif message.get("direction") == "outbound":
                newest, answered = [], True
        return "\n\n".join(newest if answered else [self.subject, *newest])

    def answers(self, tool: str) -> Iterator[Mapping[str, Any]]:
        """What a tool answered so far, errors left out."""
        return (one.answer for one in self.looked if one.tool == tool and "error" not in one.answer)

    @property
    def draft(self) -> Draft | None:
        """The newest draft."""
        return list(self.drafts.values())[-1] if self.drafts else None


def read_ticket_words(brief: str) -> dict[str, Any]:
    """The ticket's JSON value in the words a run was told of it; empty where there is none."""
    place = brief.find("{")
    try:
        value = json.JSONDecoder().raw_decode(brief[place:])[0] if place >= 0 else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
