"""How far a statement reaches: both orders, all of them, a place that was left, a thing that can be done only once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agentdesk.agent.checks.deeds import Said
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.ids import DIGIT, ORDER, normal_id
from agentdesk.agent.checks.measures import MEASURE, normal_measure
from agentdesk.agent.checks.topics import topics_in
from agentdesk.agent.checks.vocabulary import FILL
from agentdesk.agent.checks.wording import NOT_SO, Sentence, quoted, telling_stems
from agentdesk.agent.findings import Finding

SEVERAL = re.compile(
    r"\bboth (?:of )?(?:the |your |these )?(?:\w+ )?(?:orders|purchases)\b|\b(?:all|each|"
    r"every one)(?: of)? (?:the |your )(?:\w+ )?orders\b|"
    r"\b(?:your|the) other orders?\b",
    re.I,
)
AGAIN = re.compile(
    r"\b(?:again|a (?:second|third) time|as often as|as many times|any number of times|more than once|whenever you|"
    r"repeatedly|twice)\b",
    re.I,
)
ALLOWS = re.compile(r"\b(?:can|may|could|able to|possible|free to|welcome to)\b", re.I)
ONCE = re.compile(
    r"\bonce\b(?! (?:the|your|it|we|you|a|an|they)\b)|\bonly one\b|\bnot? (?:be )?\w+ (?:again|"
    r"a second time)\b",
    re.I,
)
ACCOUNT = re.compile(r"\b(?:account|profile|remains?|stays?|still)\b", re.I)
NEW_THERE = re.compile(
    r"\b(?:your|the) (?:account|profile)\b(?: now| both| also)* (?:has|have|shows?|holds?|is|are|was|were|got|"
    r"gets)\b[^.;,]{0,25}\b(?:new|updated|changed)\b",
    re.I,
)
NUMBERED = re.compile(
    r"\b(?:number|no\.|size|room|flat|unit|apt\.?|apartment|floor|model|for|"
    r"in) (\d{2,4})\b(?!\s?(?:%|USD|dollars|[a-z]*\s?(?:days?|weeks?|hours?|minutes?|months?)|[.,:/-]\d|(?:st|"
    r"nd|rd|th)\b| of ))",
    re.I,
)
LEFT = re.compile(
    r"\b(?:instead of|rather than|not|no longer|from|old|former|previous|away from|was|were|"
    r"until now)\b",
    re.I,
)
PLACE_WORD = re.compile(r"[A-Z][a-z]{3,}")


def check_reach(sentence: Sentence, deeds: Sequence[Said], facts: Facts) -> Iterator[Finding]:
    """`Both orders` and `your other orders` have to be as many as the actions are about."""
    match = SEVERAL.search(sentence.text)
    if not match or sentence.is_negated:
        return
    for said in deeds:
        done = {order_of_arguments(action.arguments) for action in facts.live if action.kind in said.deed.kinds} - {""}
        shown = {
            key for key, one in facts.orders.items() if any(s.startswith(said.deed.states) for s in one.statuses[:1])
        }
        if (said.deed.states and len(done | shown) >= 2) or len(done) >= 2:
            continue
        yield quoted("contradicts_action", match.group(), f"is more than {said.text} is done to.")
        return


def order_of_arguments(arguments: Mapping[str, object]) -> str:
    """The order that arguments name, as orders are compared."""
    return normal_id(str(arguments.get("order_id", "")))


def check_scope(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A finding where what can be done once is said to be possible again, or a parcel goes where it no longer goes."""
    if sentence.asks:
        return
    yield from check_again(sentence, facts)
    if any(action.kind in {"change_order_address", "change_customer_address"} for action in facts.live):
        yield from check_left_place(sentence, facts)
        yield from check_account_too(sentence, facts)
    if DIGIT.search(sentence.text) and not sentence.is_negated:
        yield from check_measures(sentence, facts)
        yield from check_numbers(sentence, facts)
        yield from check_streets(sentence, facts)


def check_account_too(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A new address of an order alone is none of the account."""
    kinds = {action.kind for action in facts.live}
    several = SEVERAL.search(sentence.text)
    orders = {order_of_arguments(one.arguments) for one in facts.live if one.kind == "change_order_address"}
    is_place = re.search(r"\baddress\b|\b(?:go|sent|delivered) to\b", sentence.text, re.I)
    if several and is_place and len(orders) < 2 and not sentence.is_negated and not sentence.is_conditional:
        yield quoted("contradicts_action", several.group(), "is more than what gets the new address.")
    match = NEW_THERE.search(sentence.text)
    if match and "change_customer_address" not in kinds and not sentence.is_negated:
        yield quoted("contradicts_action", match.group(), "is not what change_order_address changes.")


def check_numbers(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A number that names something, a house or a size, has to stand in a source."""
    for match in NUMBERED.finditer(sentence.text):
        if match[1].lower() not in facts.ids:
            yield quoted("ungrounded_id", match.group(), "is a number that no source of this run names.")


STREET = re.compile(r"\b(\d{1,5}) (?=([A-Z][a-z]+)\b)")


def check_streets(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """The number before a known street's name has to be one that a source has before it."""
    for match in STREET.finditer(sentence.text):
        words = f"{match[1]} {match[2].lower()}"
        if match[2].lower() not in facts.told_words or any(words in reading.text for reading in facts.readings):
            continue
        name = re.escape(match[2].lower())
        told = {one for reading in facts.readings for one in re.findall(rf"\b(\d{{1,5}}) {name}\b", reading.text)}
        if told and match[1] not in told:
            yield quoted("ungrounded_id", f"{match[1]} {match[2]}", "is no address that a source of this run names.")


def check_measures(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A measure of a thing, `64 GB` or `20 x 30 cm`, has to stand in a source."""
    for match in MEASURE.finditer(sentence.text):
        if normal_measure(match) not in facts.measures:
            yield quoted("ungrounded_name", match.group(), "is a measure that no source of this run names.")


def check_again(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """What a passage of the same matter allows once is not allowed again."""
    match = AGAIN.search(sentence.text)
    if not match or NOT_SO.search(sentence.text) or not ALLOWS.search(sentence.text):
        return
    stems, asked = telling_stems(sentence.text) - FILL, topics_in(sentence.text)
    for passage in facts.passages:
        known = passage.stems | passage.around
        is_alike = len(stems & known) >= 2 or bool(asked & passage.topics)
        if is_alike and passage.source.startswith("article:") and ONCE.search(passage.text):
            yield quoted("contradicts_source", match.group(), f"is said of what {passage.source} allows once.")
            return


def check_left_place(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """Once an action sets another address, nothing goes to the old one."""
    moves = [action for action in facts.live if action.kind == "change_order_address"]
    if len(moves) != 1 or sentence.is_negated or sentence.is_conditional or LEFT.search(sentence.text):
        return
    place = moves[0].arguments.get("address")
    order = facts.orders.get(order_of_arguments(moves[0].arguments))
    named = [normal_id(match.group()) for match in ORDER.finditer(sentence.text)]
    if (
        not isinstance(place, Mapping)
        or order is None
        or (named and order_of_arguments(moves[0].arguments) not in named)
    ):
        return
    new = {word for value in place.values() for word in PLACE_WORD.findall(str(value))}
    old = {
        word
        for one in order.addresses
        for key in ("address1", "city")
        for word in PLACE_WORD.findall(str(one.get(key, "")))
    }
    told = set(PLACE_WORD.findall(sentence.text))
    if ACCOUNT.search(sentence.text):
        return
    if told & (old - new) and not told & (new - old) and len(facts.orders) == 1:
        yield quoted(
            "contradicts_action", " ".join(sorted(told & (old - new))), "is where change_order_address leads away from."
        )
