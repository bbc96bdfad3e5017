"""Does a text talk to the machine instead of to the shop? Patterns over the text and over what it is disguised as."""

from __future__ import annotations

import re

from agentdesk.agent.checks.disguises import squeezed, undisguise
from agentdesk.agent.checks.steering import ABROAD, INJECTIONS, SQUEEZED

PATTERNS = tuple(re.compile(pattern, re.I | re.M | re.S) for pattern in (*INJECTIONS, *ABROAD))
SQUEEZED_PATTERN = re.compile(SQUEEZED)
SHOT = re.compile(r"\b[QA]: ")
LINE_END = re.compile(r"\n\s*|\Z")
SHOTS = 4
"""Questions and answers played to the agent in one text, as if it had a part in them."""


def find_injection(text: str) -> str:
    """The words that try to steer the machine, as they read once undisguised; empty where there are none."""
    for form in undisguise(text):
        for pattern in PATTERNS:
            found = pattern.search(form)
            if found:
                return found.group()
        if len(SHOT.findall(form)) >= SHOTS:
            return form
    for bare in squeezed(text):
        hidden = SQUEEZED_PATTERN.search(bare)
        if hidden:
            return hidden.group()
    return ""


def looks_injected(text: str) -> bool:
    """Whether the text talks to the machine instead of to the shop."""
    return bool(find_injection(text))


def part_before_injection(text: str) -> str:
    """The lines before the first that steers; the whole text where none does, nothing where the first one does.

    What stands beside or after words that steer is not trusted to be the writer's own wish. Found by halving: a text
    that holds one that steers steers itself.
    """
    if not looks_injected(text):
        return text
    ends = [0, *(found.start() for found in LINE_END.finditer(text))]
    sound, steered = 0, len(ends) - 1
    while steered - sound > 1:
        middle = (sound + steered) // 2
        sound, steered = (sound, middle) if looks_injected(text[: ends[middle]]) else (middle, steered)
    return text[: ends[sound]].strip()
