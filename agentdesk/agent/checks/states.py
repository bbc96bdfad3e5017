"""What a reply says stands on record: an order's state, an item's price and stock, totals, balances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from agentdesk.agent.checks.amounts import Stated, is_sum, read_amounts, sums_of, to_decimal
from agentdesk.agent.checks.deeds import GENERAL, clause_before
from agentdesk.agent.checks.facts import SAID, Facts
from agentdesk.agent.checks.ids import ORDER, normal_id
from agentdesk.agent.checks.sources import Line, OrderFacts
from agentdesk.agent.checks.topics import methods_in
from agentdesk.agent.checks.wording import Sentence, plain, quoted
from agentdesk.agent.findings import Finding

IS = (
    r"(?:is|are|was|were|got|['’]s|has been|have been|(?:has|have) (?:already|now|just) been|has|shows as|"
    r"marked as|status (?:is|of))(?:\s+(?:still|"
    r"already|currently|now|just|only|in fact|actually|marked|shown|listed|as|at the moment|being))*"
)
SHIPPED = ("processed", "delivered", "return", "exchange")
STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"[“\"*]?pending\b(?! \(items)", ("pending",)),
    (r"[“\"*]?processed\b(?! (?:in|within|to|for|by))", ("processed",)),
    (
        r"(?:on (?:its|the|their) way(?! back)|in transit|out for delivery|with the carrier|on the road)\b",
        ("processed",),
    ),
    (r"(?:shipped|dispatched|sent out|left (?:our|the) warehouse|handed to the carrier)\b", SHIPPED),
    (r"[“\"*]?(?:delivered|arrived)\b(?! (?:by|within|on|in|without|with|as)\b)", SHIPPED[1:]),
    (
        r"(?:being (?:packed|prepared)|not (?:yet )?(?:been )?(?:shipped|dispatched|sent|left)|"
        r"not (?:yet )?(?:been )?(?:delivered|arrived) yet)\b",
        ("pending", "cancelled"),
    ),
    (
        r"(?:waiting|about|going|ready|due|yet|scheduled|queued) to be (?:packed|shipped|sent|dispatched|prepared)\b",
        ("pending", "cancelled"),
    ),
    (r"(?:on|in|with) (?:the|a|our) (?:truck|van|lorry|plane|courier|driver|carrier['’]s)\b", ("processed",)),
    (r"lost\b(?! (?:money|track))", ("lost",)),
)
STATED = tuple((re.compile(rf"\b{IS}\s+(?P<state>{words})", re.I), allowed) for words, allowed in STATES)
IS_WORD = re.compile(
    r"pending|process|way|transit|deliver|carrier|ship|dispatch|truck|van|lorry|driver|sent|left|hand|arriv|pack|"
    r"prepar|lost|road",
    re.I,
)
"""A word of every way to say an order's state."""
HEDGED = re.compile(
    r"\b(?:if|once|when|whenever|unless|whether|until|after|before|in case|as soon as|while|only|as long as|never|"
    r"you (?:say|said|write|wrote|mention\w*|told)|any(?! more)|every|each|an)\b",
    re.I,
)
MONEY_MOVES = re.compile(r"\b(?:money|refund|amount|payment|credit|USD|label|mail|sum)\s*$", re.I)
ORDERED = re.compile(r"\b(?:order|orders|parcel|package|shipment|delivery|it|#?W\d+|purchase)\b", re.I)
AFTER = {
    "cancel_order": "cancelled",
    "return_items": "return requested",
    "exchange_items": "exchange requested",
    "change_order_items": "pending (items modified)",
}
"""The state an order is in once an action of a kind has happened."""


def check_states(sentence: Sentence, orders: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """Findings for what the sentence says of a record that no snapshot of it bears out."""
    if sentence.asks or GENERAL.match(sentence.text):
        return
    yield from check_status(sentence, orders, facts)
    yield from check_total(sentence, orders, facts)
    yield from check_price(sentence, facts)
    yield from check_variant_price(sentence, facts)
    yield from check_recorded(sentence, orders, facts)
    yield from check_stock(sentence, facts)
    yield from check_balance(sentence, facts)


def meant_orders(text: str, orders: Sequence[str], facts: Facts) -> list[str]:
    """The orders a text speaks of: named there, named before, or the only one known."""
    named = list(dict.fromkeys(normal_id(match.group()) for match in ORDER.finditer(text)))
    if named or orders:
        return named or list(orders[-1:])
    return list(facts.orders) if len(facts.orders) == 1 else []


def check_status(sentence: Sentence, orders: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """An order's state has to be one it is known to be in, or will be in by then."""
    if sentence.is_attributed and "but" not in sentence.text:
        return
    for pattern, allowed in STATED if IS_WORD.search(sentence.text) else ():
        match = pattern.search(sentence.text)
        if not match or HEDGED.search(clause_before(sentence.text, match.start())):
            continue
        before = sentence.text[: match.start()]
        if MONEY_MOVES.search(before):
            continue
        named = meant_orders(before if ORDER.search(before) else sentence.text, orders, facts)[-1:]
        if not named or not (ORDERED.search(sentence.text) or names_item(sentence.text, named[0], facts)):
            continue
        known = statuses(named[0], facts)
        if not known:
            yield quoted(
                "contradicts_record",
                match.group(),
                f"is said of order {named[0].upper()}, which no tool result of this run shows.",
            )
        elif not any(status.startswith(allowed) for status in known):
            yield quoted(
                "contradicts_record",
                match.group(),
                f"is said of order {facts.orders[named[0]].order_id}, which is {known[-1]}.",
            )
        return


def names_item(text: str, order_id: str, facts: Facts) -> bool:
    """Whether a text names an item of an order, by its last word at least."""
    order = facts.orders.get(order_id)
    low = plain(text)
    return order is not None and any(line.name and line.name.split()[-1].lower() in low for line in order.held)


def statuses(order_id: str, facts: Facts) -> list[str]:
    """The states of an order over the run; where an action ends it, only what comes then and what was."""
    order = facts.orders.get(order_id)
    if order is None:
        return []
    coming = [
        AFTER[a.kind]
        for a in facts.live
        if a.kind in AFTER and normal_id(str(a.arguments.get("order_id", ""))) == order_id
    ]
    return [*order.statuses, *coming]


TOTAL = re.compile(r"\b(?:total|altogether|in all|sum|comes? to|paid|order (?:value|amount|worth))\b", re.I)


def check_total(sentence: Sentence, orders: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """An amount said of one named order has to be that order's, where it is only known of another one."""
    named = [normal_id(match.group()) for match in ORDER.finditer(sentence.text)]
    if len(set(named)) != 1 or named[0] not in facts.orders:
        return
    for stated in read_amounts(sentence.text):
        subjects = {subject for name, subject in facts.amounts.get(stated.value, ()) if name != SAID}
        others = {subject for subject in subjects if subject.startswith("order:")}
        if (
            subjects
            and subjects == others
            and f"order:{named[0]}" not in others
            and not belongs(stated, facts.orders[named[0]])
        ):
            yield quoted(
                "contradicts_record", stated.text, f"belongs to another order than {facts.orders[named[0]].order_id}."
            )


def belongs(stated: Stated, order: OrderFacts) -> bool:
    """Whether an amount follows from an order's own."""
    return is_sum(stated.value, order.prices)


COSTS = re.compile(
    r"\b(?:costs?|priced? (?:at|of|is)|price (?:of|is|for)|sells? for|is available for|at a price of)\b", re.I
)


def check_price(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """The price said of one named product has to be a price of it."""
    stated = read_amounts(sentence.text)
    if len(stated) != 1 or not COSTS.search(sentence.text):
        return
    named = products_named(sentence.text, facts)
    if len(named) != 1:
        return
    prices = {line.price for line in facts.lines if line.name == named[0]}
    if stated[0].value not in prices and stated[0].value in facts.amounts and "difference" not in sentence.text.lower():
        yield quoted("contradicts_record", stated[0].text, f"is not a price of the {named[0]}.")


ASIDE = re.compile(r"\b(?:instead|than|less|more|difference|was|were|yours|minus|over|rather)\b|[-−–+=→]\s*[$\d]", re.I)
PRICE_PARTS = re.compile(r"[;:,]\s|\band\b|\bbut\b|\bwhile\b")


def check_variant_price(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """The price said of a variant has to be its own, where it is another variant's of the same product."""
    if ASIDE.search(sentence.text) or facts.live:
        return
    for part in PRICE_PARTS.split(sentence.text):
        stated, fits = read_amounts(part), variants_named(part, facts)
        own = {line.price for line in fits}
        others = {line.price for line in facts.variants.values() if fits and line.name == fits[0].name} - own
        if len(stated) == 1 and stated[0].value in others:
            yield quoted("contradicts_record", stated[0].text, f"is not the price of the {fits[0].name} that is named.")


NO_REFUND = re.compile(
    r"\bno refund (?:so far|yet|has|was|is|on)\b|\b(?:has|have|was|were|is|are)(?:n['’]t|"
    r" not)(?: yet)?(?: been)? refunded\b|"
    r"\brefund (?:has|was|is)(?:n['’]t| not)(?: yet)?(?: been)? (?:made|issued|sent)\b",
    re.I,
)
REFUNDED = re.compile(
    r"\brefund\w*|\breimburs\w*|\bcredited\b|\b(?:money|back) (?:on|to|onto)\b|\b(?:went|"
    r"gone) (?:back )?(?:on|to|onto)\b",
    re.I,
)


def check_recorded(sentence: Sentence, orders: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """A refund that a record shows is neither denied, nor of another amount, nor to another method."""
    if facts.live:
        return
    meant = meant_orders(sentence.text, orders, facts)[-1:]
    known = [facts.orders[key] for key in meant if key in facts.orders]
    paid = [(amount, method) for order in known for way, amount, method in order.payments if way == "refund"]
    if not paid:
        return
    denied = NO_REFUND.search(sentence.text)
    if denied and not sentence.is_conditional:
        yield quoted(
            "contradicts_record", denied.group(), f"is said of an order that {paid[0][0]:.2f} was refunded of."
        )
    match = REFUNDED.search(sentence.text)
    if not match or sentence.is_negated or sentence.is_conditional:
        return
    sums = sums_of(tuple(amount for amount, _ in paid)[:6])
    stated = [one for one in read_amounts(sentence.text) if not any(one.means(value) for value in sums)]
    if stated and len(stated) == len(read_amounts(sentence.text)):
        yield quoted(
            "contradicts_record", stated[0].text, f"was not refunded: {', '.join(f'{a:.2f}' for a, _ in paid)}."
        )
    used = {str(facts.methods.get(method, {}).get("source", "")) for _, method in paid} - {""}
    wrong = [sort for sort in methods_in(sentence.text) if used and sort not in used]
    if wrong and not LEFT_BEHIND.search(sentence.text):
        yield quoted("contradicts_record", match.group(), f"names another method than {', '.join(sorted(used))}.")


LEFT_BEHIND = re.compile(r"\b(?:instead of|rather than|paid (?:with|by)|not)\b", re.I)


def products_named(text: str, facts: Facts) -> list[str]:
    """The known products that a text names in full."""
    low = plain(text)
    return [name for name in facts.products if name.lower() in low]


IN_STOCK = re.compile(r"\b(?:in stock|available|can be had)\b", re.I)
OUT_OF_STOCK = re.compile(
    r"\b(?:out of stock|sold out|unavailable|not (?:currently |longer )?(?:available|in stock)|"
    r"no longer (?:available|in stock))\b",
    re.I,
)


def check_stock(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """What is said to be in stock, or not, has to be so, where the words name one variant clearly."""
    gone, there = OUT_OF_STOCK.search(sentence.text), IN_STOCK.search(sentence.text)
    match = gone or there
    if not match or HEDGED.search(clause_before(sentence.text, match.start())):
        return
    fits = variants_named(sentence.text, facts)
    known = {line.is_available for line in fits}
    says = gone is None and not sentence.is_negated
    if len(known) == 1 and None not in known and says not in known:
        yield quoted(
            "contradicts_record",
            match.group(),
            f"is said of {fits[0].name} {fits[0].item_id}, which is {'' if not says else 'not '}available.",
        )


def variants_named(text: str, facts: Facts) -> list[Line]:
    """The variants whose options a text names best; none where it names no option."""
    low = plain(text)
    names = products_named(text, facts) or list({line.name for line in facts.variants.values()})
    if len(names) != 1:
        return []
    scored = [
        (sum(stands_in(plain(value), low) for value in line.options.values()), line)
        for line in facts.variants.values()
        if line.name == names[0]
    ]
    most = max((score for score, _ in scored), default=0)
    return [line for score, line in scored if score == most] if most else []


def stands_in(words: str, low: str) -> bool:
    """Whether words stand in a text as words of their own; few do at all, so that is looked at first."""
    return words in low and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", low))


EMPTY = re.compile(r"\bgift card (?:is|will be|['’]s)(?: now| then)? (?:empty|used up|exhausted|spent)\b", re.I)
BALANCE = re.compile(
    r"\b(?:balance|gift card (?:now |then |still )?(?:holds?|has(?= (?:a balance|[\d$]|USD))|contains)|left on)\b", re.I
)


def check_balance(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A gift card's balance has to be one on record, before or after what the actions move."""
    stated = read_amounts(sentence.text)
    held = [to_decimal(str(method.get("balance", ""))) for method in facts.methods.values()]
    known = {balance for balance in held if balance is not None}
    emptied = EMPTY.search(sentence.text)
    if emptied and known and not sentence.is_conditional:
        moved = {
            amount for amount in facts.amounts if any(name.startswith("action:") for name, _ in facts.amounts[amount])
        }
        if not known & {Decimal(0), *moved}:
            yield quoted(
                "contradicts_record", emptied.group(), "is not the balance on record, nor what the actions leave."
            )
    if len(stated) != 1 or not known or not BALANCE.search(sentence.text) or "credit" in sentence.text.lower():
        return
    moved = {amount for amount in facts.amounts if any(name.startswith("action:") for name, _ in facts.amounts[amount])}
    if not any(stated[0].value in {one, *(one + two for two in moved), *(one - two for two in moved)} for one in known):
        yield quoted("contradicts_record", stated[0].text, "is not the balance on record, nor what the actions leave.")
