"""Drawn actions over the API: read by whoever may read, judged once by whoever had no hand in them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from approvals.models import AuditSample
from approvals.policies import policy_in_force, publish_policy
from tests.approvals.autonomy.scene import KIND, address
from tests.approvals.shop import BY_ITSELF, Bench, make_ticket
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples(carla: Customer) -> list[AuditSample]:
    """Three actions that ran by themselves and were drawn."""
    now = policy_in_force()
    rules = now.of(KIND).model_copy(update={**BY_ITSELF, "audit_share": Decimal(1)})
    policy = now.model_copy(update={"kinds": {**now.kinds, KIND: rules}})
    publish_policy(policy, base_version=now.version, note="", by=None, now=timezone.now())
    bench = Bench(make_ticket(carla), now=timezone.now())
    for number in (1, 2, 3):
        bench.execute(bench.propose(KIND, address(number)))
    return list(AuditSample.objects.order_by("pk"))


def test_open_ones_are_listed_blind_and_paged(call_as: Callable[..., Any], rita: Person, samples: Any) -> None:
    call = call_as(rita)
    first = call.get("audits?limit=2")
    assert [item["id"] for item in first["items"]] == [samples[0].pk, samples[1].pk]
    rest = call.get(f"audits?limit=2&cursor={first['next']}")
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([samples[2].pk], None)
    item = first["items"][0]
    assert (item["kind"], item["status"], item["share"]) == (KIND, "open", "1.0000")
    assert not {"verdict", "confidence", "reasons", "findings"} & item.keys()


def test_a_finding_is_written_once(call_as: Callable[..., Any], rita: Person, max_: Person, samples: Any) -> None:
    path = f"audits/{samples[0].pk}"
    answer = call_as(rita).post(path, {"finding": "wrong", "note": "Not his street."})
    assert (answer.status, answer.body["status"], answer.body["found_by"]) == (200, "wrong", "rita")
    assert call_as(rita).post(path, {"finding": "wrong"}).status == 200
    late = call_as(max_).post(path, {"finding": "right"})
    assert (late.status, late.error["code"]) == (409, "already_found")
    assert [item["id"] for item in call_as(rita).get("audits?status=wrong")["items"]] == [samples[0].pk]
    assert call_as(rita).get("audits?status=right")["items"] == []
    assert len(call_as(rita).get("audits?status=found")["items"]) == 1


@pytest.mark.parametrize("body", [{"finding": "fine"}, {}, {"finding": "right", "confidence": 1}])
def test_what_is_no_finding_is_422(call_as: Callable[..., Any], rita: Person, samples: Any, body: Any) -> None:
    answer = call_as(rita).post(f"audits/{samples[0].pk}", body)
    assert (answer.status, answer.error["code"]) == (422, "invalid")
    assert answer.error["fields"]


def test_auditors_read_and_judge_nothing(call_as: Callable[..., Any], auditor: Person, samples: Any) -> None:
    assert len(call_as(auditor).get("audits")["items"]) == 3
    assert call_as(auditor).post(f"audits/{samples[0].pk}", {"finding": "right"}).status == 403


def test_strangers_are_404(call_as: Callable[..., Any], rita: Person, samples: Any) -> None:
    assert call_as(rita).post("audits/999999", {"finding": "right"}).status == 404
    assert call_as(rita)("GET", "audits?status=none").status == 422
