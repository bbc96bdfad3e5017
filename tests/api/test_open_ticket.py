"""Opening tickets, and writing to them."""

import pytest
from django.utils import timezone

from agentdesk.runs.models import Run
from approvals.models import Action
from tests.api.conftest import Caller, MakeCaller, Propose
from tickets.models import Customer, Message, Person, Ticket

pytestmark = pytest.mark.django_db

LETTER = {"customer_email": "carla@example.com", "subject": "Mug", "body": "It is broken.", "external_id": "mail-1"}


def test_it_answers_with_the_ticket_and_its_run(as_rita: Caller, carla: Customer) -> None:
    answer = as_rita.post("tickets", LETTER)
    assert answer.status == 201
    ticket = answer.body
    assert ticket["customer"] == {
        "id": carla.pk, "email": carla.email, "name": "Carla Silva", "identity": "claimed",
    }  # fmt: skip
    assert (ticket["status"], ticket["priority"], ticket["tags"], ticket["assignee"]) == ("open", "normal", [], None)
    assert [message["body"] for message in ticket["messages"]] == ["It is broken."]
    assert ticket["messages"][0].keys() == {"id", "direction", "author", "body", "at"}
    assert ticket["messages"][0]["at"].endswith("Z")
    assert ticket["runs"] == [str(Run.objects.get().pk)]
    assert as_rita.get(f"tickets/{ticket['id']}") == ticket


def test_the_same_external_id_again_is_the_same_ticket(as_rita: Caller, carla: Customer) -> None:
    first = as_rita.post("tickets", LETTER)
    again = as_rita.post("tickets", {**LETTER, "body": "Other words."})
    assert (again.status, again.body) == (200, first.body)
    assert Message.objects.count() == Run.objects.count() == 1


def test_a_stranger_becomes_a_customer(as_rita: Caller) -> None:
    letter = {**LETTER, "customer_email": "new@example.org", "customer_name": "Neve Holm", "identity": "verified"}
    customer = as_rita.post("tickets", letter).body["customer"]
    assert (customer["name"], customer["identity"]) == ("Neve Holm", "verified")


@pytest.mark.parametrize("body", ["x" * 100_000, "<script>alert(1)</script>", "\u202egnihton", "Ünïcödé 👩‍👩‍👧"])
def test_it_is_stored_true(as_rita: Caller, carla: Customer, body: str) -> None:
    assert as_rita.post("tickets", {**LETTER, "body": body}).body["messages"][0]["body"] == body


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer_email": "nobody"}, "customer_email"),
        ({"customer_email": "a@b.com\n"}, "customer_email"),
        ({"customer_email": "\u017fam@example.com"}, "customer_email"),
        ({"customer_email": None}, "customer_email"),
        ({"identity": "sure"}, "identity"),
        ({"body": ""}, "body"),
        ({"body": "a\0b"}, "body"),
        ({"body": "\udc00"}, "body"),
        ({"subject": 5}, "subject"),
        ({"external_id": "x" * 201}, "external_id"),
        ({"status": "solved"}, "status"),
    ],
)
def test_wrong_fields_are_named(as_rita: Caller, change: dict[str, object], field: str) -> None:
    answer = as_rita.post("tickets", {**LETTER, **change})
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == [field]
    assert not Ticket.objects.exists()


def test_it_takes_the_scope_and_a_role(call_as: MakeCaller, rita: Person, auditor: Person) -> None:
    assert call_as(rita, ["read", "propose"]).post("tickets", LETTER).said == (403, "not_allowed")
    assert call_as(auditor).post("tickets", LETTER).said == (403, "not_allowed")


def test_the_next_message_overtakes_what_waits_and_starts_a_new_run(
    as_rita: Caller, propose: Propose, ticket: Ticket
) -> None:
    action = propose()
    answer = as_rita.post(f"tickets/{ticket.pk}/messages", {"body": "No, keep it!", "external_id": "m-2"})
    assert (answer.status, answer.body["direction"], answer.body["body"]) == (201, "inbound", "No, keep it!")
    assert Action.objects.get(pk=action["id"]).status == "superseded"
    assert len(as_rita.get(f"tickets/{ticket.pk}")["runs"]) == 2
    again = as_rita.post(f"tickets/{ticket.pk}/messages", {"body": "No, keep it!", "external_id": "m-2"})
    assert (again.status, again.body) == (200, answer.body)


def test_a_closed_ticket_takes_no_message(as_rita: Caller, ticket: Ticket) -> None:
    Ticket.objects.update(status="closed")
    assert as_rita.post(f"tickets/{ticket.pk}/messages", {"body": "Hello?"}).said == (409, "ticket_closed")
    assert as_rita.post("tickets/999/messages", {"body": "Hello?"}).said == (404, "not_found")


def test_tickets_are_listed_page_by_page_newest_first(as_rita: Caller, carla: Customer) -> None:
    for number in range(5):
        as_rita.post("tickets", {**LETTER, "external_id": str(number), "subject": str(number)})
    Ticket.objects.filter(subject="3").update(status="solved", updated_at=timezone.now())
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = as_rita.get(f"tickets?limit=2{cursor and f'&cursor={cursor}'}")
        seen += [ticket["subject"] for ticket in page["items"]]
        cursor = page["next"]
    assert seen == ["4", "3", "2", "1", "0"]
    assert [ticket["subject"] for ticket in as_rita.get("tickets?status=solved")["items"]] == ["3"]
