"""What the evidence of a run says, laid out for checking: the readings of its sources, looked up together."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any, Generic, TypeVar

from agentdesk.agent.checks.amounts import to_decimal
from agentdesk.agent.checks.dates import Length, Moment
from agentdesk.agent.checks.measures import MEASURE, normal_measure
from agentdesk.agent.checks.sources import Line, OrderFacts, Passage, Reading, leaves, readings_of, stems_of, subject_of
from agentdesk.agent.checks.wording import WORD, Sentence, telling_stems
from agentdesk.agent.evidence import Evidence, ProposedAction

ISO_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")
DEAD = frozenset({"refused", "rejected", "expired", "failed", "superseded", "undone", "unknown"})
"""States of an action that will not have happened when the reply is sent, or may not have."""
SAID = "ticket"
Key = TypeVar("Key", bound=Hashable)
Place = TypeVar("Place", bound=Hashable)


class Places(Mapping[Key, Set[Place]], Generic[Key, Place]):
    """Where each key stands, over several readings: looked up in each, never laid together."""

    def __init__(self, parts: Sequence[Mapping[Key, Set[Place]]]) -> None:
        self.parts = [part for part in parts if part]

    def __getitem__(self, key: Key) -> Set[Place]:
        found = [part[key] for part in self.parts if key in part]
        if not found:
            raise KeyError(key)
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def __iter__(self) -> Iterator[Key]:
        return iter({key: None for part in self.parts for key in part})

    def __len__(self) -> int:
        return len({key for part in self.parts for key in part})


@dataclass
class Facts:
    """The evidence, indexed."""

    evidence: Evidence
    readings: tuple[Reading, ...] = ()
    words: set[str] = field(default_factory=set)
    """Lower-case words of every source, the ticket's too."""
    told_words: set[str] = field(default_factory=set)
    """Those of articles, tool results, actions and the customer's record alone."""
    passages: list[Passage] = field(default_factory=list)
    lengths: list[tuple[Length, str]] = field(default_factory=list)
    orders: dict[str, OrderFacts] = field(default_factory=dict)
    variants: dict[str, Line] = field(default_factory=dict)
    methods: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Each source's words as they are compared, for quotes."""
    names: set[str] = field(default_factory=set)
    deeds: dict[tuple[Sentence, tuple[str, ...]], tuple[Any, ...]] = field(default_factory=dict)
    """What was found of the deeds of a sentence, after which orders: grounding and the reviewer both ask for it."""
    borne: dict[str, list[Passage]] = field(default_factory=dict)
    """The passages that make a sort of promise, by its pattern, as far as it was asked for."""

    @cached_property
    def amounts(self) -> Places[Decimal, tuple[str, str]]:
        """Each amount with where it stands: (source, what it is of)."""
        return Places([reading.amounts for reading in self.readings])

    @cached_property
    def shares(self) -> Places[Decimal, str]:
        """Each percentage with the sources that name it."""
        return Places([reading.shares for reading in self.readings])

    @cached_property
    def moments(self) -> Places[Moment, str]:
        """Each date and time with the sources that name it."""
        return Places([reading.moments for reading in self.readings])

    @cached_property
    def ids(self) -> Places[str, str]:
        """Each token that may be an id with the sources it stands in."""
        return Places([reading.ids for reading in self.readings])

    @cached_property
    def links(self) -> Places[str, str]:
        """Each link and address with the sources it stands in."""
        return Places([reading.links for reading in self.readings])

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every item and variant known, each once."""
        held = (line for order in self.orders.values() for line in order.lines.values())
        return tuple({(line.item_id, line.price): line for line in (*self.variants.values(), *held)}.values())

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The names of the products known."""
        return tuple(dict.fromkeys(line.name for line in self.lines if line.name))

    @cached_property
    def price_differences(self) -> frozenset[Decimal]:
        """What a change of one ordered item for another variant of its product would cost or bring."""
        held = [line for order in self.orders.values() for line in order.lines.values()]
        return frozenset(
            abs(variant.price - line.price)
            for line in held
            for variant in self.variants.values()
            if variant.name == line.name and variant.price != line.price
        )

    @cached_property
    def today(self) -> date | None:
        """The day of the ticket's newest message: what `tomorrow` and `next week` are seen from."""
        tickets = [source.value for source in self.evidence.sources if source.kind == "ticket"]
        held = [value.get("messages") or () for value in tickets if isinstance(value, Mapping)]
        written = [str(one.get("at", ""))[:10] for messages in held for one in messages if isinstance(one, Mapping)]
        return max((date.fromisoformat(day) for day in written if ISO_DAY.fullmatch(day)), default=None)

    @cached_property
    def variant_differences(self) -> frozenset[Decimal]:
        """What one known variant of a product costs more than another."""
        known = tuple(self.variants.values())
        return frozenset(abs(one.price - two.price) for one, two in combinations(known, 2) if one.name == two.name)

    @cached_property
    def measures(self) -> frozenset[str]:
        """Every measure that a source names, be it an option's value or in its prose."""
        told = " ".join(reading.raw for reading in self.readings)
        return frozenset(normal_measure(match) for match in MEASURE.finditer(told))

    @cached_property
    def evidence_names(self) -> frozenset[str]:
        """The tool results that hold a product or an order."""
        return frozenset(one.name for one in self.readings if one.variants or one.orders)

    @cached_property
    def thing_stems(self) -> frozenset[str]:
        """The words of products, options and places: they say what a promise is about, not what it is."""
        texts = {line.name for line in self.lines} | {
            part for line in self.lines for option in line.options.items() for part in option
        }
        places = [place for order in self.orders.values() for place in order.addresses]
        places += [one.arguments["address"] for one in self.live if isinstance(one.arguments.get("address"), Mapping)]
        texts |= {str(part) for place in places for part in place.values()}
        return telling_stems(" ".join(texts))

    @cached_property
    def passage_stems(self) -> frozenset[str]:
        """The stems of all passages."""
        return frozenset().union(*(passage.stems for passage in self.passages))

    @cached_property
    def told_stems(self) -> frozenset[str]:
        """The stems of the words that anything but the customer says."""
        return stems_of(self.told_words)

    @cached_property
    def live(self) -> tuple[ProposedAction, ...]:
        """The actions that will have happened when the reply is sent."""
        return tuple(action for action in self.evidence.actions if action.status not in DEAD)

    @cached_property
    def dead(self) -> tuple[ProposedAction, ...]:
        """The actions that will not have happened, or may not have."""
        return tuple(action for action in self.evidence.actions if action.status in DEAD)


class SameEvidence:
    """An evidence as a key: one object, read once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def __hash__(self) -> int:
        return id(self.evidence)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameEvidence) and other.evidence is self.evidence


def read_facts(evidence: Evidence) -> Facts:
    """The facts of an evidence; the same object is read once."""
    return _read(SameEvidence(evidence))


@lru_cache(maxsize=16)
def _read(same: SameEvidence) -> Facts:
    evidence = same.evidence
    facts = Facts(evidence)
    for source in evidence.sources:
        add(facts, readings_of(source.name, source.value, said=source.kind == "ticket"))
    if evidence.customer is not None:
        add(facts, readings_of("customer", evidence.customer))
    for place, action in enumerate(evidence.actions):
        read_action(facts, action, f"action:{place}")
    return facts


def add(facts: Facts, readings: Sequence[Reading]) -> None:
    """Adds the readings of a source; an article that it found counts once, whoever brings it."""
    for reading in readings:
        if reading.is_hit and reading.name in facts.texts:
            continue
        facts.readings += (reading,)
        facts.names.add(reading.name)
        facts.words |= reading.words
        if not reading.is_said:
            facts.told_words |= reading.words
        facts.passages += reading.passages
        facts.lengths += reading.lengths
        facts.variants.update(reading.variants)
        facts.methods.update(reading.methods)
        facts.texts[reading.name] = "\n".join(filter(None, (facts.texts.get(reading.name, ""), reading.text)))
        for key, order in reading.orders.items():
            add_order(facts.orders.setdefault(key, OrderFacts(order.order_id)), order)


def add_order(known: OrderFacts, newer: OrderFacts) -> None:
    """Adds what a later source says of an order."""
    known.statuses += newer.statuses
    known.lines.update(newer.lines)
    if newer.held:
        known.held, known.prices = newer.held, newer.prices
    known.payments += newer.payments
    known.addresses += newer.addresses
    known.tracking |= newer.tracking
    known.sources |= newer.sources


def read_action(facts: Facts, action: ProposedAction, name: str) -> None:
    """Adds what an action that will have happened says; of any other only its words are known."""
    if action.status in DEAD:
        for text, _, _ in leaves(action.arguments):
            facts.words |= {word.lower() for word in WORD.findall(text)}
        return
    if action.kind == "send_reply":
        return
    own = readings_of(name, {"arguments": action.arguments, "effects": list(action.effects)})[-1]
    add(facts, [replace(own, orders={}, variants={}, methods={})])
    amount = to_decimal(action.amount)
    if amount:
        at_stake = Reading(name)
        at_stake.amounts[amount].add((name, subject_of(action.arguments)))
        facts.readings += (at_stake,)
