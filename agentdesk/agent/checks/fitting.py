"""Whether a sentence fits what the run's actions do, however it puts the deed: options, counts, directions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from agentdesk.agent.checks.amounts import NUMBER_WORDS, read_amounts
from agentdesk.agent.checks.details import (
    ITEM_DEEDS,
    LEFT_BEHIND,
    METHOD_DEEDS,
    STAYS,
    check_items,
    check_methods,
    lines_of,
    says_product,
)
from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.ids import ORDER, normal_id
from agentdesk.agent.checks.sums import changed_lines
from agentdesk.agent.checks.ways import MONEY_KINDS, check_ways
from agentdesk.agent.checks.wording import Sentence, plain, quoted
from agentdesk.agent.evidence import ProposedAction
from agentdesk.agent.findings import Finding

OF_STOCK = re.compile(
    r"\b(?:stock|available|sold out|costs?|price[sd]?|instead|unlike|while|originally|ordered|was)\b", re.I
)
WHOLE = re.compile(
    r"\b(?:whole|entire|complete) order\b|\b(?P<all>all|both)(?: of)?(?: the| your| these)?(?: (?P<word>[a-z]+|\d+))? "
    r"(?:items?|articles?|products?|things?|pieces?)\b|^everything\b",
    re.I,
)
COUNTED = re.compile(
    rf"\b(?P<count>\d|{'|'.join(list(NUMBER_WORDS)[1:13])}) (?:items?|articles?|products?|pieces?)\b", re.I
)
ONE_OF = re.compile(r"\b(?:just |only )?one of (?:the|your|these|those|them)\b", re.I)
DENIED = (
    r"(?:is|was|has been|were|have been|['’]s)(?: now| already| unfortunately| sadly)* (?:declined|rejected|refused|"
    r"denied|turned down|"
    r"not possible|impossible|stopped|blocked|revoked|unsuccessful|not accepted|not approved|cancelled|called off)|"
    r"(?:has |have )?failed|(?:did not|didn['’]t|could not|couldn['’]t|will not|won['’]t|has not|hasn['’]t|can ?not|"
    r"can['’]t) "
    r"(?:go|gone|be|been|work|happen|take)\b"
)
REFUSALS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"^(?:unfortunately,? |sadly,? |but )?(?:the|your|this) (?:\w+ )?{noun} (?:{DENIED})", re.I)
    for kind, noun in {
        "cancel_order": "cancell?ation",
        "return_items": "return",
        "exchange_items": "(?:exchange|swap)",
        "change_order_items": "change",
        "change_order_address": "(?:address|change)(?: change)?",
        "change_order_payment": "(?:payment|change)(?: change)?",
        "give_credit": "credit",
    }.items()
}
"""How a reply says that what an action of a kind does did not happen."""
ARRIVED = re.compile(
    r"\b(?:have|has|['’]ve|was|were)(?: now| already| just| been)* (?:refunded|reimbursed|credited|paid|sent|"
    r"transferred|returned)\b|"
    r"\b(?:money|refund|amount|USD)\s+(?:is|are)(?: already| now| back| safely)*\s+(?:with|on|in|at)\b|"
    r"\b(?:we|I|and)(?: just| already)? refunded\b|\b(?:refund|money)\b[^.;]{0,20}\b(?:landed|arrived|reached|"
    r"cleared)\b",
    re.I,
)
ACCOUNT = re.compile(r"\b(?:account|profile|address book|default address|standard address)\b", re.I)
UNIT = re.compile(r"\b(?:unit|apt\.?|apartment|suite|flat) ?#?(\d+\w?)\b|\b(\d{5})\b(?!\d)", re.I)


def check_fit(sentence: Sentence, deeds: Sequence[tuple[str, str]], facts: Facts) -> Iterator[Finding]:
    """Findings where a sentence and the run's actions do not fit; `deeds` are those it claims: names and words."""
    if sentence.asks or not facts.live:
        return
    yield from check_refusal(sentence, facts)
    names = {name for name, _ in deeds}
    if not sentence.is_negated:
        yield from check_counts(sentence, names, facts)
        yield from check_other_option(sentence, names, facts)
        yield from check_direction(sentence, names, facts)
        yield from check_account(sentence, names, facts)
        yield from check_unit(sentence, facts)
    yield from check_partial(sentence, names, facts)


def check_refusal(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """What an action does is not said to have been refused."""
    for action in facts.live:
        pattern = REFUSALS.get(action.kind)
        match = pattern.match(sentence.text) if pattern and not sentence.is_conditional else None
        if match:
            yield quoted("contradicts_action", match.group(), f"denies what {action.kind} does: it is {action.status}.")


def item_actions(names: set[str], facts: Facts) -> list[ProposedAction]:
    """The actions on items that the claimed deeds are."""
    kinds = {"return": {"return_items"}, "exchange": {"exchange_items", "change_order_items"}}
    kinds["items"] = kinds["exchange"]
    wanted = {kind for name in names & ITEM_DEEDS for kind in kinds[name]}
    return [action for action in facts.live if action.kind in wanted]


def check_counts(sentence: Sentence, names: set[str], facts: Facts) -> Iterator[Finding]:
    """`All three items` and `the whole order` have to be as many as the action's."""
    fits = item_actions(names, facts)
    order = facts.orders.get(normal_id(str(fits[0].arguments.get("order_id", "")))) if len(fits) == 1 else None
    if order is None or STAYS.search(sentence.text):
        return
    count = len(fits[0].arguments.get("item_ids") or fits[0].arguments.get("changes") or ())
    whole, counted = WHOLE.search(sentence.text), COUNTED.search(sentence.text)
    said = NUMBER_WORDS.get(counted["count"].lower(), 0) or int(counted["count"]) if counted else count
    single = ONE_OF.search(sentence.text)
    if single and count > 1 and not counted:
        yield quoted("contradicts_action", single.group(), f"is not what {fits[0].kind} is about: {count}.")
    least = len(order.held) if whole and not (whole["all"] or "").lower().startswith("both") else 2 if whole else count
    if said != count or (whole and count < least and not counted):
        words = counted or whole
        yield quoted(
            "contradicts_action", words.group() if words else "", f"is not what {fits[0].kind} is about: {count}."
        )


def check_other_option(sentence: Sentence, names: set[str], facts: Facts) -> Iterator[Finding]:
    """An option of the same product that the exchange does not name, where no deed was read to judge it by."""
    fits = [action for action in facts.live if action.kind in {"exchange_items", "change_order_items"}]
    if (
        not fits
        or names & ITEM_DEEDS
        or OF_STOCK.search(sentence.text)
        or sentence.is_conditional
        or sentence.is_attributed
    ):
        return
    lines = [line for action in fits for line in lines_of(action, facts)]
    meant = {value.lower() for line in lines for value in line.options.values()}
    low, products = plain(sentence.text), {line.name for line in lines}
    for line in facts.variants.values():
        for value in line.options.values() if line.name in products else ():
            match = re.search(rf"(?<!\w){re.escape(plain(value))}(?!\w)", low) if value.lower() not in meant else None
            if match and len(value) > 2 and not value.isdigit() and not LEFT_BEHIND.search(low[: match.start()]):
                yield quoted("contradicts_action", value, f"is not an option of the items that {fits[0].kind} names.")
                return


def difference(action: ProposedAction, facts: Facts) -> Decimal:
    """What the new items of an exchange cost more than the old ones; 0 where a price is not known."""
    order = facts.orders.get(normal_id(str(action.arguments.get("order_id", ""))))
    known = {**facts.variants, **(order.lines if order else {})}
    total = Decimal(0)
    for change in action.arguments.get("changes") or ():
        old, new = (known.get(str(change.get(key, ""))) for key in ("item_id", "new_item_id"))
        if old is None or new is None:
            return Decimal(0)
        total += new.price - old.price
    return total


def check_direction(sentence: Sentence, names: set[str], facts: Facts) -> Iterator[Finding]:
    """An exchange for something dearer brings no refund, and a return's money is not there yet."""
    fits = [action for action in facts.live if action.kind != "add_note"]
    changes = [action for action in fits if action.kind in {"exchange_items", "change_order_items"}]
    others = [a for a in fits if a.kind in {"cancel_order", "return_items", "change_order_payment"}]
    if changes and not others:
        owed = sum((difference(action, facts) for action in changes), Decimal(0))
        is_even = owed == 0 and all(changed_lines(action, facts) for action in changes)
        if "refund" in names and is_even:
            yield quoted("contradicts_action", sentence.text, f"says so, but {changes[0].kind} moves no money.")
        if ("refund" in names and owed > 0) or ("charge" in names and owed < 0):
            way = "charges" if owed > 0 else "refunds"
            yield quoted(
                "contradicts_action", sentence.text, f"says otherwise, but {changes[0].kind} {way} {abs(owed):.2f}."
            )
    returns = [action for action in fits if action.kind == "return_items"]
    match = ARRIVED.search(sentence.text) if returns and len(fits) == len(returns) else None
    is_of_goods = GOODS.search(sentence.text) or any(
        line.name and line.name.split()[-1].lower() in plain(sentence.text)
        for one in returns
        for line in lines_of(one, facts)
    )
    here = HERE.search(sentence.text) if returns and is_of_goods else None
    if here and not sentence.is_conditional and not LATER.search(sentence.text):
        yield quoted("contradicts_action", here.group(), "is said of a return that is only registered.")
    paid = any(direction == "refund" for order in facts.orders.values() for direction, _, _ in order.payments)
    if match and not paid and not sentence.is_conditional and not LATER.search(sentence.text):
        yield quoted("contradicts_action", match.group(), "is said of money that return_items only brings later.")


GOODS = re.compile(r"\b(?:parcel|package|items?)\b", re.I)
HERE = re.compile(
    r"\b(?:arrived|came|is|are|landed)(?: back| safely| already| now)* (?:at our|here|with us|in our warehouse)\b|"
    r"\bwe(?:['’]ve| have)? (?:already |now )?(?:received|got) (?:the|your)(?! (?:message|request|mail|e-?mail|"
    r"letter|question|"
    r"wish))\b",
    re.I,
)
LATER = re.compile(r"\b(?:will|when|once|after|as soon as|until|if|to be|paid with|you paid)\b|['’]ll\b", re.I)


def check_account(sentence: Sentence, names: set[str], facts: Facts) -> Iterator[Finding]:
    """A new address of the account is no new address of an order, nor the other way round."""
    kinds = {action.kind for action in facts.live}
    if "address" not in names or "change_customer_address" in kinds or "change_order_address" not in kinds:
        return
    match = ACCOUNT.search(sentence.text)
    if match:
        yield quoted("contradicts_action", match.group(), "is not what change_order_address changes.")


def check_unit(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """The flat and the zip code beside the street that an action sets have to be those it sets."""
    for action in facts.live:
        place = action.arguments.get("address")
        if not isinstance(place, Mapping) or LEFT_BEHIND.search(sentence.text):
            continue
        street = str(place.get("address1", ""))
        if not street or plain(street) not in plain(sentence.text):
            continue
        account = ACCOUNT.search(sentence.text) if action.kind == "change_order_address" else None
        if account and not any(one.kind == "change_customer_address" for one in facts.live):
            yield quoted("contradicts_action", account.group(), f"is not what {action.kind} changes.")
        known = {word.strip(",.#") for value in place.values() for word in plain(str(value)).split()}
        for match in UNIT.finditer(sentence.text):
            if (match[1] or match[2]).lower() not in known:
                yield quoted("contradicts_action", match.group(), f"is not in the address that {action.kind} sets.")


ONLY = re.compile(
    r"\b(?:only|just) (?:the|your|one|part)\b|\bpart of (?:the|your) order\b|\b(?:cancell?ed|"
    r"cancell?ation) in part\b|\bexcept (?:for )?the\b|\bpartly\b",
    re.I,
)


def check_partial(sentence: Sentence, names: set[str], facts: Facts) -> Iterator[Finding]:
    """A cancellation cancels an order, not some of its items."""
    fits = [action for action in facts.live if action.kind == "cancel_order"]
    match = ONLY.search(sentence.text) if "cancel" in names and fits else None
    order = facts.orders.get(normal_id(str(fits[0].arguments.get("order_id", "")))) if match else None
    products = {line.name for line in order.held} if order else set()
    low = plain(sentence.text)
    if (
        match
        and ("part" in match.group().lower() or len(products) > 1)
        and any(says_product(low, one, products, set()) for one in products)
    ):
        yield quoted("contradicts_action", match.group(), "is said of a cancellation, which is of the whole order.")


# --- Where no deed is read ---

NOUNS = {
    "return": re.compile(r"\b(?:return|send|post|include)\b", re.I),
    "exchange": re.compile(
        r"\b(?:exchange|"
        r"swap)\b",
        re.I,
    ),
}
KEEPS = re.compile(r"\b(?:keeps?|keeping|(?:hold|hang) on to|is yours|are yours)\b", re.I)
NOTHING_OWED = re.compile(
    r"\b(?:no difference|nothing to pay|no (?:extra|additional|further) (?:charge|cost|"
    r"payment))\b|\b(?:do not|don['’]t|won['’]t|needn['’]t) (?:have to |need to )?pay (?:anything|more|extra)\b|"
    r"\bpay nothing\b",
    re.I,
)
GONE = re.compile(
    r"\b(?:has|have|was|were|is|are|['’]s)(?: now| already| just)*(?: been)?(?: now| already| just)* "
    r"(?:shipped|dispatched|sent out|on (?:its|the|their) way|in the (?:post|mail))\b|"
    r"\bnew [^.;,]{0,20}\b(?:left|has left|have left) (?:us|our)\b",
    re.I,
)
COMES = re.compile(r"\b(?:expect|receive|get|back|shortly|coming|will|on (?:your|the) (?:card|visa|account))\b", re.I)


def check_silent(sentence: Sentence, deeds: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """What a sentence without a deed says beside the actions: another method, another item, money of a dead action."""
    if sentence.asks or sentence.is_conditional or sentence.is_attributed:
        return
    owed = sum((difference(one, facts) for one in facts.live if one.kind == "exchange_items"), Decimal(0))
    match = NOTHING_OWED.search(sentence.text)
    if match and owed > 0:
        yield quoted("contradicts_action", match.group(), f"says otherwise, but exchange_items charges {owed:.2f}.")
    if sentence.is_negated:
        return
    yield from check_paid_over(sentence, deeds, facts)
    yield from check_named_items(sentence, deeds, facts)
    yield from check_ways(sentence, owed, facts)
    exchanged = {normal_id(str(one.arguments.get("order_id"))) for one in facts.live if one.kind == "exchange_items"}
    named = {normal_id(match.group()) for match in ORDER.finditer(sentence.text)}
    sent = GONE.search(sentence.text) if exchanged and (not named or named & exchanged) else None
    if sent and not re.search(r"\byou (?:sent|returned)\b|\bback\b", sentence.text):
        yield quoted("contradicts_action", sent.group(), "is said of an exchange that is only registered.")


def check_paid_over(sentence: Sentence, deeds: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """An amount that an action moves, beside a method that it does not move it to or from."""
    stated = {one.value for one in read_amounts(sentence.text)}
    fits = [action for action in facts.live if action.kind in MONEY_KINDS and Decimal(action.amount) in stated]
    if fits and not METHOD_DEEDS & set(deeds):
        text = sentence.text.replace("from your", "with your")  # what a payment comes from is meant here, too
        moved = sentence.text if any(one.kind == "change_order_payment" for one in fits) else text
        yield from check_methods(moved, "refund", fits, facts)
    dead = [action for action in facts.dead if action.kind in MONEY_KINDS and Decimal(action.amount) in stated]
    match = COMES.search(sentence.text) if dead and not facts.live and not deeds else None
    if match:
        yield quoted("contradicts_action", sentence.text, f"says so, but {dead[0].kind} is {dead[0].status}.")


def check_named_items(sentence: Sentence, deeds: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """Items beside the word for a return or an exchange, or said to be kept, against the action's."""
    for name, pattern in NOUNS.items():
        fits = item_actions({name}, facts)
        if fits and name not in deeds and pattern.search(sentence.text):
            yield from check_items(sentence.text, name, fits, facts)
    kept = KEEPS.search(sentence.text)
    fits = [one for one in facts.live if one.kind in {"return_items", "cancel_order"}]
    if kept and fits:
        order = facts.orders.get(normal_id(str(fits[0].arguments.get("order_id", ""))))
        lines = lines_of(fits[0], facts) if fits[0].kind == "return_items" else list(order.held if order else ())
        known = {line.name for line in (order.held if order else ())}
        start = max(clause.end() for clause in re.finditer(r"^|[;,.]\s", sentence.text[: kept.start()]))
        low = plain(re.split(r"[;,.]\s", sentence.text[start:])[0])
        if any(says_product(low, line.name, known, set()) for line in lines):
            yield quoted("contradicts_action", sentence.text[kept.start() :], f"is not what {fits[0].kind} does.")
