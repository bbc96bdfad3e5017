"""Workflows and roles with each provider's own format: structured answers, threads and calls go over real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import DEFAULT_BOUNDS
from agentdesk.agent.categories import Category
from agentdesk.runs.agent_versions import publish_agent
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Event, Run
from approvals.models import Action
from tests.runs.troupe import CITED, REPLY, draft, review
from tests.wire.replies import FORMATS, call, say
from tests.wire.server import WireServer
from tickets.loading.articles import ArticleText, load_articles
from tickets.models import Customer, Order, Person
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db
REFUNDS = ArticleText(
    "refunds", "Refunds", "A refund to a gift card is there at once. A card takes 5 to 7 working days."
)
BODY = "Hello Carla, your order #W0000001 is pending: it has not been sent yet. Kind regards"


@pytest.fixture(params=FORMATS)
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[WireServer]:
    """A provider of one format, and a desk that is set to it."""
    with WireServer([]) as server:
        for name, value in server.environment(request.param).items():
            monkeypatch.setenv(name, value)
        settings.AGENTDESK_MODEL = server.environment(request.param)["AGENTDESK_MODEL"]
        yield server


def write(carla: Customer, body: str) -> Run:
    ticket, *_ = open_ticket(Letter(carla.email, "Question", body), now=timezone.now())
    return Run.objects.get(ticket=ticket)


def advance(run: Run) -> Run:
    advance_run(run.pk)
    run.refresh_from_db()
    return run


def test_a_workflow_asks_for_a_structured_draft(provider: WireServer, order: Order, carla: Customer) -> None:
    load_articles([REFUNDS], author="test", now=timezone.now())
    provider.follow([say(draft(REPLY, CITED).text)])
    run = advance(write(carla, "How long does a refund to a gift card take, in general?"))
    (body,) = provider.bodies
    assert "answerable" in json.dumps(body) and not body.get("tools")
    assert (run.status, run.steps, run.input_tokens) == ("waiting", 1, 100)
    reply = Action.objects.get(origin=run.pk, kind="send_reply")
    assert reply.arguments["body"] == REPLY and reply.arguments["citations"] == [CITED]


def test_a_manager_an_analyst_a_writer_and_a_reviewer_work_together(
    provider: WireServer, order: Order, carla: Customer, ada: Person
) -> None:
    bounds = {category: DEFAULT_BOUNDS[category].model_copy(update={"way": "roles"}) for category in Category}
    publish_agent(AgentSettings(bounds=bounds), base_version=0, note="roles", by=ada, now=timezone.now())
    provider.follow(
        [
            call("ask_analyst", {"question": "Where does #W0000001 stand?"}),
            call("get_order", {"order_id": "#W0000001"}),
            say("It is pending."),
            call("ask_writer", {"brief": "Say that it is pending."}),
            say(draft("It comes tomorrow.").text),
            say(review("Nothing says so.").text),
            say(draft(BODY).text),
            say(review(score=0.9).text),
            call(
                "send_reply",
                {"body": BODY, "citations": [], "rationale": "asked for", "confidence": 0.9, "alternatives": []},
            ),
            say("The customer was told where the order stands."),
        ]
    )
    run = advance(write(carla, "Where is my order #W0000001?"))
    assert (run.status, run.steps) == ("waiting", 10)
    assert len(provider.received) == 10
    roles = [event.data["role"] for event in Event.objects.filter(run=run, kind="role.answered").order_by("seq")]
    assert roles == ["analyst", "writer", "reviewer", "writer", "reviewer"]
    assert Action.objects.get(origin=run.pk).kind == "send_reply"
