"""What an agent knows when it proposes a plan's deed, from the shop's own records: no run, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentdesk.agent.evidence import Evidence, Source
from tests.acceptance.retail.shop import Record, Shop, total
from tests.acceptance.wrong.playing import look_ups
from tests.acceptance.wrong.post import Plan


def evidence_of(plan: Plan, shop: Shop, *, is_thorough: bool) -> Evidence:
    """The ticket, and the answers of the look-ups that `playing` makes."""
    customer = customer_in(shop.users[plan.letter.user_id])
    answers: list[tuple[str, Any]] = []
    for tool, given in look_ups(plan, shop, is_thorough):
        answers.append((tool, customer if tool == "find_customer" else answer_of(tool, given, plan, shop)))
    sources = [Source(f"tool:look_{at}", "tool", value, tool) for at, (tool, value) in enumerate(answers)]
    return Evidence((Source("ticket", "ticket", ticket_of(plan, customer)), *sources), (), customer)


def ticket_of(plan: Plan, customer: Mapping[str, Any]) -> dict[str, Any]:
    """The ticket with the letter in it."""
    name = customer["name"]
    known = {"customer_id": customer["customer_id"], "name": f"{name['first_name']} {name['last_name']}"}
    return {
        "ticket": {"id": 1, "number": "T-1", "subject": plan.letter.subject, "identity": "verified"},
        "customer": {**known, "email": customer["email"]},
        "messages": [{"id": 1, "direction": "inbound", "body": plan.letter.body}],
    }


def customer_in(user: Record) -> dict[str, Any]:
    """A customer as `find_customer` answers."""
    methods = {
        method_id: {name: str(value) for name, value in method.items()}
        for method_id, method in user["payment_methods"].items()
    }
    rest = {name: value for name, value in user.items() if name not in {"user_id", "payment_methods"}}
    return {**rest, "customer_id": user["user_id"], "credit": "0.00", "payment_methods": methods}


def answer_of(tool: str, given: Mapping[str, Any], plan: Plan, shop: Shop) -> dict[str, Any]:
    """What a look-up answers."""
    if tool == "list_orders":
        return {"orders": [short_of(order) for order in shop.orders_of(plan.letter.user_id)]}
    if tool == "get_order":
        order = shop.orders[given["order_id"]]
        items = [{**item, "price": str(item["price"])} for item in order["items"]]
        paid = [{**payment, "amount": str(payment["amount"])} for payment in order["payment_history"]]
        return {**order, "items": items, "payment_history": paid}
    product = shop.products[given["product_id"]]
    variants = [{**one, "price": str(one["price"])} for one in product["variants"].values()]
    return {"product_id": product["product_id"], "name": product["name"], "variants": variants}


def short_of(order: Record) -> dict[str, Any]:
    """An order as a list of orders tells of it."""
    names = [item["name"] for item in order["items"]]
    return {"order_id": order["order_id"], "status": order["status"], "items": names, "total": str(total(order))}
