"""The default: what a sentence says of a deed has to be supported, whatever words it is put in.

A clause that speaks of a cancellation, a return, an exchange or a refund, and neither asks, denies, supposes nor only
allows it, claims one. It needs an action of the run that does it, a record that shows it, or, where it is a rule and
not a deed, a passage that tells it. What a carrier, a bank or a colleague is said to have done needs a source, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agentdesk.agent.checks.deeds import GENERAL
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.passages import best_passage
from agentdesk.agent.checks.vocabulary import FILL, NUMBERED
from agentdesk.agent.checks.wording import NOT_SO, Sentence, quoted, stem, telling_stems
from agentdesk.agent.findings import Finding


@dataclass(frozen=True)
class Topic:
    """What a clause may claim to have happened: its words, the kinds that do it, the order states that show it."""

    name: str
    matter: str
    """As passages are sorted by (`checks/topics.py`)."""
    said: re.Pattern[str]
    kinds: frozenset[str]
    states: tuple[str, ...]


def topic(name: str, matter: str, said: str, kinds: str, *states: str) -> Topic:
    """A topic from its words."""
    return Topic(name, matter, re.compile(said, re.I), frozenset(kinds.split()), states)


REFUNDING = "cancel_order return_items exchange_items change_order_items change_order_payment"
TOPICS = (
    topic("a cancellation", "cancel", r"\bcancel\w*|\bcall(?:ed|ing)\b[^.;]{0,30}\boff\b", "cancel_order", "cancelled"),
    topic(
        "a return",
        "return",
        r"\breturn(?:s|ed|ing)?\b(?! (?:the |your )?(?:money|amount)| to (?:your|the) (?:card|paypal|visa|gift|"
        r"account))",
        "return_items",
        "return",
    ),
    topic(
        "an exchange",
        "exchange",
        r"\bexchang\w*|\bswap\w*",
        "exchange_items change_order_items",
        "exchange",
        "pending (items",
    ),
    topic(
        "a refund",
        "refund",
        r"\brefund\w*|\breimburs\w*|\bmoney back\b|"
        r"\bcredited\b",
        REFUNDING,
        "cancelled",
        "return",
    ),
)
CUE = re.compile(r"cancel|\bcall|return|exchang|swap|refund|reimburs|credited|money", re.I)
"""What stands in every sentence that speaks of a topic."""
PARTS = re.compile(
    r"[;:,]\s|\s[–—-]\s|\b(?:but|while|whereas|although|though|because|since|as|so)\b|\band\b|"
    r"(?=\b(?:if|unless|whether|in case|should you|when(?:ever)?|once|as soon as|until|as long as|before|after|"
    r"in order to)\b)",
    re.I,
)
SUPPOSES = re.compile(
    r"^\s*(?:if|unless|whether|in case|should|when(?:ever)?|once|as soon as|until|as long as|before|after|"
    r"in order to|were)\b",
    re.I,
)
OPEN = re.compile(
    r"\b(?:can|could|cannot|may|might|would|should|able|possible|eligible|allowed|entitled|options?|want\w*|wish\w*|"
    r"like to|ask\w*|offer\w*|how|policy|policies|rules?|terms|window|period|process|labels?|form|questions?|about|"
    r"regarding|concerning|instead of|to (?:cancel|return|exchange|refund|swap)|please|let us know|let me know|"
    r"need(?:s|ed)? to|have to|must|too late|requests? (?:to|for|of)|your [\w ]{0,20}requests?|only|once|had|"
    r"page|article|part of)\b",
    re.I,
)
"""A clause that allows, asks for or only mentions a thing."""
MAY = re.compile(r"\b(?:possible|can|cannot|may|could|allowed|entitled|eligible)\b", re.I)
RULED_OUT = re.compile(r"\b(?:cannot|can['’]t|may not|could not|not (?:be )?possible|no longer|not be)\b", re.I)
TELL_US = re.compile(r"\b(?:tell|ask|write to|drop|let|send) us\b", re.I)
FIRST = re.compile(r"\b(?:I|we)\b", re.I)
SAYS = re.compile(
    r"\b(?:is|are|will|shall|I|we|it|goes|comes|gets?|takes?|follows?|lands?|appears?|arrives?)\b|['’](?:ll|s|"
    r"re|m)\b",
    re.I,
)
DONE = re.compile(
    r"\b(?:has|have|was|were|been|already|now|just|done|complete|completed|confirmed|through|under ?way|"
    r"on (?:its|the) way|"
    r"heading|in progress|processed|issued|sent|made|set up|registered|arranged|approved|granted|got|went)\b|['’]ve\b",
    re.I,
)


def check_support(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding for the first clause that claims a deed which nothing supports."""
    if sentence.asks or sentence.is_attributed or GENERAL.match(sentence.text):
        return
    if TELL_US.search(sentence.text):
        return
    yield from check_others(sentence, facts)
    for clause in clauses(sentence.text) if CUE.search(sentence.text) else ():
        if SUPPOSES.match(clause) or NOT_SO.search(clause):
            continue
        for one in TOPICS if is_claim(clause) else ():
            if one.said.search(clause) and not is_supported(one, clause, facts):
                yield unsupported(one, clause, facts)
                return
        for one in TOPICS if MAY.search(clause) and not FIRST.search(clause) else ():
            if one.said.search(clause):
                yield from check_allowed(one, clause, facts)


def check_allowed(one: Topic, clause: str, facts: Facts) -> Iterator[Finding]:
    """What is said to be possible has to be spoken of by a source, and not only to be ruled out."""
    told = [passage for passage in facts.passages if one.said.search(passage.text) and MAY.search(passage.text)]
    if not is_spoken_of(one, facts):
        yield quoted("ungrounded_statement", clause, f"speaks of {one.name}, of which no source says anything.")
    elif told and all(RULED_OUT.search(passage.text) for passage in told):
        yield quoted("contradicts_source", clause, f"allows what {told[0].source} rules out.")


def is_claim(clause: str) -> bool:
    """Whether a clause states something, and does not only allow or mention it."""
    return OPEN.search(clause) is None and (DONE.search(clause) or SAYS.search(clause)) is not None


def is_spoken_of(one: Topic, facts: Facts) -> bool:
    """Whether an action of the run does it or any passage has a word of it."""
    return any(action.kind in one.kinds for action in facts.live) or any(
        one.said.search(passage.text) or one.matter in passage.topics for passage in facts.passages
    )


OTHERS = re.compile(
    r"carrier|courier|bank|warehouse|supplier|manufactur|manager|supervisor|boss|colleague|neighbo|post office|customs|"
    r"card company|workshop|driver|account|director",
    re.I,
)
THIRD = re.compile(
    r"\b(?P<who>(?:the|your|our|my|a) (?:\w+ )?(?:carrier|courier|banks?|warehouse|supplier|manufacturer|"
    r"manager|supervisor|boss|"
    r"colleagues?|neighbou?r|post office|customs|card company|workshop|driver|accounts? (?:team|department)|director))"
    r"(?:['’]s| has| have| had| will| was| were|['’]ll)?(?: just| already| now| also|"
    r" kindly)* (?P<verb>[a-z]+(?:ed|old|ent|ept|ave|ook|ade|aid)|"
    r"(?<=will )[a-z]+|(?<=['’]ll )[a-z]+|been)\b",
    re.I,
)
"""What somebody else is said to have done, or to be about to do."""
LEAST_OF_OTHERS = 0.6
SCANS = frozenset(stem(word) for word in ("picked", "collected", "scanned", "received", "taken"))
"""What a carrier has done with a parcel that is under way."""


def check_others(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding for what the carrier, a bank or a colleague is said to have done or to do, where no source tells it."""
    match = THIRD.search(sentence.text) if OTHERS.search(sentence.text) else None
    if not match or sentence.asks or sentence.is_conditional or SUPPOSES.match(sentence.text):
        return
    if OPEN.search(sentence.text[: match.start()]) or any(action.kind == "escalate" for action in facts.live):
        return
    is_sent = any(status in {"processed", "delivered"} for order in facts.orders.values() for status in order.statuses)
    if is_sent and stem(match["verb"]) in SCANS:
        return
    stems = telling_stems(sentence.text[match.start() :]) - NUMBERED - facts.thing_stems
    if best_passage(stems | {stem(match["verb"])}, facts.passages, LEAST_OF_OTHERS) is None:
        yield quoted(
            "claims_undone_action", match.group(), "is said of somebody else, but no source of this run tells it."
        )


def clauses(text: str) -> Iterator[str]:
    """The parts of a sentence that each say one thing."""
    start = 0
    for match in PARTS.finditer(text):
        if text[start : match.start()].strip():
            yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def is_supported(one: Topic, clause: str, facts: Facts) -> bool:
    """Whether an action of the run does it, a record shows it, or it is a rule that a passage tells."""
    if any(action.kind in one.kinds for action in facts.live):
        return True
    if any(status.startswith(one.states) for order in facts.orders.values() for status in order.statuses):
        return True
    if one.name == "a refund" and "credited" in clause and any(one.kind == "give_credit" for one in facts.live):
        return True
    if one.name == "a refund" and any(p == "refund" for order in facts.orders.values() for p, _, _ in order.payments):
        return True
    stems = telling_stems(clause) - FILL
    is_told = best_passage(stems, facts.passages, 0.5) is not None if len(stems) > 1 else is_spoken_of(one, facts)
    return DONE.search(clause) is None and is_told


def unsupported(one: Topic, clause: str, facts: Facts) -> Finding:
    """Why a claimed deed is none: the run's action is dead, or there is none."""
    dead = [action for action in facts.dead if action.kind in one.kinds]
    if dead:
        return quoted("contradicts_action", clause, f"says so, but {dead[0].kind} is {dead[0].status}.")
    return quoted("claims_undone_action", clause, f"speaks of {one.name}, but no action of this run does one.")
