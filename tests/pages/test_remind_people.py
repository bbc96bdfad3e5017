"""Reminders and their links: one letter each at half time, a link that signs in once and decides nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from agentdesk.people import reminders
from agentdesk.people.links import LinkSpent, make_link, use_link
from agentdesk.people.models import OneTimePassword, SignInLink
from agentdesk.people.reminders import send_due_reminders
from approvals.models import Action, AuditEntry, Decision, Escalation
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db

ESCALATE = {"reason": "law", "summary": "She has a lawyer.", "urgency": "high"}
CREDIT = {"amount": "5.00", "reason": "sorry"}


@pytest.fixture(autouse=True)
def _mail_can_leave(settings: Any) -> None:
    settings.MAIL_CONFIGURED = True
    settings.BASE_URL = "https://desk.example"
    cache.clear()


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    """Carla's ticket, given to managers half their time ago."""
    make_catalogue()
    make_orders(carla, otto)
    bench = Bench(make_ticket(carla, subject="My lawyer\nBcc: x@example.com"), now=timezone.now() - timedelta(hours=5))
    bench.execute(bench.propose("escalate", ESCALATE))
    return bench


def link_in(letter: Any) -> str:
    found = re.search(r"https://desk\.example(/sign-in/link/[\w-]+/)", letter.body)
    assert found, letter.body
    return found[1]


@pytest.fixture
def maxs_link(bench: Bench, max_: Person) -> str:
    """Where the reminder mailed to Max leads."""
    send_due_reminders(now=timezone.now())
    return link_in(mail.outbox[0])


def test_everyone_of_the_role_gets_one_letter(bench: Bench, max_: Person, rita: Person, ada: Person) -> None:
    Person.objects.create_user("mona", email="mona@example.com", role="manager")
    now = timezone.now()
    assert [send_due_reminders(now=now) for _ in range(2)] == [2, 0]
    assert [letter.to for letter in mail.outbox] == [["max@example.com"], ["mona@example.com"]]
    assert link_in(mail.outbox[0]) != link_in(mail.outbox[1])
    assert "My lawyer Bcc" in mail.outbox[0].subject and "approve" not in mail.outbox[0].body
    told = AuditEntry.objects.get(kind="escalation.reminded")
    assert (told.subject, told.data["people"]) == (f"ticket:{bench.ticket.pk}", ["max", "mona"])
    assert AuditEntry.objects.filter(kind="link.made").count() == 2


def test_before_half_time_and_without_mail_nothing_leaves(bench: Bench, max_: Person, settings: Any) -> None:
    assert send_due_reminders(now=bench.now + timedelta(hours=3)) == 0
    settings.MAIL_CONFIGURED = False
    assert send_due_reminders(now=timezone.now()) == 0
    assert Escalation.objects.get().reminded_at is None


def test_what_certainly_did_not_leave_is_tried_again(
    bench: Bench, max_: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError("no server")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        assert send_due_reminders(now=timezone.now()) == 0
    assert not SignInLink.objects.filter(expires_at__gt=timezone.now()).exists()
    assert send_due_reminders(now=timezone.now()) == 1


def test_what_may_have_left_is_not_sent_again(bench: Bench, max_: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmailMessage, "send", lambda self, fail_silently=False: 1 / 0)
    send_due_reminders(now=timezone.now())
    assert Escalation.objects.get().reminded_at is not None
    assert send_due_reminders(now=timezone.now()) == 0


def test_a_process_that_dies_before_sending_sends_nothing_twice(bench: Bench, max_: Person) -> None:
    assert len(reminders.take_letters(Escalation.objects.get(), timezone.now())) == 1
    assert send_due_reminders(now=timezone.now()) == 0


def test_looking_does_nothing_and_the_button_signs_in_once(
    client: Client, maxs_link: str, bench: Bench, max_: Person
) -> None:
    for _ in range(3):
        page = client.get(maxs_link)
        assert page.status_code == 200 and "Sign in as Max?" in page.content.decode()
        assert "no-store" in page["Cache-Control"] and "_auth_user_id" not in client.session
    answer = client.post(maxs_link)
    assert (answer.status_code, answer["Location"]) == (302, f"/tickets/{bench.ticket.pk}/")
    assert client.session["_auth_user_id"] == str(max_.pk)
    assert client.get(answer["Location"]).status_code == 200
    kinds = AuditEntry.objects.filter(subject="person:max").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["link.made", "link.used", "sign_in.succeeded"]
    other = Client()
    assert other.post(maxs_link).status_code == other.get(maxs_link).status_code == 410
    assert "_auth_user_id" not in other.session


def test_it_decides_nothing(client: Client, maxs_link: str, bench: Bench) -> None:
    bench.now = timezone.now()
    action = bench.propose("give_credit", CREDIT)
    client.get(maxs_link)
    client.post(maxs_link, {"approve": f"{action.pk} {action.digest}", "verdict": "approve"})
    assert Action.objects.get(pk=action.pk).status == "waiting"
    assert not Decision.objects.exists()


def test_who_is_in_already_is_led_on_and_the_link_stays_good(client: Client, maxs_link: str, max_: Person) -> None:
    client.force_login(max_)
    assert client.get(maxs_link)["Location"].startswith("/tickets/")
    assert SignInLink.objects.get().used_at is None


def test_somebody_else_who_is_in_is_told_that_it_ends(client: Client, maxs_link: str, rita: Person) -> None:
    client.force_login(rita)
    assert "You are signed in as Rita; that ends." in client.get(maxs_link).content.decode()
    client.post(maxs_link)
    assert client.session["_auth_user_id"] == str(Person.objects.get(username="max").pk)


@pytest.mark.parametrize("why", ["over", "deactivated"])
def test_it_ends_with_its_deadline_and_with_its_person(client: Client, maxs_link: str, max_: Person, why: str) -> None:
    if why == "over":
        SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        Person.objects.filter(pk=max_.pk).update(is_active=False)
    page = client.post(maxs_link)
    assert page.status_code == 410 and "opens nothing" in page.content.decode()


def test_it_expires_when_the_deadline_does(bench: Bench, maxs_link: str) -> None:
    assert SignInLink.objects.get().expires_at == Escalation.objects.get().due_at


def test_of_two_that_use_it_at_once_one_gets_in(max_: Person) -> None:
    now = timezone.now()
    link, raw = make_link(max_, "/queue/", expires_at=now + timedelta(hours=1), now=now)
    assert raw not in str(SignInLink.objects.filter(pk=link.pk).values())
    assert use_link(raw, now=now).person == max_
    with pytest.raises(LinkSpent):
        use_link(raw, now=now)


def test_guessing_is_slow(client: Client, maxs_link: str) -> None:
    wrong = [client.get(f"/sign-in/link/{number:043}/").status_code for number in range(6)]
    assert wrong == [410] * 5 + [429]
    assert client.get(maxs_link).status_code == 429


def test_an_old_link_pressed_again_is_no_guess(client: Client, maxs_link: str, max_: Person) -> None:
    Client().post(maxs_link)
    assert [client.get(maxs_link).status_code for _ in range(8)] == [410] * 8
    now = timezone.now()
    _, raw = make_link(max_, "/queue/", expires_at=now + timedelta(hours=1), now=now)
    assert client.post(f"/sign-in/link/{raw}/").status_code == 302


def test_a_name_that_is_locked_stays_locked(client: Client, maxs_link: str) -> None:
    for _ in range(5):
        client.post("/sign-in/", {"username": "max", "password": "wrong"})
    assert client.get(maxs_link).status_code == client.post(maxs_link).status_code == 429


def test_it_is_no_way_around_a_password_that_must_be_changed(client: Client, maxs_link: str, max_: Person) -> None:
    OneTimePassword.objects.create(person=max_, expires_at=timezone.now() + timedelta(days=1))
    client.post(maxs_link)
    assert client.get("/queue/")["Location"] == "/password/"
