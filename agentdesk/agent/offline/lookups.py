"""Asking the tools: what was answered already is used, what was not is noted and asked for in the next turn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agentdesk.agent.arithmetic import calculate
from agentdesk.agent.offline.case import Case
from agentdesk.agent.offline.outcomes import Citation
from agentdesk.agent.offline.records import Order, Product, read_order, read_product

REFUND_TIMES = "how long does a refund take gift card credit card PayPal days"
DAYS = re.compile(r"\b\d+ (?:to|-) \d+ (?:business |working )?days\b")
AT_ONCE = re.compile(r"\b(?:at once|immediately|right away|instantly)\b", re.I)


class NotYet(Exception):
    """The answer is not there yet; it is on the list of what to ask."""


@dataclass(frozen=True)
class Hit:
    """A passage of an article that may answer a question."""

    slug: str
    title: str
    revision: int
    passage: str

    def cite(self, quote: str = "") -> Citation:
        """The citation of this passage, or of a part of it."""
        return Citation(f"article:{self.slug}@{self.revision}", quote or self.passage)


@dataclass
class Lookups:
    """The answers of one case. `missing` collects, in order, what has to be asked first."""

    case: Case
    missing: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def ask(self, name: str, **arguments: str) -> Mapping[str, Any]:
        """A tool's answer. Raises: NotYet where it has to be asked first."""
        found = self.case.find(name, arguments)
        if found is not None:
            return found.answer
        if name not in self.case.tools:
            return {"error": "no such tool"}
        self.missing.setdefault(f"{name} {sorted(arguments.items())}", (name, dict(arguments)))
        raise NotYet(name)

    def cite(self, quote: str, name: str, **arguments: str) -> Citation:
        """The citation of a tool's answer."""
        found = self.case.find(name, arguments)
        return Citation(f"tool:{found.call.tool_call_id if found else name}", quote)

    def customer(self) -> Mapping[str, Any]:
        """The ticket's customer."""
        return self.ask("find_customer")

    @property
    def methods(self) -> Mapping[str, Mapping[str, Any]]:
        """The customer's payment methods by id."""
        methods: Mapping[str, Mapping[str, Any]] = self.customer().get("payment_methods") or {}
        return methods

    def order(self, order_id: str) -> Order | None:
        """An order of the customer; None for an unknown one and for others' alike."""
        answer = self.ask("get_order", order_id=order_id)
        return None if "error" in answer else read_order(answer)

    def orders(self) -> list[Mapping[str, Any]]:
        """The customer's orders in short."""
        return list(self.ask("list_orders").get("orders") or ())

    def product(self, product_id: str) -> Product | None:
        """A product with its variants."""
        answer = self.ask("get_product", product_id=product_id)
        return None if "error" in answer else read_product(answer)

    def products_of(self, order: Order) -> dict[str, Product]:
        """The products of an order's lines, by id; all that are missing are asked for together. Raises: NotYet."""
        found: dict[str, Product] = {}
        is_missing = False
        for product_id in dict.fromkeys(line.product_id for line in order.lines):
            try:
                product = self.product(product_id)
            except NotYet:
                is_missing = True
                continue
            if product is not None:
                found[product_id] = product
        if is_missing:
            raise NotYet("get_product")
        return found

    def articles(self, query: str) -> list[Hit]:
        """Passages that may answer a question; none where there is no such tool or nothing fits."""
        hits = self.ask("search_knowledge", query=query).get("hits") or ()
        return [Hit(str(hit["slug"]), str(hit["title"]), int(hit["revision"]), str(hit["passage"])) for hit in hits]

    def sum_up(self, expression: str) -> str:
        """The result of an arithmetic expression in cents, worked out by the tool so that the reply can rest on it.

        Where the tool is not allowed the same arithmetic gives the same sum.
        """
        stated = self.ask("calculate", expression=expression).get("result")
        return f"{calculate(expression) if stated is None else Decimal(str(stated)):.2f}"

    def cite_sum(self, quote: str, expression: str) -> tuple[Citation, ...]:
        """The citation of a sum; none where no tool was asked."""
        return (self.cite(quote, "calculate", expression=expression),) if "calculate" in self.case.tools else ()

    def refund_time(self, method: Mapping[str, Any] | None) -> tuple[str, tuple[Citation, ...]]:
        """How long a refund to a method takes, as far as an article says so; else nothing."""
        is_gift = bool(method) and (method or {}).get("source") == "gift_card"
        for hit in self.articles(REFUND_TIMES):
            days, once = DAYS.search(hit.passage), AT_ONCE.search(hit.passage)
            if is_gift and once and "gift card" in hit.passage.lower():
                return f" It is there {once.group().lower()}.", (hit.cite(),)
            if not is_gift and days and method:
                return f" This usually takes {days.group()}.", (hit.cite(),)
        return "", ()
