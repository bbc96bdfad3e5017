"""What the input of fifty scripted tickets costs, against the same requests without a cache.

Every request a run makes is written as the provider gets it and priced by the rules of prompt caching: a token is four
bytes; what a breakpoint of an earlier request covers is read for 0.1, what a new breakpoint covers is written for
1.25, the rest is 1. Nothing is timed, so the figure is the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.bench.databases import setup_django

TICKETS = 50
BYTES_PER_TOKEN = 4
READ, WRITE = 0.1, 1.25
TARGET = 0.45
STATED = {"rationale": "asked for", "confidence": 0.9, "alternatives": ["to ask back"]}


ToolUse = tuple[str, dict[str, Any]]


def turns_of(shape: str, order_id: str) -> list[list[ToolUse]]:
    """The calls of each turn of a run; an empty turn ends it."""
    look: ToolUse = ("get_order", {"order_id": order_id})
    reply = ("send_reply", {"body": f"Dear Carla,\nthis is about {order_id}.\nKind regards", "citations": [], **STATED})
    solved = ("set_ticket", {"status": "solved", **STATED})
    cancel = ("cancel_order", {"order_id": order_id, "reason": "no longer needed", **STATED})
    search = ("search_knowledge", {"query": "how long does a refund take"})
    moved = ("get_product", {"product_id": "9001"})
    turns: dict[str, list[list[ToolUse]]] = {
        "cancel": [[look], [cancel], [reply, solved], []],
        "status": [[look, ("list_orders", {})], [reply, solved], []],
        "question": [[search], [reply], [solved], []],
        "change": [[look, ("find_customer", {})], [moved], [("get_product", {"product_id": "9002"})], [reply], []],
        "mixed": [[look, search], [("find_customer", {})], [cancel], [reply, solved], []],
    }
    return turns[shape]


LETTERS = {
    "cancel": "Hello, please cancel my order {order}, I no longer need it. Thanks for your help, Carla.",
    "status": "Where is my order {order}? It should have been here days ago and I need it for Sunday.",
    "question": "How long does a refund to a gift card take, and what about one to a credit card?",
    "change": "Please change the small red mug of order {order} to the large one, and tell me the difference.",
    "mixed": "Cancel {order}, I ordered it by mistake. And how long does the refund take?",
}


class Recorder:
    """A model that follows a script and keeps each request's body as a provider gets it."""

    name = "scripted"

    def __init__(self, turns: list[list[ToolUse]], kept: list[dict[str, Any]]) -> None:
        from agentdesk.agent.providers.messages import MessagesWire

        self._turns, self._kept, self._wire = turns, kept, MessagesWire("claude-sonnet-5")

    def answer(self, request: Any, limits: Any = None) -> Any:
        """The next turn."""
        from agentdesk.agent.language_model import UNHURRIED, ModelTurn, ToolCall, Turn

        self._kept.append(self._wire.write(request, UNHURRIED))
        place = sum(isinstance(entry, ModelTurn) for entry in request.transcript)
        calls = [ToolCall(f"call_{place}_{at}", name, own) for at, (name, own) in enumerate(self._turns[place])]
        return Turn("" if calls else "Both colleagues and customer know all there is to know.", tuple(calls))


def blocks_of(body: dict[str, Any]) -> Iterator[tuple[bytes, bool]]:
    """The cacheable parts of a body in the order caching has them, and whether a breakpoint stands behind each."""
    yield json.dumps(body.get("tools", []), ensure_ascii=False).encode(), False
    for holder in (body.get("system", []), *(message["content"] for message in body["messages"])):
        for block in holder:
            own = {name: value for name, value in block.items() if name != "cache_control"}
            yield json.dumps(own, ensure_ascii=False).encode(), "cache_control" in block


class Cache:
    """A provider's prompt cache: which prefixes it holds, by their hash."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def price(self, body: dict[str, Any]) -> tuple[float, float]:
        """The tokens a request costs with this cache, and without one."""
        running, size, read, written = hashlib.sha256(), 0, 0, 0
        for data, is_breakpoint in blocks_of(body):
            running.update(data)
            size += len(data)
            if not is_breakpoint:
                continue
            name, written = running.hexdigest(), size
            if name in self._held:
                read = size
            self._held.add(name)
        cost = READ * read + WRITE * (written - read) + (size - written)
        return cost / BYTES_PER_TOKEN, size / BYTES_PER_TOKEN


def work_off() -> list[dict[str, Any]]:
    """Fifty tickets, one after the other; the bodies of all their requests in order."""
    from django.utils import timezone

    from agentdesk.runs.engine import advance_run
    from agentdesk.runs.models import Run
    from tests.approvals.shop import make_catalogue, make_order
    from tests.conftest import make_customer
    from tickets.loading.articles import ArticleText, load_articles
    from tickets.operations import Letter, open_ticket

    carla = make_customer("carla_silva_1001", "Carla", "Silva", Decimal("100.00"))
    make_catalogue()
    words = "A refund to a gift card is there at once. A card takes 5 to 7 working days."
    load_articles([ArticleText("refunds", "Refunds", words)], author="bench", now=timezone.now())
    bodies: list[dict[str, Any]] = []
    for place in range(TICKETS):
        shape = list(LETTERS)[place % len(LETTERS)]
        order = make_order(carla, f"#W7{place:06}")
        letter = Letter(carla.email, "My order", LETTERS[shape].format(order=order.pk), identity="verified")
        run = Run.objects.get(ticket=open_ticket(letter, now=timezone.now())[0])
        turns = turns_of(shape, order.pk)
        advance_run(run.pk, model=Recorder(turns, bodies))
        run.refresh_from_db()
        if run.status not in ("waiting", "done") or run.steps != len(turns):
            raise SystemExit(f"ticket {place} ({shape}) ended {run.status} after {run.steps} steps: {run.reason}")
    return bodies


def main() -> None:
    """Prints the share."""
    with tempfile.TemporaryDirectory() as folder:
        setup_django(f"sqlite:///{folder}/bench.sqlite3", migrate=True)
        bodies, cache = work_off(), Cache()
        costs, plain = zip(*(cache.price(body) for body in bodies), strict=True)
    share, each = sum(costs) / sum(plain), sum(plain) / TICKETS
    print(
        f"input cost: {share:.1%} of {each:.0f} tokens a ticket, {len(bodies)} requests on {TICKETS} tickets "
        f"(target ≤ {TARGET:.0%})"
    )


if __name__ == "__main__":
    main()
