"""Claiming, putting off and handing over by programs: what the page's buttons do, for the person of the token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agentdesk.api.answers import show_time
from tests.api.conftest import Caller, MakeCaller
from tickets.attention import claim_ticket, note_looking
from tickets.models import Claim, Message, Person, Ticket, TicketEvent

pytestmark = pytest.mark.django_db

DEEDS = {
    "claim": None,
    "release": None,
    "wake": None,
    "snooze": {"until": "2099-01-01T09:00:00Z"},
    "hand-over": {"to": "max", "note": "She called."},
}


def in_an_hour() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


def test_who_attends_to_a_ticket_is_told(as_rita: Caller, ticket: Ticket, max_: Person) -> None:
    assert as_rita.get(f"tickets/{ticket.pk}/attention") == {
        "ticket_id": ticket.pk, "looking": [], "claimed_by": None, "claimed_until": None, "snoozed_until": None,
        "assignee": None,
    }  # fmt: skip
    note_looking(ticket.pk, by=max_)
    claim_ticket(ticket.pk, by=max_, now=timezone.now())
    told = as_rita.get(f"tickets/{ticket.pk}/attention")
    assert (told["looking"], told["claimed_by"]) == (["max"], "max")
    assert told["claimed_until"] == show_time(Claim.objects.get().until)


def test_a_claim_is_taken_held_and_let_go(as_rita: Caller, ticket: Ticket, max_: Person, call_as: MakeCaller) -> None:
    claimed = as_rita.post(f"tickets/{ticket.pk}/claim")
    assert (claimed.status, claimed.body["claimed_by"]) == (200, "rita")
    assert as_rita.post(f"tickets/{ticket.pk}/claim").status == 200
    refused = call_as(max_).post(f"tickets/{ticket.pk}/claim")
    assert refused.said == (409, "claimed") and refused.error["by"] == "rita"
    assert refused.error["until"] == show_time(Claim.objects.get().until)
    assert call_as(max_).post(f"tickets/{ticket.pk}/release").body["claimed_by"] == "rita"
    assert as_rita.post(f"tickets/{ticket.pk}/release").body["claimed_by"] is None
    kinds = TicketEvent.objects.filter(ticket=ticket, kind__in=["ticket.claimed", "ticket.released"])
    assert list(kinds.values_list("kind", "actor")) == [
        ("ticket.claimed", "person:rita"), ("ticket.released", "person:rita"),
    ]  # fmt: skip


def test_it_is_put_off_and_brought_back(as_rita: Caller, ticket: Ticket) -> None:
    until = in_an_hour()
    put_off = as_rita.post(f"tickets/{ticket.pk}/snooze", {"until": until.isoformat()})
    assert (put_off.status, put_off.body["snoozed_until"]) == (200, show_time(until))
    later = until + timedelta(hours=1)
    elsewhere = later.astimezone().isoformat()
    assert as_rita.post(f"tickets/{ticket.pk}/snooze", {"until": elsewhere}).body["snoozed_until"] == show_time(later)
    for _ in range(2):
        assert as_rita.post(f"tickets/{ticket.pk}/wake").body["snoozed_until"] is None


def test_a_moment_that_is_none_or_out_of_reach_is_named(as_rita: Caller, ticket: Ticket) -> None:
    far = ("2020-01-01T00:00:00Z", "2099-01-01T09:00:00Z")
    for until in (*far, "2026-12-01T09:00:00", "soon", "", None, 10**30, "0" * 300):
        answer = as_rita.post(f"tickets/{ticket.pk}/snooze", {"until": until})
        assert answer.said == (422, "invalid") and list(answer.error["fields"]) == ["until"], until
    assert Ticket.objects.get(pk=ticket.pk).snoozed_until is None


def test_what_is_closed_is_not_put_off(as_rita: Caller, ticket: Ticket) -> None:
    Ticket.objects.update(status="closed")
    answer = as_rita.post(f"tickets/{ticket.pk}/snooze", {"until": in_an_hour().isoformat()})
    assert answer.said == (409, "ticket_closed")


def test_it_is_handed_over_with_a_note(as_rita: Caller, ticket: Ticket, max_: Person) -> None:
    as_rita.post(f"tickets/{ticket.pk}/claim")
    handed = as_rita.post(f"tickets/{ticket.pk}/hand-over", {"to": "max", "note": "She wants the blue one."})
    assert (handed.status, handed.body["assignee"], handed.body["claimed_by"]) == (200, "max", None)
    note = Message.objects.get(ticket=ticket, direction="note")
    assert (note.author, note.body) == ("person:rita", "She wants the blue one.")


WRONG: list[tuple[str, object]] = [
    ("to", "nobody"), ("to", "\0"), ("to", "rita"), ("to", "auditor"), ("to", 7), ("note", " "), ("note", ""),
    ("note", "a\0b"), ("why", "x"),
]  # fmt: skip


def test_what_is_wrong_with_a_hand_over_is_named(
    as_rita: Caller, ticket: Ticket, max_: Person, auditor: Person
) -> None:
    for field, value in WRONG:
        answer = as_rita.post(f"tickets/{ticket.pk}/hand-over", {"to": "max", "note": "She called.", field: value})
        assert answer.said == (422, "invalid") and list(answer.error["fields"]) == [field], value
    assert not Message.objects.filter(ticket=ticket, direction="note").exists()


def test_what_a_third_is_at_work_on_is_not_handed_over(
    as_rita: Caller, ticket: Ticket, max_: Person, ada: Person
) -> None:
    claim_ticket(ticket.pk, by=ada, now=timezone.now())
    answer = as_rita.post(f"tickets/{ticket.pk}/hand-over", DEEDS["hand-over"])
    assert answer.said == (409, "claimed") and answer.error["by"] == "ada"


def test_each_deed_takes_the_scope_and_the_role(
    ticket: Ticket, rita: Person, max_: Person, auditor: Person, call_as: MakeCaller
) -> None:
    without, looking, keeping = call_as(rita, ["read", "decide"]), call_as(auditor), call_as(rita, ["tickets"])
    for deed, body in DEEDS.items():
        path = f"tickets/{ticket.pk}/{deed}"
        assert without.post(path, body).said == looking.post(path, body).said == (403, "not_allowed")
        assert keeping.post(f"tickets/99999/{deed}", body).said == (404, "not_found")
    assert looking.get(f"tickets/{ticket.pk}/attention")["claimed_by"] is None
    assert not Claim.objects.exists() and Ticket.objects.get(pk=ticket.pk).assignee is None
