"""A run from the customer's message to the executed action."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.instructing import rebuild_request
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, Run
from agentdesk.runs.transcript import fold_transcript
from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.gate import execute_action
from approvals.models import Action
from approvals.outbox import deliver_due
from tickets.models import Customer, LedgerLine, Message, Order, Person, Product
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(carla: Customer) -> Order:
    mug = Product.objects.create(product_id="9001", name="Mug")
    mug.variants.create(item_id="9101", options={"colour": "red"}, available=True, price=Decimal("12.50"))
    order = Order.objects.create(order_id="#W0000001", customer=carla, status="pending", **carla.address)
    order.lines.create(
        place=0, product=mug, item_id="9101", name="Mug", price=Decimal("12.50"), options={"colour": "red"}
    )
    LedgerLine.objects.create(
        customer=carla, order=order, direction="payment", amount=Decimal("12.50"),
        payment_method_id="gift_card_carla", at=timezone.now(),
    )  # fmt: skip
    return order


def call(number: int, name: str, **arguments: object) -> Turn:
    return Turn(tool_calls=(ToolCall(f"call_{number}", name, arguments),))


SCRIPT = [
    call(1, "get_order", order_id="#W0000001"),
    call(2, "cancel_order", order_id="#W0000001", reason="no longer needed", confidence=0.9, rationale="asked for"),
    call(3, "send_reply", body="Dear Carla, it is cancelled.", confidence=0.9),
    call(4, "set_ticket", status="solved", confidence=0.9),
    Turn("Cancelled as asked."),
]


def test_it_goes_from_a_message_to_executed_actions(order: Order, carla: Customer, max_: Person) -> None:
    now = timezone.now()
    ticket, _ = open_ticket(Letter(carla.email, "Cancel", "Please cancel #W0000001"), now=now)
    run = Run.objects.get(ticket=ticket)
    model = ScriptedModel(SCRIPT)
    advance_run(run.pk, model=model)
    run.refresh_from_db()
    assert run.status == "waiting", run.reason
    cancel, reply, solve = Action.objects.filter(origin=run.pk)
    assert [cancel.status, reply.status, solve.status] == ["waiting", "waiting", "approved"]
    mark_seen(cancel.pk, cancel.digest, by=max_, now=now)
    for action in (reply, cancel):
        decide_action(Verdict(action.pk, "approve", action.digest), by=max_, now=now)
    assert execute_action(cancel.pk, now=now).status == "executed"
    assert execute_action(reply.pk, now=now).status == "executing"
    deliver_due(now=now + timedelta(seconds=11))
    assert execute_action(solve.pk, now=now).status == "executed"
    run.refresh_from_db()
    assert (run.status, run.result) == ("done", "Cancelled as asked.")
    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "no longer needed")
    assert Message.objects.filter(ticket=ticket, direction="outbound").count() == 1
    seqs = list(Event.objects.filter(run=run).values_list("seq", flat=True))
    assert seqs == list(range(1, run.last_seq + 1))


def test_the_request_can_be_rebuilt_to_the_byte(order: Order, carla: Customer) -> None:
    ticket, _ = open_ticket(Letter(carla.email, "Cancel", "Please cancel #W0000001"), now=timezone.now())
    run = Run.objects.get(ticket=ticket)
    advance_run(run.pk, model=ScriptedModel(SCRIPT))
    answered = Event.objects.filter(run=run, kind="model.answered")
    assert answered.count() == 5
    for event in answered:
        request = rebuild_request(event, fold_transcript(run.pk, until=event.data["folded_to"]).entries)
        assert hash_words(request.to_bytes().decode()) == event.data["request_sha256"]
