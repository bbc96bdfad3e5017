"""Not now: tickets are put off and come back, claimed for a while, handed over, and seen to be looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from tests.approvals.shop import make_ticket
from tickets import attention
from tickets.models import Claim, Customer, Message, Person, Presence, Ticket, TicketEvent
from tickets.onlookers import attention_now
from tickets.operations import TicketClosed, receive_message, take_over_ticket

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return make_ticket(carla)


def events(ticket: Ticket, *kinds: str) -> list[tuple[str, str, dict[str, Any]]]:
    rows = TicketEvent.objects.filter(ticket=ticket, kind__in=kinds)
    return list(rows.order_by("seq").values_list("kind", "actor", "data"))


def test_a_ticket_put_off_comes_back_when_its_time_comes(ticket: Ticket, rita: Person) -> None:
    attention.snooze_ticket(ticket.pk, NOW + HOUR, by=rita, now=NOW)
    assert attention.wake_due(now=NOW + HOUR - timedelta(microseconds=1)) == 0
    assert [attention.wake_due(now=NOW + HOUR) for _ in range(2)] == [1, 0]
    ticket.refresh_from_db()
    assert ticket.snoozed_until is None
    assert events(ticket, "ticket.snoozed", "ticket.woken") == [
        ("ticket.snoozed", "person:rita", {"until": "2026-03-02T10:00:00+00:00"}),
        ("ticket.woken", "system", {"why": "its time came"}),
    ]


def test_it_comes_back_when_the_customer_writes(ticket: Ticket, rita: Person) -> None:
    attention.snooze_ticket(ticket.pk, NOW + HOUR, by=rita, now=NOW)
    receive_message(ticket.pk, "Hello?", now=NOW + timedelta(minutes=1))
    ticket.refresh_from_db()
    assert ticket.snoozed_until is None
    assert [data["why"] for _, _, data in events(ticket, "ticket.woken")] == ["the customer wrote"]


def test_a_person_brings_it_back_once(ticket: Ticket, rita: Person, max_: Person) -> None:
    attention.snooze_ticket(ticket.pk, NOW + HOUR, by=rita, now=NOW)
    for _ in range(2):
        attention.wake_ticket(ticket.pk, by=max_, now=NOW)
    assert [actor for _, actor, _ in events(ticket, "ticket.woken")] == ["person:max"]


@pytest.mark.parametrize("away", [timedelta(0), -HOUR, timedelta(days=90, seconds=1)])
def test_it_is_put_off_to_a_time_to_come(ticket: Ticket, rita: Person, away: timedelta) -> None:
    with pytest.raises(attention.NotLater):
        attention.snooze_ticket(ticket.pk, NOW + away, by=rita, now=NOW)


def test_a_closed_ticket_is_not_put_off(ticket: Ticket, rita: Person) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="closed")
    with pytest.raises(TicketClosed):
        attention.snooze_ticket(ticket.pk, NOW + HOUR, by=rita, now=NOW)


def test_a_clock_that_jumps_wakes_nothing_twice_and_nothing_early(ticket: Ticket, rita: Person) -> None:
    attention.snooze_ticket(ticket.pk, NOW + HOUR, by=rita, now=NOW)
    woken = [attention.wake_due(now=NOW + jump) for jump in (-24 * HOUR, 2 * HOUR, -2 * HOUR, 3 * HOUR)]
    assert woken == [0, 1, 0, 0]


def test_a_claim_is_refused_by_name_while_another_holds(ticket: Ticket, rita: Person, max_: Person) -> None:
    attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    with pytest.raises(attention.ClaimedByOther, match=r"Rita is at work on this ticket until \d\d:\d\d UTC"):
        attention.claim_ticket(ticket.pk, by=max_, now=NOW)
    Claim.objects.update(until=Now() - timedelta(seconds=1))
    assert attention.claim_ticket(ticket.pk, by=max_, now=NOW).person == max_
    assert [actor for _, actor, _ in events(ticket, "ticket.claimed")] == ["person:rita", "person:max"]


def test_claiming_again_is_longer_and_one_event(ticket: Ticket, rita: Person) -> None:
    first = attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    Claim.objects.update(until=Now() + timedelta(seconds=5))
    assert attention.claim_ticket(ticket.pk, by=rita, now=NOW).until >= first.until
    assert len(events(ticket, "ticket.claimed")) == 1


def test_only_ones_own_claim_is_let_go(ticket: Ticket, rita: Person, max_: Person) -> None:
    attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    attention.release_ticket(ticket.pk, by=max_, now=NOW)
    assert attention.live_claim(ticket.pk) is not None
    for _ in range(2):
        attention.release_ticket(ticket.pk, by=rita, now=NOW)
    assert attention.live_claim(ticket.pk) is None
    assert len(events(ticket, "ticket.released")) == 1


def test_a_heartbeat_renews_ones_own_claim_and_nobody_elses(ticket: Ticket, rita: Person, max_: Person) -> None:
    attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    Claim.objects.update(until=Now() + timedelta(minutes=1))
    attention.note_looking(ticket.pk, by=max_)
    near = Claim.objects.get().until
    attention.note_looking(ticket.pk, by=rita)
    assert Claim.objects.get().until - near > timedelta(minutes=10)


def test_a_lapsed_claim_stays_lapsed_when_its_page_is_heard_of_again(ticket: Ticket, rita: Person) -> None:
    attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    Claim.objects.update(until=Now() - timedelta(minutes=1))
    attention.note_looking(ticket.pk, by=rita)
    assert attention.live_claim(ticket.pk) is None


def test_it_tells_who_looks_until_they_are_silent_or_gone(ticket: Ticket, rita: Person, max_: Person) -> None:
    for person in (rita, max_, rita):
        attention.note_looking(ticket.pk, by=person)
    assert attention_now()[ticket.pk].looking == (("max", "Max"), ("rita", "Rita"))
    Presence.objects.filter(person=max_).update(at=Now() - timedelta(seconds=41))
    assert attention_now([ticket.pk])[ticket.pk].looking == (("rita", "Rita"),)
    attention.note_gone(ticket.pk, by=rita)
    assert attention_now() == {}


def test_who_has_not_been_heard_of_for_a_day_is_forgotten(ticket: Ticket, rita: Person) -> None:
    attention.note_looking(ticket.pk, by=rita)
    attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    assert attention.forget_lookers() == 0
    Presence.objects.update(at=Now() - timedelta(days=2))
    Claim.objects.update(until=Now() - timedelta(days=2))
    assert attention.forget_lookers() == 2


def test_it_is_handed_over_with_a_note(ticket: Ticket, rita: Person, max_: Person) -> None:
    take_over_ticket(ticket.pk, by=rita, now=NOW)
    attention.claim_ticket(ticket.pk, by=rita, now=NOW)
    attention.hand_over_ticket(ticket.pk, " She wants the blue one. ", to=max_, by=rita, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.taken_over_by, attention.live_claim(ticket.pk)) == (max_, max_, None)
    note = Message.objects.get(ticket=ticket, direction="note")
    assert (note.body, note.author) == ("She wants the blue one.", "person:rita")
    assert events(ticket, "ticket.handed_over") == [
        ("ticket.handed_over", "person:rita", {"to": "max", "message_id": note.pk})
    ]


def test_a_ticket_the_agent_has_stays_the_agents(ticket: Ticket, rita: Person, max_: Person) -> None:
    attention.hand_over_ticket(ticket.pk, "Have a look.", to=max_, by=rita, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.taken_over_by) == (max_, None)


def test_it_is_handed_only_to_a_colleague_who_may_decide(
    ticket: Ticket, rita: Person, max_: Person, auditor: Person
) -> None:
    Person.objects.filter(pk=max_.pk).update(is_active=False)
    for heir in (rita, auditor, max_):
        with pytest.raises(attention.CannotTakeIt):
            attention.hand_over_ticket(ticket.pk, "Yours.", to=heir, by=rita, now=NOW)
    with pytest.raises(ValueError, match="should know"):
        attention.hand_over_ticket(ticket.pk, "  ", to=auditor, by=rita, now=NOW)
    assert not Message.objects.filter(ticket=ticket, direction="note").exists()


def test_what_somebody_else_is_at_work_on_is_not_handed_over(
    ticket: Ticket, rita: Person, max_: Person, ada: Person
) -> None:
    attention.claim_ticket(ticket.pk, by=ada, now=NOW)
    with pytest.raises(attention.ClaimedByOther, match="Ada is at work"):
        attention.hand_over_ticket(ticket.pk, "Yours.", to=max_, by=rita, now=NOW)
    assert attention.hand_over_ticket(ticket.pk, "Yours.", to=ada, by=rita, now=NOW).assignee == ada
