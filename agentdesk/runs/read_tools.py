"""Read tools: what the agent may look up, always of the ticket's own customer. Answers are JSON values.

The desk's own tools read this database, inside the turn's transaction. A tool that leaves the process runs before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agentdesk.agent.arithmetic import NotArithmetic, calculate
from agentdesk.agent.course import OVERLAID
from agentdesk.agent.tools import (
    READ_TOOLS,
    Calculate,
    FindCustomer,
    GetOrder,
    GetProduct,
    ReadArguments,
    SearchKnowledge,
)
from approvals.models import Action
from approvals.planning import AHEAD
from tickets.effects import effect_from_json
from tickets.knowledge import search_knowledge
from tickets.models import Product, Ticket
from tickets.prepared import prepared
from tickets.queries import customer_to_json, earlier_tickets, load_view, order_to_json
from tickets.records import DeskView

TIMEOUT_SECONDS = 10.0


class ToolRefused(Exception):
    """A tool cannot answer; the message says what was wrong and what to try."""

    def __init__(self, error: str, what_was_wrong: str, what_to_try: str) -> None:
        super().__init__(what_was_wrong)
        self.answer = {"error": error, "what_was_wrong": what_was_wrong, "what_to_try": what_to_try}


@dataclass
class Desk:
    """What the read tools of one turn look at: the ticket, and the run's proposals laid over its records."""

    ticket_id: int
    run_id: UUID
    _view: DeskView | None = None
    _is_overlaid: bool = False

    @property
    def view(self) -> DeskView:
        """The customer's records with the effects of what this run proposed laid over; loaded once per turn."""
        if self._view is None:
            effects = [effect_from_json(effect) for effects in effects_ahead(self.run_id) for effect in effects]
            self._is_overlaid = bool(effects)
            self._view = load_view(self.ticket_id).lay_over(effects)
        return self._view

    def noted(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The answer, saying so where proposed effects are laid over it."""
        return {**answer, "note": OVERLAID} if self._is_overlaid else answer


@prepared
def effects_ahead(run_id: UUID) -> QuerySet[Action, Any]:
    """The effects of each of a run's actions that are planned on but not yet in the rows, in order."""
    ahead = Action.objects.filter(origin=run_id, status__in=AHEAD).order_by("place")
    return ahead.values_list("effects", flat=True)


def find_customer(arguments: FindCustomer, desk: Desk) -> dict[str, Any]:
    """The ticket's customer; another address finds nobody, known or not."""
    customer = desk.view.customer
    if arguments.email is not None and arguments.email.lower() != customer.email.lower():
        raise ToolRefused(
            "no such customer",
            "No customer of this ticket has that address.",
            "Call find_customer without an address: it answers with the ticket's customer.",
        )
    value = customer_to_json(customer, desk.view.orders)
    return desk.noted({"customer_id": value.pop("user_id"), **value})


def get_order(arguments: GetOrder, desk: Desk) -> dict[str, Any]:
    """One order; others' orders and unknown ones sound alike."""
    order_id = normal_order_id(arguments.order_id)
    order = desk.view.orders.get(order_id)
    if order is None:
        raise ToolRefused(
            "no such order",
            f"No order {order_id} is known for this customer.",
            "Check the number with list_orders, or ask the customer.",
        )
    return desk.noted(order_to_json(order, desk.view.customer.customer_id))


def normal_order_id(order_id: str) -> str:
    """An order number as the shop writes it, with its `#`."""
    return order_id if order_id.startswith("#") else f"#{order_id}"


def list_orders(arguments: object, desk: Desk) -> dict[str, Any]:
    """The customer's orders in short."""
    orders = [
        {
            "order_id": order.order_id,
            "status": order.status,
            "items": [line.name for line in order.lines],
            "total": f"{order.total:.2f}",
        }
        for order in desk.view.orders.values()
    ]
    return desk.noted({"orders": orders})


def get_product(arguments: GetProduct, desk: Desk) -> dict[str, Any]:
    """A product and its variants."""
    product = Product.objects.filter(pk=arguments.product_id).prefetch_related("variants").first()
    if product is None:
        raise ToolRefused(
            "no such product",
            f"No product {arguments.product_id} is known.",
            "Take the product_id from an order's item; an item_id is something else.",
        )
    variants = [
        {
            "item_id": variant.item_id,
            "options": variant.options,
            "available": variant.available,
            "price": f"{variant.price:.2f}",
        }
        for variant in product.variants.all()
    ]
    return {"product_id": product.product_id, "name": product.name, "variants": variants}


def search_articles(arguments: SearchKnowledge, desk: Desk) -> dict[str, Any]:
    """The best passages of the shop's articles."""
    hits = [
        {"slug": hit.slug, "title": hit.title, "revision": hit.revision, "passage": hit.passage}
        for hit in search_knowledge(arguments.query)
    ]
    return {"hits": hits}


def get_ticket_history(arguments: object, desk: Desk) -> dict[str, Any]:
    """The customer's other tickets and what came of them."""
    ticket = Ticket.objects.get(pk=desk.ticket_id)
    tickets = []
    for other in earlier_tickets(ticket):
        last = other.runs.exclude(result="").order_by("-created_at").first()
        tickets.append(
            {
                "number": other.number,
                "subject": other.subject,
                "status": other.status,
                "result": last.result if last else "",
            }
        )
    return {"tickets": tickets}


def work_out(arguments: Calculate, desk: Desk) -> dict[str, Any]:
    """Exact arithmetic."""
    try:
        return {"result": str(calculate(arguments.expression))}
    except NotArithmetic as error:
        raise ToolRefused("not arithmetic", str(error), "Use numbers, + - * / and parentheses only.") from error


@dataclass(frozen=True)
class ReadTool:
    """How a read tool answers, and how it may fail.

    A tool that leaves the process gets `timeout_seconds` for each try; where it is idempotent, an error of a
    `retryable` class or a missed deadline is tried again. `answer` raises ToolRefused to say what to try instead.
    """

    answer: Callable[[Any, Desk], Any]
    arguments: type[ReadArguments]
    timeout_seconds: float = TIMEOUT_SECONDS
    retryable: tuple[type[Exception], ...] = (OSError,)
    is_idempotent: bool = True
    leaves_process: bool = False


OWN: dict[str, Callable[[Any, Desk], dict[str, Any]]] = {
    "find_customer": find_customer,
    "get_order": get_order,
    "list_orders": list_orders,
    "get_product": get_product,
    "search_knowledge": search_articles,
    "get_ticket_history": get_ticket_history,
    "calculate": work_out,
}
ANSWERS: dict[str, ReadTool] = {name: ReadTool(answer, READ_TOOLS[name][0]) for name, answer in OWN.items()}
"""Every read tool by its name; what is put in here can be called."""
