"""The audit page: newest first, filtered, paged by key, for auditors and admins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals import audit
from tickets.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(client: Client, auditor: Person) -> Client:
    client.force_login(auditor)
    return client


def record(number: int, kind: str = "action.proposed", actor: str = "agent:offline") -> None:
    audit.record(kind, actor=actor, subject=f"action:{number}", at=timezone.now(), number=number, word="<b>")


def about(client: Client, query: str = "") -> list[str]:
    return [row.entry.subject for row in client.get(f"/audit/{query}").context["entries"]]


@pytest.mark.parametrize("who", ["rita", "max_"])
def test_others_are_told_who_can(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    response = client.get("/audit/")
    assert response.status_code == 403
    assert "Who can: auditors and admins." in response.content.decode()


def test_admins_and_auditors_look(client: Client, theirs: Client, ada: Person) -> None:
    record(1)
    assert about(theirs) == ["action:1"]
    client.force_login(ada)
    assert about(client) == ["action:1"]


def test_it_filters_by_the_beginning_of_kind_actor_and_subject(theirs: Client) -> None:
    record(1)
    record(2, kind="policy.published", actor="person:ada")
    record(22, kind="action.decided", actor="person:ada")
    assert about(theirs, "?kind=action") == ["action:22", "action:1"]
    assert about(theirs, "?actor=person:ada") == ["action:22", "action:2"]
    assert about(theirs, "?subject=action:2") == ["action:22", "action:2"]
    assert about(theirs, "?kind=policy.published&actor=person:ada&subject=action:2") == ["action:2"]
    assert about(theirs, "?kind=nothing") == []


def test_it_pages_by_key(theirs: Client) -> None:
    for number in range(110):
        record(number)
    seen, query = [], "?kind=action"
    while query:
        response = theirs.get(f"/audit/{query}")
        seen += [row.entry.subject for row in response.context["entries"]]
        query = f"?{response.context['older']}" if response.context["older"] else ""
    assert seen == [f"action:{number}" for number in reversed(range(110))]
    assert about(theirs, "?cursor=nonsense")[0] == "action:109"


def test_it_shows_the_head_of_the_chain(theirs: Client) -> None:
    record(1)
    audit.seal_entries()
    position, head = audit.chain_head()
    page = theirs.get("/audit/").content.decode()
    assert head in page
    assert f"<dd>{position}</dd>" in page


def test_facts_are_shown_inert(theirs: Client) -> None:
    record(1)
    page = theirs.get("/audit/").content.decode()
    assert "&lt;b&gt;" in page
    assert '"<b>"' not in page


def test_it_asks_the_database_a_fixed_number_of_times(
    theirs: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        record(number)
    audit.seal_entries()
    with django_assert_max_num_queries(6):
        assert theirs.get("/audit/").status_code == 200
