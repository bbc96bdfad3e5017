"""Who works here: invited, given roles and let go by admins, never without one of them left."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from approvals.models import AuditEntry
from tickets.models import Person

pytestmark = pytest.mark.django_db

NEW = {"username": "nina", "first_name": "Nina", "last_name": "", "email": "nina@example.com", "role": "manager"}


@pytest.fixture
def admin(client: Client, ada: Person) -> Client:
    client.force_login(ada)
    return client


def shown_secret(page: bytes) -> str:
    found = re.search(r'class="secret"><code>([^<]+)</code>', page.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("who", ["rita", "max_"])
@pytest.mark.parametrize("path", ["/people/", "/tokens/"])
def test_others_are_told_who_can(client: Client, request: pytest.FixtureRequest, who: str, path: str) -> None:
    client.force_login(request.getfixturevalue(who))
    response = client.get(path)
    assert response.status_code == 403
    assert "Who can: admins and auditors." in response.content.decode()


@pytest.mark.parametrize("who", ["rita", "max_", "auditor"])
def test_others_change_nobody(client: Client, request: pytest.FixtureRequest, ada: Person, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    for address in ("invite/", f"{ada.pk}/role/", f"{ada.pk}/password/", f"{ada.pk}/deactivate/"):
        assert client.post(f"/people/{address}", {**NEW, "role": "support"}).status_code == 403
    ada.refresh_from_db()
    assert (ada.role, ada.is_active, ada.check_password("ada")) == ("admin", True, True)
    assert not Person.objects.filter(username="nina").exists()


def test_it_lists_everyone(admin: Client, rita: Person, max_: Person) -> None:
    page = admin.get("/people/").content.decode()
    assert all(name in page for name in ("rita", "max", "ada"))


def test_it_invites_with_a_password_that_is_shown_once(admin: Client) -> None:
    response = admin.post("/people/invite/", NEW)
    secret = shown_secret(response.content)
    assert "no-store" in response["Cache-Control"]
    nina = Person.objects.get(username="nina")
    assert (nina.role, nina.check_password(secret), nina.is_superuser) == ("manager", True, False)
    assert secret not in admin.get("/people/").content.decode()
    entry = AuditEntry.objects.get(kind="person.invited")
    assert (entry.actor, entry.subject, entry.data) == ("person:ada", "person:nina", {"role": "manager"})


@pytest.mark.parametrize(
    "changes",
    [{"username": ""}, {"username": "ada"}, {"username": "two words"}, {"role": "king"}, {"email": "nowhere"}],
)
def test_it_refuses_a_wrong_invitation_and_keeps_what_was_typed(admin: Client, changes: dict[str, str]) -> None:
    response = admin.post("/people/invite/", NEW | changes)
    assert response.status_code == 422
    assert 'value="Nina"' in response.content.decode()
    assert Person.objects.count() == 1


def test_it_changes_a_role_and_audits_it_once(admin: Client, rita: Person) -> None:
    for _ in range(2):
        assert admin.post(f"/people/{rita.pk}/role/", {"role": "manager"}).status_code == 302
    rita.refresh_from_db()
    assert rita.role == "manager"
    assert AuditEntry.objects.get(kind="person.role_changed").data == {"before": "support", "after": "manager"}


def test_there_is_no_other_role(admin: Client, rita: Person) -> None:
    assert admin.post(f"/people/{rita.pk}/role/", {"role": "king"}).status_code == 422
    assert admin.post("/people/999999/role/", {"role": "admin"}).status_code == 404


@pytest.mark.parametrize(("address", "data"), [("role/", {"role": "support"}), ("deactivate/", {})])
def test_the_last_admin_stays(admin: Client, ada: Person, address: str, data: dict[str, str]) -> None:
    response = admin.post(f"/people/{ada.pk}/{address}", data)
    assert response.status_code == 409
    assert "last admin" in response.content.decode()
    ada.refresh_from_db()
    assert (ada.role, ada.is_active) == ("admin", True)


def test_an_admin_who_was_let_go_does_not_count(admin: Client, ada: Person, max_: Person) -> None:
    Person.objects.filter(pk=max_.pk).update(role="admin", is_active=False)
    assert admin.post(f"/people/{ada.pk}/deactivate/").status_code == 409
    Person.objects.filter(pk=max_.pk).update(is_active=True)
    assert admin.post(f"/people/{ada.pk}/deactivate/").status_code == 302


def test_who_is_let_go_is_out_at_once_and_may_come_back(admin: Client, rita: Person) -> None:
    hers = Client()
    hers.force_login(rita)
    assert hers.get("/tickets/").status_code == 200
    admin.post(f"/people/{rita.pk}/deactivate/")
    assert hers.get("/tickets/").status_code == 302
    admin.post(f"/people/{rita.pk}/reactivate/")
    assert hers.post("/sign-in/", {"username": "rita", "password": "rita"}).status_code == 302
    told = AuditEntry.objects.filter(subject="person:rita", actor="person:ada").order_by("pk")
    assert list(told.values_list("kind", flat=True)) == ["person.deactivated", "person.reactivated"]


def test_a_new_one_time_password_ends_every_session(admin: Client, rita: Person) -> None:
    hers = Client()
    hers.force_login(rita)
    secret = shown_secret(admin.post(f"/people/{rita.pk}/password/").content)
    assert hers.get("/tickets/").status_code == 302
    rita.refresh_from_db()
    assert rita.check_password(secret)


def test_less_than_an_admin_is_no_superuser(admin: Client, db: None) -> None:
    root = Person.objects.create_superuser("root", "root@example.com", "x")
    admin.post(f"/people/{root.pk}/role/", {"role": "auditor"})
    root.refresh_from_db()
    assert (root.role, root.is_superuser) == ("auditor", False)


@pytest.mark.parametrize(
    ("who", "rooms"),
    [("rita", "write"), ("max_", "write"), ("ada", "audit people tokens write"), ("auditor", "audit people tokens")],
)
def test_nobody_is_shown_the_way_to_a_room_that_is_closed(
    client: Client, request: pytest.FixtureRequest, who: str, rooms: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    side = client.get("/policy/").content.decode().partition("</header>")[0]
    assert [room for room in ("audit", "people", "tokens", "write") if f'href="/{room}/"' in side] == rooms.split()
