"""A letter cut into clauses: each says one thing, names its orders, and knows whether it is an entry or a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agentdesk.agent.offline.addresses import PostalAddress, mark_addresses
from agentdesk.agent.offline.spelling import mend_spelling

ORDER_ID = re.compile(r"(?<![\w&])(?:#\s?[Ww]|#[Ww][-\s]|[Ww]-?)(\d{5,10})(?!\w)")
ORDER_HASH = re.compile(r"(?<![\w&])#\s?(\d{5,9})(?!\w|-\d)")
ORDER_BARE = re.compile(r"(?<![\w.$#@+/-])(\d{7})(?![\w@]|[.,/-]\d)")
MARKED_ORDER = re.compile(r"#W\d{5,10}")
URL = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
BULLET = re.compile(r"^\s*(?:[-*•·+]\s+|\(?\d{1,2}[.):]\s+|\(?[a-h][.)]\s+)")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+")
ABBREVIATION = re.compile(r"\b(?:st|mr|mrs|ms|dr|no|nr|apt|ste|e\.g|i\.e|approx|vs|etc|incl)\.$", re.I)
FILLER = (
    r"(?:please |kindly |also |then |finally |just |simply |to |and |lastly |secondly |first |additionally |"
    r"i(?:'d| would| want| need|'ll| will| wish)? ?(?:also )?(?:like|love|want|need|"
    r"prefer)? ?(?:you )?(?:also )?(?:to )?|"
    r"we(?:'d| would| want| need)? ?(?:like|want|need)? ?(?:you )?(?:to )?|(?:could|can|would|will|"
    r"may) (?:you|i|we) )"
)
ACTING = (
    r"(?:cancel|return|exchange|swap|switch|replace|change|modify|update|ship|send|deliver|refund|charge|pay|use|put|"
    r"trade|redirect|reroute|upgrade|keep|leave|let me know|tell me|make|edit|amend|set (?:my|the|up)|bill|move|issue|"
    r"credit|confirm)"
)
JOINT = re.compile(
    rf"(?:\s*,\s*(?:and|then|also|plus|but)\s+|\s+(?:and|then|plus|but|as well as)\s+|\s*,\s+|\s*;\s*|"
    rf"\s+&\s+|\s+-\s+)"
    rf"(?={FILLER}*{ACTING}\b(?!\s+(?:of|for me\b)))",
    re.I,
)
CONDITION = re.compile(r"\b(?:if|in case|should|unless|when|once|after)\b[^,]*$", re.I)
WRAPPED = 60


@dataclass(frozen=True)
class Clause:
    """One statement or request of a letter.

    `text` keeps the writer's case, with orders as `#W1234567` and addresses as `ADDRESS0`; `low` is lower case, mended.
    """

    text: str
    low: str
    orders: tuple[str, ...]
    is_entry: bool
    is_heading: bool
    is_question: bool
    sentence: int


@dataclass(frozen=True)
class Letter:
    """What a customer wrote, cut into clauses; `addresses` are what `ADDRESS0` … stand for."""

    clauses: tuple[Clause, ...]
    addresses: tuple[PostalAddress, ...]

    @property
    def low(self) -> str:
        """The whole letter in lower case, a clause a line."""
        return "\n".join(clause.low for clause in self.clauses)

    @property
    def orders(self) -> tuple[str, ...]:
        """Every order named, in the order named, once each."""
        return tuple(dict.fromkeys(order for clause in self.clauses for order in clause.orders))


def read_letter(text: str) -> Letter:
    """The letter in clauses."""
    marked, addresses = mark_addresses(mark_orders(URL.sub(" ", text)))
    clauses = []
    for number, (sentence, is_entry) in enumerate(cut_sentences(marked)):
        for part in cut_joints(sentence):
            clauses.append(make_clause(part, number, is_entry, sentence))
    return Letter(tuple(clauses), addresses)


def mark_orders(text: str) -> str:
    """Order numbers in all their spellings as `#W1234567`."""
    text = ORDER_ID.sub(lambda match: f" #W{match[1]}", text)
    text = ORDER_HASH.sub(lambda match: f" #W{match[1]}", text)
    return ORDER_BARE.sub(lambda match: f"#W{match[1]}", text)


def make_clause(part: str, number: int, is_entry: bool, sentence: str) -> Clause:
    """One clause with what is known of it."""
    part = " ".join(part.split())
    part, low = mend_spelling(part), mend_spelling(part.lower())
    orders = tuple(dict.fromkeys(MARKED_ORDER.findall(part)))
    return Clause(part, low, orders, is_entry, part.endswith(":"), sentence.rstrip().endswith("?"), number)


def cut_sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Each sentence, and whether it is an entry of a list. A line merely wrapped is joined to its neighbour."""
    for line, is_entry in join_wrapped(text.split("\n")):
        start = 0
        for end in SENTENCE_END.finditer(line):
            if ABBREVIATION.search(line[: end.start()].rstrip()):
                continue
            yield line[start : end.start()].strip(), is_entry
            start = end.end()
        if line[start:].strip():
            yield line[start:].strip(), is_entry


def join_wrapped(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Lines with list marks taken off; a line that goes on in the next one is joined with it."""
    held, held_entry = "", False
    for line in lines:
        entry = BULLET.match(line)
        bare = line[entry.end() :].strip() if entry else line.strip()
        if held and bare and not entry and goes_on(held, bare):
            held = f"{held} {bare}"
            continue
        if held:
            yield held, held_entry
        held, held_entry = bare, bool(entry)
    if held:
        yield held, held_entry


def goes_on(line: str, following: str) -> bool:
    """Whether `following` continues the sentence of `line`."""
    if line[-1] in ".!?:;" or re.search(r"ADDRESS\d$", line):
        return False
    starts_low = following[0].islower() or following[0] in "#("
    return starts_low or following.startswith("ADDRESS") or (len(line) > WRAPPED and line[-1] != ",")


def cut_joints(sentence: str) -> Iterator[str]:
    """A sentence cut where another request begins, but never inside a condition."""
    start = 0
    for joint in JOINT.finditer(sentence):
        before = sentence[start : joint.start()]
        if len(before.split()) < 2 or CONDITION.search(before):
            continue
        yield before
        start = joint.end()
    yield sentence[start:]
