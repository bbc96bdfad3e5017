"""One ticket: words shown inert, deeds of staff through the gate, and nothing an auditor could press."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.runs.models import Run
from approvals.models import Action, OutboxMessage
from tests.approvals.shop import DELIVERED, NEW_ADDRESS, OTTOS, PENDING, Bench, make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Message, Person, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(carla: Customer, otto: Customer) -> Ticket:
    make_catalogue()
    make_orders(carla, otto)
    return make_ticket(carla)


@pytest.fixture
def ritas(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def say(ticket: Ticket, body: str) -> None:
    author = f"customer:{ticket.customer_id}"
    Message.objects.create(ticket=ticket, direction="inbound", author=author, body=body, at=timezone.now())


def test_what_customers_write_is_inert(ritas: Client, ticket: Ticket) -> None:
    say(ticket, '<script>alert(1)</script><img src="//x.example/p"> \u202egnp.exe zero\u200bwidth')
    page = ritas.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "<script>alert" not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "U+202E" in page and "U+200B" in page and "\u202e" not in page
    assert 'dir="auto"' in page


def test_a_long_message_is_folded_and_whole(ritas: Client, ticket: Ticket) -> None:
    say(ticket, "a" * 100_000 + "the end")
    page = ritas.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "100007 characters in all" in page and "the end" in page


def test_it_shows_whose_orders_and_nobody_else_s(ritas: Client, ticket: Ticket) -> None:
    page = ritas.get(f"/tickets/{ticket.pk}/").content.decode()
    assert PENDING in page and DELIVERED in page and "gift_card_carla" in page
    assert OTTOS not in page


def test_an_unknown_ticket_is_not_found(ritas: Client, ticket: Ticket) -> None:
    assert ritas.get("/tickets/99999/").status_code == 404
    assert ritas.post("/tickets/99999/reply/", {"body": "x"}).status_code == 404


def test_a_reply_is_proposed_and_approved_with_one_click(ritas: Client, ticket: Ticket) -> None:
    answer = ritas.post(f"/tickets/{ticket.pk}/reply/", {"body": "Dear Carla, gladly."})
    assert answer.status_code == 302
    action = Action.objects.get(ticket=ticket, kind="send_reply")
    assert (action.proposer, action.status) == ("person:rita", "approved")
    assert Run.objects.get(ticket=ticket).status == "cancelled"


def test_a_reply_can_be_proposed_only(ritas: Client, ticket: Ticket) -> None:
    ritas.post(f"/tickets/{ticket.pk}/reply/", {"body": "Dear Carla.", "only_propose": "1"})
    assert Action.objects.get(ticket=ticket, kind="send_reply").status == "waiting"


def test_an_empty_reply_is_refused_in_words(ritas: Client, ticket: Ticket) -> None:
    ritas.post(f"/tickets/{ticket.pk}/reply/", {"body": "  "})
    assert not Action.objects.filter(ticket=ticket, kind="send_reply").exists()


def test_it_is_kept(ritas: Client, rita: Person, ticket: Ticket) -> None:
    base = f"/tickets/{ticket.pk}"
    ritas.post(f"{base}/note/", {"note": "Called her."})
    ritas.post(f"{base}/assign/", {"assignee": "rita"})
    ritas.post(f"{base}/tags/", {"tags": "refund, vip"})
    ritas.post(f"{base}/priority/", {"priority": "high"})
    ritas.post(f"{base}/priority/", {"priority": "absurd"})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.tags, ticket.priority) == (rita, ["refund", "vip"], "high")
    assert Message.objects.filter(ticket=ticket, direction="note", body="Called her.").exists()


def test_it_is_taken_over_and_handed_back(ritas: Client, rita: Person, ticket: Ticket) -> None:
    ritas.post(f"/tickets/{ticket.pk}/take-over/")
    page = ritas.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "has taken this ticket over" in page and "Start a run" not in page
    ritas.post(f"/tickets/{ticket.pk}/hand-back/")
    ticket.refresh_from_db()
    assert ticket.taken_over_by is None
    assert Run.objects.filter(ticket=ticket, status="queued").exists()


def test_a_dry_run_can_be_started_beside_a_live_one(ritas: Client, ticket: Ticket) -> None:
    answer = ritas.post(f"/tickets/{ticket.pk}/runs/start/", {"mode": "dry_run"})
    run = Run.objects.get(ticket=ticket, mode="dry_run")
    assert answer["Location"] == f"/runs/{run.pk}/"
    ritas.post(f"/tickets/{ticket.pk}/runs/start/", {"mode": "live"})
    assert "at work on this ticket already" in ritas.get(f"/tickets/{ticket.pk}/").content.decode()


@pytest.mark.parametrize(
    "deed", ["reply", "note", "assign", "tags", "priority", "take-over", "hand-back", "escalation/close", "runs/start"]
)
def test_an_auditor_presses_nothing(client: Client, auditor: Person, ticket: Ticket, deed: str) -> None:
    client.force_login(auditor)
    page = client.get(f"/tickets/{ticket.pk}/")
    assert page.status_code == 200 and "Take over" not in page.content.decode()
    assert client.post(f"/tickets/{ticket.pk}/{deed}/", {"body": "x", "note": "x"}).status_code == 403


WISHES: dict[str, dict[str, Any]] = {
    "cancel_order": {"order_id": PENDING, "reason": "no longer needed"},
    "change_order_items": {"order_id": PENDING, "line.0": "9101>9103", "payment_method_id": "credit_card_carla"},
    "change_order_address": {"order_id": PENDING, **{f"address.{name}": text for name, text in NEW_ADDRESS.items()}},
    "change_order_payment": {"order_id": PENDING, "payment_method_id": "paypal_carla"},
    "return_items": {"order_id": DELIVERED, "item_ids": ["0:9101", "1:9101"], "payment_method_id": "credit_card_carla"},
    "exchange_items": {"order_id": DELIVERED, "line.2": "9201>9202", "payment_method_id": "credit_card_carla"},
    "change_customer_address": {f"address.{name}": text for name, text in NEW_ADDRESS.items()},
    "give_credit": {"amount": "12.50", "reason": "sorry"},
    "send_reply": {"body": "Dear Carla."},
    "add_note": {"body": "Mind the mug."},
    "set_ticket": {"status": "solved"},
    "escalate": {"reason": "law", "summary": "She has a lawyer.", "urgency": "high"},
}


@pytest.mark.parametrize("kind", list(WISHES))
def test_any_kind_is_proposed_by_hand_after_its_preview(maxs: Client, ticket: Ticket, kind: str) -> None:
    address, wish = f"/tickets/{ticket.pk}/propose/{kind}/", WISHES[kind]
    assert maxs.get(address, {"order_id": wish.get("order_id", "")}).status_code == 200
    preview = maxs.post(address, {**wish, "step": "preview"}).content.decode()
    assert 'value="propose"' in preview, preview[-3000:]
    assert not Action.objects.filter(ticket=ticket, kind=kind).exists()
    maxs.post(address, {**wish, "step": "propose"})
    action = Action.objects.get(ticket=ticket, kind=kind)
    assert action.proposer == "person:max"
    assert action.status in ("waiting", "approved")


def test_it_is_proposed_and_approved_where_the_policy_lets_him(maxs: Client, ticket: Ticket) -> None:
    address, wish = f"/tickets/{ticket.pk}/propose/cancel_order/", WISHES["cancel_order"]
    page = maxs.post(address, {**wish, "step": "preview"}).content.decode()
    digest = page.partition('name="digest" value="')[2][:64]
    maxs.post(address, {**wish, "step": "approve", "digest": digest})
    assert Action.objects.get(kind="cancel_order").status == "approved"


def test_who_may_not_approve_is_not_offered_it(ritas: Client, ticket: Ticket) -> None:
    page = ritas.post(f"/tickets/{ticket.pk}/propose/give_credit/", {**WISHES["give_credit"], "step": "preview"})
    assert "Propose and approve" not in page.content.decode() and "manager" in page.content.decode()


def test_the_rules_refuse_in_words_and_nothing_is_stored(maxs: Client, ticket: Ticket) -> None:
    address = f"/tickets/{ticket.pk}/propose/cancel_order/"
    wrong = maxs.post(address, {"order_id": DELIVERED, "reason": "no longer needed", "step": "preview"})
    assert "this is possible only while it is pending" in wrong.content.decode()
    others = maxs.post(address, {"order_id": OTTOS, "reason": "no longer needed", "step": "preview"})
    assert "Select a valid choice" in others.content.decode()
    credit = f"/tickets/{ticket.pk}/propose/give_credit/"
    assert "more than 0.00" in maxs.post(credit, {"amount": "-5", "reason": "x", "step": "preview"}).content.decode()
    assert not Action.objects.exists()


def test_an_item_kind_asks_for_the_order_first(maxs: Client, ticket: Ticket) -> None:
    page = maxs.get(f"/tickets/{ticket.pk}/propose/return_items/").content.decode()
    assert "Go on" in page and PENDING in page
    chosen = maxs.get(f"/tickets/{ticket.pk}/propose/return_items/", {"order_id": DELIVERED}).content.decode()
    assert "Mug (size small, colour red)" in chosen or "Mug (colour red, size small)" in chosen


@pytest.mark.parametrize("kind", [name for name in WISHES if name not in ("set_ticket", "add_note", "escalate")])
def test_any_waiting_kind_is_edited_in_place(maxs: Client, ticket: Ticket, kind: str) -> None:
    maxs.post(f"/tickets/{ticket.pk}/propose/{kind}/", {**WISHES[kind], "step": "propose"})
    action = Action.objects.get(kind=kind)
    assert maxs.get(f"/actions/{action.pk}/edit/").status_code == 200
    answer = maxs.post(f"/actions/{action.pk}/edit/", {**WISHES[kind], **EDITS.get(kind, {}), "digest": action.digest})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    action.refresh_from_db()
    assert (action.status, action.revision) == ("waiting", 2)


EDITS: dict[str, dict[str, str]] = {
    "cancel_order": {"reason": "ordered by mistake"},
    "change_order_items": {"line.0": "", "line.1": "9101>9102"},
    "give_credit": {"amount": "10.00"},
    "send_reply": {"body": "Dear Carla, gladly."},
}


def test_an_edit_the_rules_refuse_leaves_it_as_it_was(maxs: Client, ticket: Ticket) -> None:
    maxs.post(f"/tickets/{ticket.pk}/propose/give_credit/", {**WISHES["give_credit"], "step": "propose"})
    action = Action.objects.get(kind="give_credit")
    wrong = maxs.post(f"/actions/{action.pk}/edit/", {"amount": "5000", "reason": "x", "digest": action.digest})
    assert "A credit can be at most 1000.00." in wrong.content.decode()
    stale = maxs.post(f"/actions/{action.pk}/edit/", {"amount": "5", "reason": "x", "digest": "0" * 64})
    assert "The preview has changed since you looked" in stale.content.decode()
    action.refresh_from_db()
    assert (action.revision, f"{action.amount:.2f}") == (1, "12.50")


def test_an_executed_action_is_undone_from_its_page(maxs: Client, max_: Person, ticket: Ticket) -> None:
    bench = Bench(ticket, now=timezone.now())
    action = bench.carry_out(bench.propose("change_order_address", {"order_id": PENDING, "address": NEW_ADDRESS}), max_)
    page = maxs.get(f"/actions/{action.pk}/").content.decode()
    assert "Undo this" in page and "Receipt" in page and "Max" in page
    maxs.post(f"/actions/{action.pk}/undo/")
    action.refresh_from_db()
    assert action.status == "undone"
    maxs.post(f"/actions/{action.pk}/undo/")
    assert "Undo this" not in maxs.get(f"/actions/{action.pk}/").content.decode()


def test_a_message_nobody_knows_of_is_settled_by_a_person(ritas: Client, ticket: Ticket, max_: Person) -> None:
    bench = Bench(ticket, now=timezone.now())
    action = bench.propose("send_reply", {"body": "Dear Carla."})
    bench.approve(action, max_)
    bench.execute(action)
    OutboxMessage.objects.filter(action=action).update(status="unknown")
    Action.objects.filter(pk=action.pk).update(status="unknown")
    assert "It was not sent" in ritas.get(f"/actions/{action.pk}/").content.decode()
    ritas.post(f"/actions/{action.pk}/settle/", {"was": "not sent"})
    action.refresh_from_db()
    assert (action.status, action.status_reason) == ("failed", "Rita found that it was not sent")


def test_what_went_stale_shows_old_and_new_side_by_side(maxs: Client, ticket: Ticket, max_: Person) -> None:
    bench = Bench(ticket, now=timezone.now(), origin=uuid4())
    action = bench.propose("change_order_address", {"order_id": PENDING, "address": NEW_ADDRESS})
    bench.approve(action, max_)
    ticket.customer.orders.filter(pk=PENDING).update(city="Hull")
    assert bench.execute(action).status == "waiting"
    page = maxs.get(f"/actions/{action.pk}/").content.decode()
    assert "Shown before" in page and "Hull" in page and "Leeds" in page
