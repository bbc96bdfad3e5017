"""What stands above any policy is refused over the API too: as an action, and as a rule that would allow it."""

from __future__ import annotations

import pytest

from approvals.models import Action, PolicyVersion
from approvals.policy import HARD_LIMITS
from tests.api.conftest import Caller
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("limit", HARD_LIMITS)]


def test_it_cannot_be_proposed(as_rita: Caller, ticket: Ticket, limit: str) -> None:
    body = {"kind": limit, "arguments": {}, "ticket_id": ticket.pk, "idempotency_key": "k", "confidence": 1.0}
    answer = as_rita.post("actions", body)
    assert answer.said == (422, "invalid")
    assert list(answer.error["fields"]) == ["kind"]
    assert not Action.objects.exists()


@pytest.mark.parametrize("mode", ["auto", "review", "draft", "shadow"])
def test_no_admin_can_allow_it(as_ada: Caller, limit: str, mode: str) -> None:
    shown = as_ada.get("policy")
    versions = PolicyVersion.objects.count()
    kinds = {**shown["kinds"], limit: {"mode": mode, "min_confidence": 0}}
    policy = {"base_version": shown["version"], "kinds": kinds, "settings": shown["settings"], "note": "let it pass"}
    assert as_ada("PUT", "policy", policy).said == (422, "invalid")
    assert PolicyVersion.objects.count() == versions
