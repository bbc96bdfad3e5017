"""The audits page: one after another, blind to the verdict; and the record of a kind on the policy's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from approvals.autonomy.promoting import suggest_promotions
from approvals.autonomy.sweeping import sweep_breakers
from approvals.models import Action, AuditSample
from approvals.policies import policy_in_force, publish_policy
from approvals.policy import Policy
from tests.approvals.autonomy.scene import KIND, address, audited, make_rows
from tests.approvals.shop import BY_ITSELF, Bench, make_ticket
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    """Carla's wish."""
    return make_ticket(carla, body="Please note my new address, 1 Hill Road.")


def put_in_force(**rules: Any) -> Policy:
    """The policy with the kind running by itself."""
    now = policy_in_force()
    changed = now.of(KIND).model_copy(update={**BY_ITSELF, **rules})
    policy = now.model_copy(update={"kinds": {**now.kinds, KIND: changed}})
    return publish_policy(policy, base_version=now.version, note="", by=None, now=timezone.now())


@pytest.fixture
def samples(ticket: Ticket) -> list[AuditSample]:
    """Two actions that ran by themselves and were drawn."""
    put_in_force(audit_share=Decimal(1))
    bench = Bench(ticket, now=timezone.now())
    for number in (1, 2):
        bench.execute(bench.propose(KIND, address(number), rationale="It says so.", confidence=Decimal("0.77")))
    return list(AuditSample.objects.order_by("pk"))


def as_person(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def test_it_shows_what_was_asked_and_done_and_nothing_of_the_verdict(
    client: Client, rita: Person, samples: list[AuditSample]
) -> None:
    page = as_person(client, rita).get("/audits/").content.decode()
    assert "Please note my new address, 1 Hill Road." in page
    assert "<ins>1 Hill Road</ins>" in page
    action = samples[0].action
    for hidden in (*action.reasons, "0.77", action.rationale, str(action.pk)):
        assert hidden not in page


def test_a_finding_opens_the_next_one(client: Client, rita: Person, samples: list[AuditSample]) -> None:
    theirs = as_person(client, rita)
    for sample, finding in zip(samples, ("right", "wrong"), strict=True):
        assert theirs.get("/audits/").context["sample"] == sample
        answer = theirs.post(f"/audits/{sample.pk}/find/", {"finding": finding, "note": "seen"})
        assert answer.headers["Location"] == "/audits/"
    page = theirs.get("/audits/").content.decode()
    assert "Nothing to look at." in page
    assert list(AuditSample.objects.order_by("pk").values_list("finding", "note", "person__username")) == [
        ("right", "seen", "rita"), ("wrong", "seen", "rita"),
    ]  # fmt: skip
    found = theirs.get("/audits/found/").content.decode()
    assert "Wrong" in found and "100 %" in found
    shown = theirs.get(f"/audits/{samples[1].pk}/").content.decode()
    assert f"/actions/{samples[1].action_id}/" in shown


def test_other_words_and_a_second_opinion_are_refused_in_place(
    client: Client, rita: Person, max_: Person, samples: list[AuditSample]
) -> None:
    where = f"/audits/{samples[0].pk}/find/"
    answer = as_person(client, rita).post(where, {"finding": "fine", "note": "keep me"})
    assert answer.status_code == 422
    assert "keep me" in answer.content.decode()
    client.post(where, {"finding": "right"})
    late = as_person(client, max_).post(where, {"finding": "wrong"})
    assert late.status_code == 409
    assert "has looked at this already" in late.content.decode()
    assert client.post("/audits/999/find/", {"finding": "right"}).status_code == 404


def test_nobody_judges_what_he_had_a_hand_in(client: Client, rita: Person, ticket: Ticket) -> None:
    put_in_force(audit_share=Decimal(1))
    bench = Bench(ticket, now=timezone.now())
    bench.execute(bench.propose(KIND, address(), proposer="outside:rita", person=rita))
    sample = AuditSample.objects.get()
    theirs = as_person(client, rita)
    assert "1 waits for somebody who had no hand in it." in " ".join(theirs.get("/audits/").content.decode().split())
    assert "You had a hand in this" in theirs.get(f"/audits/{sample.pk}/").content.decode()
    assert theirs.post(f"/audits/{sample.pk}/find/", {"finding": "right"}).status_code == 403


def test_auditors_read_and_judge_nothing(client: Client, auditor: Person, samples: list[AuditSample]) -> None:
    theirs = as_person(client, auditor)
    assert theirs.get("/audits/").headers["Location"] == "/audits/found/"
    assert "2 are still to be looked at." in theirs.get("/audits/found/").content.decode()
    assert "data-findings" not in theirs.get(f"/audits/{samples[0].pk}/").content.decode()
    assert theirs.post(f"/audits/{samples[0].pk}/find/", {"finding": "right"}).status_code == 403


def test_an_empty_queue_leads_to_them(client: Client, rita: Person, samples: list[AuditSample]) -> None:
    page = as_person(client, rita).get("/queue/").content.decode()
    assert '2 handled without you today: <a href="/audits/">look at 2 of them?</a>' in page


def test_what_went_back_is_told_on_queue_and_policy(client: Client, ada: Person, ticket: Ticket) -> None:
    version = put_in_force().version
    late(audited_now(ticket, 4, version=version, wrong=4))
    [gone] = sweep_breakers(now=timezone.now())
    theirs = as_person(client, ada)
    for address_ in ("/queue/", "/policy/"):
        page = theirs.get(address_).content.decode()
        assert "Change customer address went back to review" in page
        assert "4 of the last 4 that were looked at were wrong" in page
        assert f"/policy/versions/{gone.version}/" in page


def test_an_earned_rung_is_suggested_and_fills_the_form(
    client: Client, ada: Person, rita: Person, ticket: Ticket
) -> None:
    version = put_in_force(share=Decimal("0.1")).version
    late(audited_now(ticket, 149, version=version, wrong=0))
    assert len(suggest_promotions(now=timezone.now())) == 1
    page = " ".join(as_person(client, ada).get("/policy/").content.decode().split())
    assert "has earned to run by itself for 25 % of the traffic" in page
    assert f'href="/policy/?promote={KIND}"' in page
    assert "at most 2.0 % by the 95 % bound" in page
    assert "promote=" not in as_person(client, rita).get("/policy/").content.decode()


def test_the_record_tells_calibration_error_and_what_is_missing(client: Client, rita: Person, ticket: Ticket) -> None:
    version = put_in_force(audit_share=Decimal("0.1"), share=Decimal("0.1")).version
    late(audited_now(ticket, 40, version=version, wrong=1))
    theirs = as_person(client, rita)
    page = " ".join(theirs.get(f"/policy/records/{KIND}/").content.decode().split())
    assert "Of what ran by itself <strong>2.5 %</strong> was wrong, 95 % interval [0.4 %, 13 %]" in page
    assert "known of 40 looked at, 0 taken back, 0 decided by people" in page
    assert "more clean labels" in page
    assert "20 % of what runs by itself is looked at now" in page
    assert "are about 125 actions" in page
    assert "<td>[87 %, 99.6 %]</td>" in page or "<td>[87 %, 100 %]</td>" in page
    assert "<svg" in page
    part = theirs.get(f"/policy/records/{KIND}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Calibration" in part
    assert theirs.get("/policy/records/escalate/").status_code == 404
    assert f"/policy/records/{KIND}/" in theirs.get("/policy/").content.decode()


def audited_now(ticket: Ticket, number: int, *, version: int, wrong: int) -> list[Action]:
    """So many rows that ran by themselves and were looked at."""
    rows = make_rows(ticket, number, version=version)
    audited(rows, wrong)
    return rows


def late(rows: list[Action]) -> None:
    """They happened a moment ago, not at the tests' usual hour."""
    now = timezone.now() + timedelta(seconds=1)
    Action.objects.filter(pk__in=[row.pk for row in rows]).update(proposed_at=now, settled_at=now)
    AuditSample.objects.update(drawn_at=now, found_at=now)
