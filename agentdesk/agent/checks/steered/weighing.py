"""Signs that words are meant for the machine, each with a weight: one says little, several in one passage say enough.

A sign is a matter that letters to a shop seldom touch, in whatever words: that rules are off, that nobody need look,
that the reader is a program, who gives it orders, what it was told, how its answer or its own notes have to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agentdesk.agent.checks.steered import overruling, telling
from agentdesk.agent.checks.steered.abroad import ABROAD

ENOUGH = 4
"""What the signs of a sentence have to weigh together; those of two that follow each other, more."""
HARMLESS = re.compile(
    r"\b(?:followed|following|read|obeyed|according to|as per|per|thanks for) (?:all )?(?:of )?your (?:instructions?|"
    r"guidelines|rules|guidance|polic(?:y|ies)|terms)\b|"
    r"\berror\b[^.\"\n]{0,80}|\b(?:override|permission|access) (?:not allowed|denied|required)\b|"
    r"\b(?:not|isn't|wasn't) (?:authori[sz]ed|permitted)\b|\b(?:delivery|shipping) address\b|"
    r"\b(?:assembly|washing|care|return|user|installation|set-?up|cleaning|delivery|packing|cooking|mounting|packaging|"
    r"shipping|operating|sewing|knitting|brewing|building) (?:instructions?|guidelines?|limits?)\b|"
    r"\binstructions? (?:for|on|in|that came|leaflet|manual|booklet|sheet|are|is|i gave|skip)\b|"
    r"\b(?:speed|grind|heat|temperature|pressure|power|light) (?:settings?|limits?|controls?)\b|"
    r"\bprompt(?:s me|ed|ly)?(?: (?:reply|replies|response|answer|help|service|delivery|shipping|attention|action|"
    r"refund|and|handling|feedback|me|you|us))\b|"
    r"\b(?:no|any) longer (?:need|want|wish|like|interested|required?|necessary|there|works?|working|have|live|use|"
    r"fits?|available|able)\b|\breset (?:itself|themselves|my|the|passcode|password)\b"
)
"""Words of a letter to a shop that only look like a sign."""


@dataclass(frozen=True)
class Sign:
    """A matter that letters to a shop seldom touch."""

    name: str
    weight: int
    pattern: re.Pattern[str]


def make_sign(name: str, weight: int, patterns: tuple[str, ...]) -> Sign:
    """A sign in all languages."""
    return Sign(name, weight, re.compile("|".join((*patterns, *ABROAD.get(name, ()))), re.M))


SIGNS = tuple(make_sign(name, *meant) for name, meant in {**overruling.SIGNS, **telling.SIGNS}.items())
SENTENCE_END = re.compile(r"(?<=[.!?;。！？])\s+|(?<=[。！？])|\n+")


def find_signs(text: str) -> str:
    """The first sentence, or two, whose signs weigh enough; empty where none do. Each sign counts once in a passage."""
    low = HARMLESS.sub(" ", text.lower())
    there = signs_in(low, SIGNS)
    if weigh(there) < ENOUGH:
        return ""
    before, last = "", frozenset[Sign]()
    for sentence in SENTENCE_END.split(low):
        here = signs_in(sentence, there)
        if weigh(here) >= ENOUGH:
            return sentence.strip()
        if weigh(here | last) > ENOUGH:
            return f"{before} {sentence}".strip()
        before, last = sentence, here
    return ""


def signs_in(words: str, signs: Iterable[Sign]) -> frozenset[Sign]:
    """Those of some signs that stand in lower-case words."""
    return frozenset(sign for sign in signs if sign.pattern.search(words))


def weigh(signs: Iterable[Sign]) -> int:
    """What signs weigh together."""
    return sum(sign.weight for sign in signs)
