"""The new items: in what they differ from the old ones, the letter asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.asked.items import pairs_of, proposal_like, words_about
from agentdesk.agent.checks.asked.letter import Asked
from agentdesk.agent.checks.asked.values import names_value
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.changes import plain_tokens
from agentdesk.agent.offline.items import mentions_in, spots_of, vocabulary_of
from agentdesk.agent.offline.records import Line, Order, Product, Variant
from agentdesk.agent.offline.variants import has_degree


def check_variants(kind: str, arguments: Mapping[str, Any], asked: Asked) -> Iterator[Finding]:
    """A new item with an option that the letter does not name, or not the one that a reading of it comes to."""
    order = asked.order(str(arguments.get("order_id", "")))
    if order is None:
        return
    products = asked.products(order)
    read = proposal_like(kind, order.order_id, asked)
    wanted = dict(pairs_of(read.arguments)) if read else {}
    lines = {line.item_id: line for line in order.lines}
    for old, new in pairs_of(arguments):
        line = lines.get(old)
        product = products.get(line.product_id) if line else None
        variant = variant_of(product, new)
        if line is None or product is None or variant is None:
            continue
        strange = unnamed_options(line, variant, asked, order, product)
        if strange:
            yield of_variant(line, strange, "and the customer does not name that.")
        elif old in wanted and wanted[old] != new:
            rival = variant_of(product, wanted[old])
            if worse := differences(variant, rival):
                better = in_words(differences(rival, variant))
                yield of_variant(line, worse, f"where the letter seems to ask for {better}.")


def variant_of(product: Product | None, item_id: str) -> Variant | None:
    """A variant of a product by its id."""
    return next((one for one in product.variants if one.item_id == item_id), None) if product else None


def differences(one: Line | Variant | None, other: Line | Variant | None) -> dict[str, str]:
    """The options of the first that the second has otherwise."""
    if one is None or other is None:
        return {}
    return {name: value for name, value in one.options.items() if other.options.get(name) != value}


def unnamed_options(line: Line, variant: Variant, asked: Asked, order: Order, product: Product) -> dict[str, str]:
    """In what the new item differs from the old one though the letter does not name it; nothing where it names none."""
    text = words_about(asked, order.order_id)
    if has_degree(text.lower()) or variant.item_id in text:
        return {}
    tokens = plain_tokens(text)
    mentions = mentions_in(tokens, order.lines, {product.product_id: product})
    spots = spots_of(tokens, mentions, vocabulary_of([line], {product.product_id: product}))
    said = {meaning for spot in spots for meaning in spot.meanings}
    fresh = {(name, value) for name, value in said if line.options.get(name) != value}
    changed = differences(variant, line)
    unsaid = {name: value for name, value in changed.items() if (name, value) not in said}
    return {name: value for name, value in unsaid.items() if not names_value(asked.written, value)} if fresh else {}


def in_words(options: Mapping[str, str]) -> str:
    """Options with their names: `color green, size L`."""
    return ", ".join(f"{name} {value}" for name, value in options.items())


def of_variant(line: Line, options: Mapping[str, str], what: str) -> Finding:
    """A finding about what an item is to become."""
    return Finding("other_variant", f"“{line.name}” would become {in_words(options)}, {what}", line.name)
