"""One log holds it all: whoever decides, publishes, signs in, is let go, takes back, looks or takes a copy is in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.people.models import Token
from agentdesk.people.operations import change_role, deactivate_person
from agentdesk.people.tokens import make_token, revoke_token
from approvals.audit import seal_entries, verify_chain
from approvals.autonomy.auditing import record_finding
from approvals.deciding import mark_seen
from approvals.models import Action, AuditEntry, AuditSample, Finding
from approvals.policies import policy_in_force, publish_policy
from approvals.presets import preset_policy
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket
from tests.approvals.wishes import WISHES
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db
Written = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now())


@pytest.fixture
def written() -> Written:
    """Who did what of a group to what, in order, of all the entries there are."""

    def read(group: str) -> list[tuple[str, str]]:
        entries = AuditEntry.objects.filter(kind__startswith=group).order_by("pk")
        return [(entry.kind, f"{entry.actor} {entry.subject}") for entry in entries]

    return read


def test_who_comes_and_goes(client: Client, rita: Person, written: Written) -> None:
    for password in ("wrong", "rita-password"):
        rita.set_password("rita-password")
        rita.save()
        client.post("/sign-in/", {"username": "rita", "password": password})
    client.post("/sign-out/")
    assert written("sign_") == [
        ("sign_in.failed", "anonymous person:rita"),
        ("sign_in.succeeded", "person:rita person:rita"),
        ("sign_out", "person:rita person:rita"),
    ]


def test_what_admins_do_with_people_and_tokens(ada: Person, rita: Person, written: Written) -> None:
    now = timezone.now()
    make_token(rita, scopes=["read"], name="import", by="person:ada", now=now)
    token = Token.objects.get()
    revoke_token(token.pk, by="person:ada", now=now)
    change_role(rita.pk, "manager", by=ada, now=now)
    deactivate_person(rita.pk, by=ada, now=now)
    assert written("token.") == [
        ("token.made", f"person:ada token:{token.pk}"),
        ("token.revoked", f"person:ada token:{token.pk}"),
    ]
    assert written("person.") == [
        ("person.role_changed", "person:ada person:rita"),
        ("person.deactivated", "person:ada person:rita"),
    ]


def test_what_becomes_of_an_action_and_who_saw_which_preview(bench: Bench, max_: Person, written: Written) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), max_)
    mark_seen(action.pk, action.digest, by=max_, now=timezone.now())
    about = f"action:{action.pk}"
    seen = AuditEntry.objects.get(kind="preview.seen", subject=about)
    assert (seen.actor, seen.data["digest"]) == ("person:max", action.digest)
    kinds = [kind for kind, _ in written("action.")]
    assert kinds == ["action.proposed", "action.decided", "action.executed"]


def test_an_undo_is_in_it_with_what_it_undoes(bench: Bench, max_: Person, client: Client, written: Written) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), max_)
    client.force_login(max_)
    answer = client.post(f"/api/v1/actions/{action.pk}/undo", {}, content_type="application/json")
    assert answer.status_code < 300, answer.content
    undo = Action.objects.get(kind="undo")
    kinds = {kind for kind, who in written("action.") if f"action:{undo.pk}" in who}
    assert {"action.proposed", "action.decided"} <= kinds


def test_a_decision_by_token_names_the_token(bench: Bench, max_: Person, rita: Person) -> None:
    raw = make_token(max_, scopes=["decide"], name="queue", by="person:ada", now=timezone.now())
    token = Token.objects.get()
    by_token, by_hand = (
        bench.propose(kind, WISHES[kind]) for kind in ("change_order_address", "change_customer_address")
    )
    body = {"verdict": "reject", "digest": by_token.digest, "reason": "no"}
    path = f"/api/v1/actions/{by_token.pk}/decisions"
    headers = {"Authorization": f"Bearer {raw}"}
    assert Client().post(path, body, content_type="application/json", headers=headers).status_code < 300
    client = Client()
    client.force_login(max_)
    body, path = {**body, "digest": by_hand.digest}, f"/api/v1/actions/{by_hand.pk}/decisions"
    assert client.post(path, body, content_type="application/json").status_code < 300
    found = {entry.subject: entry.data.get("token") for entry in AuditEntry.objects.filter(kind="action.decided")}
    assert found == {f"action:{by_token.pk}": token.pk, f"action:{by_hand.pk}": None}


def test_a_policy_says_who_why_and_what_changed(ada: Person) -> None:
    policy = preset_policy("balanced")
    row = publish_policy(policy, base_version=policy_in_force().version, note="calmer", by=ada, now=timezone.now())
    entry = AuditEntry.objects.filter(kind="policy.published").latest("pk")
    assert (entry.actor, entry.subject, entry.data["note"]) == ("person:ada", f"policy:{row.version}", "calmer")
    assert entry.data["changed"]


def test_what_was_found_afterwards_is_in_it(bench: Bench, max_: Person, rita: Person, written: Written) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), max_)
    sample = AuditSample.objects.create(action=action, share="0.1", drawn_at=timezone.now())
    record_finding(sample.pk, Finding.RIGHT, by=rita, now=timezone.now())
    assert written("sample.found") == [("sample.found", f"person:rita action:{action.pk}")]


def test_a_copy_taken_is_in_it_and_the_chain_holds(client: Client, auditor: Person, written: Written) -> None:
    client.force_login(auditor)
    client.post("/audit/export.csv")
    assert written("audit.") == [("audit.exported", "person:auditor audit")]
    seal_entries()
    assert verify_chain() == AuditEntry.objects.count()
