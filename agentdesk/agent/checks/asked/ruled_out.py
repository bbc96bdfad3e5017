"""Deeds that the letter rules out, deeds of which no word of it can speak, and the reason for a cancellation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.deeds import CUES, has_cue, names_new_value
from agentdesk.agent.checks.asked.items import chosen_ids
from agentdesk.agent.checks.asked.letter import WISHED, Asked, without_money
from agentdesk.agent.checks.asked.segments import without_denied
from agentdesk.agent.checks.asked.values import names_value
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.methods import read_methods

RULED_OUT: Mapping[str, re.Pattern[str]] = {
    "cancel_order": re.compile(
        r"\b(?:don't|do not|not|never) (?:want (?:it|them|this|the order|to)? ?)?(?:to be |have it )?cancel\w*|"
        r"\bno cancel\w+|\b(?:must|should|shall) not be cancel\w*"
    ),
    "return_items": re.compile(
        r"\b(?:don't|do not) want (?:my|the|any) (?:money|refund)\b|\bno refund\b|\bnot (?:a|my) (?:refund|money)\b|"
        r"\b(?:don't|do not) want to (?:return|send \w+ back)\b"
    ),
    "exchange_items": re.compile(
        r"\b(?:don't|do not) (?:want|need) (?:another|a new one|a replacement|a different|an exchange|it exchanged)\b|"
        r"\bno (?:replacement|exchange)\b|\bnot (?:a replacement|an exchange|another one)\b|\bonly my money\b|"
        r"\bnot interested in another\b"
    ),
    "change_customer_address": re.compile(
        r"\b(?:don't|do not|no need to) (?:touch|change|update) (?:the |my )?(?:\w+ )?(?:address|account|profile)\b|"
        r"\b(?:home address|account|profile|address on file|my address)\b.{0,30}"
        r"\b(?:stays?|remains?|as (?:it is|before)|same|unchanged)\b|"
        r"\bjust this once\b|\bonly (?:for )?this (?:order|once|time|one)\b|\bthis (?:order|time|parcel) only\b"
    ),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "to cancel": ("cancel_order",),
    "to return items": ("return_items",),
    "to change or exchange items": ("exchange_items", "change_order_items"),
    "to pay another way": ("change_order_payment",),
    "to send it elsewhere": ("change_order_address", "change_customer_address"),
}
USED = re.compile(r"\b(?:use|using)\b")
MISTAKE = re.compile(
    r"\bmistake|\bmistook|\baccident|\btwice\b|\btwo times\b|\bsecond time\b|\bdouble|\bduplicate|\bmisclick|"
    r"\bslipped\b|\bwrong (?:one|item|order|button)|\bmeant to\b|\bdidn't mean\b|\bby error\b|\bin error\b|\bclicked\b|"
    r"\bunintention|\bmisread\b|\bconfus"
)
MONEY = re.compile(r"\brefund|\bmoney\b|\breimburs|\breturn|\bcredit\b")
LONGEST = 80


def check_ruled_out(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A deed that the letter says it does not want."""
    pattern = RULED_OUT.get("exchange_items" if kind == "change_order_items" else kind)
    found = pattern.search(asked.low) if pattern else None
    if found:
        yield Finding("other_deed", f"The customer rules this out: “{found.group()}”.", found.group())


def check_other_cues(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A deed of which no word speaks, in a letter that speaks of another one."""
    if kind not in WISHED or names_new_value(arguments, asked):
        return
    words = without_denied(asked.wanted).lower()
    own = next(kinds for kinds in GROUPS.values() if kind in kinds)
    if any(speaks_of(one, words, asked) or (one in CUES and CUES[one].search(words)) for one in own):
        return
    for line in words.split("\n"):
        for said, kinds in GROUPS.items():
            if kinds != own and any(speaks_of(one, line, asked) for one in kinds):
                quote = " ".join(line.split())[:LONGEST]
                yield Finding("other_deed", f"The customer seems to ask {said}: “{quote}”.", quote)
                return


def speaks_of(kind: str, words: str, asked: Asked) -> bool:
    """Whether words may ask for a kind of deed; a method that is to be used for something asks for a payment."""
    is_paying = kind == "change_order_payment" and bool(USED.search(words) and read_methods(words))
    return is_paying or has_cue(kind, words, asked)


def check_return_wanted(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A return of what the letter names another version of, and no money: it asks for an exchange."""
    order, words = asked.order(str(arguments.get("order_id", ""))), without_denied(asked.wanted)
    if kind != "return_items" or order is None or MONEY.search(words.lower()):
        return
    products, chosen = asked.products(order), chosen_ids(arguments)
    held = {value for line in order.lines for value in line.options.values()}
    for line in order.lines:
        product = products.get(line.product_id) if line.item_id in chosen else None
        values = {value for one in product.variants for value in one.options.values()} if product else set()
        named = sorted(value for value in values - held if names_value(words, value))
        if named:
            yield Finding("other_deed", f"The customer seems to ask for another version: “{named[0]}”.", named[0])
            return


def check_reason(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A cancellation by mistake of which the letter says nothing."""
    is_mistaken = kind == "cancel_order" and arguments.get("reason") == "ordered by mistake"
    if is_mistaken and not MISTAKE.search(asked.low) and CUES["cancel_order"].search(without_money(asked.low)):
        yield Finding(
            "other_deed", "The customer does not write of a mistake: “ordered by mistake”.", "ordered by mistake"
        )
