"""The queue: who sees what, decisions about what was on screen, and an answer for each item."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agentdesk.pages.queue_rows import PAGE, Filters, queue_page
from approvals.models import Action, Decision
from tests.approvals.shop import PENDING, Bench, make_catalogue, make_orders, make_ticket
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db

IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    ticket = make_ticket(carla, subject="Cancel <b>it</b>")
    return Bench(ticket, now=timezone.now(), origin=uuid4())


@pytest.fixture
def cancel(bench: Bench) -> Action:
    return bench.propose("cancel_order", {"order_id": PENDING, "reason": "no longer needed"}, rationale="She asks.")


@pytest.fixture
def reply(bench: Bench, cancel: Action) -> Action:
    return bench.propose("send_reply", {"body": "Dear Carla,\nit is cancelled."})


@pytest.fixture
def maxs(client: Client, max_: Person) -> Client:
    client.force_login(max_)
    return client


def token(action: Action) -> str:
    return f"{action.pk} {Action.objects.get(pk=action.pk).digest}"


def status_of(action: Action) -> str:
    return Action.objects.get(pk=action.pk).status


def test_it_asks_for_a_sign_in(client: Client) -> None:
    assert client.get("/queue/").status_code == 302


def test_it_shows_a_batch_with_what_makes_each_wait(maxs: Client, cancel: Action, reply: Action) -> None:
    page = maxs.get("/queue/").content.decode()
    assert "Cancel &lt;b&gt;it&lt;/b&gt;" in page and "<b>it</b>" not in page
    assert cancel.summary in page and "65.00" in page and "High risk" in page
    assert "Waits: this kind is always reviewed." in page
    assert "after: cancel order (waiting)" in page
    assert "Approve all 2" in page


def test_an_auditor_looks_and_decides_nothing(client: Client, auditor: Person, reply: Action) -> None:
    client.force_login(auditor)
    page = client.get("/queue/").content.decode()
    assert reply.summary[:40] in page and 'name="approve"' not in page
    assert client.post("/queue/decide/", {"approve": token(reply)}).status_code == 403
    assert status_of(reply) == "waiting"


def test_support_is_told_who_can(client: Client, rita: Person, cancel: Action) -> None:
    client.force_login(rita)
    assert "a manager or an admin can decide" in client.get("/queue/").content.decode()
    client.post("/queue/decide/", {"approve": token(cancel)})
    assert status_of(cancel) == "waiting"
    assert "This needs a manager." in client.get("/queue/").content.decode()


def test_high_risk_is_approved_only_after_its_preview_was_open(maxs: Client, cancel: Action) -> None:
    assert "Open the preview first" in maxs.get("/queue/").content.decode()
    maxs.post("/queue/decide/", {"approve": token(cancel)})
    assert status_of(cancel) == "waiting"
    opened = maxs.post(f"/actions/{cancel.pk}/preview/", headers=IN_PLACE).content.decode()
    assert "cancelled" in opened and "65.00" in opened and "She asks." in opened
    maxs.post("/queue/decide/", {"approve": token(cancel)})
    assert status_of(cancel) == "approved"


def test_a_get_is_not_seeing(maxs: Client, cancel: Action) -> None:
    maxs.get(f"/actions/{cancel.pk}/")
    maxs.post("/queue/decide/", {"approve": token(cancel)})
    assert status_of(cancel) == "waiting"


def test_an_approval_of_a_page_can_be_taken_back_for_a_moment(maxs: Client, reply: Action) -> None:
    answer = maxs.post("/queue/decide/", {"approve": token(reply)}, headers=IN_PLACE).content.decode()
    assert "data-grace" in answer and "by you" in answer
    assert Action.objects.get(pk=reply.pk).execute_after is not None
    maxs.post("/queue/decide/", {"withdraw": str(reply.pk)}, headers=IN_PLACE)
    assert status_of(reply) == "waiting"


def test_a_bulk_answers_for_each_item(maxs: Client, ada: Person, cancel: Action, reply: Action) -> None:
    tokens = [token(cancel), token(reply)]
    answer = maxs.post("/queue/decide/", {"approve_selected": "1", "action": tokens}, headers=IN_PLACE)
    page = answer.content.decode()
    assert "1 of 2 approved; the others stay." in page
    assert "Open the preview first: this is high risk." in page
    assert [status_of(cancel), status_of(reply)] == ["waiting", "approved"]
    other = Client()
    other.force_login(ada)
    lost = other.post("/queue/decide/", {"approve": tokens[1]}, headers=IN_PLACE).content.decode()
    assert "Max approved this already." in lost


def test_what_changed_since_is_not_approved(maxs: Client, reply: Action) -> None:
    old = token(reply)
    digest = Action.objects.get(pk=reply.pk).digest
    maxs.post(f"/actions/{reply.pk}/edit/", {"digest": digest, "body": "Dear Carla, other words."})
    answer = maxs.post("/queue/decide/", {"approve": old}, headers=IN_PLACE).content.decode()
    assert "The preview has changed since you looked" in answer
    assert status_of(reply) == "waiting"


def test_a_rejection_carries_its_reason_and_what_rested_on_it_goes_along(
    maxs: Client, cancel: Action, reply: Action
) -> None:
    form = {"reject": token(cancel), f"reason-{cancel.pk}": "3", f"words-{cancel.pk}": "ask first"}
    answer = maxs.post("/queue/decide/", form, headers=IN_PLACE).content.decode()
    assert Decision.objects.get(action=cancel).reason == "Against our rules: ask first"
    assert f'data-id="{reply.pk}" data-status="superseded"' in answer


def test_without_scripts_one_goes_back_and_is_told(maxs: Client, reply: Action) -> None:
    answer = maxs.post("/queue/decide/", {"reject_selected": "1", "action": [token(reply)], "reason-all": "5"})
    assert (answer.status_code, answer["Location"]) == (302, "/queue/")
    assert "Rejected." in maxs.get("/queue/").content.decode()
    assert status_of(reply) == "rejected"


def test_nothing_selected_is_said(maxs: Client) -> None:
    maxs.post("/queue/decide/", {"approve_selected": "1"})
    assert "Nothing was selected." in maxs.get("/queue/").content.decode()


def test_a_decision_needs_the_form_s_own_mark(max_: Person, reply: Action) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(max_)
    assert strict.post("/queue/decide/", {"approve": token(reply)}).status_code == 403
    assert status_of(reply) == "waiting"


def test_the_empty_queue_says_so(maxs: Client) -> None:
    assert "Nothing waiting." in maxs.get("/queue/").content.decode()


def test_filters_narrow_and_mine_leaves_out_what_others_decide(
    client: Client, rita: Person, cancel: Action, reply: Action
) -> None:
    client.force_login(rita)
    assert cancel.summary not in client.get("/queue/?mine=1").content.decode()
    assert reply.summary[:30] not in client.get("/queue/?kind=cancel_order").content.decode()
    assert cancel.summary in client.get("/queue/?tier=high").content.decode()


def make_many(bench: Bench, count: int) -> None:
    first = bench.propose("send_reply", {"body": "Dear Carla."}, origin=uuid4())
    rows: list[Action] = []
    for number in range(count):
        row = Action.objects.get(pk=first.pk)
        row.pk, row.origin = uuid4(), uuid4() if number % 3 == 0 else rows[-1].origin
        row.place, row.proposed_at = number, bench.now + timedelta(seconds=number // 4)
        rows.append(row)
    Action.objects.bulk_create(rows)


def test_pages_hold_every_action_once_and_batches_whole(bench: Bench, max_: Person) -> None:
    make_many(bench, 137)
    after, shown, origins = "", [], []
    while True:
        page = queue_page(Filters(), after, max_, timezone.now())
        shown += [card.action.pk for batch in page.batches for card in batch.cards]
        origins += [batch.origin for batch in page.batches]
        after = page.next_key
        if not after:
            break
    assert len(shown) == len(set(shown)) == 138
    assert len(origins) == len(set(origins))


def test_a_page_takes_a_fixed_number_of_queries(
    maxs: Client, bench: Bench, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_many(bench, PAGE * 3)
    with django_assert_max_num_queries(8):
        assert maxs.get("/queue/").status_code == 200


def test_a_wrong_key_starts_at_the_front(maxs: Client, reply: Action) -> None:
    for key in ("x", "2026-01-01T00:00:00~x", f"2026-01-01T00:00:00~{uuid4()}"):
        assert reply.summary[:30] in maxs.get("/queue/", {"after": key}).content.decode()
