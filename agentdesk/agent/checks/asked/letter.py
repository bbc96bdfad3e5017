"""The customer's own words and the records looked up, read by rules: what was asked for, as far as rules can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from agentdesk.agent.checks.asked.segments import Segment, cut_segments
from agentdesk.agent.checks.facts import SameEvidence
from agentdesk.agent.checks.injection import part_before_injection
from agentdesk.agent.evidence import Evidence, Source
from agentdesk.agent.language_model import ToolCall
from agentdesk.agent.offline.addresses import PostalAddress
from agentdesk.agent.offline.case import Answered, Case, Message
from agentdesk.agent.offline.clauses import Clause, Letter, read_letter
from agentdesk.agent.offline.cleaning import seen_and_unseen
from agentdesk.agent.offline.letters import read_thread
from agentdesk.agent.offline.lookups import Lookups
from agentdesk.agent.offline.methods import read_methods
from agentdesk.agent.offline.outcomes import Proposal
from agentdesk.agent.offline.planning import make_plan
from agentdesk.agent.offline.records import Order, Product
from agentdesk.agent.offline.wishes import Kind, Reading

LONGEST = 8_000
"""Characters of a thread that are read; what is longer is left to people and to the other checks."""
SETTLED = re.compile(r"\bdifference|\bcosts? (?:me )?(?:more|less)\b")
KEYS = {"get_order": "order_id", "get_product": "product_id"}
"""The look-ups whose question stands in their answer."""


@dataclass(frozen=True)
class Asked:
    """What the customer wrote, clause by clause, and what rules make of it with the records a run looked up."""

    case: Case
    reading: Reading
    clauses: tuple[Clause, ...]
    addresses: tuple[PostalAddress, ...]

    @cached_property
    def lookups(self) -> Lookups:
        """The records that the run looked up; what it did not is as if it were not there."""
        return Lookups(self.case)

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """What the rules would do about the letter, as far as they understand it and know the records."""
        return make_plan(self.reading, self.lookups).proposals

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The orders that the customer names, in the order named."""
        return tuple(dict.fromkeys(order for clause in self.clauses for order in clause.orders))

    @cached_property
    def low(self) -> str:
        """All that the customer wrote, in lower case."""
        return "\n".join(clause.low for clause in self.clauses)

    @cached_property
    def written(self) -> str:
        """All that the customer wrote, in the writer's own case."""
        return "\n".join(clause.text for clause in self.clauses)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The letter in pieces that each say that something stays, or that something is to happen."""
        return cut_segments(self.clauses)

    @cached_property
    def wanted(self) -> str:
        """What the letter says of what is to happen: without what stays."""
        return "\n".join(segment.words for segment in self.segments if not segment.is_kept)

    def about(self, order_id: str) -> str:
        """The words that may be about an order: those that name it, and those that may belong to it or another."""
        return "\n".join(clause.text for clause, orders in self.owned() if not orders or order_id in orders)

    def only_about(self, order_id: str) -> str:
        """The words that can be about no other order."""
        return "\n".join(clause.text for clause, orders in self.owned() if orders == {order_id})

    def owned(self) -> list[tuple[Clause, set[str]]]:
        """Each clause with the orders it can be about: those it names, else the last one named and the next."""
        found: list[tuple[Clause, set[str]]] = []
        before: tuple[str, ...] = ()
        for place, clause in enumerate(self.clauses):
            after = next((other.orders for other in self.clauses[place:] if other.orders), ())
            before = clause.orders or before
            found.append((clause, set(clause.orders or (*before, *after))))
        return found

    def order(self, order_id: str) -> Order | None:
        """An order as it was looked up."""
        return self.lookups.order(order_id)

    def products(self, order: Order) -> dict[str, Product]:
        """The products of an order's items, as far as they were looked up."""
        return self.lookups.products_of(order)

    @property
    def methods(self) -> Mapping[str, Mapping[str, Any]]:
        """The customer's ways to pay."""
        return self.lookups.methods


def read_asked(evidence: Evidence) -> Asked | None:
    """The letter of an evidence, read once for the same object; None where there is none, or too much of it."""
    return _read(SameEvidence(evidence))


@lru_cache(maxsize=16)
def _read(same: SameEvidence) -> Asked | None:
    case = case_of(same.evidence)
    reading, letter = read_words(str(case.ticket.get("subject") or ""), case.messages)
    return Asked(case, reading, letter.clauses, letter.addresses) if letter.clauses else None


@lru_cache(maxsize=64)
def read_words(subject: str, messages: tuple[Message, ...]) -> tuple[Reading, Letter]:
    """What a thread says; read once, however often its run proposes something."""
    bodies = [seen_and_unseen(message.body)[0] for message in messages if message.direction == "inbound"]
    if not bodies or sum(map(len, bodies)) > LONGEST:
        return Reading(), Letter((), ())
    case = Case({"subject": subject}, {}, messages, "", (), (), frozenset(), 0)
    kept = "\n\n".join(part_before_injection(body) for body in bodies)
    return read_thread(case), read_letter(f"{subject}.\n\n{kept}")


def case_of(evidence: Evidence) -> Case:
    """The evidence as the rules' reader takes it: nothing else can be looked up."""
    ticket = as_mapping(next((source.value for source in evidence.sources if source.kind == "ticket"), None))
    looked_up = [found for source in reversed(evidence.sources) if (found := answered(source)) is not None]
    customer = dict(evidence.customer or {})
    return Case(
        ticket=as_mapping(ticket.get("ticket")),
        customer=customer,
        messages=tuple(
            Message(str(message.get("direction")), str(message.get("body")))
            for message in ticket.get("messages") or ()
            if isinstance(message, Mapping)
        ),
        findings="",
        answered=(Answered(ToolCall("customer", "find_customer", {}), customer, 0), *looked_up),
        rounds=(),
        tools=frozenset(),
        calls_made=0,
    )


def as_mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object; anything else is an empty one."""
    return value if isinstance(value, Mapping) else {}


def answered(source: Source) -> Answered | None:
    """A source as the answer of the look-up it came from; None where it is no record."""
    value = source.value
    if source.kind != "tool" or not isinstance(value, Mapping):
        return None
    if source.tool in KEYS:
        key = KEYS[source.tool]
        return Answered(ToolCall(source.name, source.tool, {key: str(value.get(key, ""))}), value, 0)
    return Answered(ToolCall(source.name, source.tool, {}), value, 0) if source.tool == "list_orders" else None


def without_money(words: str) -> str:
    """Words without the lines that say how a sum is paid or settled."""
    lines = words.split("\n")
    return "\n".join(line for line in lines if not (SETTLED.search(line) or read_methods(line)))


WISHED: Mapping[str, Kind] = {
    "cancel_order": Kind.CANCEL,
    "return_items": Kind.RETURN,
    "exchange_items": Kind.ITEMS,
    "change_order_items": Kind.ITEMS,
    "change_order_address": Kind.ORDER_ADDRESS,
    "change_customer_address": Kind.OWN_ADDRESS,
    "change_order_payment": Kind.PAYMENT,
}
"""The wish that an action of a kind grants."""
