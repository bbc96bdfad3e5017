"""Not now, mine, yours: by the buttons of the pages, without scripts and as the script asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from approvals.models import Action
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket
from tickets.attention import claim_ticket, note_looking, snooze_ticket
from tickets.models import Claim, Customer, Message, Person, Presence, Ticket

pytestmark = pytest.mark.django_db

ESCALATE = {"reason": "law", "summary": "She has a lawyer.", "urgency": "high"}


@pytest.fixture
def ticket(carla: Customer, otto: Customer) -> Ticket:
    make_catalogue()
    make_orders(carla, otto)
    return make_ticket(carla)


@pytest.fixture
def ritas(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


def shown(client: Client, ticket: Ticket) -> str:
    return client.get(f"/tickets/{ticket.pk}/").content.decode()


def views(client: Client) -> dict[str, int]:
    return {value: many for value, _, many in client.get("/tickets/").context["views"]}


def test_a_ticket_put_off_waits_for_nobody_until_it_is_back(ritas: Client, rita: Person, ticket: Ticket) -> None:
    Bench(ticket, now=timezone.now()).propose("give_credit", {"amount": "5.00", "reason": "sorry"})
    page = ritas.get(f"/tickets/{ticket.pk}/not-now/").content.decode()
    assert "Not now: T-" in page and "Tomorrow, 9:00" in page
    ritas.post(f"/tickets/{ticket.pk}/not-now/", {"choice": "tomorrow", "zone": "Europe/Berlin"})
    counts = views(ritas)
    assert (counts["open"], counts["waiting"], counts["not_now"], counts["all"]) == (0, 0, 1, 1)
    assert f"/tickets/{ticket.pk}/" not in ritas.get("/queue/").content.decode().partition("<main")[2]
    assert "Bring it back" in shown(ritas, ticket) and "Back <time" in shown(ritas, ticket)
    ritas.post(f"/tickets/{ticket.pk}/bring-back/")
    counts = views(ritas)
    assert (counts["open"], counts["waiting"], counts["not_now"]) == (1, 1, 0)


def test_one_whose_time_has_come_is_back_before_any_sweep(ritas: Client, rita: Person, ticket: Ticket) -> None:
    snooze_ticket(ticket.pk, timezone.now() + timedelta(hours=1), by=rita, now=timezone.now())
    Ticket.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
    assert (views(ritas)["open"], views(ritas)["not_now"]) == (1, 0)
    assert "Bring it back" not in shown(ritas, ticket)


def test_a_script_is_answered_in_words(ritas: Client, ticket: Ticket) -> None:
    address, headers = f"/tickets/{ticket.pk}/not-now/", {"Accept": "application/json"}
    done = ritas.post(address, {"choice": "at", "at": "2000-01-01T00:00"}, headers=headers)
    assert (done.status_code, done.json()["words"][:21]) == (422, "A ticket is put off t")
    done = ritas.post(address, {"choice": "never"}, headers=headers)
    assert (done.status_code, done.json()["words"]) == (422, "Choose when the ticket is to come back.")
    done = ritas.post(address, {"choice": "hour"}, headers=headers)
    assert done.status_code == 200 and done.json()["words"].startswith(f"T-{ticket.pk} comes back")


def test_a_claim_names_its_holder_to_others_and_keeps_nobody_from_deciding(
    ritas: Client, ticket: Ticket, max_: Person
) -> None:
    claim_ticket(ticket.pk, by=max_, now=timezone.now())
    assert "Max is at work until" in shown(ritas, ticket)
    ritas.post(f"/tickets/{ticket.pk}/claim/")
    assert "Max is at work on this ticket until" in shown(ritas, ticket)
    assert Claim.objects.get().person == max_
    action = Bench(ticket, now=timezone.now()).propose("send_reply", {"body": "Dear Carla."})
    ritas.post("/queue/decide/", {"approve": f"{action.pk} {action.digest}"})
    assert Action.objects.get(pk=action.pk).status == "approved"


def test_ones_own_claim_is_let_go(ritas: Client, ticket: Ticket) -> None:
    ritas.post(f"/tickets/{ticket.pk}/claim/")
    assert "Yours until" in shown(ritas, ticket) and "Let go" in shown(ritas, ticket)
    ritas.post(f"/tickets/{ticket.pk}/release/")
    assert not Claim.objects.exists()


def test_others_are_told_who_looks_and_oneself_is_not(
    ritas: Client, rita: Person, max_: Person, ticket: Ticket
) -> None:
    assert ritas.post(f"/tickets/{ticket.pk}/looking/").status_code == 204
    note_looking(ticket.pk, by=max_)
    assert "Max is looking" in shown(ritas, ticket) and "Rita is looking" not in shown(ritas, ticket)
    assert "Max is looking" in ritas.get("/tickets/").content.decode()
    ritas.post(f"/tickets/{ticket.pk}/looking/", {"gone": "1"})
    assert list(Presence.objects.values_list("person__username", flat=True)) == ["max"]


def test_it_is_handed_over_with_a_note(ritas: Client, ticket: Ticket, max_: Person) -> None:
    address = f"/tickets/{ticket.pk}/hand-over/"
    for wrong in ({"to": "nobody", "note": "x"}, {"to": "max", "note": " "}, {"to": "rita", "note": "x"}):
        ritas.post(address, wrong)
        assert not Message.objects.filter(ticket=ticket, direction="note").exists()
    ritas.post(address, {"to": "max", "note": "She wants the blue one."})
    assert Ticket.objects.get(pk=ticket.pk).assignee == max_
    assert "She wants the blue one." in shown(ritas, ticket)


def test_an_unknown_ticket_is_not_found(ritas: Client) -> None:
    for deed in ("looking", "not-now", "bring-back", "claim", "release", "hand-over"):
        assert ritas.post(f"/tickets/99999/{deed}/", {"choice": "hour"}).status_code == 404


def test_it_says_who_is_called_until_when_and_what_then(client: Client, ticket: Ticket, max_: Person) -> None:
    client.force_login(max_)
    bench = Bench(ticket, now=timezone.now())
    bench.execute(bench.propose("escalate", ESCALATE))
    assert "With managers until <time" in shown(client, ticket) and "then admins" in shown(client, ticket)
    listed = client.get("/tickets/?view=called").content.decode()
    assert f"/tickets/{ticket.pk}/" in listed and "With managers until <time" in listed
    assert views(client)["called"] == 1


def test_nobody_else_is_called_for_it(ritas: Client, ticket: Ticket) -> None:
    bench = Bench(ticket, now=timezone.now())
    bench.execute(bench.propose("escalate", ESCALATE))
    assert (views(ritas)["called"], views(ritas)["escalated"]) == (0, 1)
