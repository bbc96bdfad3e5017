"""Deciding in bulk."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Caller, Propose

pytestmark = pytest.mark.django_db


def item(action: dict[str, Any], verdict: str = "reject", **rest: Any) -> dict[str, Any]:
    digest = action["preview"]["digest"]
    return {"action_id": action["id"], "verdict": verdict, "digest": digest, **rest}


def test_one_failing_hides_no_other(as_max: Caller, propose: Propose) -> None:
    """Results come in the order sent, and a duplicate is answered as the first."""
    unseen = propose()
    reply = propose("send_reply", "key-2", body="Dear Carla")
    missing = {"action_id": str(uuid4()), "verdict": "reject", "digest": ""}
    items = [item(unseen, "approve"), missing, item(reply, "approve"), item(reply, "reject"), item(reply, digest="0")]
    answer = as_max.post("decisions", {"items": items, "reason": "the morning's"})
    assert answer.status == 200
    results = answer.body["items"]
    assert [result["action_id"] for result in results] == [one["action_id"] for one in items]
    assert [result["ok"] for result in results] == [False, False, True, True, True]
    assert [result.get("error", {}).get("code") for result in results[:2]] == ["not_seen", "not_found"]
    assert results[2] == {"action_id": reply["id"], "ok": True, "status": "approved"} == results[3]
    assert as_max.get(f"actions/{reply['id']}")["decisions"][0]["reason"] == "the morning's"


def test_a_thousand_is_the_most(as_max: Caller) -> None:
    missing = {"action_id": str(uuid4()), "verdict": "reject", "digest": ""}
    answer = as_max.post("decisions", {"items": [missing] * 1001})
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == ["items"]
    assert len(as_max.post("decisions", {"items": [missing] * 1000}).body["items"]) == 1000
    assert as_max.post("decisions", {"items": []}).body == {"items": []}


def test_ten_thousand_are_refused_whole_with_the_limit(as_max: Caller, propose: Propose) -> None:
    """Also where they make a body that is larger than any may be."""
    action = propose()
    answer = as_max.post("decisions", {"items": [item(action)] * 10_000})
    assert answer.said == (422, "invalid")
    assert answer.error["fields"] == {"items": "a bulk takes at most 1000 items"}
    assert as_max.get(f"actions/{action['id']}")["status"] == "waiting"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"action_id": "x"}, "items.0.action_id"), ({"verdict": "amend"}, "items.0.verdict"), ({"y": 1}, "items.0.y")],
)
def test_wrong_fields_are_named(as_max: Caller, propose: Propose, change: dict[str, Any], field: str) -> None:
    answer = as_max.post("decisions", {"items": [item(propose(), **change)]})
    assert list(answer.error["fields"]) == [field]
