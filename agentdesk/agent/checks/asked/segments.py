"""The letter in pieces smaller than clauses, and which of them say what stays, or what is not wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agentdesk.agent.offline.clauses import Clause

CUT = re.compile(
    r"\s*[;:]\s+|,\s+|\s+-\s+|\s+(?=but\b)|\s+(?=and (?:leave|keep|please (?:leave|keep))\b)",
    re.I,
)
KEPT = re.compile(
    r"\bstill want\b|\bgo(?:es)? ahead\b|\bas planned\b|\b(?:stays?|staying|remains?|to stay)\b|\bkeep(?:s|ing)?\b|"
    r"\b(?:leave|leaving) (?:the|my|it|that|this|everything|#w\d+)\b|\btouch\b|"
    r"\b(?:is|are|was|were) (?:perfectly |all |just |both )?"
    r"(?:fine|perfect|ok|okay|good|right|for (?:my|the|our|a|her|him) \w+)\b|"
    r"\b(?:everything|all) else\b(?! (?:as|the same|is the same|unchanged))|"
    r"\bthe (?:rest|others?)\b(?! (?:as|the same|of))|"
    r"\bas usual\b|\bnot (?:to be )?(?:the|touched|changed)\b|\bnot interested in\b|\bwithout (?:the|touching)\b|"
    r"\bmust (?:come|stay|go) to\b|\bis (?:heavy|not meant|not affected)\b|\bexcept\b|\bapart from the\b|"
    r"\bdon't (?:change|cancel|return|exchange|swap)\b|\b(?:fits?|works?|suits?) (?:me |us )?(?:well|fine|perfectly)\b|"
    r"\bi (?:like|love)\b|\blooking forward to\b|\blike to receive\b|\bto be sent\b|\bplease send\.?$|\bstill comes?\b|"
    r"\bnothing changes\b|\bno changes?\b|\bunchanged\b|\b(?:is|are) done\b|"
    r"(?<!not )\bhappy with\b|\bdon't do anything\b|"
    r"\b(?:doesn't|don't|isn't|aren't|won't|not)[.!]?$"
)
DENIED = re.compile(
    r"\b(?:instead of|rather than|and not|but not|, not|not|no longer|no) (?:in |the |a |an |my |for )?[\w.-]+"
    r"(?: (?:one|ones))?"
)
GOES_ON = re.compile(r"^(?:but |and |so |only |yet |just )?(?:i|we|please|could|can|would|they|it|them|need)\b")
BACK = re.compile(r"^(?:and |but |so )?(?:that|this|those|these|which)\b")
POINTS = re.compile(r"\b(?:it|them|they|these|those)\b")


@dataclass(frozen=True)
class Segment:
    """A piece of a clause in lower case; `words` are as written, for sizes in capitals."""

    low: str
    words: str
    orders: tuple[str, ...]
    is_kept: bool


def cut_segments(clauses: Iterable[Clause]) -> tuple[Segment, ...]:
    """The whole letter in segments. One that praises what the next wants changed keeps nothing.

    Where a segment says that what was named just before stays, that stays, too: `one has a lamp, that one I keep`.
    """
    found = []
    for clause in clauses:
        parts = [part for part in CUT.split(clause.text) if part.strip()]
        kept = [is_kept(part, after) for part, after in zip(parts, [*parts[1:], ""], strict=True)]
        for place, part in enumerate(parts):
            orders = tuple(order for order in clause.orders if order in part)
            goes_back = place + 1 < len(parts) and kept[place + 1] and bool(BACK.match(parts[place + 1].lower()))
            found.append(Segment(part.lower(), part, orders, kept[place] or goes_back))
    return tuple(found)


def is_kept(part: str, after: str) -> bool:
    """Whether a part of a clause says that something stays, and the next does not go on to change that."""
    goes_on = bool(GOES_ON.match(after.lower()) and POINTS.search(after.lower()))
    return bool(KEPT.search(part.lower())) and not goes_on


def without_denied(words: str) -> str:
    """Words without what they rule out: `instead of navy`, `not the red one`."""
    return DENIED.sub(" ", words)
