"""A reply goes to the ticket's customer and to nobody else, in exactly the words of its plan."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from approvals.models import OutboxMessage
from approvals.outbox import deliver_due
from approvals.planning import ArgumentsInvalid
from tests.approvals.shop import LATER, Bench, make_ticket
from tickets.models import Customer, Message, Person, Ticket

pytestmark = pytest.mark.django_db
HOSTILE_SUBJECTS = [
    "Hello\nBcc: victim@example.com",
    "Hello\r\nBcc: victim@example.com\r\n\r\nNew body",
    "Hello\x0bBcc: x@example.com\x0c\x85\u2028\u2029",
    "=?utf-8?q?Hi=0ABcc:_victim@example.com?=",
    "\u202egnp.exe " + "long " * 200,
    "",
]


@pytest.fixture(autouse=True)
def _mail_works(settings: Any) -> None:
    settings.MAIL_CONFIGURED = True


def reply(bench: Bench, by: Person, body: str = "Dear Carla, it is done.") -> Any:
    return bench.carry_out(bench.propose("send_reply", {"body": body}), by)


def test_it_reaches_the_customer_alone(bench: Bench, carla: Customer, rita: Person) -> None:
    assert reply(bench, rita).status == "executing"
    assert deliver_due(now=LATER) == 1
    [letter] = mail.outbox
    assert letter.recipients() == [carla.email]
    assert letter.body == "Dear Carla, it is done."
    assert letter.subject == f"Re: A wish [{bench.ticket.number}]"


@pytest.mark.parametrize("subject", HOSTILE_SUBJECTS)
def test_a_hostile_subject_adds_no_header(bench: Bench, carla: Customer, rita: Person, subject: str) -> None:
    bench.ticket = make_ticket(carla, subject=subject)
    reply(bench, rita)
    deliver_due(now=LATER)
    [letter] = mail.outbox
    sent = letter.message()
    assert letter.recipients() == [carla.email]
    assert sent.get_all("Bcc") is None and sent.get_all("To") == [carla.email]
    assert len(sent.get_all("Subject") or []) == 1
    assert f"[{bench.ticket.number}]" in letter.subject and "\n" not in letter.subject


@pytest.mark.parametrize("body", ["", "  \n ", None, 5, "x" * 20_001])
def test_it_needs_words(bench: Bench, body: Any) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose("send_reply", {"body": body})


@pytest.mark.parametrize("body", ["<script>alert(1)</script>", "\u202eevil", "Subject: x\n\n.\nQUIT", "x" * 20_000])
def test_hostile_words_are_sent_true(bench: Bench, rita: Person, body: str) -> None:
    reply(bench, rita, body)
    deliver_due(now=LATER)
    assert mail.outbox[0].body == body
    assert Message.objects.get(direction="outbound").body == body
    assert mail.outbox[0].message().get_content_type() == "text/plain"


@pytest.mark.parametrize("field", ["to", "subject", "cc", "bcc", "channel"])
def test_it_cannot_name_a_recipient(bench: Bench, field: str) -> None:
    with pytest.raises(ArgumentsInvalid):
        bench.propose("send_reply", {"body": "Hi", field: "victim@example.com"})


def test_a_closed_ticket_is_refused(bench: Bench) -> None:
    Ticket.objects.filter(pk=bench.ticket.pk).update(status="closed")
    action = bench.propose("send_reply", {"body": "Hi"})
    assert (action.status, action.status_reason) == ("refused", "This ticket is closed.")


def test_a_ticket_closed_meanwhile_gets_no_reply(bench: Bench, rita: Person) -> None:
    action = bench.approve(bench.propose("send_reply", {"body": "Hi"}), rita)
    Ticket.objects.filter(pk=bench.ticket.pk).update(status="closed")
    assert bench.execute(action).status == "refused"
    assert not OutboxMessage.objects.exists()


def test_citations_are_kept_with_the_message(bench: Bench, rita: Person) -> None:
    citations = [{"source": "article:refunds@2", "quote": "5 days"}]
    bench.carry_out(bench.propose("send_reply", {"body": "Hi", "citations": citations}), rita)
    deliver_due(now=LATER)
    assert Message.objects.get(direction="outbound").citations == citations
