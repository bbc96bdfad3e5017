"""The golden paths, over the wire and back: what is called, what is proposed, what is in it, and what comes true."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from agentdesk.agent.bounds import Bounds
from agentdesk.agent.tools import READ_TOOLS
from agentdesk.runs.engine import settle_waiting
from agentdesk.runs.models import Event, Run
from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.gate import execute_action
from approvals.models import Action
from approvals.outbox import deliver_due
from tests.acceptance.days.desk import WIRES, provider, require_good_end, work_on, write_in
from tests.approvals.shop import make_catalogue, make_order
from tests.wire.replies import Answer, Call, Reply, say, tools_in
from tests.wire.server import WireServer
from tickets.loading.articles import ArticleText, load_articles
from tickets.models import Customer, LedgerLine, Message, Order, Person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("wire", WIRES),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded default has them all; the soak has both"),
]

PENDING, DELIVERED = "#W1000000", "#W1000002"
REFUNDS = ArticleText(
    "refunds", "Refunds", "A refund to a gift card is there at once. A card takes 5 to 7 working days."
)
QUOTE = "A refund to a gift card is there at once."
SURE: dict[str, Any] = {"rationale": "asked for", "confidence": 0.95, "alternatives": []}
SOLVED = Call("set_ticket", {"status": "solved", "priority": None, "tags": None, **SURE}, "call_solved")
Walk = Callable[..., Run]


@pytest.fixture
def customer(carla: Customer, settings: Any) -> Customer:
    """Carla, with an order that has not left and one that has arrived."""
    settings.MAIL_CONFIGURED = True
    make_catalogue()
    make_order(carla, PENDING)
    make_order(carla, DELIVERED, status="delivered", items=("9101", "9201"))
    load_articles([REFUNDS], author="test", now=timezone.now())
    mail.outbox.clear()
    return carla


def turn(*calls: Call, text: str = "") -> Reply:
    return Reply(text=text, tool_calls=calls)


def look(order_id: str, name: str = "call_look") -> Call:
    return Call("get_order", {"order_id": order_id}, name)


def reply(body: str, source: str, quote: str) -> Call:
    cited = [{"source": source, "quote": quote}]
    return Call("send_reply", {"body": body, "citations": cited, **SURE}, "call_reply")


def kinds_of(run: Run) -> list[str]:
    """What it proposed, in order."""
    return list(Action.objects.filter(origin=run.pk).order_by("place").values_list("kind", flat=True))


def tools_of(run: Run) -> list[str]:
    """What it called, in order."""
    told = Event.objects.filter(run=run, kind="tool.answered").order_by("seq")
    return [event.data["tool"] for event in told]


def events_of(run: Run) -> list[str]:
    return list(Event.objects.filter(run=run).order_by("seq").values_list("kind", flat=True))


def require_sound_structure(run: Run, server: WireServer) -> None:
    """An agenda before it acts, each answer assessed, drafts checked before they are proposed, ten tools at most."""
    kinds = events_of(run)
    assert kinds[:2] == ["run.started", "ticket.triaged"]
    assert kinds.count("agenda.made") >= 1
    assert kinds.index("agenda.made") < kinds.index("tool.answered")
    assert kinds.count("step.assessed") == kinds.count("tool.answered")
    drafts = Action.objects.filter(origin=run.pk).exclude(kind__in=("set_ticket", "escalate", "add_note")).count()
    assert kinds.count("draft.verified") >= drafts
    if drafts:
        assert kinds.index("draft.verified") < kinds.index("action.proposed")
    assert all(len(tools_in(body)) <= 10 for body in server.bodies)
    assert "recovery.chosen" not in kinds and "bound.reached" not in kinds
    bounds = Bounds.model_validate(run.bounds)
    assert set(tools_of(run)) <= {*bounds.tools, *READ_TOOLS}


@pytest.fixture
def walk(customer: Customer, wire: str) -> Walk:
    """A letter, the provider's turns, and the run at rest, sound in structure."""

    def go(letter: str, *answers: Answer) -> Run:
        with provider(wire, answers) as server:
            run = work_on(write_in(customer, letter))
            require_good_end(run)
            require_sound_structure(run, server)
            assert len(server.received) == len(answers) == run.steps
        return run

    return go


def approve_all(run: Run, by: Person) -> Run:
    """A manager opens and approves each; the gate and the post do their work; the run as it then is."""
    now = timezone.now()
    for action in Action.objects.filter(origin=run.pk, status="waiting").order_by("place"):
        mark_seen(action.pk, action.digest, by=by, now=now)
        decide_action(Verdict(action.pk, "approve", action.digest), by=by, now=now)
    for _ in range(3):
        for pk in (
            Action.objects.filter(origin=run.pk, status="approved").order_by("place").values_list("pk", flat=True)
        ):
            execute_action(pk, now=now)
        deliver_due(now=now + timedelta(hours=1))
    settle_waiting(run.pk, now)
    run.refresh_from_db()
    return run


def money_of(order_id: str) -> list[tuple[str, Decimal]]:
    lines = LedgerLine.objects.filter(order_id=order_id).order_by("pk")
    return list(lines.values_list("direction", "amount"))


def test_a_question_is_answered_from_an_article(walk: Walk, max_: Person) -> None:
    drafted = {
        "answerable": True, "body": f"Hello Carla,\n{QUOTE}\nKind regards", "confidence": 0.9, "missing": "",
        "citations": [{"source": "article:refunds@1", "quote": QUOTE}],
    }  # fmt: skip
    run = walk("How long does a refund to a gift card take, in general?", say(json.dumps(drafted)))
    assert (run.category, run.status) == ("question", "waiting")
    assert kinds_of(run) == ["send_reply", "set_ticket"]
    letter = Action.objects.get(origin=run.pk, kind="send_reply")
    assert (letter.findings, letter.arguments["citations"][0]["source"]) == ([], "article:refunds@1")
    assert approve_all(run, max_).status == "done"
    assert QUOTE in mail.outbox[0].body


def test_an_order_is_cancelled_and_the_reply_leaves_only_then(walk: Walk, max_: Person) -> None:
    cancel = Call("cancel_order", {"order_id": PENDING, "reason": "no longer needed", **SURE}, "call_cancel")
    told = reply(f"Hello Carla,\nyour order {PENDING} is cancelled.\nKind regards", "tool:call_cancel", PENDING)
    run = walk(
        f"Please cancel my order {PENDING}, I no longer need it.",
        turn(look(PENDING)), turn(cancel), turn(told, SOLVED), say("Cancelled; the reply waits for it."),
    )  # fmt: skip
    require_nothing_sent()
    assert (run.category, run.status) == ("order_change", "waiting")
    assert tools_of(run) == ["get_order", "cancel_order", "send_reply", "set_ticket"]
    assert kinds_of(run) == ["cancel_order", "send_reply", "set_ticket"]
    cancelling, letter, _ = Action.objects.filter(origin=run.pk).order_by("place")
    assert str(cancelling.pk) in letter.depends_on
    assert cancelling.findings == [] and cancelling.amount == Decimal("65.00")
    assert approve_all(run, max_).status == "done"
    assert Order.objects.get(pk=PENDING).status == "cancelled"
    assert money_of(PENDING) == [("payment", Decimal("65.00")), ("refund", Decimal("65.00"))]
    assert [PENDING in letter.body for letter in mail.outbox] == [True]


def require_nothing_sent() -> None:
    assert mail.outbox == [] and Order.objects.get(pk=PENDING).status == "pending"
    assert not Message.objects.filter(direction="outbound").exists()


def test_an_item_is_returned_and_refunded_to_the_cent(walk: Walk, max_: Person) -> None:
    back = Call(
        "return_items",
        {"order_id": DELIVERED, "item_ids": ["9201"], "payment_method_id": "credit_card_carla", **SURE},
        "call_return",
    )
    body = f"Hello Carla,\nwe have your return of the lamp of order {DELIVERED}; 40.00 goes back to your card.\nRegards"
    run = walk(
        f"I want to return the lamp of order {DELIVERED} and get a refund to my card.",
        turn(look(DELIVERED)), turn(back), turn(reply(body, "tool:call_return", DELIVERED), SOLVED), say("Returned."),
    )  # fmt: skip
    assert (run.category, run.status) == ("return", "waiting")
    assert kinds_of(run) == ["return_items", "send_reply", "set_ticket"]
    returning = Action.objects.get(origin=run.pk, kind="return_items")
    assert (returning.amount, returning.arguments["item_ids"], returning.findings) == (Decimal("40.00"), ["9201"], [])
    assert approve_all(run, max_).status == "done"
    assert Order.objects.get(pk=DELIVERED).status == "return requested"
    assert "40.00" in mail.outbox[0].body


def test_mixed_wishes_are_both_worked_on_in_one_run(walk: Walk, max_: Person) -> None:
    cancel = Call("cancel_order", {"order_id": PENDING, "reason": "ordered by mistake", **SURE}, "call_cancel")
    search = Call("search_knowledge", {"query": "how long does a refund to a gift card take"}, "call_search")
    body = f"Hello Carla,\nyour order {PENDING} is cancelled. {QUOTE}\nKind regards"
    run = walk(
        f"Please cancel order {PENDING}, I ordered it by mistake. And how long does a refund to a gift card take?",
        turn(look(PENDING), search), turn(cancel), turn(reply(body, "article:refunds@1", QUOTE), SOLVED), say("Both."),
    )  # fmt: skip
    assert run.status == "waiting"
    assert tools_of(run)[:2] == ["get_order", "search_knowledge"]
    assert kinds_of(run) == ["cancel_order", "send_reply", "set_ticket"]
    assert approve_all(run, max_).status == "done"
    assert Order.objects.get(pk=PENDING).cancel_reason == "ordered by mistake"
    assert QUOTE in mail.outbox[0].body and PENDING in mail.outbox[0].body


@pytest.mark.parametrize(
    "letter", ["I want to talk to a human, please.", "My lawyer will sue you over this.", "The charger caught fire!"]
)
def test_what_is_for_people_is_on_their_list_before_any_model_is_asked(
    customer: Customer, wire: str, letter: str
) -> None:
    with provider(wire, []) as server:
        run = work_on(write_in(customer, letter))
        assert server.received == []
    require_good_end(run)
    assert mail.outbox == []
    assert (run.category, run.status, run.steps) == ("people", "escalated", 0)
    assert kinds_of(run) == ["escalate"]
    assert "model.answered" not in events_of(run)
