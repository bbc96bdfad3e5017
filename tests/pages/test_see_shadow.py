"""What is planned in the shadow: no page and no call shows it to those who do the work; admins and auditors see it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn, Usage
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.people.tokens import make_token
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run
from approvals.models import Action
from tests.approvals.shop import PENDING, make_catalogue, make_orders, make_ticket, publish
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db
CANCEL = {"order_id": PENDING, "reason": "no longer needed", "confidence": 0.9, "rationale": "She asks."}
SCRIPT = [
    Turn("Cancel it.", (ToolCall("call_1", "cancel_order", CANCEL),), Usage(1200, 80, "0.0031")),
    Turn("Cancelled as asked."),
]


@pytest.fixture
def plan(carla: Customer, otto: Customer, ada: Person) -> Action:
    """What a run in the shadow would do; the run is done, nothing happened."""
    publish(ada, cancel_order={"mode": "shadow"})
    make_catalogue()
    make_orders(carla, otto)
    run = Run.objects.get(ticket=make_ticket(carla))
    advance_run(run.pk, model=ScriptedModel(SCRIPT))
    run.refresh_from_db()
    assert run.status == "done"
    return Action.objects.get(kind="cancel_order", status="planned")


@pytest.mark.parametrize("who", ["rita", "max_"])
def test_those_who_do_the_work_see_nothing_of_it(request: pytest.FixtureRequest, plan: Action, who: str) -> None:
    person, client = request.getfixturevalue(who), Client()
    client.force_login(person)
    for address in (f"/tickets/{plan.ticket_id}/", "/queue/", "/tickets/"):
        page = client.get(address)
        assert page.status_code == 200 and plan.summary not in page.content.decode()
    for address in (f"/runs/{plan.origin}/", f"/actions/{plan.pk}/", "/policy/shadow/cancel_order/"):
        page = client.get(address)
        assert page.status_code == 403 and plan.summary not in page.content.decode()
    header = {"Authorization": f"Bearer {make_token(person, scopes=[], name='t', by='t', now=timezone.now())}"}
    assert Client().get(f"/api/v1/actions?ticket={plan.ticket_id}", headers=header).json()["items"] == []
    run = f"/api/v1/runs/{plan.origin}"
    for address in (f"/api/v1/actions/{plan.pk}", run, f"{run}/events", f"{run}/trace"):
        answer = Client().get(address, headers=header)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("who", ["ada", "auditor"])
def test_admins_and_auditors_see_it_and_how_it_compares(request: pytest.FixtureRequest, plan: Action, who: str) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    for address in (f"/runs/{plan.origin}/", f"/actions/{plan.pk}/"):
        assert client.get(address).status_code == 200
    assert "What the shadow planned" in client.get("/policy/").content.decode()
    assert "Nothing to compare yet" in client.get("/policy/shadow/cancel_order/").content.decode()
    plan.ticket.status = "solved"
    plan.ticket.updated_at = timezone.now()
    plan.ticket.save(update_fields=["status", "updated_at"])
    page = client.get("/policy/shadow/cancel_order/").content.decode()
    assert "1 not done by people" in page and plan.summary in page
    assert client.get("/policy/shadow/nothing/").status_code == 404
