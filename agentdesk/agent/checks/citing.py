"""Citations of a reply: each must name a source of the run and words that stand in it; claims must be covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agentdesk.agent.checks.claims import Claim
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.wording import plain, quoted, telling_stems
from agentdesk.agent.findings import Finding

OURS = ("action:", "customer", "arithmetic")
"""Sources that need no citation: what the run's own actions do stands in their previews."""
NEEDS_CITATION = frozenset({"amount", "duration", "date", "promise", "statement"})
LEAST_SHARED = 0.8


def check_citations(citations: Sequence[Mapping[str, str]], facts: Facts) -> Iterator[Finding]:
    """A finding for each citation of a source that is not there, or of words that do not stand in it."""
    for citation in citations:
        source, quote = str(citation.get("source", "")), str(citation.get("quote", ""))
        if not source.startswith(("article:", "tool:")) or source not in facts.names:
            yield quoted("unknown_citation", source, "is cited, but is no article or tool result of this run.")
        elif quote.strip() and not stands_in(quote, facts.texts.get(source, "")):
            yield quoted("unsupported_citation", quote, f"is cited from {source}, but does not stand there.")


def stands_in(quote: str, text: str) -> bool:
    """Whether words stand in a source, spelling and spacing aside; a longer quote may leave words out."""
    if plain(quote).strip(" .\"'…") in text:
        return True
    stems = telling_stems(quote)
    digits = [word for word in plain(quote).split() if any(character.isdigit() for character in word)]
    if any(word.strip(".,;:()") not in text for word in digits):
        return False
    return len(stems) >= 4 and len(stems & telling_stems(text)) >= LEAST_SHARED * len(stems)


def check_covered(claims: Sequence[Claim], citations: Sequence[Mapping[str, str]], facts: Facts) -> Iterator[Finding]:
    """A finding for each claim that a source bears out while none of those sources is cited."""
    cited = {str(citation.get("source", "")) for citation in citations}
    told: set[str] = set()
    for claim in claims:
        if claim.kind not in NEEDS_CITATION or claim.text in told:
            continue
        if any(source.startswith(OURS) for source in claim.sources) or covers(cited, claim.sources):
            continue
        told.add(claim.text)
        yield quoted("uncited_claim", claim.text, f"stands in {min(claim.sources)}, which is not cited.")


def covers(cited: set[str], sources: frozenset[str]) -> bool:
    """Whether one of the cited sources bears a claim out."""
    return bool(cited & sources)
