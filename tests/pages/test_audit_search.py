"""Searching the audit log: by group, kind, person, ticket, days and words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from approvals import audit, audit_search
from approvals.audit_kinds import GROUPS, KINDS, group_of
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket
from tests.approvals.wishes import WISHES
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(client: Client, auditor: Person) -> Client:
    client.force_login(auditor)
    return client


def record(
    subject: str, kind: str = "action.proposed", actor: str = "agent:offline", days: int = 0, **data: str
) -> None:
    audit.record(kind, actor=actor, subject=subject, at=timezone.now() - timedelta(days=days), **data)


def found(client: Client, **query: str) -> list[str]:
    return [row.entry.subject for row in client.get("/audit/", query).context["entries"]]


def test_every_kind_is_in_a_group() -> None:
    assert {group_of(kind) for kind in KINDS} == set(GROUPS)


def test_a_group_holds_its_kinds_and_no_others(theirs: Client) -> None:
    record("person:rita", kind="sign_in.failed", actor="anonymous")
    record("person:rita", kind="sign_out")
    record("action:1")
    assert found(theirs, kind="sign") == ["person:rita", "person:rita"]
    assert found(theirs, kind="sign_out") == ["person:rita"]
    assert found(theirs, kind="action") == ["action:1"]


def test_the_days_are_both_inside(theirs: Client) -> None:
    for days in range(4):
        record(f"action:{days}", days=days)
    day = {days: str((timezone.localtime() - timedelta(days=days)).date()) for days in range(4)}
    assert found(theirs, since=day[2], until=day[1]) == ["action:2", "action:1"]
    assert found(theirs, since="nonsense", until="2026-02-31") == [f"action:{days}" for days in (3, 2, 1, 0)]


def test_words_are_found_in_the_facts_and_in_what_it_is_about(theirs: Client) -> None:
    record("action:1", reason="The parcel was late.")
    record("action:2", reason="The Parcel was early.")
    record("action:3", kind="action.decided", actor="person:ada")
    assert found(theirs, words="parcel") == ["action:2", "action:1"]
    assert found(theirs, words="parcel late") == ["action:1"]
    assert found(theirs, words="decided ada") == ["action:3"]
    assert found(theirs, words="100%") == []


def test_words_are_looked_for_in_a_part_and_then_further_back(theirs: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_search, "LOOKED_THROUGH", 10)
    record("action:old", reason="needle")
    for number in range(12):
        record(f"action:{number}")
    page = theirs.get("/audit/", {"words": "needle"})
    assert page.context["entries"] == []
    assert "Look further back" in page.content.decode()
    further = theirs.get(f"/audit/?{page.context['further']}")
    assert [row.entry.subject for row in further.context["entries"]] == ["action:old"]
    assert further.context["further"] == ""


def test_a_ticket_s_number_finds_its_actions_as_well(
    theirs: Client, carla: Customer, otto: Customer, max_: Person
) -> None:
    make_catalogue()
    make_orders(carla, otto)
    bench = Bench(make_ticket(carla))
    action = bench.propose("cancel_order", WISHES["cancel_order"])
    record(f"ticket:{bench.ticket.pk}", kind="escalation.opened")
    record("ticket:999999", kind="escalation.opened")
    wanted = {f"action:{action.pk}", f"ticket:{bench.ticket.pk}"}
    for spelled in (f"T-{bench.ticket.pk}", f"t-{bench.ticket.pk}", str(bench.ticket.pk)):
        assert set(found(theirs, ticket=spelled)) == wanted
    assert found(theirs, ticket="T-none") == []


def test_entries_lead_to_what_they_are_about(theirs: Client) -> None:
    record("policy:1", kind="policy.published", note="Careful")
    page = theirs.get("/audit/").content.decode()
    assert 'href="/policy/versions/1/"' in page
    assert "A policy was published" in page and "<dt>Note</dt>" in page
