"""Looking at policies and publishing the next."""

from typing import Any

import pytest

from approvals.models import PolicyVersion
from tests.api.conftest import Caller, MakeCaller
from tests.conftest import make_person
from tickets.models import Person

pytestmark = pytest.mark.django_db


def next_policy(caller: Caller, **rest: Any) -> dict[str, Any]:
    shown = caller.get("policy")
    whole = {"base_version": shown["version"], "kinds": shown["kinds"], "settings": shown["settings"]}
    return {**whole, "note": "because", **rest}


def test_it_is_in_force_once_published(as_ada: Caller) -> None:
    policy = next_policy(as_ada, note="Small refunds")
    policy["kinds"]["cancel_order"] |= {"mode": "auto", "min_confidence": 0.9, "max_amount": "50.00"}
    answer = as_ada("PUT", "policy", policy)
    assert answer.status == 200
    assert answer.body["version"] == policy["base_version"] + 1
    assert answer.body["kinds"]["cancel_order"]["max_amount"] == "50.00"
    assert (answer.body["note"], answer.body["author"]) == ("Small refunds", "ada")
    assert as_ada.get("policy") == answer.body
    versions = as_ada.get("policy/versions?limit=1")
    assert versions["items"] == [answer.body]
    older = as_ada.get(f"policy/versions?cursor={versions['next']}")["items"]
    assert [version["version"] for version in older] == list(range(policy["base_version"], 0, -1))


def test_a_stale_base_comes_with_the_differences(as_ada: Caller) -> None:
    policy = next_policy(as_ada)
    policy["kinds"]["give_credit"]["max_amount"] = "5.00"
    assert as_ada("PUT", "policy", policy).status == 200
    policy["kinds"]["give_credit"]["max_amount"] = "7.00"
    answer = as_ada("PUT", "policy", policy)
    assert answer.said == (409, "policy_moved")
    assert answer.error["differences"] == [{"field": "give_credit.max_amount", "before": "5.00", "after": "7.00"}]


@pytest.mark.parametrize(
    ("kind", "rules", "field"),
    [
        ("cancel_order", {"mode": "sometimes"}, "kinds.cancel_order.mode"),
        ("cancel_order", {"max_amount": "-1"}, "kinds.cancel_order.max_amount"),
        ("cancel_order", {"max_amount": "NaN"}, "kinds.cancel_order.max_amount"),
        ("cancel_order", {"on_expiry": "approve"}, "cancel_order.on_expiry"),
        ("cancel_order", {"colour": "red"}, "kinds.cancel_order.colour"),
        ("delete_record", {"mode": "auto"}, "kinds"),
        ("fly", {}, "fly"),
        ("cancel_order", {"categories": {"moon": {"mode": "off"}}}, "kinds.cancel_order.categories.moon"),
        ("cancel_order", {"amount_steps": [{"over": "9"}, {"over": "8"}]}, "kinds.cancel_order.amount_steps"),
        ("cancel_order", {"max_amount": "9.00", "daily_amount": "8.00"}, "cancel_order.daily_amount"),
    ],
)
def test_what_no_policy_may_say_is_named(as_ada: Caller, kind: str, rules: dict[str, Any], field: str) -> None:
    policy = next_policy(as_ada)
    policy["kinds"][kind] = {**policy["kinds"].get(kind, {}), **rules}
    answer = as_ada("PUT", "policy", policy)
    assert answer.status == 422
    assert list(answer.error["fields"]) == [field]
    assert PolicyVersion.objects.count() == 1


def test_it_is_for_admins_whose_token_reaches_so_far(call_as: MakeCaller, as_max: Caller, ada: Person) -> None:
    policy = next_policy(as_max)
    assert as_max("PUT", "policy", policy).said == (403, "not_allowed")
    assert call_as(ada, ["read", "decide"])("PUT", "policy", policy).said == (403, "not_allowed")
    assert call_as(ada, ["policy"])("PUT", "policy", policy).status == 200


@pytest.mark.parametrize("note", ["", "  "])
def test_a_version_without_a_note_is_refused_with_all_that_is_wrong(as_ada: Caller, note: str) -> None:
    policy = next_policy(as_ada, note=note)
    policy["kinds"]["cancel_order"]["on_expiry"] = "approve"
    answer = as_ada("PUT", "policy", policy)
    assert (answer.status, set(answer.error["fields"])) == (422, {"note", "cancel_order.on_expiry"})
    assert PolicyVersion.objects.count() == 1


class TestSecondAdmin:
    """What loosens waits for another admin where the policy says so."""

    @pytest.fixture
    def as_eve(self, call_as: MakeCaller) -> Caller:
        return call_as(make_person("eve", "admin"))

    @pytest.fixture
    def draft(self, as_ada: Caller, as_eve: Caller) -> dict[str, Any]:
        """Ada's: larger credits by themselves, with another word needed for that."""
        careful = next_policy(as_ada)
        careful["settings"]["second_admin"] = True
        careful["kinds"]["give_credit"]["max_amount"] = "5.00"
        assert as_ada("PUT", "policy", careful).status == 200
        looser = next_policy(as_ada, note="Larger credits")
        looser["kinds"]["give_credit"]["max_amount"] = "50.00"
        answer = as_ada("PUT", "policy", looser)
        assert answer.status == 202
        body: dict[str, Any] = answer.body
        return body

    def test_it_waits_and_says_for_whom(self, as_ada: Caller, draft: dict[str, Any]) -> None:
        assert (draft["waiting_for"], draft["loosens"]) == ("another admin", ["give_credit.max_amount"])
        assert draft["differences"] == [{"field": "give_credit.max_amount", "before": "5.00", "after": "50.00"}]
        assert as_ada.get("policy/drafts")["items"] == [draft]
        assert as_ada.get("policy")["kinds"]["give_credit"]["max_amount"] == "5.00"

    def test_another_admin_publishes_it_and_its_author_does_not(
        self, as_ada: Caller, as_eve: Caller, as_max: Caller, draft: dict[str, Any]
    ) -> None:
        path, word = f"policy/drafts/{draft['draft']}", {"verdict": "publish"}
        assert as_ada.post(path, word).said == (403, "not_allowed")
        assert as_max.post(path, word).said == (403, "not_allowed")
        answer = as_eve.post(path, word)
        assert (answer.status, answer.body["status"], answer.body["decided_by"]) == (200, "published", "eve")
        shown = as_ada.get("policy")
        assert (shown["version"], shown["author"], shown["note"]) == (answer.body["version"], "ada", "Larger credits")
        assert shown["kinds"]["give_credit"]["max_amount"] == "50.00"
        assert as_eve.post(path, word).said == (409, "draft_settled")

    @pytest.mark.parametrize(("who", "status"), [("as_eve", "refused"), ("as_ada", "withdrawn")])
    def test_it_is_refused_or_taken_back(
        self, request: pytest.FixtureRequest, draft: dict[str, Any], who: str, status: str
    ) -> None:
        caller = request.getfixturevalue(who)
        answer = caller.post(f"policy/drafts/{draft['draft']}", {"verdict": "refuse", "note": "Too much"})
        assert (answer.status, answer.body["status"], answer.body["version"]) == (200, status, None)
        assert caller.get("policy/drafts")["items"] == []

    def test_what_is_stricter_needs_nobody_else(self, as_ada: Caller, draft: dict[str, Any]) -> None:
        stricter = next_policy(as_ada)
        stricter["kinds"]["give_credit"]["max_amount"] = "1.00"
        assert as_ada("PUT", "policy", stricter).status == 200
        assert as_ada.get("policy/drafts")["items"] == []

    def test_no_such_draft(self, as_eve: Caller) -> None:
        assert as_eve.post("policy/drafts/999", {"verdict": "publish"}).status == 404
