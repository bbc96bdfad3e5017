"""The deed: that the letter asks for it at all, and of this order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.items import pairs_of
from agentdesk.agent.checks.asked.letter import WISHED, Asked, without_money
from agentdesk.agent.checks.asked.values import names_value
from agentdesk.agent.checks.asked.variants import differences, variant_of
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.bench import ORDER_WITH
from agentdesk.agent.offline.methods import read_methods
from agentdesk.agent.offline.products import find_mentions
from agentdesk.agent.offline.tokens import tokenize
from agentdesk.agent.offline.wishes import Kind, Wish

CUES: Mapping[str, re.Pattern[str]] = {
    "cancel_order": re.compile(
        r"\bcancel|\bcall(?:ed|ing)? (?:\S+ ){0,4}off\b|"
        r"\b(?:can|may|should) go\b(?! (?:to|out|back|on|through|onto|into|there|via)\b)|"
        r"\b(?:scrap|abort|void|revoke|withdraw|stop|drop|undo|kill|rescind|"
        r"terminate|annul|rid)\b|\b(?:don't|do not|no longer|not|never) (?:want|need|ship|send)\b|\bmistake\b"
    ),
    "return_items": re.compile(
        r"\breturn|\bback\b|\brefund|\bmoney\b|\breimburs|\brma\b|\btake (?:it|them|these|those)\b|\bdamaged|\bbroken|"
        r"\bdefective|\bfaulty"
    ),
    "exchange_items": re.compile(
        r"\bexchang|\bswap|\bswitch|\breplac|\btrade|\bsubstitut|\bchang|\bmodif|\binstead\b|\brather\b|\bprefer|"
        r"\bdifferent\b|\b(?:another|wrong) (?:size|colou?r|one|item|version|model)\b|"
        r"\btoo (?:small|big|large|tight|loose|short|long|dark|bright|heavy)\b|\bupgrad|\b(?:size|step) (?:up|down)\b"
    ),
    "change_order_payment": re.compile(
        r"\bpa(?:y|id|ys|ying|yment|yments)\b|\bcharg|\bbill|\bmoney\b|\binstead\b|\bput (?:it|this|that|the|my)\b|"
        r"\bswitch|\bmov(?:e|ing)\b"
    ),
}
SENDS = r"\bship|\bdeliver|\bsen[dt]\b|\bredirect|\bre-?route|\bforward|\bgo(?:es|ing)? to\b"
SENDING = re.compile(SENDS)
PLACING = re.compile(rf"\baddress|\bmov|{SENDS}")
OWN = re.compile(
    r"\baccount\b|\bprofile\b|\bon file\b|\brecords?\b|\bmoved\b|\bmoving\b|\brelocat|"
    r"\bnew (?:home|house|apartment|flat|place)\b|\bdefault\b|\b(?:home|my|our) address\b|\blive\b|"
    r"\bcustomer (?:data|details)\b|\bsaved\b"
)
ACTING = frozenset(WISHED.values())
OPEN_KINDS = frozenset({Kind.REFUND, Kind.DAMAGE, Kind.UNSUPPORTED})
"""Wishes that leave the deed open: what is broken may come back, be exchanged, or be paid for."""
IN_WORDS: Mapping[Kind, str] = {
    Kind.CANCEL: "to cancel",
    Kind.RETURN: "to return items",
    Kind.ITEMS: "to change or exchange items",
    Kind.ORDER_ADDRESS: "to send an order elsewhere",
    Kind.OWN_ADDRESS: "to change the address on record",
    Kind.PAYMENT: "to pay another way",
}
LONGEST = 80


def check_deed(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A deed that the letter does not ask for while it asks for another one; or asks for, but of another order."""
    wishes = [wish for wish in asked.reading.wishes if wish.kind in ACTING]
    if kind not in WISHED or not wishes:
        return
    same = [wish for wish in wishes if wish.kind == WISHED[kind]]
    order_id = str(arguments.get("order_id", ""))
    words = asked.about(order_id).lower() if order_id in asked.orders else asked.low
    if not same and has_cue(kind, asked.low if kind == "change_customer_address" else words, asked):
        return
    if not same and not names_new_value(arguments, asked):
        if not any(wish.kind in OPEN_KINDS for wish in asked.reading.wishes):
            yield other_deed(wishes, order_id)
    elif same and order_id:
        yield from check_order(kind, order_id, same, asked)


def names_new_value(arguments: Mapping[str, Any], asked: Asked) -> bool:
    """Whether the letter names what an item is to become, which asks for it without a verb."""
    order = asked.order(str(arguments.get("order_id", "")))
    if order is None:
        return False
    products, lines = asked.products(order), {line.item_id: line for line in order.lines}
    for old, new in pairs_of(arguments):
        line = lines.get(old)
        changed = differences(variant_of(products.get(line.product_id), new), line) if line else {}
        if any(names_value(clause.text, value) for clause in asked.clauses for value in changed.values()):
            return True
    return False


def has_cue(kind: str, words: str, asked: Asked) -> bool:
    """Whether words may ask for a kind of deed, however they put it; how a sum is settled asks for nothing else."""
    if kind != "change_order_payment":
        words = without_money(words)
    if kind == "change_customer_address":
        return bool(asked.addresses and OWN.search(words))
    if kind == "change_order_address":
        return bool((PLACING if asked.orders else SENDING).search(words))
    cue = CUES["exchange_items" if kind == "change_order_items" else kind]
    if kind == "change_order_payment" and not read_methods(words):
        return False
    return bool(cue.search(words))


def other_deed(wishes: list[Wish], order_id: str) -> Finding:
    """The finding, with the words that ask for something else: of this order, where there are any."""
    wish = next((wish for wish in wishes if order_id in wish.orders), wishes[0])
    said = " ".join(wish.text.split())[:LONGEST]
    return Finding("other_deed", f"The customer seems to ask {IN_WORDS[wish.kind]}: “{said}”.", said)


def check_order(kind: str, order_id: str, same: list[Wish], asked: Asked) -> Iterator[Finding]:
    """An order that the letter names, but for something else."""
    named = list(dict.fromkeys(order for wish in same for order in wish.orders))
    if order_id in named:
        return
    if named and order_id in asked.orders and all(wish.orders for wish in same):
        words = asked.only_about(order_id) if has_other_wish(order_id, same, asked) else asked.about(order_id)
        if not has_cue(kind, words.lower(), asked):
            said = ", ".join(named)
            yield Finding("other_order", f"“{order_id}” is named for something else; for this it is {said}.", order_id)
    elif not asked.orders:
        yield from check_described(order_id, asked)


def has_other_wish(order_id: str, same: list[Wish], asked: Asked) -> bool:
    """Whether the letter asks for something else of this order in so many words."""
    others = [wish for wish in asked.reading.wishes if wish.kind in ACTING and wish not in same]
    return any(order_id in wish.orders and not wish.is_inherited for wish in others)


def check_described(order_id: str, asked: Asked) -> Iterator[Finding]:
    """An order named by what it holds: `my order with the teapot`, and this one holds none."""
    order, described = asked.order(order_id), ORDER_WITH.search(asked.low)
    if order is None or described is None:
        return
    mentions = find_mentions(tokenize(described[1]), {*order.names, *names_listed(asked)})[:1]
    if mentions and mentions[0].names and not mentions[0].names & set(order.names):
        said = mentions[0].said
        yield Finding("other_order", f"“{order_id}” holds no “{said}”, by which the customer names the order.", said)


def names_listed(asked: Asked) -> set[str]:
    """The products that the customer's orders hold, as far as they were listed."""
    return {str(name) for order in asked.lookups.orders() for name in order.get("items") or ()}
