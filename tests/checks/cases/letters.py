"""Whole letters as cases for grounding: desks as JSON, replies to them, and of each bad one what is wrong with it.

A file holds desks by name (the sources, actions and customer of a run), good replies and bad ones. Replies are named by
their desk; a bad one tells the sort of its one defect, which says by what findings it counts as caught.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from agentdesk.agent.checks.grounding import check_grounding
from agentdesk.agent.evidence import Evidence, ProposedAction, Source
from agentdesk.agent.findings import Finding

FILES = Path(__file__).parent / "letters"
Good = tuple[tuple[str, str], ...]
Bad = tuple[tuple[str, str, str], ...]
OTHERWISE = "contradicts_action contradicts_record contradicts_source claims_undone_action"
IN_WORDS = (
    f"{OTHERWISE} ungrounded_promise ungrounded_statement ungrounded_amount ungrounded_duration ungrounded_date "
    "ungrounded_name"
)
TYPED = {
    "amount": "ungrounded_amount",
    "price": "ungrounded_amount",
    "date": "ungrounded_date ungrounded_duration",
    "day": "ungrounded_date ungrounded_duration",
    "duration": "ungrounded_duration ungrounded_promise ungrounded_statement",
    "window": "ungrounded_duration ungrounded_date",
    "time": "ungrounded_duration ungrounded_date",
    "order": "ungrounded_id",
    "item": "ungrounded_id ungrounded_name",
    "track": "ungrounded_id",
    "id": "ungrounded_id",
    "zip": "ungrounded_id",
    "phone": "ungrounded_id",
    "card": "ungrounded_id",
    "email": "ungrounded_link",
    "link": "ungrounded_link",
    "name": "ungrounded_name ungrounded_statement",
    "carrier": "ungrounded_name ungrounded_statement",
    "product": "ungrounded_name ungrounded_statement",
    "size": "ungrounded_name ungrounded_id",
    "colour": "ungrounded_name ungrounded_statement",
    "address": "ungrounded_name ungrounded_id ungrounded_statement",
    "place": "ungrounded_name ungrounded_statement",
}
"""Words in the sort of a defect, and the findings that are right for it besides those that say it is otherwise."""


def labels_of(kind: str) -> str:
    """The findings that catch a defect of a sort; one of no typed sort may be caught by any that reads words."""
    typed = [labels for word, labels in TYPED.items() if word in kind]
    return " ".join((OTHERWISE, *typed)) if typed else IN_WORDS


@cache
def read_letters(
    name: str,
) -> tuple[dict[str, Evidence], tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]:
    """The desks, the good replies and the bad ones of a file, the latter with their labels."""
    held = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    desks = {f"{name}/{desk}": read_evidence(value) for desk, value in held["desks"].items()}
    good = tuple((f"{name}/{desk}", body) for desk, body in held["good"])
    bad = tuple((f"{name}/{desk}", body, labels_of(kind)) for desk, kind, body in held["bad"])
    return desks, good, bad


def read_evidence(value: dict[str, Any]) -> Evidence:
    """A desk as the checks see it."""
    sources = tuple(Source(one["name"], one["kind"], one["value"], one.get("tool", "")) for one in value["sources"])
    actions = tuple(
        ProposedAction(one["kind"], one["arguments"], tuple(one["effects"]), one["status"], one["amount"])
        for one in value["actions"]
    )
    return Evidence(sources, actions, value["customer"])


def ground_letter(desk: str, body: str) -> Sequence[Finding]:
    """Grounding of a reply that cites everything its desk knows."""
    desks, _, _ = read_letters(desk.partition("/")[0])
    evidence = desks[desk]
    cited = [{"source": source.name, "quote": ""} for source in evidence.sources if source.name != "ticket"]
    return check_grounding(body, cited, evidence)
