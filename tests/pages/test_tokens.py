"""API tokens: made and revoked by admins, shown once, stored hashed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from agentdesk.people.models import Token
from agentdesk.people.tokens import find_token
from approvals.models import AuditEntry
from tickets.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, ada: Person) -> Client:
    client.force_login(ada)
    return client


def make_token(admin: Client, **changes: object) -> str:
    response = admin.post("/tokens/make/", {"person": "rita", "name": "import", "scopes": ["read"], **changes})
    found = re.search(r'class="secret"><code>([^<]+)</code>', response.content.decode())
    assert found
    assert "no-store" in response["Cache-Control"]
    return found[1]


def test_it_makes_a_token_that_is_shown_once_and_stored_hashed(admin: Client, rita: Person) -> None:
    raw = make_token(admin)
    token = Token.objects.get()
    assert (token.person, token.scopes, token.created_by) == (rita, ["read"], "person:ada")
    assert raw not in str(Token.objects.values())
    assert raw not in admin.get("/tokens/").content.decode()
    assert find_token(f"Bearer {raw}") == token
    assert AuditEntry.objects.get(kind="token.made").actor == "person:ada"


def test_without_scopes_it_may_do_what_the_person_may(admin: Client, rita: Person) -> None:
    make_token(admin, scopes=[])
    assert Token.objects.get().scopes == []


@pytest.mark.parametrize("changes", [{"person": "nobody"}, {"scopes": ["everything"]}, {"name": ""}])
def test_it_refuses_wrong_fields(admin: Client, rita: Person, changes: dict[str, object]) -> None:
    data = {"person": "rita", "name": "import", "scopes": ["read"], **changes}
    assert admin.post("/tokens/make/", data).status_code == 422
    assert not Token.objects.exists()


def test_a_revoked_token_opens_nothing(admin: Client, rita: Person) -> None:
    raw = make_token(admin)
    for _ in range(2):
        assert admin.post(f"/tokens/{Token.objects.get().pk}/revoke/").status_code == 302
    assert find_token(f"Bearer {raw}") is None
    assert AuditEntry.objects.filter(kind="token.revoked").count() == 1


def test_only_admins_make_and_revoke(client: Client, admin: Client, max_: Person, rita: Person) -> None:
    make_token(admin)
    his = Client()
    his.force_login(max_)
    assert his.post("/tokens/make/", {"person": "max", "name": "mine"}).status_code == 403
    assert his.post(f"/tokens/{Token.objects.get().pk}/revoke/").status_code == 403
    assert Token.objects.get().revoked_at is None
