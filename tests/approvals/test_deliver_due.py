"""Messages leave once, not before their window is over, and never twice after a crash."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from approvals.models import Action, OutboxMessage
from approvals.outbox import NotUnknown, claim, deliver_due, find_lost, settle_unknown
from tests.approvals.shop import NOW, Bench
from tickets.models import Customer, Message, Person

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(seconds=10)
LAPSED = timedelta(minutes=10)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class RefusingBackend(BaseEmailBackend):
    """A mail server that knows no such recipient."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"carla@example.com": (550, b"unknown user")})


class BreakingBackend(BaseEmailBackend):
    """A mail server that hangs up in the middle."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture(autouse=True)
def _mail_works(settings: Any) -> None:
    settings.MAIL_CONFIGURED = True


@pytest.fixture
def reply(bench: Bench, rita: Person) -> Action:
    """A reply that was approved and waits out its window."""
    bench.origin = uuid4()
    return bench.carry_out(bench.propose("send_reply", {"body": "Done."}), rita)


def fresh(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


def test_it_leaves_once_after_its_window(reply: Action, mailoutbox: list[Any]) -> None:
    assert deliver_due(now=DUE - timedelta(seconds=1)) == 0
    assert deliver_due(now=DUE) == 1
    assert deliver_due(now=DUE + timedelta(hours=1)) == 0
    assert len(mailoutbox) == 1
    sent = fresh(reply)
    assert sent.status == "executed" and sent.receipt is not None
    message = Message.objects.get(direction="outbound")
    assert sent.receipt["created"] == {"new:message:1": f"message:{message.pk}"}
    assert sent.receipt["sent_at"] == DUE.isoformat()


def test_without_a_mail_server_nothing_leaves(reply: Action, settings: Any, mailoutbox: list[Any]) -> None:
    settings.MAIL_CONFIGURED = False
    assert deliver_due(now=DUE) == 0
    assert mailoutbox == [] and OutboxMessage.objects.get().status == "queued"


def test_its_message_id_is_fixed(reply: Action, mailoutbox: list[Any]) -> None:
    row = OutboxMessage.objects.get()
    assert row.idempotency_key == f"{reply.pk}:1:new:message:1"
    deliver_due(now=DUE)
    assert mailoutbox[0].message()["Message-ID"] == f"<{reply.pk}.1.new.message.1@localhost>"


def test_of_two_that_claim_one_gets_it(reply: Action) -> None:
    message = OutboxMessage.objects.get()
    assert claim(message) and not claim(message)


def test_a_refused_recipient_is_a_failure(bench: Bench, reply: Action, settings: Any) -> None:
    solve = bench.propose("set_ticket", {"status": "solved"})
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    deliver_due(now=DUE)
    failed = fresh(reply)
    assert failed.status == "failed" and "SMTPRecipientsRefused" in failed.status_reason
    assert OutboxMessage.objects.get().status == "failed"
    assert not Message.objects.filter(direction="outbound").exists()
    assert fresh(solve).status == "superseded"


def test_an_address_no_mail_can_be_made_for_is_a_failure(bench: Bench, rita: Person, carla: Customer) -> None:
    Customer.objects.filter(pk=carla.pk).update(email="carla@example.com\nBcc: victim@example.com")
    reply = bench.carry_out(bench.propose("send_reply", {"body": "Done."}), rita)
    deliver_due(now=DUE)
    assert fresh(reply).status == "failed"


class TestUnknown:
    """Whether it left is not known: no machine tries again, a person settles it."""

    @pytest.fixture(params=["connection broke", "sender died"])
    def unknown(self, request: Any, reply: Action, settings: Any) -> Action:
        if request.param == "connection broke":
            settings.EMAIL_BACKEND = f"{__name__}.BreakingBackend"
            deliver_due(now=DUE)
        else:
            claim(OutboxMessage.objects.get())
            OutboxMessage.objects.update(leased_until=LONG_AGO)
            assert find_lost(now=DUE + LAPSED) == 1
        return reply

    def test_it_is_not_sent_again(self, unknown: Action, settings: Any, mailoutbox: list[Any]) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert fresh(unknown).status == "unknown"
        assert deliver_due(now=DUE + LAPSED) == 0 and find_lost(now=DUE + 9 * LAPSED) == 0
        assert mailoutbox == []

    @pytest.mark.parametrize(("was_sent", "status", "messages"), [(True, "executed", 1), (False, "failed", 0)])
    def test_a_person_settles_it_once(
        self, unknown: Action, rita: Person, was_sent: bool, status: str, messages: int
    ) -> None:
        assert settle_unknown(unknown.pk, was_sent=was_sent, by=rita, now=DUE).status == status
        assert Message.objects.filter(direction="outbound").count() == messages
        with pytest.raises(NotUnknown):
            settle_unknown(unknown.pk, was_sent=not was_sent, by=rita, now=DUE)
        assert fresh(unknown).status == status


def test_a_slow_server_costs_no_lease(bench: Bench, rita: Person, reply: Action, mailoutbox: list[Any]) -> None:
    """A sweep that began long ago still holds each message for as long as sending takes."""
    message = OutboxMessage.objects.get()
    began_at = DUE - timedelta(hours=1)
    OutboxMessage.objects.update(due_at=began_at)
    assert claim(message)
    assert find_lost(now=NOW) == 0
    assert OutboxMessage.objects.get().status == "sending"


def test_the_same_reply_twice_is_two_letters_with_two_names(bench: Bench, rita: Person, mailoutbox: list[Any]) -> None:
    for _ in range(2):
        bench.carry_out(bench.propose("send_reply", {"body": "Done."}), rita)
    deliver_due(now=DUE)
    assert len({letter.message()["Message-ID"] for letter in mailoutbox}) == 2
