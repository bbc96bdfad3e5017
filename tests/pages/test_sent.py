"""What leaves the house, and what the page says of each message."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from approvals.models import Action, OutboxMessage
from tickets.effects import SendMessage, effect_to_json
from tickets.models import Customer, Person
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


def put_in_outbox(customer: Customer, status: str, *, due_in: int = 60, body: str = "Dear Carla") -> OutboxMessage:
    now = timezone.now()
    ticket, _ = open_ticket(Letter(customer.email, "My mug", "broke"), now=now)
    action = Action.objects.create(
        ticket=ticket, customer=customer, origin=uuid4(), kind="send_reply", arguments={}, status="executing",
        tier="low", verdict="review", policy_version=1, proposer="agent:offline", proposed_at=now,
    )  # fmt: skip
    effect = SendMessage("new:message:1", "email", customer.email, "Re: My mug", body, ticket.pk)
    return OutboxMessage.objects.create(
        action=action, revision=1, place="new:message:1", idempotency_key=str(action.pk), status=status,
        effect=effect_to_json(effect), actor="agent:offline", due_at=now + timedelta(seconds=due_in),
        sent_at=now if status == "sent" else None, error="refused" if status == "failed" else "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("queued", "can be withdrawn"),
        ("sending", "being sent"),
        ("sent", "Sent"),
        ("failed", "did not leave"),
        ("unknown", "nobody knows whether it left"),
        ("withdrawn", "withdrawn in time"),
    ],
)
def test_each_message_says_where_it_stands(hers: Client, carla: Customer, status: str, words: str) -> None:
    put_in_outbox(carla, status)
    page = hers.get(f"/sent/?status={status}").content.decode()
    for piece in (words, carla.email, "Re: My mug", "Dear Carla"):
        assert piece in page


def test_a_status_narrows_the_list(hers: Client, carla: Customer) -> None:
    put_in_outbox(carla, "sent")
    put_in_outbox(carla, "queued")
    assert len(hers.get("/sent/?status=sent").context["page"].rows) == 1
    assert len(hers.get("/sent/?status=nonsense").context["page"].rows) == 2


def test_it_says_plainly_when_mail_is_not_configured(hers: Client, carla: Customer, settings: Settings) -> None:
    put_in_outbox(carla, "queued", due_in=-60)
    assert "Mail is not configured" not in hers.get("/sent/").content.decode()
    settings.MAIL_CONFIGURED = False
    page = hers.get("/sent/").content.decode()
    assert "Mail is not configured" in page
    assert "EMAIL_URL" in page


def test_a_message_is_shown_inert(hers: Client, carla: Customer) -> None:
    put_in_outbox(carla, "sent", body="<script>alert(1)</script>")
    assert "<script>alert" not in hers.get("/sent/").content.decode()


def test_it_asks_the_database_a_fixed_number_of_times(
    hers: Client, carla: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        put_in_outbox(carla, "sent")
    with django_assert_max_num_queries(5):
        assert hers.get("/sent/").status_code == 200


def test_nothing_yet_says_so(hers: Client) -> None:
    assert "Nothing has left yet" in hers.get("/sent/").content.decode()
