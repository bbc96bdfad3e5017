"""Sorting a ticket by rules before anything is drafted: what it is about, what is wished for, how soon.

Two readings are laid over each other. The offline reader understands clauses and is precise; words that stand for a
kind of action are not, but miss little: a kind they alone suggest only keeps its tool within the model's reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agentdesk.agent.categories import Category
from agentdesk.agent.checks.alarms import COMPILED, HARMLESS, Alarm
from agentdesk.agent.checks.plain_text import plain
from agentdesk.agent.offline.cleaning import seen_and_unseen
from agentdesk.agent.offline.letters import SUBJECT_NOISE, read_with_subject
from agentdesk.agent.offline.wishes import Kind, Manner, Reading, Wish

LONGEST_READ = 8000
"""Characters that are read clause by clause; of a longer thread, the newest."""
MOST_CERTAIN, MOST_WISHED = 5, 4
"""Kinds named at most: read in clauses, and with what words suggest. The rest of the ten tools is for reading."""
FOR_PEOPLE = frozenset({"self-harm", "safety", "fraud", "legal", "human", "privacy"})
"""The alarms that call people at once; a wish for credit is work like any other, and an injection is a finding."""


@dataclass(frozen=True)
class Triage:
    """What a ticket was sorted as. `reasons` are sentences for staff.

    `wished` are the action kinds the customer seems to want, most certain first; `urgency` is a ticket's priority.
    """

    category: Category
    reasons: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    urgency: str = "normal"


ITEM_KINDS = {
    Manner.CHANGE: ("change_order_items", "exchange_items"),
    Manner.EXCHANGE: ("exchange_items", "change_order_items"),
    Manner.OPEN: ("change_order_items", "exchange_items"),
}
KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.CANCEL: ("cancel_order",),
    Kind.RETURN: ("return_items",),
    Kind.ORDER_ADDRESS: ("change_order_address", "change_customer_address"),
    Kind.OWN_ADDRESS: ("change_customer_address", "change_order_address"),
    Kind.PAYMENT: ("change_order_payment",),
    Kind.REFUND: ("return_items", "cancel_order"),
    Kind.DAMAGE: ("return_items", "exchange_items"),
}
"""The action kinds a wish may come to, the likeliest first."""
GROUPS: dict[Kind, Category] = {
    Kind.CANCEL: Category.ORDER_CHANGE,
    Kind.ORDER_ADDRESS: Category.ORDER_CHANGE,
    Kind.PAYMENT: Category.ORDER_CHANGE,
    Kind.RETURN: Category.RETURN,
    Kind.REFUND: Category.RETURN,
    Kind.DAMAGE: Category.RETURN,
    Kind.OWN_ADDRESS: Category.ACCOUNT,
    Kind.ORDER_STATUS: Category.ORDER_STATUS,
    Kind.REFUND_STATUS: Category.ORDER_STATUS,
    Kind.UNSUPPORTED: Category.MIXED,
}
WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("cancel_order", r"\bcancel|\bcall(?:ing)? off|\b(?:no longer|don'?t) (?:need|want)|\bby mistake|\bscrap"),
        ("return_items", r"\breturn|\bsend\w* .{0,40}\bback|\brefund|\bmoney back|\bbroken|\bdamaged|\bdefect"),
        ("exchange_items", r"\bexchang|\bswap|\breplac|\binstead|\btoo (?:small|big|large|tight)|n'?t fit|\bnot fit"),
        ("change_order_items", r"\bchang|\bmodif|\bswitch|\bswap|\bupgrade|\binstead|\bdifferent|\breplac"),
        ("change_order_address", r"\baddress|\b(?:ship|deliver|send|sent) .{0,40}\bto\b|\bmov(?:ed|ing)\b|\bzip\b"),
        ("change_customer_address", r"\baddress|\bmov(?:ed|ing)\b|\bprofile|\baccount"),
        ("change_order_payment", r"\bpay(?:ment|pal|ing)?\b|\b(?:credit|gift|debit) ?card|\bmastercard|\bvisa\b"),
        ("give_credit", r"\bcredit(?! card)|\bcompensat|\bgoodwill|\bvoucher|\bdiscount"),
    )
)  # fmt: skip
PRIORITIES = ("low", "normal", "high", "urgent")
WANTS_PERSON = Alarm("human", "The customer seems to want a person instead of a machine.", "normal")
ANYONE = re.compile(
    "|".join(
        (
            r"\b(?:some|any)(?:one|body) (?:there )?(?:who|that) (?:\w+ ){0,3}"
            r"(?:helps?|understands?|reads?|thinks?|listens?|cares?|knows?)\b",
            r"\b(?:some|any)(?:one|body) (?:competent|real|capable|with a brain)\b",
            r"\bis (?:there )?(?:any|some)(?:one|body) (?:even |actually |really )*"
            r"(?:there|out there|alive|home|reading|listening)\b",
            r"\b(?:any|some)(?:one|body) (?:home|there|alive)\s*\?",
            r"\b(?:are|r) (?:you|u|these|those) (?:even |just |all |actually )*(?:a |an )?"
            r"(?:real|human|bots?|robots?|machines?)\b",
            r"\b(?:stop|cut|enough|tired|sick|fed up|done) (?:\w+ ){0,4}"
            r"(?:bots?|robots?|machines?|chatbots?|automat\w+|canned \w+)\b",
            r"\b(?:not|don'?t|no longer) (?:\w+ )?to (?:talk|speak|write|chat|deal) (?:to|with) (?:a |an |your |the )?"
            r"(?:bots?|robots?|machines?|computers?|ai)\b",
            r"\bwho(?:'?s| is) (?:in charge|responsible)\b|\b(?:on|over|up) to your (?:boss|manager|superior)\b",
            r"\bneed to (?:talk|speak) (?:to|with) (?:some|any)(?:one|body)\b",
            r"\bwill (?:some|any)one (?:please )?call me\b",
        )
    ),
    re.I,
)
"""A wish for a person put vaguely or in anger; the plain ones stand in the shared table of alarms."""
ABOUT_ORDER = re.compile(
    r"\b(?:status|on its way|ship\w*|sent|track\w*|deliver\w*|arriv\w*|come|coming|paid|pay|charged|where|when)\b",
    re.I,
)
ARRIVED = re.compile(r"\b(?:arrived|received|delivered|got (?:it|them|the|my)|came)\b", re.I)
ACCOUNT = re.compile(r"\b(?:account|profile|password|log ?in|credit(?! card)|e-?mail address|my data)\b", re.I)
HURRY = re.compile(r"\b(?:urgent\w*|asap|immediately|right away|as soon as possible|emergency|at once)\b", re.I)


def triage(subject: str, bodies: Sequence[str]) -> Triage:
    """Sorts a ticket by its subject and the customer's messages, oldest first. Pure; never raises on odd text."""
    heading = SUBJECT_NOISE.sub("", plain(subject)).strip()
    seen = "\n\n".join(seen_and_unseen(body)[0] for body in bodies)
    words = f"{heading}\n{seen}"
    reading = read_with_subject(heading, seen[-LONGEST_READ:])
    alarms = find_alarms(words)
    reasons = tuple(alarm.reason for alarm in alarms)
    wished = wished_kinds(reading, words, alarms)
    urgency = urgency_of(reading, words, alarms)
    if any(alarm.name in FOR_PEOPLE for alarm in alarms):
        return Triage(Category.PEOPLE, reasons, wished, urgency)
    category, why = sort_reading(reading, words)
    return Triage(category, (why, *reasons), wished, urgency)


def find_alarms(words: str) -> tuple[Alarm, ...]:
    """All that people must see to, the gravest first."""
    calm = HARMLESS.sub(" ", words)
    found = tuple(alarm for alarm, pattern in COMPILED if pattern.search(calm))
    is_plain = any(alarm.name == WANTS_PERSON.name for alarm in found)
    return found if is_plain or not ANYONE.search(words) else (*found, WANTS_PERSON)


def wished_kinds(reading: Reading, words: str, alarms: Sequence[Alarm] = ()) -> tuple[str, ...]:
    """The action kinds the customer seems to want: read in clauses first, then what words suggest."""
    likeliest = [kinds[:1] for kinds in map(kinds_of, reading.wishes)]
    certain = [*flat(likeliest), *("give_credit" for alarm in alarms if alarm.name == "credit")]
    certain = [*certain, *flat(map(kinds_of, reading.wishes))]
    named = list(dict.fromkeys(certain))[:MOST_CERTAIN]
    suggested = [kind for kind, pattern in WORDS if kind not in named and pattern.search(words)]
    return (*named, *suggested[: max(0, MOST_WISHED - len(named))])


def kinds_of(wish: Wish) -> tuple[str, ...]:
    """The action kinds one wish may come to."""
    return ITEM_KINDS[wish.manner] if wish.kind == Kind.ITEMS else KINDS.get(wish.kind, ())


def flat(parts: Iterable[Iterable[str]]) -> Iterator[str]:
    """The parts of the parts."""
    for part in parts:
        yield from part


def sort_reading(reading: Reading, words: str) -> tuple[Category, str]:
    """The category of what was read, and why."""
    groups = groups_of(reading, words)
    asked = ", ".join(dict.fromkeys(wish.kind.value for wish in reading.wishes))
    if len(groups) > 1:
        return Category.MIXED, f"Several wishes: {asked}."
    if groups:
        return groups.pop(), f"One sort of wish: {asked}."
    if ACCOUNT.search(words):
        return Category.ACCOUNT, "It is about the account."
    if not reading.questions and "?" not in words:
        return Category.MIXED, "No clear wish was read."
    if not reading.orders:
        return Category.QUESTION, "It asks, and wishes for nothing to be done."
    if ABOUT_ORDER.search(words):
        return Category.ORDER_STATUS, "It asks about an order."
    return Category.MIXED, "It names an order, and no clear wish was read."


def groups_of(reading: Reading, words: str) -> set[Category]:
    """The categories of the wishes; other items are a return where something has arrived."""
    groups = {GROUPS[wish.kind] for wish in reading.wishes if wish.kind != Kind.ITEMS}
    manners = {wish.manner for wish in reading.wishes if wish.kind == Kind.ITEMS}
    if manners:
        has_arrived = Manner.EXCHANGE in manners or (Manner.CHANGE not in manners and ARRIVED.search(words))
        groups.add(Category.RETURN if has_arrived else Category.ORDER_CHANGE)
    return groups


def urgency_of(reading: Reading, words: str, alarms: Sequence[Alarm]) -> str:
    """How soon, as a ticket's priority."""
    if reading.is_angry or HURRY.search(words):
        stated = "high"
    else:
        stated = "low" if reading.is_thanks and not reading.wishes and not alarms else "normal"
    return max([stated, *(alarm.urgency for alarm in alarms)], key=PRIORITIES.index)
