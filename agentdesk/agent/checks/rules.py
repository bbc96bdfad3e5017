"""What a reply says of the shop's rules, against the articles: unsupported statements and contradicted ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentdesk.agent.checks.amounts import read_amounts
from agentdesk.agent.checks.claims import Claim
from agentdesk.agent.checks.deeds import SUPPOSED, clause_before
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.passages import best_passage
from agentdesk.agent.checks.promises import GENERIC, acted_stems
from agentdesk.agent.checks.sources import stems_of
from agentdesk.agent.checks.vocabulary import FILL
from agentdesk.agent.checks.wording import DENIAL, Sentence, quoted, telling_stems
from agentdesk.agent.findings import Finding

RULE = re.compile(
    r"\b(?:we|our (?:shop|store|team|warehouse|policy|rules?))\s+(?:(?:do|does|only|also|always|never|can|cannot|"
    r"can['’]t|don['’]t|currently|generally|normally|not)\s+)*"
    r"(?:ship|deliver|accept|offer|sell|charge|cover|store|refund|replace|repair|match|support|allow|provide|"
    r"take back|send|require|carry|stock|use|price|reimburse|pay|open|close|operate|keep)s?\b"
    r"|\byou (?:(?:can|may)(?: also| only| always)? (?:return|exchange|cancel|get|have|keep|use|claim|combine|"
    r"pay|change|expect|choose|order|split|redeem)|must|have to|are (?:allowed|entitled|free|able)|need to|"
    r"are required)\b"
    r"|\b(?:items?|orders?|returns?|refunds?|exchanges?|deliver(?:y|ies)|shipping|the warranty|our warranty|"
    r"warranties|gift cards?|parcels?|products?|repairs?|batteries|opened items|sale items|store credit|"
    r"prices?|payments?|accounts?|cancellations?|customers|everything)\b[^.;?!\n,]{0,40}?\s(?:can|may|must|are|"
    r"is|cannot|can['’]t|take|takes|cost|costs|come|comes|has|have|covers?|expires?|lasts?|includes?|need|needs|"
    r"do not|does not|don['’]t|doesn['’]t)\b",
    re.I,
)
OF_ONE = re.compile(
    r"#?W\d{4,}|\d{5,}|\bits\b|\bas it has\b|\boffer you\b|\byour (?:\w+ ){0,3}(?:order|parcel|package|return|"
    r"refund|exchange|item|account|card|payment|"
    r"request|message|case|ticket|purchase|delivery|shipment|cancellation|address)\b|"
    r"\b(?:this|that|these|those|the) (?:order|parcel|package|return|refund|exchange|items?|difference|amount|"
    r"money|payment)\b|\b(?:I|I['’]ve|I['’]m)\b",
    re.I,
)
OF_FEES = re.compile(r"\b(?:free|charge[sd]?|costs?|fees?)\b", re.I)
TIMES = re.compile(r"\b(?:once|only|second time|again|no longer)\b", re.I)
"""`Not charged` and `free` say the same, and so do `only once` and `not a second time`: opposites tell nothing "
"there."""
ASKING = re.compile(
    r"\b(?:please|tell us|let us know|reply|answer this|send us|write to us|just answer|any questions|"
    r"anything else|help you|assist)\b",
    re.I,
)
RATHER = re.compile(r"\b(?:we|I)(?:['’]d| would)\b", re.I)
PARTS = re.compile(r"[,:;]|\s[–—-]\s|\bbut\b")
LEAST_SHARED = 2
ALIKE = 0.6
"""The share of words from which a sentence and a passage are taken to speak of the same thing."""
BORNE = 0.45
CASES = stems_of(("pending", "processed", "delivered", "cancelled", "modified", "paypal", "gift", "credit"))
"""Words that tell one case of a rule from another."""


def check_rules(sentence: Sentence, facts: Facts) -> Iterator[Finding | Claim]:
    """A statement about the shop's rules has to stand in a source, and not the other way round."""
    if sentence.asks or sentence.is_framing or not facts.passages:
        return
    stems = telling_stems(sentence.text) - FILL
    source = "" if OF_ONE.search(sentence.text) else opposing_source(sentence.text, facts)
    if source:
        yield quoted("contradicts_source", sentence.text, f"says the opposite of {source}.")
        return
    match = RULE.search(sentence.text)
    if (
        match is None
        or OF_ONE.search(sentence.text)
        or ASKING.search(sentence.text)
        or sentence.is_attributed
        or read_amounts(sentence.text)
    ):
        return
    if (
        RATHER.search(sentence.text)
        or len(stems) < 2
        or clause_before(sentence.text, match.start()).strip().lower().startswith("if you")
    ):
        return
    known = acted_stems(facts) | facts.thing_stems
    passage = best_passage(stems, facts.passages, BORNE)
    strange = stems - known - GENERIC
    is_new = bool(strange) and not any(strange & one.stems for one in facts.passages)
    if passage is None and (len(strange) > BORNE * len(stems) or is_new):
        yield quoted(
            "ungrounded_statement", sentence.text, "is stated as a rule of the shop, but no source of this run says so."
        )
    elif passage is not None and passage.source.startswith("article:") and stems - known - GENERIC:
        yield Claim(sentence, "statement", sentence.text, frozenset({passage.source}))


def opposing_source(text: str, facts: Facts) -> str:
    """The article of which a clause says the opposite: it speaks of the same, and only one of the two denies it."""
    for clause in PARTS.split(text):
        if SUPPOSED.match(clause.strip()):
            continue
        stems = telling_stems(clause)
        alike = closest(clause, stems, facts) if len(stems) >= LEAST_SHARED else None
        if alike is None:
            continue
        if any(pattern.search(one) for pattern in (OF_FEES, TIMES) for one in (clause, alike[0])):
            continue
        theirs = telling_stems(alike[0])
        if not stems & CASES or stems & CASES == theirs & CASES:
            return alike[1]
    return ""


def closest(clause: str, stems: frozenset[str], facts: Facts) -> tuple[str, str] | None:
    """The clause of an article that shares most of these stems, and the article, if it shares enough of them.

    None where one that shares as many says the same as `clause`.
    """
    least = max(LEAST_SHARED, ALIKE * len(stems))
    found: list[tuple[str, str]] = []
    most = 0
    for passage in facts.passages:
        if len(stems & passage.stems) < least or not passage.source.startswith("article:"):
            continue
        for part in PARTS.split(passage.text):
            shared = len(stems & telling_stems(part))
            if shared >= max(most, 1):
                found = [*(found if shared == most else ()), (part, passage.source)]
                most = shared
    wholes = [passage.text for passage in facts.passages if len(stems & passage.stems) > most]
    says_same = any(is_denied(part) == is_denied(clause) for part in (*(part for part, _ in found), *wholes))
    return found[0] if found and most >= least and not says_same else None


def is_denied(text: str) -> bool:
    """Whether a clause denies something."""
    return bool(DENIAL.search(text))
