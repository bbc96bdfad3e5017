"""Who may approve what, by page and by API: a sample of the matrix, and people whose right changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.people.tokens import make_token
from approvals.deciding import mark_seen
from approvals.models import Action, Decision
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket, publish
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db

CREDIT = {"amount": "5.00", "reason": "sorry"}
Decide = Callable[[Person, Action], str]


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now())


def approve_on_page(person: Person, action: Action) -> str:
    """The button of the queue; what the action is afterwards."""
    client = Client()
    client.force_login(person)
    client.post("/queue/decide/", {"approve": f"{action.pk} {action.digest}"})
    return Action.objects.get(pk=action.pk).status


def approve_by_api(person: Person, action: Action) -> str:
    """The call of a program that acts for the person."""
    token = make_token(person, scopes=[], name="test", by="test", now=timezone.now())
    body = {"verdict": "approve", "digest": action.digest}
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client().post(
        f"/api/v1/actions/{action.pk}/decisions", body, content_type="application/json", headers=headers
    )
    status = Action.objects.get(pk=action.pk).status
    assert answer.status_code == (200 if Decision.objects.filter(action=action, person=person).exists() else 403)
    return status


SAMPLE = [
    # tier, approvals, author may, who, wrote it himself, and what comes of it
    ("low", 1, True, "support", False, "approved"),
    ("low", 1, False, "support", True, "waiting"),
    ("low", 1, True, "auditor", False, "waiting"),
    ("medium", 1, True, "support", False, "waiting"),
    ("medium", 2, True, "manager", False, "waiting"),
    ("medium", 1, True, "manager", True, "approved"),
    ("high", 1, True, "manager", False, "waiting"),
    ("high", 1, False, "admin", True, "waiting"),
    ("high", 1, False, "admin", False, "approved"),
]


@pytest.mark.parametrize("decide", [approve_on_page, approve_by_api])
@pytest.mark.parametrize(("tier", "approvals", "author_may", "role", "is_author", "expected"), SAMPLE)
def test_the_right_decides_by_either_way(
    bench: Bench, decide: Decide, tier: str, approvals: int, author_may: bool, role: str, is_author: bool, expected: str
) -> None:
    needed = {"low": "support", "medium": "manager", "high": "admin"}[tier]
    rule = {"approver": needed, "approvals": approvals, "editor_may_approve": author_may}
    publish(settings={"tiers": {tier: rule}}, give_credit={"tier": tier, "approver": "support"})
    publish(give_credit={"editor_may_approve": True})
    person = Person.objects.create_user("someone", role=role)
    author: dict[str, Any] = {"proposer": "person:someone", "person": person} if is_author else {}
    action = bench.propose("give_credit", CREDIT, **author)
    mark_seen(action.pk, action.digest, by=person, now=bench.now)
    assert decide(person, action) == expected


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "support"}, {"role": "auditor"}])
def test_who_lost_the_right_since_the_page_was_opened_decides_nothing(
    bench: Bench, client: Client, max_: Person, change: dict[str, Any]
) -> None:
    action = bench.propose("give_credit", CREDIT)
    client.force_login(max_)
    client.post(f"/actions/{action.pk}/preview/")
    Person.objects.filter(pk=max_.pk).update(**change)
    for verdict in ("approve", "reject"):
        client.post("/queue/decide/", {verdict: f"{action.pk} {action.digest}"})
    assert Action.objects.get(pk=action.pk).status == "waiting"
    assert not Decision.objects.exists()
