"""Who may approve what, for everybody to read: as the policy in force has it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from agentdesk.people.rights import rights_of
from approvals.policies import policy_in_force
from tests.approvals.shop import publish
from tickets.models import Person

pytestmark = pytest.mark.django_db

STEPS = [{"over": "20.00", "approver": "manager"}, {"over": "50.00", "approver": "admin", "approvals": 2}]


def words_for(kind: str) -> dict[str, str]:
    return {right.role.value: right.words for right in rights_of(kind, policy_in_force()).rights}


def test_a_role_may_up_to_the_step_that_asks_for_more() -> None:
    publish(give_credit={"approver": "support", "tier": "low", "amount_steps": STEPS})
    assert words_for("give_credit") == {
        "support": "up to 20.00",
        "manager": "up to 50.00",
        "admin": "any amount, with a second person over 50.00",
        "auditor": "looks only",
    }


def test_the_strictest_of_kind_and_tier_counts() -> None:
    publish(
        settings={"tiers": {"low": {"approver": "admin", "approvals": 2, "editor_may_approve": False}}},
        send_reply={"tier": "low", "approver": "support", "editor_may_approve": True},
    )
    assert words_for("send_reply") == {
        "support": "no", "manager": "no", "admin": "yes, with a second person", "auditor": "looks only",
    }  # fmt: skip
    assert not rights_of("send_reply", policy_in_force()).author_may


@pytest.mark.parametrize("who", ["rita", "max_", "ada", "auditor"])
def test_everybody_may_read_it(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    publish(give_credit={"approver": "support", "tier": "low", "amount_steps": STEPS})
    page = client.get("/people/rights/")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
    assert page.status_code == 200
    assert "Give credit low up to 20.00 up to 50.00 any amount, with a second person over 50.00 looks only" in text
    assert "Managers are called and have 8 hours" in text and "another one approves" in text


def test_the_people_page_leads_there(client: Client, ada: Person) -> None:
    client.force_login(ada)
    assert 'href="/people/rights/"' in client.get("/people/").content.decode()
