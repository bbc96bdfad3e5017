"""Does a text talk to the machine instead of to the shop? Patterns and signs in it and in what it is disguised as."""

from __future__ import annotations

import re
from functools import lru_cache

from agentdesk.agent.checks.disguises import squeezed, undisguise
from agentdesk.agent.checks.steered.weighing import find_signs
from agentdesk.agent.checks.steering import ABROAD, INJECTIONS, SQUEEZED

PATTERNS = tuple(re.compile(pattern, re.M | re.S) for pattern in (*INJECTIONS, *ABROAD))
SQUEEZED_PATTERN = re.compile(SQUEEZED)
SHOT = re.compile(r"\b[QA]: ")
LINE_END = re.compile(r"\n\s*|\Z")
SHOTS = 4
"""Questions and answers played to the agent in one text, as if it had a part in them."""


@lru_cache(maxsize=64)
def find_injection(text: str) -> str:
    """The words that try to steer the machine, as they read once undisguised; empty where there are none.

    A run asks of the same letter again and again: when it reads it, and for each of its proposals.
    """
    for form in undisguise(text):
        words = find_pattern(form) or find_signs(form)
        if words:
            return words
        if len(SHOT.findall(form)) >= SHOTS:
            return form
    for bare in squeezed(text):
        hidden = SQUEEZED_PATTERN.search(bare)
        if hidden:
            return hidden.group()
    return ""


def find_pattern(form: str) -> str:
    """The words that only a machine is told."""
    low = form.lower()
    found = next((found for pattern in PATTERNS if (found := pattern.search(low))), None)
    if found is None:
        return ""
    return form[slice(*found.span())] if len(low) == len(form) else found.group()


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
