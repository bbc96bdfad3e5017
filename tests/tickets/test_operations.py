"""What is plainly done at the desk: each deed leaves its event, and what a customer sends is stored true."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import make_customer
from tickets.models import Customer, Message, Person, Ticket, TicketEvent
from tickets.operations import (
    Letter,
    TicketClosed,
    add_staff_note,
    assign_ticket,
    close_escalation,
    hand_back_ticket,
    open_ticket,
    prioritise_ticket,
    receive_message,
    tag_ticket,
    take_over_ticket,
)
from tickets.signals import customer_wrote, person_took_over

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOSTILE = [
    "<script>alert(1)</script>",
    "\u202egnp.exe\u202c",
    "x" * 100_000,
    "{{ 7*7 }}",
    "'; DROP TABLE x; --",
    " \t\n ",
]


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return open_ticket(Letter(carla.email, "Hello", "Where is it?", external_id="mail-1"), now=NOW)[0]


def kinds(ticket: Ticket) -> list[str]:
    return list(TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("kind", flat=True))


def test_the_same_external_id_is_the_same_ticket(ticket: Ticket, carla: Customer) -> None:
    customers = Customer.objects.count()
    for email in (carla.email, "stranger@example.com"):
        again, is_new = open_ticket(Letter(email, "Other", "Other", external_id="mail-1"), now=NOW)
        assert (again.pk, is_new, again.subject) == (ticket.pk, False, "Hello")
    assert (Ticket.objects.count(), Message.objects.count(), Customer.objects.count()) == (1, 1, customers)


def test_a_customer_is_known_whatever_the_case(carla: Customer) -> None:
    ticket, _ = open_ticket(Letter("CARLA@Example.COM", "Hello", "…"), now=NOW)
    assert ticket.customer == carla


def test_a_stranger_becomes_a_customer_without_orders() -> None:
    ticket, is_new = open_ticket(Letter("New@example.com", "Hello", "…", customer_name="Nia van Dyk"), now=NOW)
    assert is_new and (ticket.customer.first_name, ticket.customer.last_name) == ("Nia", "van Dyk")
    assert ticket.identity == "claimed" and not ticket.customer.orders.exists()


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_customer_sends_is_stored_true(carla: Customer, words: str) -> None:
    ticket, _ = open_ticket(Letter(carla.email, words, words), now=NOW)
    assert Ticket.objects.get(pk=ticket.pk).subject == words
    assert Message.objects.get(ticket=ticket).body == words


def test_a_message_twice_is_one(ticket: Ticket) -> None:
    first, is_new = receive_message(ticket.pk, "And?", now=NOW, external_id="m-2")
    again, is_new_again = receive_message(ticket.pk, "Other", now=NOW, external_id="m-2")
    assert (is_new, is_new_again, again.pk, again.body) == (True, False, first.pk, "And?")


@pytest.mark.parametrize("status", ["pending", "solved"])
def test_a_message_opens_the_ticket_again(ticket: Ticket, status: str) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status=status)
    message, _ = receive_message(ticket.pk, "And?", now=NOW)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.status, fresh.last_message_id) == ("open", message.pk)
    assert kinds(ticket)[-2:] == ["ticket.reopened", "customer.wrote"]


def test_a_closed_ticket_takes_no_message(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="closed")
    with pytest.raises(TicketClosed):
        receive_message(ticket.pk, "And?", now=NOW)
    assert Message.objects.count() == 1


def test_every_deed_leaves_its_event_in_a_gapless_log(ticket: Ticket, rita: Person) -> None:
    assign_ticket(ticket.pk, rita, by=rita, now=NOW)
    tag_ticket(ticket.pk, [" b ", "a", "", "a"], by=rita, now=NOW)
    prioritise_ticket(ticket.pk, "high", by=rita, now=NOW)
    add_staff_note(ticket.pk, "Be kind.", by=rita, now=NOW)
    take_over_ticket(ticket.pk, by=rita, now=NOW)
    take_over_ticket(ticket.pk, by=rita, now=NOW)
    hand_back_ticket(ticket.pk, by=rita, now=NOW)
    close_escalation(ticket.pk, by=rita, now=NOW)
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.tags, fresh.priority, fresh.taken_over_by) == (["a", "b"], "high", None)
    events = list(TicketEvent.objects.filter(ticket=ticket).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1)) and len(events) == 10
    assert [event.kind for event in events[:3]] == ["ticket.opened", "customer.wrote", "ticket.sorted"]
    assert {event.actor for event in events[3:]} == {"person:rita"}


def test_the_house_hears_of_it_inside_the_transaction(ticket: Ticket, rita: Person) -> None:
    from django.db import connection

    heard: list[Any] = []

    def listen(sender: Any, **news: Any) -> None:
        heard.append((connection.in_atomic_block, news["ticket"].pk))

    for signal in (customer_wrote, person_took_over):
        signal.connect(listen)
    try:
        receive_message(ticket.pk, "And?", now=NOW)
        take_over_ticket(ticket.pk, by=rita, now=NOW)
    finally:
        for signal in (customer_wrote, person_took_over):
            signal.disconnect(listen)
    assert heard == [(True, ticket.pk)] * 2


def test_ottos_ticket_is_ottos(ticket: Ticket) -> None:
    from decimal import Decimal

    otto = make_customer("otto_1", "Otto", "Brandt", Decimal(0))
    other, _ = open_ticket(Letter(otto.email, "Hello", "…"), now=NOW)
    assert other.customer == otto and other.pk != ticket.pk
