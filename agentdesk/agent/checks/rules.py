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
from agentdesk.agent.checks.wording import DENIAL, Sentence, quoted, stem, telling_stems
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
    yield from check_covered_things(sentence, facts)
    yield from check_can(sentence, facts)
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


CAN = re.compile(r"\b(?:can|may|could) (?:(?:also|still|always|even|\w+ly|then) )*(?:be )?(?P<verb>[a-z]+)", re.I)
CANNOT = re.compile(
    r"\b(?:cannot|can['’]t|can not|may not) (?:(?:also|any more|"
    r"\w+ly) )*(?:be )?(?P<verb>[a-z]+)",
    re.I,
)


def check_can(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """What is said to be possible is not what the passages of the matter only rule out."""
    if is_denied(sentence.text):
        return
    stems = telling_stems(sentence.text) - FILL
    for match in CAN.finditer(sentence.text):
        verb = stem(match["verb"])
        told = [one for one in facts.passages if verb in one.stems and one.source.startswith("article:")]
        ruled = [one for one in told if any(stem(no["verb"]) == verb for no in CANNOT.finditer(one.text))]
        is_of_it = any(len((stems - {verb}) & (one.stems | one.around)) >= LEAST_SHARED for one in ruled)
        if ruled and len(ruled) == len(told) and is_of_it:
            yield quoted("contradicts_source", match.group(), f"is what {ruled[0].source} rules out.")
            return


COVERS = re.compile(r"\b(?:covers?|covered|includes?|included)\b", re.I)
COVERED_NOT = re.compile(r"\b(?:not|nor|no|never) (?:cover |for |the |a |an )?(\w+)(?: (?:or|and|nor) (\w+))?", re.I)


def check_covered_things(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """What a passage of a warranty or the like leaves out by name is not said to be covered."""
    claims = [part for part in PARTS.split(sentence.text) if COVERS.search(part) and not is_denied(part)]
    if not claims:
        return
    stems = telling_stems(" ".join(claims))
    for passage in facts.passages:
        if COVERS.search(passage.text) and passage.source.startswith("article:"):
            left_out = {stem(word) for match in COVERED_NOT.finditer(passage.text) for word in match.groups() if word}
            if stems & left_out:
                yield quoted("contradicts_source", sentence.text, f"says the opposite of {passage.source}.")
                return


def opposing_source(text: str, facts: Facts) -> str:
    """The article of which a clause says the opposite: it speaks of the same, and only one of the two denies it."""
    for clause in PARTS.split(text):
        if SUPPOSED.match(clause.strip()) or clause.strip().lower().startswith("please"):
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
