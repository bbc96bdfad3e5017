"""Writing as a customer: the words arrive as if they had come by mail."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tickets.models import Customer, Message, Order, Person, Ticket
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return open_ticket(Letter(carla.email, "My mug", "It broke."), now=timezone.now())[0]


def test_it_finds_who_writes_by_name_mail_and_order(hers: Client, carla: Customer, otto: Customer) -> None:
    Order.objects.create(order_id="#W0000001", customer=carla, status="pending", **carla.address)
    for search in ("carla", "Silva Car", "carla@example", "W0000001", "%23W0000001", carla.pk):
        assert [found.pk for found in hers.get(f"/write/?q={search}").context["customers"]] == [carla.pk]
    assert len(hers.get("/write/").context["customers"]) == 2


def test_a_known_customer_opens_a_ticket_from_the_known_address(hers: Client, carla: Customer) -> None:
    body = "  Please cancel\n\n<b>#W1</b> \u202e "
    data = {"customer": carla.pk, "email": "forged@example.com", "subject": "Cancel", "body": body}
    response = hers.post("/write/", data)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.customer, ticket.subject, ticket.identity) == (carla, "Cancel", "claimed")
    message = Message.objects.get()
    assert (message.body, message.author) == (body, f"customer:{carla.pk}")


def test_someone_new_becomes_a_customer(hers: Client) -> None:
    data = {"email": "new@example.com", "name": "New Person", "subject": "Hello", "body": "Hi", "identity": "verified"}
    assert hers.post("/write/", data).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.customer.name, ticket.identity) == ("New Person", "verified")


def test_an_earlier_matter_is_continued(hers: Client, carla: Customer, ticket: Ticket) -> None:
    data = {"customer": carla.pk, "ticket": ticket.pk, "body": "And another thing"}
    assert hers.post("/write/", data)["Location"] == f"/tickets/{ticket.pk}/"
    assert [message.body for message in ticket.messages.all()] == ["It broke.", "And another thing"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"body": ""}, "body"),
        ({"body": "a\0b"}, "body"),
        ({"body": "x" * 200_001}, "body"),
        ({"ticket": "999999"}, "ticket"),
        ({"ticket": "nonsense"}, "ticket"),
        ({"identity": "proved"}, "identity"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_arrives(
    hers: Client, carla: Customer, changes: dict[str, str], field: str
) -> None:
    response = hers.post("/write/", {"customer": carla.pk, "subject": "Cancel", "body": "please", **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Ticket.objects.exists()


def test_nobody_continues_another_customers_matter(hers: Client, ticket: Ticket, otto: Customer) -> None:
    response = hers.post("/write/", {"customer": otto.pk, "ticket": ticket.pk, "body": "mine now"})
    assert response.status_code == 422
    assert ticket.messages.count() == 1


def test_an_unknown_customer_is_not_there(hers: Client) -> None:
    assert hers.get("/write/?customer=nobody").status_code == 404


def test_a_hundred_kilobytes_arrive_true(hers: Client, carla: Customer) -> None:
    body = "é" * 50_000 + "<x>" * 16_000
    assert hers.post("/write/", {"customer": carla.pk, "subject": "long", "body": body}).status_code == 302
    assert Message.objects.get().body == body


def test_an_auditor_writes_in_the_demo_only(client: Client, auditor: Person, settings: Settings) -> None:
    client.force_login(auditor)
    assert client.get("/write/").status_code == 403
    assert client.post("/write/", {"email": "a@example.com", "subject": "x", "body": "y"}).status_code == 403
    settings.DEMO = True
    assert client.get("/write/").status_code == 200
