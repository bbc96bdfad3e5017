"""A desk in memory for the offline model's tests: real action kinds plan over frozen records; nothing is stored.

`work_ticket` plays the engine: it answers the model's calls until the agenda ends, proposals laid over the records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentdesk.agent.arithmetic import calculate
from agentdesk.agent.language_model import (
    Entry,
    LanguageModel,
    ModelTurn,
    Request,
    ToolAnswer,
    ToolCall,
    ToolSpec,
    Turn,
    UserTurn,
)
from agentdesk.agent.offline import OfflineModel
from agentdesk.agent.tools import TOOLS, split_statement
from approvals.kinds import PROPOSABLE
from approvals.kinds.catalogue_entry import Refusal
from tickets.effects import describe
from tickets.queries import customer_to_json, order_to_json
from tickets.records import (
    CustomerRecord,
    DeskView,
    OrderRecord,
    TicketRecord,
    VariantRecord,
)

STEP_LIMIT = 20
ORDER_KINDS = frozenset(
    {
        "cancel_order",
        "change_order_items",
        "change_order_address",
        "change_order_payment",
        "return_items",
        "exchange_items",
        "change_customer_address",
        "give_credit",
    }
)
ARTICLES = (
    {
        "slug": "refunds",
        "title": "When a refund arrives",
        "revision": 2,
        "passage": "A refund to a gift card is there at once. On a credit card or PayPal it takes 5 to 7 working days.",
    },
    {
        "slug": "cancelling",
        "title": "Cancelling an order",
        "revision": 1,
        "passage": "An order can be cancelled as long as it is *pending*, never once it was processed or delivered.",
    },
    {
        "slug": "washing-wool",
        "title": "How to wash wool",
        "revision": 4,
        "passage": "Wash wool sweaters by hand in cold water. Do not tumble dry wool.",
    },
)


@dataclass(frozen=True)
class Worked:
    """What became of a ticket: the model's turns and every call with its answer."""

    turns: tuple[Turn, ...]
    calls: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...]
    transcript: tuple[Entry, ...]

    @property
    def actions(self) -> list[tuple[str, dict[str, Any]]]:
        """The order actions that were proposed, in order, with their own arguments."""
        return [(name, split_statement(arguments)[0]) for name, arguments, _ in self.calls if name in ORDER_KINDS]

    @property
    def reply(self) -> str:
        """The last reply's words."""
        return next((str(arguments["body"]) for name, arguments, _ in reversed(self.calls) if name == "send_reply"), "")

    @property
    def status(self) -> str:
        """What the ticket was set to."""
        return next(
            (str(arguments["status"]) for name, arguments, _ in reversed(self.calls) if name == "set_ticket"), ""
        )

    @property
    def escalation(self) -> Mapping[str, Any]:
        """The arguments of the escalation, empty where there was none."""
        return next((arguments for name, arguments, _ in self.calls if name == "escalate"), {})


@dataclass
class FakeDesk:
    """One customer's records and the whole catalogue."""

    customer: CustomerRecord
    orders: Mapping[str, OrderRecord]
    variants: Mapping[str, VariantRecord]
    articles: Sequence[Mapping[str, Any]] = ARTICLES
    refused: frozenset[str] = frozenset()
    view: DeskView = field(init=False)

    def __post_init__(self) -> None:
        ticket = TicketRecord(17, "T-17", "", "open", "normal", (), "verified", 1)
        self.view = DeskView(ticket, self.customer, self.orders, self.variants)

    def answer(self, call: ToolCall) -> dict[str, Any]:
        """What the engine would answer to a call."""
        if call.name in PROPOSABLE:
            return self.propose(call)
        answers: dict[str, Any] = {
            "find_customer": self.find_customer,
            "get_order": self.get_order,
            "list_orders": self.list_orders,
            "get_product": self.get_product,
            "search_knowledge": self.search_knowledge,
            "get_ticket_history": lambda: {"tickets": []},
            "calculate": lambda expression: {"result": str(calculate(expression))},
        }
        answered: dict[str, Any] = answers[call.name](**call.arguments)
        return answered

    def propose(self, call: ToolCall) -> dict[str, Any]:
        """Plans with the real kind and lays the effects over the records."""
        own, _ = split_statement(call.arguments)
        kind = PROPOSABLE[call.name]
        action_id = f"action-{call.tool_call_id}"
        if call.name in self.refused:
            return {"action_id": action_id, "outcome": "refused", "reason": "switched off by the policy"}
        try:
            effects = kind.plan(kind.arguments.model_validate(own), self.view)
        except Refusal as refusal:
            return {"action_id": action_id, "outcome": "refused", "reason": str(refusal)}
        self.view = self.view.lay_over(effects)
        return {"action_id": action_id, "outcome": "proposed", "effects": [describe(effect) for effect in effects]}

    def find_customer(self) -> dict[str, Any]:
        value = customer_to_json(self.view.customer, self.view.orders)
        return {"customer_id": value.pop("user_id"), **value}

    def get_order(self, order_id: str) -> dict[str, Any]:
        order = self.view.orders.get(order_id)
        if order is None:
            return {"error": "no such order", "what_was_wrong": "no such order for this customer", "what_to_try": "ask"}
        return order_to_json(order, self.view.customer.customer_id)

    def list_orders(self) -> dict[str, Any]:
        return {
            "orders": [
                {
                    "order_id": order.order_id,
                    "status": order.status,
                    "items": [line.name for line in order.lines],
                    "total": f"{order.total:.2f}",
                }
                for order in self.view.orders.values()
            ]
        }

    def get_product(self, product_id: str) -> dict[str, Any]:
        found = [variant for variant in self.variants.values() if variant.product_id == product_id]
        if not found:
            return {"error": "no such product", "what_was_wrong": "unknown", "what_to_try": "another id"}
        return {
            "product_id": product_id,
            "name": found[0].name,
            "variants": [
                {
                    "item_id": variant.item_id,
                    "options": dict(variant.options),
                    "available": variant.available,
                    "price": f"{variant.price:.2f}",
                }
                for variant in found
            ],
        }

    def search_knowledge(self, query: str) -> dict[str, Any]:
        asked = {word.strip("?.,!").lower() for word in query.split()}
        ranked = sorted(self.articles, key=lambda hit: -len(asked & set(str(hit["passage"]).lower().split())))
        return {"hits": ranked[:3]}


def brief(
    desk: FakeDesk, subject: str, messages: Sequence[tuple[str, str]], findings: str = "", status: str = "open"
) -> str:
    """The first entry of a transcript, as the engine writes it."""
    customer = desk.customer
    document = {
        "ticket": {
            "id": 17, "number": "T-17", "subject": subject, "status": status, "priority": "normal", "tags": [],
            "identity": "verified",
        },
        "customer": {
            "customer_id": customer.customer_id, "name": f"{customer.first_name} {customer.last_name}",
            "email": customer.email,
        },
        "messages": [
            {"id": number, "direction": direction, "author": "x", "at": "2026-01-01T00:00:00Z", "body": body}
            for number, (direction, body) in enumerate(messages, start=1)
        ],
        "findings": findings,
    }  # fmt: skip
    return f"Here is the ticket to work on, as data.\n{json.dumps(document)}"


def work_ticket(
    desk: FakeDesk,
    body: str,
    subject: str = "Question",
    *,
    thread: Sequence[tuple[str, str]] = (),
    transcript: Sequence[Entry] = (),
    tools: tuple[ToolSpec, ...] = TOOLS,
) -> Worked:
    """Runs the model on a letter (after an optional thread), or on from a transcript, until its agenda is complete."""
    model: LanguageModel = OfflineModel()
    entries: list[Entry] = list(transcript) or [UserTurn(brief(desk, subject, [*thread, ("inbound", body)]))]
    turns: list[Turn] = []
    calls: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = []
    for _ in range(STEP_LIMIT):
        turn = model.answer(Request("", tools, tuple(entries)))
        turns.append(turn)
        entries.append(ModelTurn(turn.text, turn.tool_calls))
        if not turn.tool_calls:
            return Worked(tuple(turns), tuple(calls), tuple(entries))
        assert len(turn.tool_calls) <= 10
        for call in turn.tool_calls:
            answer = desk.answer(call)
            calls.append((call.name, call.arguments, answer))
            entries.append(ToolAnswer(call.tool_call_id, json.dumps(answer)))
    raise AssertionError("the model did not come to an end")
