"""What one source of a run holds, laid out for checking: read once, however often runs come back with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from agentdesk.agent.checks.amounts import listed_amounts, read_amounts, read_shares, to_decimal
from agentdesk.agent.checks.dates import Length, Moment, read_lengths, read_moments
from agentdesk.agent.checks.ids import DIGIT, PHONE, known_tokens, normal_id, read_links
from agentdesk.agent.checks.topics import matters_in, topics_in
from agentdesk.agent.checks.wording import NOT_SO, WORD, plain, split_text, stem, telling_stems

DEEPEST = 12
SHORTEST_PROSE = 25
LONGEST_LEAF = 20_000
"""Characters of one text of a source that are read, as much as a model is told of a message."""
MOST_LEAVES = 20_000
MOST_KEPT = 256
"""Readings that a process keeps."""
LARGEST_KEPT = 100_000
"""Characters of a source's JSON from which its reading is not kept: the tools' answers are far smaller."""
MONEY_KEYS = frozenset(
    {"price", "amount", "balance", "total", "credit", "result", "price_difference", "refund", "fee", "cost"}
)


@dataclass(frozen=True)
class Passage:
    """A clause of an article, or of a tool's prose: what claims in words rest on."""

    text: str
    source: str
    stems: frozenset[str]
    around: frozenset[str]
    """The stems of its paragraph and title, too."""
    is_negated: bool
    lengths: tuple[Length, ...]
    matters: frozenset[str]
    """What its paragraph and title are about."""
    topics: frozenset[str] = frozenset()
    """The same, more finely."""


@dataclass(frozen=True)
class Line:
    """An item of an order or a variant of a product."""

    item_id: str
    name: str
    price: Decimal
    options: Mapping[str, str]
    is_available: bool | None = None


@dataclass
class OrderFacts:
    """All that tool results say of one order, over all its snapshots."""

    order_id: str
    statuses: list[str] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    held: tuple[Line, ...] = ()
    """The lines of the newest snapshot, a doubled one twice."""
    prices: list[Decimal] = field(default_factory=list)
    payments: list[tuple[str, Decimal, str]] = field(default_factory=list)
    addresses: list[Mapping[str, str]] = field(default_factory=list)
    tracking: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


@dataclass
class Reading:
    """What stands in one JSON value, under the name a citation gives it; never changed once it is read."""

    name: str
    is_hit: bool = False
    """An article in a search's answer: it counts only where no source of its own brings it."""
    amounts: dict[Decimal, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """Each amount with where it stands: (source, what it is of)."""
    shares: dict[Decimal, set[str]] = field(default_factory=lambda: defaultdict(set))
    moments: dict[Moment, set[str]] = field(default_factory=lambda: defaultdict(set))
    lengths: list[tuple[Length, str]] = field(default_factory=list)
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    words: set[str] = field(default_factory=set)
    is_said: bool = False
    """The customer's own words."""
    passages: list[Passage] = field(default_factory=list)
    orders: dict[str, OrderFacts] = field(default_factory=dict)
    variants: dict[str, Line] = field(default_factory=dict)
    methods: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    text: str = ""
    """Its words as they are compared, for quotes."""
    raw: str = ""
    """Its words as they stand."""


def readings_of(name: str, value: Any, *, said: bool = False) -> tuple[Reading, ...]:
    """The readings of a source: its own, after those of the articles it found. Equal sources are read once."""
    as_json = json.dumps(value, ensure_ascii=False, default=as_plain)
    if len(as_json) > LARGEST_KEPT:
        return _read.__wrapped__(name, as_json, said)
    return _read(name, as_json, said)


def as_plain(value: Any) -> Any:
    """A value that JSON does not know, as one that it does."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence | set | frozenset) else str(value)


@lru_cache(maxsize=MOST_KEPT)
def _read(name: str, as_json: str, said: bool) -> tuple[Reading, ...]:
    value = json.loads(as_json)
    hits = (value.get("hits") or ()) if isinstance(value, dict) and not said else ()
    found = [
        read_value(Reading(f"article:{hit['slug']}@{hit['revision']}", is_hit=True), hit)
        for hit in hits
        if isinstance(hit, Mapping) and {"slug", "revision"} <= set(hit)
    ]
    own = read_value(Reading(name, is_said=said), value)
    if not said:
        read_records(own, value, name)
    return (*found, own)


def read_value(reading: Reading, value: Any) -> Reading:
    """Adds every text and number of a JSON value to a reading."""
    whole: list[str] = []
    title = str(value.get("title") or "") if isinstance(value, Mapping) else ""
    for text, key, subject in islice(leaves(value), MOST_LEAVES):
        text = text[:LONGEST_LEAF]
        whole.append(text)
        read_leaf(reading, text, key, subject)
        if not reading.is_said and (" " in text and len(text) >= SHORTEST_PROSE):
            reading.passages += [replace(passage, source=reading.name) for passage in clauses_of(text, title)]
    reading.raw = "\n".join(whole)
    reading.text = plain(reading.raw)
    return reading


def leaves(value: Any, key: str = "", subject: str = "", depth: int = 0) -> Iterator[tuple[str, str, str]]:
    """Every text or number of a JSON value, with its key and the order or product it belongs to."""
    if depth > DEEPEST or value is None or isinstance(value, bool):
        return
    if isinstance(value, Mapping):
        subject = subject_of(value) or subject
        for name, part in value.items():
            if isinstance(name, str) and DIGIT.search(name):
                yield name, "id", subject
            yield from leaves(part, str(name), subject, depth + 1)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part, key, subject, depth + 1)
    else:
        yield str(value), key, subject


def subject_of(value: Mapping[str, Any]) -> str:
    """What a record is of: an order, a product, an article."""
    if "order_id" in value:
        return f"order:{normal_id(str(value['order_id']))}"
    if "variants" in value and "product_id" in value:
        return f"product:{value['product_id']}"
    if "slug" in value or "passage" in value:
        return "article"
    return "customer" if "payment_methods" in value else ""


@dataclass(frozen=True)
class Read:
    """What one text of a source holds."""

    ids: frozenset[str]
    links: frozenset[str]
    words: frozenset[str]
    amounts: tuple[Decimal, ...]
    shares: tuple[Decimal, ...]
    lengths: tuple[Length, ...]
    moments: tuple[Moment, ...]


@lru_cache(maxsize=20_000)
def read_text(text: str) -> Read:
    """What a text holds, read once: a run's sources come back with each of its proposals."""
    has_figures = DIGIT.search(text) is not None
    is_long = len(text) >= SHORTEST_PROSE
    ids = set(known_tokens(text))
    if has_figures:
        ids |= {normal_id(match.group()) for match in PHONE.finditer(text)}
    timed = (*read_lengths(text), *read_moments(text)) if has_figures or is_long else ()
    return Read(
        frozenset(ids),
        frozenset(link.key for link in read_links(text)) if len(text) > 4 else frozenset(),
        frozenset(word.lower() for word in WORD.findall(text)),
        (*(stated.value for stated in read_amounts(text)), *listed_amounts(text)) if has_figures or is_long else (),
        tuple(share.value for share in read_shares(text)) if has_figures or is_long else (),
        tuple(one.value for one in timed if isinstance(one.value, Length)),
        tuple(one.value for one in timed if isinstance(one.value, Moment)),
    )


def read_leaf(reading: Reading, text: str, key: str, subject: str) -> None:
    """Adds what one text or number holds."""
    read, name = read_text(text), reading.name
    reading.words |= read.words
    for token in read.ids:
        reading.ids[token].add(name)
    for link in read.links:
        reading.links[link].add(name)
    value = to_decimal(text.lstrip("-$€£ ").removesuffix(" USD")) if key in MONEY_KEYS else None
    for amount in read.amounts if value is None else (value,):
        reading.amounts[amount].add((name, subject))
    for share in read.shares:
        reading.shares[share].add(name)
    reading.lengths += [(length, name) for length in read.lengths]
    for moment in read.moments:
        reading.moments[moment].add(name)


@lru_cache(maxsize=2000)
def clauses_of(text: str, title: str) -> tuple[Passage, ...]:
    """The clauses of a text, each with what its paragraph is about."""
    found = []
    heading = telling_stems(title)
    for paragraph in text.split("\n\n"):
        around = telling_stems(paragraph) | heading
        matters, topics = matters_in(f"{title} {paragraph}"), topics_in(f"{title} {paragraph}")
        for clause in (part for sentence, _ in split_text(paragraph) for part in sentence.split(";")):
            lengths = tuple(one.value for one in read_lengths(clause) if isinstance(one.value, Length))
            is_negated = bool(NOT_SO.search(clause))
            found.append(
                Passage(plain(clause), "", telling_stems(clause), around, is_negated, lengths, matters, topics)
            )
    return tuple(found)


def read_records(reading: Reading, value: Any, name: str, depth: int = 0) -> None:
    """Adds the orders, products and payment methods that a tool result holds."""
    if depth > DEEPEST or not isinstance(value, Mapping | list | tuple):
        return
    parts = value
    if isinstance(value, Mapping):
        read_record(reading, value, name)
        parts = [part for key, part in value.items() if key not in {"variants", "payment_methods"}]
    for part in parts:
        read_records(reading, part, name, depth + 1)


def read_record(reading: Reading, value: Mapping[str, Any], name: str) -> None:
    """Adds one record, where it is an order, a product or a customer."""
    if "order_id" in value and ("status" in value or "items" in value):
        read_order(reading, value, name)
    for variant in variants_of(value):
        line = line_of({**variant, "name": value.get("name", "")})
        reading.variants[line.item_id] = line
    methods = value.get("payment_methods")
    for method_id, method in methods.items() if isinstance(methods, Mapping) else ():
        if isinstance(method, Mapping):
            reading.methods[str(method_id)] = method


def variants_of(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A product's variants, listed or by id."""
    variants = value.get("variants") or ()
    listed = list(variants.values()) if isinstance(variants, Mapping) else list(variants)
    return [variant for variant in listed if isinstance(variant, Mapping) and "item_id" in variant]


def line_of(value: Mapping[str, Any]) -> Line:
    """An item as a value."""
    options = value.get("options")
    return Line(
        str(value.get("item_id", "")),
        str(value.get("name", "")),
        to_decimal(str(value.get("price", "0"))) or Decimal(0),
        {str(key): str(option) for key, option in options.items()} if isinstance(options, Mapping) else {},
        value.get("available") if isinstance(value.get("available"), bool) else None,
    )


def read_order(reading: Reading, value: Mapping[str, Any], name: str) -> None:
    """Adds one snapshot of an order."""
    key = normal_id(str(value["order_id"]))
    order = reading.orders.setdefault(key, OrderFacts(str(value["order_id"])))
    order.sources.add(name)
    if value.get("status"):
        order.statuses.append(str(value["status"]))
    lines = [line_of(item) for item in value.get("items") or () if isinstance(item, Mapping)]
    if lines:
        order.held = tuple(lines)
        order.prices = [line.price for line in lines]
    for line in lines:
        order.lines[line.item_id] = line
    for paid in value.get("payment_history") or ():
        if isinstance(paid, Mapping):
            amount = to_decimal(str(paid.get("amount", ""))) or Decimal(0)
            order.payments.append(
                (str(paid.get("transaction_type", "")), amount, str(paid.get("payment_method_id", "")))
            )
    if isinstance(value.get("address"), Mapping):
        order.addresses.append(value["address"])
    for sent in value.get("fulfillments") or ():
        if isinstance(sent, Mapping):
            tracking = sent.get("tracking_id") or ()
            order.tracking |= {str(one) for one in (tracking if isinstance(tracking, list | tuple) else (tracking,))}


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """The stems of some words."""
    return frozenset(stem(word) for word in words)
