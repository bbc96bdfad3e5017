"""What loosens the policy waits for another admin, by the page as by the API; what waited is told on the version."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from approvals.models import PolicyDraft
from approvals.policies import policy_in_force
from approvals.rejudging import rejudge_waiting
from tests.approvals.shop import Bench, make_catalogue, make_orders, make_ticket, publish
from tests.approvals.wishes import WISHES
from tests.conftest import make_person
from tests.pages.test_policy import form, publish_looked_at
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db
LOOSER = {"send_reply.mode": "auto", "send_reply.min_confidence": "0.9"}


@pytest.fixture
def eve(db: None) -> Person:
    """Another admin."""
    return make_person("eve", "admin")


@pytest.fixture
def as_ada(client: Client, ada: Person, eve: Person) -> Client:
    """Ada, under a policy that asks for a second admin."""
    publish(ada, {"second_admin": True})
    client.force_login(ada)
    return client


@pytest.fixture
def as_eve(eve: Person) -> Client:
    client = Client()
    client.force_login(eve)
    return client


@pytest.fixture
def bench(carla: Customer, otto: Customer) -> Bench:
    make_catalogue()
    make_orders(carla, otto)
    return Bench(make_ticket(carla), now=timezone.now())


def propose_looser(as_ada: Client) -> PolicyDraft:
    before = policy_in_force()
    answer = publish_looked_at(as_ada, form() | LOOSER)
    draft = PolicyDraft.objects.get()
    assert answer.headers["Location"] == f"/policy/drafts/{draft.pk}/"
    assert policy_in_force() == before
    return draft


def test_before_publishing_it_says_what_loosens_and_what_that_takes(as_ada: Client) -> None:
    page = as_ada.post("/policy/compare/", form() | LOOSER, headers={"HX-Request": "true"}).content.decode()
    assert "Send reply: rung" in page and "loosens" in page and "once another admin says so too" in page
    stricter = as_ada.post("/policy/compare/", form() | {"send_reply.undo_seconds": "60"}).content.decode()
    assert "Send reply: undo window" in stricter and "once another admin" not in stricter
    wrong = as_ada.post("/policy/compare/", form() | {"send_reply.share": "2"})
    assert wrong.status_code == 422
    assert policy_in_force().version == 2


def test_another_admin_reads_it_and_publishes_it(as_ada: Client, as_eve: Client) -> None:
    draft = propose_looser(as_ada)
    assert "waits for another admin" in as_ada.get("/policy/").content.decode()
    assert "It waits for your word" in as_eve.get("/policy/").content.decode()
    own = as_ada.get(f"/policy/drafts/{draft.pk}/").content.decode()
    assert "Take it back" in own and "Publish as version" not in own
    assert as_ada.post(f"/policy/drafts/{draft.pk}/decide/", {"verdict": "publish"}).status_code == 403
    theirs = as_eve.get(f"/policy/drafts/{draft.pk}/").content.decode()
    assert "Publish as version 3" in theirs and "Send reply: rung" in theirs
    as_eve.post(f"/policy/drafts/{draft.pk}/decide/", {"verdict": "publish"})
    assert policy_in_force().of("send_reply").mode == "auto"
    version = as_ada.get("/policy/versions/3/").content.decode()
    assert "Eve said so too" in version
    late = as_eve.post(f"/policy/drafts/{draft.pk}/decide/", {"verdict": "publish"}, follow=True)
    assert "does not wait any more" in late.content.decode()


def test_others_read_a_draft_and_say_nothing_of_it(as_ada: Client, client: Client, max_: Person) -> None:
    draft = propose_looser(as_ada)
    client.force_login(max_)
    assert "Publish as version" not in client.get(f"/policy/drafts/{draft.pk}/").content.decode()
    assert client.post(f"/policy/drafts/{draft.pk}/decide/", {"verdict": "publish"}).status_code == 403


def test_a_refused_one_changes_nothing_and_an_outdated_one_is_taken_up(as_ada: Client, as_eve: Client) -> None:
    draft = propose_looser(as_ada)
    as_eve.post(f"/policy/drafts/{draft.pk}/decide/", {"verdict": "refuse", "note": "not yet"})
    draft.refresh_from_db()
    assert (draft.status, policy_in_force().version) == ("refused", 2)
    publish(None, give_credit={"undo_seconds": 5})
    page = as_eve.get(f"/policy/?draft={draft.pk}")
    values = page.context["draft"].values
    assert (values["send_reply.mode"], values["give_credit.undo_seconds"]) == ("auto", "5")
    assert "The fields hold <strong>the draft of Ada" in page.content.decode()


def test_a_return_that_loosens_waits_as_well(as_ada: Client, as_eve: Client) -> None:
    publish(None, send_reply={"mode": "off"})
    versions = as_ada.get("/policy/versions/").content.decode()
    assert 'aria-label="Back to version 2"' in versions and 'aria-label="Back to version 3"' not in versions
    as_ada.post("/policy/versions/2/return/")
    draft = PolicyDraft.objects.get()
    assert (draft.note, policy_in_force().of("send_reply").mode) == ("Back to version 2", "off")
    as_eve.post(f"/policy/drafts/{draft.pk}/decide/", {"verdict": "publish"})
    assert policy_in_force().of("send_reply").mode == "review"


def test_a_suggested_rung_fills_the_form(as_ada: Client) -> None:
    page = as_ada.get("/policy/?promote=send_reply")
    assert page.context["draft"].values["send_reply.mode"] == "auto"
    assert page.context["draft"].note.startswith("Send reply: a rung up")
    assert 'data-was="review"' in page.content.decode()
    category = as_ada.get("/policy/?promote=send_reply:question")
    assert category.context["draft"].values["send_reply.categories.question.mode"] == "auto"
    for nonsense in ("nothing", "send_reply:moon", ":"):
        assert not as_ada.get("/policy/", {"promote": nonsense}).context["filled_by"]
    for nonsense in ("x", "99999999999", "7"):
        assert not as_ada.get("/policy/", {"draft": nonsense}).context["filled_by"]


def test_a_version_says_what_became_of_what_waited(as_ada: Client, bench: Bench) -> None:
    for _ in range(2):
        bench.propose("give_credit", WISHES["give_credit"])
    refused = bench.propose("change_order_address", WISHES["change_order_address"])
    bench.propose("change_customer_address", WISHES["change_customer_address"])
    publish_looked_at(as_ada, form() | {"change_order_address.mode": "off", "give_credit.approver": "admin"})
    assert rejudge_waiting(now=timezone.now()) == 4
    page = as_ada.get("/policy/versions/3/").content.decode()
    assert "4 waiting were judged anew: 2 now for an admin to approve; 1 refused." in page
    assert f"/actions/{refused.pk}/" in page


def test_it_shows_how_much_of_todays_ceiling_is_used(as_ada: Client, bench: Bench) -> None:
    by_itself = {"mode": "auto", "min_confidence": "0.5", "daily_amount": "20.00"}
    publish(None, {"daily_amount": "80.00"}, give_credit=by_itself)
    bench.execute(bench.propose("give_credit", WISHES["give_credit"]))
    page = as_ada.get("/policy/").content.decode()
    assert "5.00 of 20.00 today" in page and "5.00 of 80.00 today" in page
