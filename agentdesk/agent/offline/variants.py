"""Which variant of a product is wanted: the line's own options with what was named laid over, if it can be had."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agentdesk.agent.offline.items import spots_of, vocabulary_of
from agentdesk.agent.offline.options import Spot, is_size_option, larger
from agentdesk.agent.offline.outcomes import Doubt
from agentdesk.agent.offline.records import Line, Product, Variant, options_in_words
from agentdesk.agent.offline.tokens import tokenize

GREATER = re.compile(
    r"\b(?:(?:one|a|1|next)\s+)?size(?:s)?\s+(?:up|larger|bigger|above)\b|\b(?:a |one )?(?:larger|"
    r"bigger) size\b|\bnext (?:larger |bigger )?size up\b",
    re.I,
)
LESSER = re.compile(
    r"\b(?:(?:one|a|1|next)\s+)?size(?:s)?\s+(?:down|smaller|below)\b|\b(?:a |one )?smaller size\b|"
    r"\bnext (?:smaller )?size down\b",
    re.I,
)
CHEAPEST = re.compile(r"\b(?:cheapest|least expensive|lowest[- ]price[d]?|most affordable)\b", re.I)
DEAREST = re.compile(r"\b(?:most expensive|priciest|dearest|highest[- ]price[d]?)\b", re.I)


def pick_variant(
    line: Line, spots: Sequence[Spot], product: Product, text: str, ids: Sequence[str], fallback: str
) -> Variant:
    """The one available variant that is wanted in a line's place. Raises: Doubt."""
    if ids:
        chosen = [variant for variant in product.variants if variant.item_id in ids]
        return require_one(line, chosen, product)
    wanted = wanted_options(line, spots, product, text)
    if CHEAPEST.search(text) or DEAREST.search(text):
        return extreme(line, spots, product, dearest=bool(DEAREST.search(text)))
    found = [variant for variant in product.variants if dict(variant.options) in wanted]
    if fallback and not any(variant.is_available for variant in found):
        second = spots_of(tokenize(fallback), [], vocabulary_of([line], {product.product_id: product}))
        if second:
            alternatives = [options for base in wanted for options in overlaid(replace(line, options=base), second)]
            found = [variant for variant in product.variants if dict(variant.options) in alternatives]
    return require_one(line, found, product, wanted)


def wanted_options(line: Line, spots: Sequence[Spot], product: Product, text: str) -> list[dict[str, str]]:
    """The option sets that can be meant: the line's own with what was named laid over."""
    base = line
    step = 1 if GREATER.search(text) else -1 if LESSER.search(text) else 0
    for option, value in line.options.items():
        if step and is_size_option(option):
            known = sorted({variant.options.get(option, "") for variant in product.variants})
            base = replace(base, options={**base.options, option: larger(value, known, step) or value})
    return overlaid(base, spots)


def overlaid(line: Line, spots: Sequence[Spot]) -> list[dict[str, str]]:
    """Every reading of the spots laid over a line's options. Raises: Doubt where one option is given two values."""
    choices = []
    for spot in spots:
        changing = [meaning for meaning in spot.meanings if line.options.get(meaning[0]) != meaning[1]]
        choices.append(changing or list(spot.meanings))
    found: list[dict[str, str]] = []
    for reading in itertools.product(*choices):
        options: dict[str, str] = {}
        if all(options.setdefault(option, value) == value for option, value in reading):
            found.append({**line.options, **options})
    if not found:
        raise Doubt(
            f"For the {line.name} I could not tell which one you want: your message names more than one possibility.",
            f"{line.name}: two values for one option",
        )
    return found


def extreme(line: Line, spots: Sequence[Spot], product: Product, *, dearest: bool) -> Variant:
    """The cheapest or dearest available variant with what was named. Raises: Doubt where two cost the same."""
    open_to = [
        variant
        for variant in product.variants
        if variant.is_available
        and variant.item_id != line.item_id
        and all(any(variant.options.get(option) == value for option, value in spot.meanings) for spot in spots)
    ]
    prices = sorted({variant.price for variant in open_to})
    limit = prices[-1 if dearest else 0] if prices else None
    return require_one(line, [variant for variant in open_to if variant.price == limit], product)


def require_one(
    line: Line, found: Sequence[Variant], product: Product, wanted: Sequence[Mapping[str, str]] = ()
) -> Variant:
    """The one variant found, available and another one. Raises: Doubt, naming what is possible."""
    available = [variant for variant in found if variant.is_available and variant.item_id != line.item_id]
    if len(available) == 1:
        return available[0]
    if found and all(variant.item_id == line.item_id for variant in found):
        raise Doubt(
            f"The {line.name} in your order already is {options_in_words(line.options)}. Which other variant "
            f"would you like?",
            f"{line.name}: wanted what it is already",
        )
    if len(available) > 1:
        listed = "; ".join(options_in_words(variant.options) for variant in available[:4])
        raise Doubt(
            f"For the {line.name} several variants fit: {listed}. Which one would you like?",
            f"{line.name}: several variants fit",
        )
    raise unavailable(line, product, wanted[0] if wanted else found[0].options if found else {})


def unavailable(line: Line, product: Product, wanted: Mapping[str, str]) -> Doubt:
    """The wanted variant cannot be had; the nearest that can are named."""
    others = [variant for variant in product.variants if variant.is_available and variant.item_id != line.item_id]
    others.sort(
        key=lambda variant: (
            sum(variant.options.get(name) != value for name, value in wanted.items()),
            variant.price,
            variant.item_id,
        )
    )
    listed = "; ".join(f"{options_in_words(variant.options)} for {variant.price:.2f} USD" for variant in others[:3])
    nearest = f" What we do have: {listed}. Would one of these suit you?" if listed else ""
    return Doubt(
        f"I am sorry, {options_in_words(wanted)} is not available for the {line.name} at the moment.{nearest}",
        f"{line.name} in {options_in_words(wanted)} is not available",
    )


def has_degree(text: str) -> bool:
    """Whether a text asks for a larger, smaller, cheaper or dearer one."""
    return any(pattern.search(text) for pattern in (GREATER, LESSER, CHEAPEST, DEAREST))
