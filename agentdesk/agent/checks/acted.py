"""What a reply says was done, against what the run's actions will have done when it is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from agentdesk.agent.checks.amounts import is_sum, read_amounts
from agentdesk.agent.checks.claims import Claim
from agentdesk.agent.checks.dates import read_lengths
from agentdesk.agent.checks.deeds import Said, read_deeds
from agentdesk.agent.checks.details import check_items, check_methods, check_place
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.fitting import check_fit, check_silent
from agentdesk.agent.checks.ids import ORDER, normal_id
from agentdesk.agent.checks.other_deeds import VERB_GROUPS, read_other_deed
from agentdesk.agent.checks.passages import bears_out, best_passage
from agentdesk.agent.checks.scope import check_reach
from agentdesk.agent.checks.sources import OrderFacts
from agentdesk.agent.checks.sums import TAKEN_OFF, action_amounts, derived_from, less_fees
from agentdesk.agent.checks.topics import matters_in
from agentdesk.agent.checks.vocabulary import FILL
from agentdesk.agent.checks.wording import Sentence, plain, quoted, stem, telling_stems
from agentdesk.agent.evidence import ProposedAction
from agentdesk.agent.findings import Finding

COMPARES = re.compile(
    r"\b(?:instead|less|minus|more|rather|compared|cheaper|was|before|per|each|apiece)\b|\d\s*[-+−–=→]\s*[$\d]", re.I
)
"""Beside the amount that an action moves, the ones that it follows from."""
MONEY_DEEDS = frozenset({"refund", "charge", "credit", "cancel", "return", "payment"})
PARTED = re.compile(
    r";|,\s+and\s+(?=(?:order )?#?W\d+\s+(?:is|was|has|will|goes|can))|\bbut\b|\bwhile\b|"
    r"\bwhereas\b|\bhowever\b|\binstead\b(?! of)",
    re.I,
)
TITLES = {
    "cancel": "a cancellation",
    "return": "a return",
    "exchange": "an exchange",
    "address": "a change of address",
    "payment": "a change of payment",
    "items": "a change of items",
    "refund": "a refund",
    "charge": "a charge",
    "credit": "a credit",
    "escalate": "handing the ticket to people",
    "note": "a note",
}


def check_deeds(sentence: Sentence, orders: Sequence[str], facts: Facts) -> tuple[Finding | Claim, ...]:
    """A finding for each deed the sentence claims that no action of the run does, or does otherwise; looked for once.

    `orders` are the orders the sentences before speak of, the newest last.
    """
    key = (sentence, tuple(orders[-1:]))
    if key not in facts.deeds:
        facts.deeds[key] = tuple(find_deeds(sentence, orders, facts))
    return facts.deeds[key]


def find_deeds(sentence: Sentence, orders: Sequence[str], facts: Facts) -> Iterator[Finding | Claim]:
    """What is wrong with the deeds of a sentence."""
    deeds = read_deeds(sentence)
    for said in deeds:
        part = part_around(sentence.text, said)
        named = orders_in(part) or order_by_item(sentence.text[max(0, said.start - 40) : said.start], facts)
        meant = named or list(orders[-1:])
        if said.is_denied:
            yield from check_denial(said, named, facts)
        else:
            yield from check_said(sentence, said, meant, bool(named), facts)
    yield from check_reach(sentence, [said for said in deeds if not said.is_denied], facts)
    said_deeds = [(said.deed.name, said.text) for said in deeds if not said.is_denied]
    yield from check_fit(sentence, said_deeds, facts)
    yield from check_silent(sentence, [name for name, _ in said_deeds], facts)
    other = read_other_deed(sentence, [(said.start, said.end) for said in deeds])
    if other and not is_borne(other, sentence.text, facts):
        yield quoted(
            "claims_undone_action",
            sentence.text[other.start() :],
            "is said to be done, but no action of this run does it.",
        )


BORNE = 0.5
"""The share of its words that a passage needs to tell of a deed that goes with an action."""
THEN = re.compile(r"\b(?:after|once|as soon as|when) (?:we|it|the|your|you)\b", re.I)
"""What comes then is a rule of the shop, and no deed."""
CUSTOM = re.compile(r"^we (?:\w+ )?(?:charge|refund|credit)\b", re.I)
"""What we do with anybody's money, told in the present."""
GENERAL_DOING = frozenset(stem(word) for word in re.findall(r"\w+", """
    arranged set put done organised organized processed entered registered recorded submitted requested started
    initiated handled managed completed made prepared saved noted
    """))  # fmt: skip
"""Verbs for whatever an action does."""
DOES: Mapping[str, frozenset[str]] = {
    kind: frozenset(stem(word) for word in words.split())
    for kind, words in {
        "cancel_order": "called stopped halted voided withdrawn pulled",
        "return_items": "opened accepted approved",
        "exchange_items": "swapped switched changed replaced opened accepted approved",
        "change_order_items": "swapped switched changed updated replaced amended adjusted corrected modified",
        "change_order_payment": "switched changed moved updated charged swapped",
        "change_order_address": "changed updated amended corrected adjusted redirected moved",
        "change_customer_address": "changed updated amended corrected adjusted",
        "give_credit": "added applied given put placed issued granted",
        "escalate": "asked passed handed forwarded raised escalated referred given shared assigned sent flagged "
        "transferred",
        "add_note": "added left",
    }.items()
}
"""The verbs for what the actions of a kind do, beside the ones that name the deed."""


def is_borne(other: re.Match[str], text: str, facts: Facts) -> bool:
    """Whether a deed that is none of the kinds' is what an action does in other words, or what a passage tells."""
    named = other.groupdict()
    verb = stem(next(filter(None, (named.get(name) for name in VERB_GROUPS)), ""))
    does = frozenset().union(*(DOES.get(action.kind, frozenset()) | GENERAL_DOING for action in facts.live))
    if verb and verb in does:
        return True
    stems = telling_stems(text) - FILL - {verb}
    is_rule_kept = bool(facts.live) or bool(named.get("doing"))
    told = [one for one in facts.passages if is_rule_kept or not one.source.startswith("article:")]
    is_off = "off" in other.group().lower().split()
    if is_off and any(TAKEN_OFF.search(passage.text) for passage in told):
        return True
    whole = telling_stems(text if is_off else text[other.start() :]) - FILL
    return best_passage(whole, told, BORNE) is not None or any(
        verb and verb in one.stems and stems & one.stems for one in told
    )


def orders_in(text: str) -> list[str]:
    """The orders a text names, as they are compared."""
    return list(dict.fromkeys(normal_id(match.group()) for match in ORDER.finditer(text)))


def order_by_item(text: str, facts: Facts) -> list[str]:
    """The one order of several that holds an item which the text names."""
    if len(facts.orders) < 2:
        return []
    low = plain(text)
    held = {key: {line.name for line in order.held if line.name} for key, order in facts.orders.items()}
    found = [
        key for key, names in held.items() if any(re.search(rf"\b{re.escape(name.lower())}", low) for name in names)
    ]
    return found if len(found) == 1 else []


def part_around(text: str, said: Said) -> str:
    """The part of a sentence that a deed stands in, between a `but` and the next."""
    start, end = 0, len(text)
    for match in PARTED.finditer(text):
        if match.end() <= said.start:
            start = match.end()
        elif match.start() >= said.end:
            end = match.start()
            break
    return text[start:end]


def order_of(action: ProposedAction) -> str:
    """The order an action is about, as orders are compared; empty where it is about none."""
    return normal_id(str(action.arguments.get("order_id", "")))


def check_said(
    sentence: Sentence, said: Said, meant: Sequence[str], is_named: bool, facts: Facts
) -> Iterator[Finding | Claim]:
    """A claimed deed: which action does it, and whether order, amount, method, items and place are its own."""
    live = [action for action in facts.live if action.kind in said.deed.kinds]
    for order_id in meant if is_named else [""]:
        is_of_orders = any(order_of(action) for action in live)
        fits = [a for a in live if not order_id or order_of(a) == order_id or not (order_of(a) or is_of_orders)]
        if not fits and said.deed.name == "escalate" and bears_out(sentence.text, facts):
            return
        if not fits and (THEN.search(sentence.text) or CUSTOM.search(said.text)) and is_rule(sentence.text, facts):
            return
        if not fits and not is_on_record(said, [order_id] if order_id else list(facts.orders), facts):
            yield undone(sentence, said, order_id, live, facts)
            return
    fits = [action for action in live if not meant or order_of(action) in {*meant, ""}] or live
    if not fits:
        return
    yield Claim(sentence, "deed", said.text, frozenset({"action:0"}))
    part = part_around(sentence.text, said)
    if said.deed.name in MONEY_DEEDS:
        yield from check_money(part, said, fits, facts)
    yield from check_methods(part, said.deed.name, fits, facts)
    is_single = len(orders_in(sentence.text)) < 2
    yield from check_items(sentence.text if is_single else part, said.deed.name, fits, facts)
    yield from check_place(part, said.deed.name, fits, facts)


def is_rule(text: str, facts: Facts) -> bool:
    """Whether a passage tells of a sentence, or names the same length of time of the same matter."""
    lengths = {one.value for one in read_lengths(text)}
    matters = matters_in(text)
    told = any(lengths & set(part.lengths) and (not matters or matters & part.matters) for part in facts.passages)
    return told or bears_out(text, facts, BORNE)


def undone(sentence: Sentence, said: Said, order_id: str, live: Sequence[ProposedAction], facts: Facts) -> Finding:
    """Why a claimed deed is none: refused, on another order, or never asked for."""
    words = sentence.text[said.start :]
    title = TITLES[said.deed.name]
    dead = [action for action in facts.dead if action.kind in said.deed.kinds]
    dead = [action for action in dead if not order_id or order_of(action) == order_id]
    if dead:
        return quoted("contradicts_action", words, f"says so, but {dead[0].kind} is {dead[0].status}.")
    if live:
        others = ", ".join(str(action.arguments.get("order_id", "")) for action in live)
        return quoted("contradicts_action", words, f"names another order than the action, which is about {others}.")
    return quoted(
        "claims_undone_action", words, f"claims {title}, but no action of this run does it and no record shows it."
    )


def is_on_record(said: Said, orders: Sequence[str], facts: Facts) -> bool:
    """Whether a record shows a deed already."""
    known = [facts.orders[order_id] for order_id in orders if order_id in facts.orders]
    if any(status.startswith(said.deed.states) for order in known for status in order.statuses if said.deed.states):
        return True
    if said.deed.name in {"refund", "charge"}:
        return any(has_paid(order, "refund" if said.deed.name == "refund" else "payment") for order in known)
    if said.deed.name == "payment":
        return bool(known)
    if said.deed.name == "address":
        text = said.text.lower()
        return any(order.addresses for order in known) and not re.search("chang|updat|new|now", text)
    return False


def has_paid(order: OrderFacts, direction: str) -> bool:
    """Whether an order's payments hold one of this direction."""
    return any(paid == direction for paid, _, _ in order.payments)


def check_denial(said: Said, named: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """A deed that is denied although an action of the run does it."""
    live = [action for action in facts.live if action.kind in said.deed.kinds]
    for action in live:
        if order_of(action) in named or (not named and len(facts.live) == 1):
            yield quoted("contradicts_action", said.text, f"denies what {action.kind} does: it is {action.status}.")
            return


# --- Money ---

GOVERNED = re.compile(
    r"\b(?:each|per|was|costs?|priced?|worth|balance|holds?|held|leaves?|left|less|minus|"
    r"comes? to|totals?)\b",
    re.I,
)


def check_money(part: str, said: Said, fits: Sequence[ProposedAction], facts: Facts) -> Iterator[Finding]:
    """Every amount beside a claimed movement of money has to be one that the actions move."""
    stated = read_amounts(part)
    moved = set(moved_by(fits))
    if not stated or not moved:
        return
    prices = prices_named(part, fits, facts) | less_fees(facts)
    known = {one for one in (*moved, *prices) if any(amount.means(one) for amount in stated)}
    is_reckoned = bool(known & moved) and COMPARES.search(part) is not None
    for amount in stated:
        if any(amount.means(one) for one in known) or is_sum(amount.value, sorted(moved)):
            continue
        if is_reckoned and is_told(amount.value, facts):
            continue
        if GOVERNED.search(part[max(0, amount.start - 25) : amount.start]) and is_told(amount.value, facts):
            continue
        right = ", ".join(f"{one:.2f}" for one in sorted(moved))
        yield quoted("contradicts_action", amount.text, f"is not what {fits[0].kind} moves: {right}.")


def is_told(value: Decimal, facts: Facts) -> bool:
    """Whether an amount stands in a source or follows from one."""
    return value in facts.amounts or bool(derived_from(value, facts))


def moved_by(fits: Sequence[ProposedAction]) -> Iterator[Decimal]:
    """The amounts the actions move: in their effects and at stake."""
    for action in fits:
        yield from action_amounts(action.amount)
        if isinstance(action.arguments.get("amount"), str | int | float):
            yield from action_amounts(str(action.arguments["amount"]))
        for effect in action.effects:
            if effect.startswith(("Refunds", "Charges", "Credits", "Order")):
                yield from (stated.value for stated in read_amounts(effect))


def prices_named(part: str, fits: Sequence[ProposedAction], facts: Facts) -> set[Decimal]:
    """The prices of the orders' items that the words name."""
    low = part.lower()
    orders = [facts.orders[order_of(action)] for action in fits if order_of(action) in facts.orders]
    lines = [line for order in orders for line in order.lines.values()]
    return {line.price for line in lines if line.name and line.name.lower() in low}
