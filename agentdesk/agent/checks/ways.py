"""Which way money goes in a reply, and by what method, against what the run's actions charge and refund."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from agentdesk.agent.checks.amounts import read_amounts
from agentdesk.agent.checks.details import methods_of, source_of
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.topics import METHODS, methods_in
from agentdesk.agent.checks.wording import Sentence, quoted
from agentdesk.agent.findings import Finding

MONEY_KINDS = frozenset(
    {"cancel_order", "return_items", "exchange_items", "change_order_items", "change_order_payment", "give_credit"}
)
PARTS = re.compile(r"[;,]|\band\b")
CHARGED = re.compile(r"\b(?:charged|debited|billed|pays|is paying|taken from)\b", re.I)
GIVEN_BACK = re.compile(
    r"\b(?:credited|refunded|reimbursed|returned to|back (?:on|to|onto)|gets?|receives?|you(?:['’]ll| will)? (?:get|"
    r"receive))\b",
    re.I,
)
PAID_WITH = re.compile(
    r"\b(?:you|was|were|been|is|order) (?:\w+ )?paid\b[^.;,]{0,40}\b(?:with|by|via|using|"
    r"through)\b(?P<rest>[^.;,]*)",
    re.I,
)


def check_ways(sentence: Sentence, owed: Decimal, facts: Facts) -> Iterator[Finding]:
    """Which way money goes: a method that is only refunded is not charged, and what is owed is not given back."""
    stated = {one.value for one in read_amounts(sentence.text)}
    given = GIVEN_BACK.search(sentence.text)
    if given and owed > 0 and owed in stated and not CHARGED.search(sentence.text):
        yield quoted("contradicts_action", sentence.text, f"says otherwise, but exchange_items charges {owed:.2f}.")
    moving = [action for action in facts.live if action.kind in MONEY_KINDS]
    is_told = all(any(one.startswith(("Charges", "Refunds")) for one in action.effects) for action in moving)
    effects = [effect for action in moving for effect in action.effects] if is_told else []
    for part in PARTS.split(sentence.text) if effects else ():
        for way, pattern, other in (("Charges", CHARGED, "Refunds"), ("Refunds", GIVEN_BACK, "Charges")):
            match, named = pattern.search(part), methods_in(part)
            ours = " ".join(effect for effect in effects if effect.startswith(way))
            theirs = " ".join(effect for effect in effects if effect.startswith(other))
            wrong = [sort for sort in named if f" {sort}_" in theirs and f" {sort}_" not in ours]
            if match and len(named) == 1 and wrong and not (way == "Charges" and SENT_BACK.search(sentence.text)):
                yield quoted("contradicts_action", match.group(), f"says otherwise: {theirs}")
        if len(set(BRANDS.findall(sentence.text.lower()))) > 1 or not SENT_BACK.search(sentence.text):
            yield from check_brand(part, effects, facts)
    yield from check_payer(sentence, facts)


BRANDS = re.compile(r"\b(visa|mastercard|amex|american express|discover|maestro)\b", re.I)


def check_brand(part: str, effects: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """Of two cards, the one that is charged and the one that is refunded are not each other."""
    named = {match[1].lower().replace("american express", "amex") for match in BRANDS.finditer(part)}
    for way, pattern, other in (("Charges", CHARGED, "Refunds"), ("Refunds", GOES_BACK, "Charges")):
        ours, theirs = (
            {
                str(facts.methods.get(word.strip(".,"), {}).get("brand", ""))
                for one in effects
                if one.startswith(to)
                for word in one.split()
            }
            - {""}
            for to in (way, other)
        )
        match = pattern.search(part)
        if match and len(named) == 1 and named & theirs and not named & ours:
            yield quoted("contradicts_action", match.group(), f"says otherwise: {', '.join(effects)}")


GOES_BACK = re.compile(
    r"\b(?:refunded|credited|returned|reimbursed|(?:goes|go|went|going|sent|"
    r"back) (?:back )?(?:to|onto|on))\b",
    re.I,
)


SENT_BACK = re.compile(r"\b(?:was|were) (?:taken|charged)\b.*\b(?:back|refund\w*|return\w*)\b", re.I)


def check_payer(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """The method that an order is said to be paid with has to be one of its own, or one that an action uses."""
    paid = PAID_WITH.search(sentence.text)
    used = {method for order in facts.orders.values() for _, _, method in order.payments}
    used |= {method for action in facts.live for method in methods_of(action, facts)}
    sorts = {source_of(method, facts) for method in used} - {""}
    wrong = [sort for sort, pattern in METHODS.items() if paid and pattern.search(paid["rest"]) and sort not in sorts]
    if paid and sorts and wrong:
        yield quoted("contradicts_record", paid.group(), f"is not how it was paid: {', '.join(sorted(sorts))}.")
