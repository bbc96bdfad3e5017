"""The details of a claimed deed: the method it names, the items, the place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.ids import ENDING, ORDER, normal_id
from agentdesk.agent.checks.sources import Line
from agentdesk.agent.checks.topics import METHODS
from agentdesk.agent.checks.wording import NOT_SO, plain, quoted
from agentdesk.agent.evidence import ProposedAction
from agentdesk.agent.findings import Finding

LEFT_BEHIND = re.compile(
    r"\b(?:not|instead of|rather than|from|no longer|away from|other than|nor|or)\s+(?:to |on |onto |with |"
    r"by )?(?:your |the |a |an )?(?:\w+ )?$",
    re.I,
)
ORIGINAL = re.compile(
    r"\b(?:original (?:payment )?(?:method|form of payment|card|account)|(?:method|card|account|"
    r"way) (?:that )?you (?:originally )?paid with|"
    r"same (?:method|card|account|way)(?: that)? you)\b",
    re.I,
)
STAYS = re.compile(
    r"\b(?:keep|keeps|keeping|stay|stays|remain|remains|except|other than|not included|left out|unchanged)\b", re.I
)
ITEM_DEEDS = frozenset({"return", "exchange", "items"})
METHOD_DEEDS = frozenset({"refund", "charge", "payment", "cancel", "return", "exchange", "items", "credit"})
PAYS = re.compile(
    r"(?:(?<!you )paid (?:with|by|from|via|using)|charged? (?:to|on)|payment[^.;,]{0,40}? (?:to|is|"
    r"with))\s+(?:now )?(?:your |the )?[^.;,:]{0,30}$",
    re.I,
)
PAID_SO = re.compile(r"\([^()]*\b(?:by|with|paid)\b[^()]*\)", re.I)
"""An aside that tells how it was paid."""
TAKES = frozenset({"charge", "exchange", "items"})
TAKEN = re.compile(
    r"\b(?:taken|charged|debited|deducted|comes?|paid)\b(?: out| off)? (?:of |from )(?:your |"
    r"the )?(?:\w+ )?$",
    re.I,
)
"""What a payment is taken from is the method meant, not the one left behind."""
AMOUNT = re.compile(r"[$€£]\s?\d[\d,]*(?:\.\d\d)?|\b\d[\d,]*\.\d\d\b|\b\d+ (?:USD|dollars)\b")
SHORTEST_OPTION = 3


def source_of(method_id: str, facts: Facts) -> str:
    """The sort of a payment method: what the customer's record says, else what its id begins with."""
    source = str(facts.methods.get(method_id, {}).get("source", ""))
    return source or next((name for name in METHODS if method_id.startswith(name)), "")


def methods_of(action: ProposedAction, facts: Facts) -> set[str]:
    """The ids of the methods an action pays from or to."""
    found = {str(action.arguments.get("payment_method_id") or "")}
    for effect in action.effects:
        if effect.startswith(("Refunds", "Charges", "Credits")):
            found |= {word.strip(".,") for word in effect.split() if "_" in word}
    if action.kind == "cancel_order" and found == {""}:
        order = facts.orders.get(normal_id(str(action.arguments.get("order_id", ""))))
        found |= {method for _, _, method in order.payments} if order else set()
    return found - {""}


def original_of(action: ProposedAction, facts: Facts) -> str:
    """The method the action's order was first paid with."""
    order = facts.orders.get(normal_id(str(action.arguments.get("order_id", ""))))
    return order.payments[0][2] if order and order.payments else ""


def check_methods(part: str, name: str, fits: Sequence[ProposedAction], facts: Facts) -> Iterator[Finding]:
    """A method that the words name has to be one that the actions use."""
    if name not in METHOD_DEEDS:
        return
    used = {method for action in fits for method in methods_of(action, facts)}
    sorts = {source_of(method, facts) for method in used} - {""}
    if name == "credit" or any(action.kind == "give_credit" for action in fits):
        sorts.add("store_credit")
    if not sorts:
        return
    part = PAID_SO.sub(" ", part)
    for sort, pattern in METHODS.items():
        for match in pattern.finditer(part):
            before = part[: match.start()]
            if LEFT_BEHIND.search(before) and not (name in TAKES and TAKEN.search(before)):
                continue
            if sort not in sorts and not (sort == "credit_card" and "debit_card" in sorts):
                yield quoted(
                    "contradicts_action",
                    match.group(),
                    f"is not the method of {fits[0].kind}: {', '.join(sorted(used))}.",
                )
                break
            if is_wrong_payer(part[: match.start()], sort, fits, facts):
                yield quoted("contradicts_action", match.group(), f"is not what pays after {fits[0].kind}.")
                break
    yield from check_original(part, fits, used, facts)
    yield from check_ending(part, fits, used, facts)


def is_wrong_payer(before: str, sort: str, fits: Sequence[ProposedAction], facts: Facts) -> bool:
    """Whether words say that an order is now paid with the method its payment was taken off."""
    if not PAYS.search(before):
        return False
    payers = {
        source_of(str(a.arguments.get("payment_method_id", "")), facts)
        for a in fits
        if a.kind == "change_order_payment"
    }
    return bool(payers) and sort not in payers


def check_original(part: str, fits: Sequence[ProposedAction], used: set[str], facts: Facts) -> Iterator[Finding]:
    """`the original method` has to be it."""
    match = ORIGINAL.search(part)
    originals = {original_of(action, facts) for action in fits} - {""}
    if match and originals and used and not originals & used and not LEFT_BEHIND.search(part[: match.start()]):
        yield quoted(
            "contradicts_action", match.group(), f"is {', '.join(sorted(originals))}, not {', '.join(sorted(used))}."
        )


def check_ending(part: str, fits: Sequence[ProposedAction], used: set[str], facts: Facts) -> Iterator[Finding]:
    """The last digits of a card have to be those of a method used."""
    endings = {str(facts.methods.get(method, {}).get("last_four", "")) for method in used} - {""}
    for match in ENDING.finditer(part):
        digits = match[1] or match[2]
        if endings and digits not in endings and not LEFT_BEHIND.search(part[: match.start()]):
            yield quoted(
                "contradicts_action", match.group(), f"is not the card of {fits[0].kind}: {', '.join(sorted(endings))}."
            )


# --- Items ---


def lines_of(action: ProposedAction, facts: Facts) -> list[Line]:
    """The items an action is about, old and new."""
    arguments = action.arguments
    wanted = [str(item) for item in arguments.get("item_ids") or ()]
    for change in arguments.get("changes") or ():
        if isinstance(change, Mapping):
            wanted += [str(change.get("item_id", "")), str(change.get("new_item_id", ""))]
    order = facts.orders.get(normal_id(str(arguments.get("order_id", ""))))
    known = {**facts.variants, **(order.lines if order else {})}
    return [known[item] for item in wanted if item in known]


def check_items(part: str, name: str, fits: Sequence[ProposedAction], facts: Facts) -> Iterator[Finding]:
    """Products and options that the words name have to be those of the actions."""
    lines = [line for action in fits for line in lines_of(action, facts)]
    if name not in ITEM_DEEDS or not lines or STAYS.search(part):
        return
    names = {line.name for line in lines}
    known = {line.name for order in facts.orders.values() for line in order.lines.values()}
    known |= {line.name for line in facts.variants.values()}
    low = plain(part)
    for other in sorted(known - names):
        if other and says_product(low, other, known, names):
            yield quoted(
                "contradicts_action", other, f"is not among the items of {fits[0].kind}: {', '.join(sorted(names))}."
            )
    yield from check_options(part, low, lines, facts)


def says_product(low: str, product: str, known: set[str], meant: set[str]) -> bool:
    """Whether words name a product, in full or by its last word where that is no other product's."""
    full = product.lower()
    if full in low and re.search(rf"\b{re.escape(full)}s?\b", low):
        return not any(full in other.lower() and other.lower() in low for other in meant)
    head = full.split()[-1]
    if head not in low:
        return False
    shared = any(head.rstrip("s") in other.lower() for other in known if other != product)
    return len(head) > 2 and not shared and bool(re.search(rf"\b{re.escape(head)}s?\b", low))


def check_options(part: str, low: str, lines: Sequence[Line], facts: Facts) -> Iterator[Finding]:
    """Option values of the same products that the actions' items do not have."""
    meant = {value.lower() for line in lines for value in line.options.values()}
    names = {line.name for line in lines}
    others = [*facts.variants.values(), *(line for order in facts.orders.values() for line in order.lines.values())]
    told = set()
    for line in others:
        for key, value in line.options.items() if line.name in names else ():
            if value.lower() in meant or value in told or any(value.lower() in one for one in meant):
                continue
            words = (
                plain(value)
                if len(value) >= SHORTEST_OPTION and not value.isdigit()
                else f"{plain(key)} {plain(value)}"
            )
            if words not in low:
                continue
            match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", low)
            if match and not is_set_aside(low, match) and not any(words in name.lower() for name in names):
                told.add(value)
                yield quoted("contradicts_action", words, "is not an option of the items that the action names.")


def is_set_aside(low: str, match: re.Match[str]) -> bool:
    """Whether the words around a place name it as what is not meant."""
    end = low.find(",", match.end())
    clause = low[low.rfind(",", 0, match.start()) + 1 : end if end >= 0 else len(low)]
    return bool(LEFT_BEHIND.search(low[: match.start()]) or NOT_SO.search(clause))


# --- Place ---


def check_place(part: str, name: str, fits: Sequence[ProposedAction], facts: Facts) -> Iterator[Finding]:
    """The numbers of an address that the words name have to be those of the address set."""
    places = [action.arguments.get("address") for action in fits]
    texts = [plain(" ".join(str(value) for value in place.values())) for place in places if isinstance(place, Mapping)]
    if name != "address" or not texts:
        return
    tail = re.sub(r"\bfrom\b.*?\bto\b|\binstead of\b.*", " to ", AMOUNT.sub(" ", ORDER.sub(" ", part)), flags=re.I)
    known = {word.strip(".,#") for text in texts for word in text.replace(",", " ").split()}
    for match in re.finditer(r"(?<![\w-])#?(\d+[a-z]?)(?![\w-])", tail, re.I):
        if match[1].lower() not in known:
            yield quoted(
                "contradicts_action", match.group(), f"is not in the address that {fits[0].kind} sets: {texts[0]}."
            )
            return
    yield from check_place_words(tail, known, texts, facts)


def check_place_words(tail: str, known: set[str], texts: Sequence[str], facts: Facts) -> Iterator[Finding]:
    """Words of another known address that the address set does not hold."""
    addresses = [place for order in facts.orders.values() for place in order.addresses]
    customer = facts.evidence.customer or {}
    if isinstance(customer.get("address"), Mapping):
        addresses.append(customer["address"])
    others = {
        word for place in addresses for value in place.values() for word in re.findall(r"[A-Z][a-z]{3,}", str(value))
    }
    for word in re.findall(r"[A-Z][a-z]{3,}", tail):
        if word in others and word.lower() not in known:
            yield quoted("contradicts_action", word, f"is not in the address that the action sets: {texts[0]}.")
            return
