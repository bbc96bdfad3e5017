"""A new run's ticket is sorted by rules, and once more by a small model where one is set; the rules call people."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.language_model import ModelFailed, Request, Turn, Usage
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Event, Run
from tests.runs.troupe import Troupe
from tickets.models import Customer, Order
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db
Write = Callable[[str], Run]
DONE = Turn("All is done.")


@pytest.fixture
def write(order: Order, carla: Customer, settings: Any) -> Write:
    """Carla writes, and a small model is there; answers with the run that her letter queued."""
    settings.AGENTDESK_SMALL_MODEL = "scripted:small"

    def send(body: str) -> Run:
        ticket, *_ = open_ticket(Letter(carla.email, "Hello", body), now=timezone.now())
        return Run.objects.get(ticket=ticket)

    return send


def sort(category: str, *wished: str, urgency: str = "normal", cost: str = "0") -> Turn:
    return Turn(
        json.dumps({"category": category, "wished": list(wished), "urgency": urgency}), usage=Usage(100, 10, cost)
    )


def advance(run: Run, troupe: Troupe) -> Run:
    advance_run(run.pk, model=troupe)
    run.refresh_from_db()
    return run


def triaged(run: Run) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(run=run, kind="ticket.triaged").order_by("seq")]


def test_rules_sort_it_when_the_run_starts(write: Write) -> None:
    run = write("Please cancel #W0000001.")
    (data,) = triaged(run)
    assert (data["category"], data["wished"], data["by"]) == ("order_change", ["cancel_order"], "rules")
    run.ticket.refresh_from_db()
    assert run.category == run.ticket.category == "order_change"


def test_a_small_model_sorts_it_again(write: Write) -> None:
    run = write("My mug, you know. #W0000001")
    troupe = Troupe(triage=[sort("return", "return_items", urgency="high", cost="0.01")], agent=[DONE])
    advance(run, troupe)
    assert troupe.asked == ["triage", "agent"]
    rules, model = triaged(run)
    assert rules["by"] == "rules" and model["by"] == "scripted:small"
    assert (model["category"], model["urgency"]) == ("return", "high") and model["wished"][0] == "return_items"
    run.ticket.refresh_from_db()
    assert run.category == run.ticket.category == "return"
    assert "return_items" in {tool.name for tool in troupe.requests[1].tools}
    assert (run.input_tokens, str(run.cost)) == (100, "0.010000")


def test_its_bounds_are_those_of_the_new_category(write: Write) -> None:
    run = write("My mug, you know. #W0000001")
    assert run.bounds["way"] == "loop"
    advance(run, Troupe(triage=[sort("people", urgency="high")]))
    assert (run.category, run.status, run.bounds["way"]) == ("people", "escalated", "escalate")


def test_people_are_called_by_rules_alone(write: Write) -> None:
    run = write("My lawyer will hear of this.")
    troupe = Troupe(triage=[sort("question")])
    advance(run, troupe)
    assert troupe.asked == [] and run.status == "escalated"
    assert len(triaged(run)) == 1


def fail(request: Request) -> Turn:
    raise ModelFailed("no answer")


@pytest.mark.parametrize(
    "said", [Turn("It is a return."), sort("refund"), sort("return", "delete_customer"), Turn(""), fail]
)
def test_an_unfit_answer_leaves_what_the_rules_found(write: Write, said: Any) -> None:
    run = write("My mug, you know. #W0000001")
    troupe = Troupe(triage=[said], agent=[DONE])
    advance(run, troupe)
    assert troupe.asked == ["triage", "agent"] and run.status == "done"
    assert len(triaged(run)) == 1 and run.category == "mixed"
    assert Event.objects.filter(run=run, kind="recovery.chosen").exists()


class Killed(BaseException):
    """The worker dies here: nothing catches it."""


def die(request: Request) -> Turn:
    raise Killed


def test_a_run_taken_up_again_is_not_sorted_twice(write: Write) -> None:
    run = write("My mug, you know. #W0000001")
    with pytest.raises(Killed):
        advance(run, Troupe(triage=[sort("return")], agent=[die]))
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(minutes=1))
    troupe = Troupe(agent=[DONE])
    advance(run, troupe)
    assert troupe.asked == ["agent"] and run.category == "return"
    assert len(triaged(run)) == 2


def test_without_a_small_model_the_rules_stand(write: Write, settings: Any) -> None:
    settings.AGENTDESK_SMALL_MODEL = ""
    troupe = Troupe(agent=[DONE])
    advance(write("My mug, you know. #W0000001"), troupe)
    assert troupe.asked == ["agent"]
