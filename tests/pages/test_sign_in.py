"""The door: who gets in, who does not, and what is written down of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from agentdesk.people.models import OneTimePassword
from agentdesk.people.operations import renew_password
from approvals.models import AuditEntry
from tickets.models import Person

pytestmark = pytest.mark.django_db

OPEN = {"healthz", "readyz", "sign_in", "sign_in_by_link", "sign_in_to_demo", "theme"}
FILLERS = {"uuid": UUID(int=1), "int": 1, "slug": "x", "str": "x"}


def sign_in(client: Client, username: str, password: str, **more: str) -> int:
    return client.post("/sign-in/", {"username": username, "password": password, **more}).status_code


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))


def closed_pages() -> list[str]:
    """The address of every page of the house but the open ones and the API's, with something in each gap."""
    pages = []
    for pattern in walk(get_resolver().url_patterns):
        if pattern.name not in OPEN:
            gaps = re.findall(r"<(\w+):(\w+)>", str(pattern.pattern))
            pages.append(reverse(pattern.name, kwargs={name: FILLERS[sort] for sort, name in gaps}))
    return pages


def walk(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif "api" not in str(pattern.pattern):
            yield from walk(pattern.url_patterns)


def test_every_page_asks_for_a_sign_in(client: Client) -> None:
    pages = closed_pages()
    assert {"/", "/tickets/", "/queue/", "/people/", "/audit/", "/tickets/1/"} <= set(pages)
    for page in pages:
        response = client.get(page)
        assert (page, response.status_code) == (page, 302)
        assert response["Location"].startswith("/sign-in/?next=")
        assert client.post(page)["Location"] == "/sign-in/"


def test_a_piece_of_a_page_sends_the_whole_page_to_the_door(client: Client) -> None:
    response = client.get("/tickets/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/sign-in/"


@pytest.mark.parametrize("path", ["/sign-in/", "/healthz"])
def test_the_door_and_the_health_check_are_open(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_page_that_is_not_there_tells_nothing(client: Client, rita: Person) -> None:
    assert client.get("/nowhere/").status_code == 404
    client.force_login(rita)
    response = client.get("/nowhere/")
    assert (response.status_code, b"There is no such page" in response.content) == (404, True)


def test_a_page_may_be_asked_for_its_head(client: Client, rita: Person) -> None:
    client.force_login(rita)
    assert client.head("/tickets/").status_code == 200


def test_it_lets_in_with_the_right_password_and_writes_it_down(client: Client, rita: Person) -> None:
    response = client.post("/sign-in/", {"username": "rita", "password": "rita"})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/tickets/"
    assert kinds() == ["sign_in.succeeded"]


@pytest.mark.parametrize(("person", "home"), [("max_", "/queue/"), ("ada", "/queue/"), ("auditor", "/queue/")])
def test_it_lands_everyone_where_they_work(
    client: Client, request: pytest.FixtureRequest, person: str, home: str
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.get("/")["Location"] == home


@pytest.mark.parametrize(("name", "password"), [("rita", "wrong"), ("nobody", "rita"), ("rita", "")])
def test_it_refuses_in_the_same_words_whoever_it_is(client: Client, rita: Person, name: str, password: str) -> None:
    response = client.post("/sign-in/", {"username": name, "password": password})
    assert response.status_code == 422
    assert "_auth_user_id" not in client.session


def test_a_wrong_try_is_written_down_without_the_password(client: Client, rita: Person) -> None:
    sign_in(client, "rita", "my-secret-guess")
    entry = AuditEntry.objects.get(kind="sign_in.failed")
    assert (entry.actor, entry.subject) == ("anonymous", "person:rita")
    assert "my-secret-guess" not in str(entry.data)


def test_it_stops_guessing_after_five_tries_also_with_the_right_password(client: Client, rita: Person) -> None:
    tries = [sign_in(client, "rita", f"guess {number}") for number in range(5)]
    assert tries == [422, 422, 422, 422, 429]
    response = client.post("/sign-in/", {"username": "rita", "password": "rita"})
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert kinds().count("sign_in.locked") == 1


def test_guessing_one_name_locks_no_other(client: Client, rita: Person, max_: Person) -> None:
    for number in range(6):
        sign_in(client, "rita", f"guess {number}")
    assert sign_in(client, "max", "max") == 302


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/policy/?preset=careful", "/policy/?preset=careful"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_it_goes_on_to_pages_of_ours_only(client: Client, rita: Person, wanted: str, given: str) -> None:
    response = client.post("/sign-in/", {"username": "rita", "password": "rita", "next": wanted})
    assert response["Location"] == given


def test_who_was_let_go_does_not_get_in(client: Client, rita: Person) -> None:
    client.force_login(rita)
    Person.objects.update(is_active=False)
    assert client.get("/tickets/").status_code == 302
    assert sign_in(client, "rita", "rita") == 422


def test_signing_out_takes_a_post(client: Client, rita: Person) -> None:
    client.force_login(rita)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/tickets/").status_code == 302
    assert kinds() == ["sign_out"]


def test_the_cookie_of_a_session_is_kept_from_scripts_and_other_sites(client: Client, rita: Person) -> None:
    sign_in(client, "rita", "rita")
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 12 * 3600)


def test_a_session_gets_another_key_at_the_door(client: Client, rita: Person) -> None:
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    sign_in(client, "rita", "rita")
    assert client.session.session_key != planted


def test_it_checks_where_the_form_came_from(rita: Person) -> None:
    assert sign_in(Client(enforce_csrf_checks=True), "rita", "rita") == 403


def test_before_there_is_anybody_it_names_the_command(client: Client, db: None) -> None:
    assert b"manage.py createsuperuser" in client.get("/sign-in/").content


def test_the_command_is_not_named_any_more_once_there_is_somebody(client: Client, ada: Person) -> None:
    assert b"createsuperuser" not in client.get("/sign-in/").content


def test_createsuperuser_makes_an_admin(db: None) -> None:
    assert Person.objects.create_superuser("root", "root@example.com", "x").role == "admin"


# --- The demo ---


@pytest.mark.parametrize("name", ["rita", "max", "ada"])
def test_one_click_signs_in_to_the_demo(
    client: Client, settings: Settings, rita: Person, max_: Person, ada: Person, name: str
) -> None:
    settings.DEMO = True
    assert f"/sign-in/demo/{name}/".encode() in client.get("/sign-in/").content
    assert client.post(f"/sign-in/demo/{name}/").status_code == 302
    assert AuditEntry.objects.get().data["way"] == "demo"
    assert Person.objects.get(pk=client.session["_auth_user_id"]).username == name


def test_one_click_is_not_there_outside_the_demo(client: Client, rita: Person) -> None:
    assert client.post("/sign-in/demo/rita/").status_code == 404
    assert b"/sign-in/demo/" not in client.get("/sign-in/").content
    assert "_auth_user_id" not in client.session


def test_one_click_takes_a_post_and_one_of_the_three(
    client: Client, settings: Settings, rita: Person, auditor: Person
) -> None:
    settings.DEMO = True
    assert client.get("/sign-in/demo/rita/").status_code == 405
    assert client.post("/sign-in/demo/auditor/").status_code == 404


# --- One-time passwords ---


@pytest.fixture
def one_time(rita: Person, ada: Person) -> str:
    return renew_password(rita, by=ada, now=timezone.now())


def test_a_one_time_password_opens_only_the_page_to_choose_another(client: Client, one_time: str) -> None:
    assert sign_in(client, "rita", one_time) == 302
    assert client.get("/tickets/")["Location"] == "/password/"
    assert client.get("/api/v1/tickets").status_code == 403
    chosen = {"current": one_time, "password": "a-long-enough-one", "again": "a-long-enough-one"}
    assert client.post("/password/", chosen).status_code == 302
    assert client.get("/tickets/").status_code == 200
    assert not OneTimePassword.objects.exists()
    client.post("/sign-out/")
    assert sign_in(client, "rita", one_time) == 422
    assert sign_in(client, "rita", "a-long-enough-one") == 302


def test_a_one_time_password_runs_out(client: Client, one_time: str) -> None:
    OneTimePassword.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.post("/sign-in/", {"username": "rita", "password": one_time})
    assert response.status_code == 422
    assert b"has run out" in response.content


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"current": "not it"}, "This is not your current password."),
        ({"again": "something else"}, "The two new passwords differ."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "rita", "again": "rita"}, "too short"),
    ],
)
def test_a_new_password_must_be_good(client: Client, rita: Person, changes: dict[str, str], why: str) -> None:
    client.force_login(rita)
    good = {"current": "rita", "password": "a-long-enough-one", "again": "a-long-enough-one"}
    response = client.post("/password/", good | changes)
    assert response.status_code == 422
    assert why in response.content.decode()
    rita.refresh_from_db()
    assert rita.check_password("rita")
