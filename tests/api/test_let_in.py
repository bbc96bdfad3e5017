"""Who is let in, by which way, how far, and how often."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.people.middleware import MUST_CHOOSE
from agentdesk.people.models import Token
from agentdesk.people.tokens import make_token, revoke_token
from tests.api.conftest import Caller, MakeCaller
from tickets.models import Person

pytestmark = pytest.mark.django_db

LETTER = {"customer_email": "carla@example.com", "subject": "Mug", "body": "It is broken."}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ad_wrong", "Basic cml0YTpyaXRh", "ad_x", "Bearer \xff"])
def test_nobody_is_let_in_without_a_token(db: None, header: str) -> None:
    answer = Caller()("GET", "tickets", **({"Authorization": header} if header else {}))
    assert answer.said == (401, "unauthenticated")


def test_a_revoked_token_or_a_person_who_left_opens_nothing(rita: Person, as_rita: Caller) -> None:
    as_rita.get("tickets")
    Person.objects.update(is_active=False)
    assert as_rita("GET", "tickets").status == 401
    Person.objects.update(is_active=True)
    revoke_token(Token.objects.get().pk, by="test", now=timezone.now())
    assert as_rita("GET", "tickets").said == (401, "unauthenticated")


def test_a_bad_token_is_not_made_good_by_a_session(rita: Person) -> None:
    browser = Client()
    browser.force_login(rita)
    assert browser.get("/api/v1/tickets").status_code == 200
    assert browser.get("/api/v1/tickets", headers={"Authorization": "Bearer ad_x"}).status_code == 401


def test_a_session_needs_the_csrf_token_to_change_anything(rita: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rita)
    assert browser.get("/api/v1/tickets").status_code == 200
    refused = browser.post("/api/v1/tickets", LETTER, "application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf_failed")
    browser.cookies["csrftoken"] = "a" * 32
    sent = browser.post("/api/v1/tickets", LETTER, "application/json", headers={"X-CSRFToken": "a" * 32})
    assert sent.status_code == 201


def test_who_must_choose_a_password_does_that_first(rita: Person) -> None:
    browser = Client()
    browser.force_login(rita)
    session = browser.session
    session[MUST_CHOOSE] = True
    session.save()
    refused = browser.get("/api/v1/tickets")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")


def test_an_auditor_looks_and_changes_nothing(call_as: MakeCaller, auditor: Person) -> None:
    as_auditor = call_as(auditor)
    as_auditor.get("actions")
    for path in ("tickets", "actions", "decisions", "actions/00000000-0000-4000-8000-000000000000/seen"):
        assert as_auditor.post(path, {}).said == (403, "not_allowed")


def test_a_token_reaches_as_far_as_its_scopes(call_as: MakeCaller, rita: Person) -> None:
    assert call_as(rita, ["tickets"])("GET", "tickets").said == (403, "not_allowed")
    assert call_as(rita, ["read"]).post("tickets", LETTER).said == (403, "not_allowed")
    assert call_as(rita, ["tickets"]).post("tickets", LETTER).status == 201


def test_a_token_that_calls_too_often_is_told_when_to_come_back(
    rita: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    clock = SimpleNamespace(time=lambda: 600.0 + 45)
    monkeypatch.setattr("agentdesk.api.auth.time", clock)
    first, other = (
        Caller(make_token(rita, scopes=[], name=name, by="test", now=timezone.now())) for name in ("first", "other")
    )
    assert [first("GET", "tickets").status for _ in range(2)] == [200, 200]
    answer = first("GET", "tickets")
    assert answer.said == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "15"
    assert other("GET", "tickets").status == 200
    clock.time = lambda: 660.0
    assert first("GET", "tickets").status == 200
