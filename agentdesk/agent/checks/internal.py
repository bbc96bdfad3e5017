"""Words that are for colleagues only: internal notes, results of runs, the agent's instructions, names of tools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import agentdesk.agent
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.tools import READ_TOOLS
from approvals.kinds import CATALOGUE

PROMPTS = Path(agentdesk.agent.__file__).parent / "prompts"
ALIKE = 7
"""Words in a row that are no chance."""
WORD = re.compile(r"[\w'#@.-]*\w")
TOOL_NAME = re.compile(
    rf"\b(?:{'|'.join(sorted(name for name in {*READ_TOOLS, *CATALOGUE} if '_' in name))})\b|"
    r"\bsystem prompt\b|\btool_call\w*|\bmy (?:system )?instructions (?:are|say|were)\b",
    re.I,
)


def find_internal(body: str, evidence: Evidence) -> Iterator[str]:
    """The words of a draft that are for colleagues only."""
    for found in TOOL_NAME.finditer(body):
        yield found.group()
    words = words_of(body)
    public = runs_of(words_of(public_words(evidence)))
    for secret in (prompt_runs(), runs_of(words_of(staff_words(evidence))) - public):
        shared = next((run for run in in_rows(words) if run in secret), None)
        if shared:
            yield " ".join(shared)


@cache
def prompt_runs() -> frozenset[tuple[str, ...]]:
    """Every row of words in the agent's instructions."""
    return frozenset(
        run for file in sorted(PROMPTS.glob("*.md")) for run in runs_of(words_of(file.read_text(encoding="utf-8")))
    )


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.lower() for word in WORD.findall(text)]


def in_rows(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Every row of that many words."""
    return (tuple(words[place : place + ALIKE]) for place in range(len(words) - ALIKE + 1))


def runs_of(words: list[str]) -> frozenset[tuple[str, ...]]:
    """Every row of words, as a set."""
    return frozenset(in_rows(words))


def staff_words(evidence: Evidence) -> str:
    """Notes of the ticket, what earlier runs found, and results that the history tells."""
    return " \n ".join(words for source in evidence.sources for words in staff_texts(source.value))


def staff_texts(value: Any) -> Iterator[str]:
    """The texts in a JSON value that colleagues wrote for each other."""
    if isinstance(value, list | tuple):
        for held in value:
            yield from staff_texts(held)
    elif isinstance(value, dict):
        if value.get("direction") == "note":
            yield str(value.get("body") or "")
        for name, held in value.items():
            if name in {"findings", "result", "staff_summary"} and isinstance(held, str):
                yield held
            else:
                yield from staff_texts(held)


def public_words(evidence: Evidence) -> str:
    """What the customer wrote or was told, and the articles."""
    return " \n ".join(words for source in evidence.sources for words in public_texts(source.value, source.kind))


def public_texts(value: Any, kind: str) -> Iterator[str]:
    """The texts in a JSON value that the customer may know."""
    if isinstance(value, list | tuple):
        for held in value:
            yield from public_texts(held, kind)
    elif isinstance(value, dict):
        if value.get("direction") in {"inbound", "outbound"}:
            yield str(value.get("body") or "")
        for name, held in value.items():
            if isinstance(held, dict | list):
                yield from public_texts(held, kind)
            elif kind == "article" and isinstance(held, str) and name not in {"result", "findings"}:
                yield held
    elif isinstance(value, str) and kind == "article":
        yield value
