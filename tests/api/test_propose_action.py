"""Proposing from outside."""

import pytest

from approvals.models import Action
from tests.api.conftest import CANCEL, Caller, MakeCaller, Propose
from tickets.models import Order, Person, Ticket

pytestmark = pytest.mark.django_db


def test_it_waits_for_a_person_and_shows_exactly_what_would_change(propose: Propose, ticket: Ticket) -> None:
    action = propose()
    assert (action["status"], action["tier"], action["amount"]) == ("waiting", "high", "12.50")
    assert (action["run_id"], action["ticket_id"], action["proposer"]) == (None, ticket.pk, "outside:rita")
    refund, status, reason = action["preview"]["effects"]
    assert refund == {
        "op": "money",
        "text": "Refunds 12.50 USD to gift_card_carla for #W0000001.",
        "record": "new:payment:1",
        "direction": "refund",
        "amount": "12.50",
        "currency": "USD",
        "payment_method_id": "gift_card_carla",
    }
    assert status.keys() == {"op", "text", "record", "field", "before", "after"}
    assert (reason["field"], reason["after"]) == ("cancel_reason", "no longer needed")
    assert action["receipt"] is None and action["decisions"] == []


def test_the_same_key_again_is_the_same_action(propose: Propose, as_rita: Caller, ticket: Ticket) -> None:
    action = propose()
    body = {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": ticket.pk, "idempotency_key": "key-1"}
    again = as_rita.post("actions", body)
    assert (again.status, again.body["id"]) == (200, action["id"])
    assert Action.objects.count() == 1


@pytest.mark.parametrize("change", [{"kind": "add_note", "arguments": {"body": "x"}}, {"rationale": "other"}])
def test_the_same_key_with_other_contents_is_a_conflict(
    propose: Propose, as_rita: Caller, ticket: Ticket, change: dict[str, object]
) -> None:
    propose()
    body = {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": ticket.pk, "idempotency_key": "key-1"}
    assert as_rita.post("actions", {**body, **change}).said == (409, "key_reused")


def test_what_the_rules_refuse_is_told_in_words(as_rita: Caller, ticket: Ticket, order: Order, otto: object) -> None:
    Order.objects.filter(pk=order.pk).update(customer=otto)
    body = {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": ticket.pk, "idempotency_key": "k"}
    answer = as_rita.post("actions", body)
    assert (answer.status, answer.body["status"]) == (201, "refused")
    assert answer.body["status_reason"] and "otto" not in str(answer.body).lower()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "fly"}, "kind"),
        ({"kind": "undo"}, "kind"),
        ({"ticket_id": 999}, "ticket_id"),
        ({"ticket_id": 10**30}, "ticket_id"),
        ({"arguments": {**CANCEL, "reason": "why not"}}, "arguments.reason"),
        ({"arguments": {**CANCEL, "sudo": True}}, "arguments.sudo"),
        ({"arguments": {**CANCEL, "order_id": "\0"}}, "arguments"),
        ({"arguments": {**CANCEL, "order_id": "\ud800"}}, "arguments"),
        ({"arguments": {"\0": 1}}, "arguments"),
        ({"arguments": []}, "arguments"),
        ({"confidence": 1.5}, "confidence"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_wrong_fields_are_named(as_rita: Caller, ticket: Ticket, change: dict[str, object], field: str) -> None:
    body = {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": ticket.pk, "idempotency_key": "k"}
    answer = as_rita.post("actions", {**body, **change})
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == [field]
    assert not Action.objects.exists()


def test_a_signed_in_person_proposes_as_himself(client: object, ticket: Ticket, rita: Person) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(rita)
    body = {"kind": "add_note", "arguments": {"body": "Called."}, "ticket_id": ticket.pk, "idempotency_key": "k"}
    answer = browser.post("/api/v1/actions", body, "application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["proposer"] == "person:rita"


def test_a_token_needs_its_scope(call_as: MakeCaller, rita: Person, ticket: Ticket) -> None:
    body = {"kind": "cancel_order", "arguments": CANCEL, "ticket_id": ticket.pk, "idempotency_key": "k"}
    assert call_as(rita, ["read", "decide"]).post("actions", body).said == (403, "not_allowed")
    assert call_as(rita, ["propose"]).post("actions", body).status == 201
