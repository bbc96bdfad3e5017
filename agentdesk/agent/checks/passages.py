"""Whether a passage of an article, or of a tool's prose, bears out what a sentence says in words."""

from __future__ import annotations

from collections.abc import Iterable

from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.sources import Passage
from agentdesk.agent.checks.vocabulary import FILL
from agentdesk.agent.checks.wording import plain, telling_stems

ENOUGH = 0.75
LEAST_STEMS = 2
LEAST_VERBATIM = 20


def bears_out(text: str, facts: Facts, enough: float = ENOUGH) -> bool:
    """Whether one passage holds most of the telling words of a text."""
    return best_passage(telling_stems(text) - FILL, facts.passages, enough) is not None


def best_passage(stems: frozenset[str], passages: Iterable[Passage], enough: float = ENOUGH) -> Passage | None:
    """The passage that holds the largest share of these stems, its paragraph counted half, if that is enough."""
    best, most = None, 0.0
    if len(stems) < LEAST_STEMS:
        return None
    for passage in passages:
        own = len(stems & passage.stems)
        if not own:
            continue
        share = (own + 0.5 * len(stems & (passage.around - passage.stems))) / len(stems)
        if share > most:
            best, most = passage, share
    return best if most >= enough else None


def verbatim_source(text: str, facts: Facts) -> str:
    """The article whose own sentence this is; empty where it is none's."""
    words = plain(text)
    if len(words) < LEAST_VERBATIM:
        return ""
    return next((name for name, known in facts.texts.items() if name.startswith("article:") and words in known), "")
