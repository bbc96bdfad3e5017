"""Which lines and which values a letter names in so many words, however it puts the wish around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.described import described, kept_places
from agentdesk.agent.checks.asked.items import chosen_ids, of_line, pairs_of, takes_all, words_about
from agentdesk.agent.checks.asked.letter import Asked
from agentdesk.agent.checks.asked.segments import without_denied
from agentdesk.agent.checks.asked.values import IS_OR_NOT, LARGER, SMALLER, is_larger, names_value
from agentdesk.agent.checks.asked.variants import in_words, of_variant, variant_of
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.records import Line, Order, Product

LEFT = re.compile(
    r"\b(?:happy with|keep(?:ing)?|leave|like|love) (?:the (?:other|rest)|everything else|all else)|"
    r"\bthe (?:others?|rest) (?:is|are|stays?|remains?|can stay|may stay)\b(?! (?:as|the same))"
)
MEASURES = frozenset({"size", "volume", "capacity", "length", "width", "dimensions"})
OTHERWISE = re.compile(r"\b(?:other|another|different|else)\b")
ALL_OF = re.compile(r"\b(?:both|all (?:two|three|four)|the two|two of them|all of them)\b")
ONE_OF = re.compile(
    r"\b(?:(?:only |just )?one of (?:the|my|them|these|those)|only one|just one|(?:smaller|larger|bigger) of)\b"
    r"(?: the two\b| my two\b)?"
)


def check_staying(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """An item that is to stay; one that is none of those described, where the letter describes another of the order."""
    order, chosen = asked.order(str(arguments.get("order_id", ""))), chosen_ids(arguments)
    if order is None or not chosen or len(order.lines) < 2:
        return
    segments = asked.segments
    kept = kept_places(asked, order)
    wanted = {place for one in segments if not one.is_kept for place in described(one.words, order)}
    picked = [line for line in order.lines if line.item_id in chosen]
    for line in picked:
        if line.place in kept and not is_singled_out(line, wanted, order):
            yield of_line(line, "is to stay, as the customer writes.")
            return
    if wanted and not any(line.place in wanted for line in picked):
        yield of_line(picked[0], "is none of those that the customer describes.")


def is_singled_out(line: Line, wanted: set[int], order: Order) -> bool:
    """Whether what is wanted describes this line, and not only everything of the order."""
    return line.place in wanted and len(wanted) < len(order.lines)


def check_count(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """One where the letter says both, or more where it says one; not all where it says everything."""
    order, chosen = asked.order(str(arguments.get("order_id", ""))), chosen_ids(arguments)
    if order is None or not chosen:
        return
    words = asked.wanted.lower()
    alike = {line.name for line in order.lines if line.item_id in chosen}
    company = [line for line in order.lines if line.name in alike]
    left_out = [line for line in order.lines if line.item_id not in chosen]
    count, whole = sum(chosen.values()), takes_all(words_about(asked, order.order_id).lower())
    is_one, kept = bool(ONE_OF.search(words)), any(one.is_kept for one in asked.segments)
    is_all = bool(ALL_OF.search(ONE_OF.sub(" ", words))) and not kept
    if len(alike) == 1 and is_all and not is_one and count == 1 < len(company):
        yield of_line(company[0], "is only one of those that the customer names.")
    elif LEFT.search(asked.low) and not left_out and len(order.lines) > 1:
        yield of_line(order.lines[-1], "is taken up with all the others, of which the customer writes that they stay.")
    elif len(alike) == 1 and is_one and not is_all and count > 1:
        yield of_line(company[0], "is asked for once, and taken up more than once.")
    elif kind == "return_items" and whole and left_out and not kept:
        yield of_line(left_out[0], "is part of what the customer sends back, and left out here.")


def check_value(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A new item whose value the letter does not name while it names another, or asks for larger and it is smaller."""
    order = asked.order(str(arguments.get("order_id", "")))
    if order is None:
        return
    words, products = without_denied(asked.wanted), asked.products(order)
    lines = {line.item_id: line for line in order.lines}
    for old, new in pairs_of(arguments):
        line = lines.get(old)
        product = products.get(line.product_id) if line else None
        variant = variant_of(product, new)
        if line is None or product is None or variant is None or new in words:
            continue
        for option, value in variant.options.items():
            if strange := strange_value(words, option, value, line, product):
                yield of_variant(line, {option: value}, strange)
                return


def strange_value(words: str, option: str, value: str, line: Line, product: Product) -> str:
    """What is strange about a new value, in words; empty where nothing is."""
    before = line.options.get(option)
    if value == before or IS_OR_NOT.search(value) or names_value(words, value):
        return ""
    if is_to_stay(words, option):
        return f"where the customer asks for the same {option}."
    others = {one.options[option] for one in product.variants if option in one.options} - {value}
    named = sorted(other for other in others if not IS_OR_NOT.search(other) and names_value(words, other))
    grows, low = is_larger(value, before or ""), words.lower()
    is_open = bool(OTHERWISE.search(low) or LARGER.search(low) or SMALLER.search(low))
    if named and (named != [before] or not is_open):
        return f"where the customer names {in_words({option: named[0]})}."
    if grows is not None and LARGER.search(low) and not SMALLER.search(low) and not grows:
        return "where the customer asks for a larger one."
    if grows is not None and SMALLER.search(low) and not LARGER.search(low) and grows:
        return "where the customer asks for a smaller one."
    return ""


def is_to_stay(words: str, option: str) -> bool:
    """Whether words say that an option stays as it is: `the same colour`, and `the same size` of what has a measure."""
    low, name = words.lower().replace("colour", "color"), option.lower().replace("colour", "color")
    alike = rf"{re.escape(name)}|size|volume|length" if name in MEASURES else re.escape(name)
    return bool(
        re.search(
            rf"\bsame (?:{alike})\b|\b(?:{alike}) (?:as (?:ordered|before|it is|now)|stays|the same|unchanged)\b", low
        )
    )
