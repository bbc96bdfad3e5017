"""The manager hands work to an analyst and a writer; a reviewer reads what is drafted, and in the end a person does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import DEFAULT_BOUNDS
from agentdesk.agent.categories import Category
from agentdesk.agent.language_model import Request, ToolAnswer, ToolCall, Turn
from agentdesk.runs.agent_versions import publish_agent
from agentdesk.runs.engine import advance_run
from agentdesk.runs.handing import reviewer_findings, reviewer_score
from agentdesk.runs.instructing import rebuild_request
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, Run
from agentdesk.runs.transcript import fold_thread
from approvals.models import Action
from tests.runs.script import answers_of
from tests.runs.troupe import Troupe, draft, review
from tickets.models import Customer, Order, Person
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db
BODY = "Hello Carla, your order #W0000001 is pending: it has not been sent yet. Kind regards"
QUESTION = ToolCall("ask_1", "ask_analyst", {"question": "Where does order #W0000001 stand?"})
BRIEF = ToolCall("ask_2", "ask_writer", {"brief": "Say that the order is pending."})
LOOK = Turn("", (ToolCall("call_1", "get_order", {"order_id": "#W0000001"}),))
FOUND = Turn("The order is pending. [tool:call_1]")
DONE = Turn("The customer was told where the order stands.")


def turn(*calls: ToolCall, text: str = "") -> Turn:
    return Turn(text, calls)


def send(request: Request) -> Turn:
    """The manager sends what the writer wrote, whatever was said of it."""
    return turn(ToolCall("send_1", "send_reply", {"body": BODY, "confidence": 0.9, "rationale": "asked for"}))


@pytest.fixture
def run(order: Order, carla: Customer, ada: Person) -> Run:
    """Carla asks where her order is, and a manager is to see to it."""
    publish_roles(ada)
    ticket, *_ = open_ticket(Letter(carla.email, "Mug", "Where is my order #W0000001?"), now=timezone.now())
    return Run.objects.get(ticket=ticket)


def publish_roles(ada: Person, **settings: Any) -> None:
    bounds = {category: DEFAULT_BOUNDS[category].model_copy(update={"way": "roles"}) for category in Category}
    value = AgentSettings(bounds=bounds, **settings)
    publish_agent(value, base_version=0, note="roles", by=ada, now=timezone.now())


def advance(run: Run, troupe: Troupe) -> Run:
    advance_run(run.pk, model=troupe)
    run.refresh_from_db()
    return run


def test_the_manager_has_its_work_done_and_proposes(run: Run) -> None:
    troupe = Troupe(
        manager=[turn(QUESTION), turn(BRIEF), send, DONE],
        analyst=[LOOK, FOUND],
        writer=[draft(BODY)],
        reviewer=[review()],
    )
    advance(run, troupe)
    assert troupe.asked == ["manager", "analyst", "analyst", "manager", "writer", "reviewer", "manager", "manager"]
    assert run.status == "waiting" and run.steps == 8
    assert list(Action.objects.filter(origin=run.pk).values_list("kind", flat=True)) == ["send_reply"]


def test_the_manager_is_offered_no_look_ups_and_the_analyst_nothing_else(run: Run) -> None:
    troupe = Troupe(manager=[turn(QUESTION), DONE], analyst=[LOOK, FOUND])
    advance(run, troupe)
    manager, analyst = troupe.requests[0], troupe.requests[1]
    offered = {tool.name for tool in manager.tools}
    assert {"ask_analyst", "ask_writer", "send_reply", "escalate"} <= offered and len(offered) == 10
    assert not offered & {tool.name for tool in analyst.tools}
    assert "get_order" in {tool.name for tool in analyst.tools}


def test_what_passes_between_them_is_a_thread_of_its_own(run: Run) -> None:
    troupe = Troupe(manager=[turn(QUESTION), DONE], analyst=[LOOK, FOUND])
    advance(run, troupe)
    kinds = [event.kind for event in Event.objects.filter(run=run) if event.data.get("thread") == "ask_1"]
    assert [kind for kind in kinds if kind != "step.assessed"] == [
        "role.asked", "model.answered", "tool.answered", "model.answered", "role.answered",
    ]  # fmt: skip
    told = next(entry for entry in troupe.requests[-1].transcript if isinstance(entry, ToolAnswer))
    assert told.tool_call_id == "ask_1" and "The order is pending." in told.content
    assert "pending" not in troupe.requests[0].transcript[0].text  # type: ignore[union-attr]


def test_what_the_analyst_found_is_evidence_for_the_reply(run: Run) -> None:
    advance(run, Troupe(manager=[turn(QUESTION), send, DONE], analyst=[LOOK, FOUND]))
    reply = Action.objects.get(origin=run.pk)
    assert not [finding for finding in reply.findings if finding.startswith("ungrounded")]


def test_an_analyst_can_change_nothing(run: Run) -> None:
    cancel = ToolCall("call_9", "cancel_order", {"order_id": "#W0000001", "reason": "no longer needed"})
    advance(run, Troupe(manager=[turn(QUESTION), DONE], analyst=[turn(cancel), FOUND]))
    assert not Action.objects.filter(origin=run.pk).exists()
    assert "cancel_order" in answers_of(run)[0]["what_was_wrong"]


def test_a_draft_is_written_anew_while_the_reviewer_objects(run: Run) -> None:
    troupe = Troupe(
        manager=[turn(QUESTION), turn(BRIEF), send, DONE],
        analyst=[LOOK, FOUND],
        writer=[draft("It comes tomorrow."), draft(BODY)],
        reviewer=[review("Nothing says that it comes tomorrow."), review(score=0.8)],
    )
    advance(run, troupe)
    again = next(
        request for request, role in zip(troupe.requests, troupe.asked, strict=True) if is_rewrite(request, role)
    )
    assert "Nothing says that it comes tomorrow." in again.transcript[-1].text  # type: ignore[union-attr]
    assert reviewer_score(run.pk, BODY) == Decimal("0.8")
    assert reviewer_score(run.pk, "Other words.") is None
    assert reviewer_findings(run.pk, BODY) == ()


def is_rewrite(request: Request, role: str) -> bool:
    return role == "writer" and len(request.transcript) > 1


def test_after_two_rewrites_a_person_decides(run: Run) -> None:
    troupe = Troupe(
        manager=[turn(QUESTION), turn(BRIEF), send, DONE],
        analyst=[LOOK, FOUND],
        writer=[draft("Tomorrow."), draft("Soon."), draft(BODY)],
        reviewer=[review("Who says so?"), review("Too vague."), review("Too curt.", score=0.9)],
    )
    advance(run, troupe)
    assert troupe.asked.count("writer") == 3 and troupe.asked.count("reviewer") == 3
    reply = Action.objects.get(origin=run.pk)
    assert reply.status == "waiting"
    assert any(finding.startswith("reviewer_objects: ") and "Too curt." in finding for finding in reply.findings)
    assert reviewer_score(run.pk, BODY) == Decimal("0.30")


def test_admins_may_do_without_the_reviewer(order: Order, carla: Customer, ada: Person) -> None:
    publish_roles(ada, reviews_drafts=False)
    ticket, *_ = open_ticket(Letter(carla.email, "Mug", "Where is my order #W0000001?"), now=timezone.now())
    troupe = Troupe(manager=[turn(BRIEF), send, DONE], writer=[draft(BODY)])
    advance(Run.objects.get(ticket=ticket), troupe)
    assert "reviewer" not in troupe.asked


def test_what_cannot_be_answered_goes_back_to_the_manager(run: Run) -> None:
    advance(run, Troupe(manager=[turn(BRIEF), DONE], writer=[draft("", answerable=False, missing="the date")]))
    assert answers_of(run)[-1]["what_was_wrong"] == "the date"


def test_a_role_without_an_answer_is_told_to_the_manager(run: Run) -> None:
    advance(run, Troupe(manager=[turn(BRIEF), DONE], writer=[Turn("no JSON"), Turn("none")]))
    answer = answers_of(run)[-1]
    assert answer["error"] == "no answer" and "asked 2 times" in answer["what_was_wrong"]
    assert run.status == "done"


def test_arguments_that_do_not_fit_are_told_too(run: Run) -> None:
    advance(run, Troupe(manager=[turn(ToolCall("ask_1", "ask_analyst", {"query": "?"})), DONE]))
    assert answers_of(run)[0]["error"] == "malformed call"


def test_an_analyst_that_never_ends_uses_up_its_share(run: Run) -> None:
    looks = [turn(ToolCall(f"c{place}", "search_knowledge", {"query": f"q{place}"})) for place in range(30)]
    troupe = Troupe(manager=[turn(QUESTION), DONE], analyst=looks)
    advance(run, troupe)
    assert troupe.asked.count("analyst") == 8
    assert "used up its share" in answers_of(run)[-1]["what_was_wrong"]


def test_at_a_bound_the_manager_wraps_up(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(step_limit=3)
    note = ToolCall("note_1", "add_note", {"body": "The order is to be looked up."})
    troupe = Troupe(manager=[turn(QUESTION), turn(note)], analyst=[LOOK, FOUND])
    advance(run, troupe)
    assert troupe.asked == ["manager", "analyst", "manager"]
    assert "reached" in answers_of(run)[1]["what_was_wrong"]
    assert run.status == "escalated" and "steps 3" in run.reason
    assert run.steps <= 3


class Killed(BaseException):
    """The worker dies here: nothing catches it."""


def dying_clock(readings: int) -> Callable[[], datetime]:
    """A clock that so many events may read; then its worker is dead."""
    left = iter(range(readings))

    def read() -> datetime:
        if next(left, None) is None:
            raise Killed
        return timezone.now()

    return read


@pytest.mark.parametrize("readings", range(18))
def test_a_killed_worker_pays_for_no_answer_twice(run: Run, readings: int) -> None:
    def troupe() -> Troupe:
        return Troupe(
            manager=[turn(QUESTION), turn(BRIEF), send, DONE],
            analyst=[LOOK, FOUND],
            writer=[draft("Tomorrow."), draft(BODY)],
            reviewer=[review("Who says so?"), review()],
        )

    with suppress(Killed):
        advance_run(run.pk, model=troupe(), clock=dying_clock(readings))
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(minutes=1))
    advance(run, troupe())
    assert run.status == "waiting"
    assert Event.objects.filter(run=run, kind="role.asked").count() == 5
    assert Event.objects.filter(run=run, kind="model.answered").count() == run.steps == 10


def test_every_roles_model_call_can_be_rebuilt_to_the_byte(run: Run) -> None:
    troupe = Troupe(
        manager=[turn(QUESTION), turn(BRIEF), send, DONE],
        analyst=[LOOK, FOUND],
        writer=[Turn("no JSON"), draft(BODY)],
        reviewer=[review()],
    )
    advance(run, troupe)
    for event in Event.objects.filter(run=run, kind="model.answered"):
        entries = fold_thread(run.pk, event.data.get("thread", ""), until=event.data["folded_to"]).entries
        request = rebuild_request(event, entries)
        assert hash_words(request.to_bytes().decode()) == event.data["request_sha256"]
