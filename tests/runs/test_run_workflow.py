"""A workflow takes its run from step to step, each an event; where it goes no further, the loop or people do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from django.utils import timezone

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import DEFAULT_BOUNDS
from agentdesk.agent.categories import Category
from agentdesk.agent.language_model import Request, Turn, UserTurn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.agent.workflows import WORKFLOWS, load_workflow
from agentdesk.agent.workflows.definition import Ending, Step, StepKind, Workflow
from agentdesk.runs.agent_versions import publish_agent
from agentdesk.runs.engine import advance_run
from agentdesk.runs.instructing import rebuild_request
from agentdesk.runs.lifecycle import start_run
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, Run
from agentdesk.runs.transcript import fold_thread, fold_transcript
from approvals.deciding import Verdict, decide_action
from approvals.gate import execute_action
from approvals.models import Action
from approvals.policies import policy_in_force, publish_policy
from tests.runs.script import DONE, call, kinds_of
from tests.runs.troupe import CITED, REPLY, Troupe, draft
from tickets.loading.articles import ArticleText, load_articles
from tickets.models import Customer, Order, Person
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db
REFUNDS = ArticleText(
    "refunds", "Refunds", "A refund to a gift card is there at once. A card takes 5 to 7 working days."
)
QUESTION = "How long does a refund to a gift card take, in general?"
Write = Callable[[str], Run]


@pytest.fixture
def write(order: Order, carla: Customer) -> Write:
    """Carla writes; answers with the run that her letter queued."""
    load_articles([REFUNDS], author="test", now=timezone.now())

    def send(body: str, subject: str = "Question") -> Run:
        ticket, *_ = open_ticket(Letter(carla.email, subject, body), now=timezone.now())
        return Run.objects.get(ticket=ticket)

    return send


def advance(run: Run, model: Any) -> Run:
    advance_run(run.pk, model=model)
    run.refresh_from_db()
    return run


def steps_of(run: Run) -> list[tuple[str, str, str]]:
    taken = Event.objects.filter(run=run, kind="workflow.stepped").order_by("seq")
    return [(event.data["step"], event.data["outcome"], event.data["next"]) for event in taken]


def proposed_by(run: Run) -> list[str]:
    return list(Action.objects.filter(origin=run.pk).order_by("place").values_list("kind", flat=True))


def test_a_question_is_answered_from_the_articles(write: Write) -> None:
    run = write(QUESTION)
    troupe = Troupe(writer=[draft(REPLY, CITED)])
    advance(run, troupe)
    assert steps_of(run) == [
        ("search", "done", "passage"),
        ("passage", "yes", "draft"),
        ("draft", "fits", "answerable"),
        ("answerable", "yes", "grounded"),
        ("grounded", "passed", "reply"),
        ("reply", "done", "solve"),
        ("solve", "done", "done"),
    ]
    assert (run.category, run.status, troupe.asked) == ("question", "waiting", ["writer"])
    assert proposed_by(run) == ["send_reply", "set_ticket"]
    assert run.result.startswith("Answer from knowledge: ")


def test_what_it_proposes_is_verified_like_any_other(write: Write) -> None:
    run = write(QUESTION)
    advance(run, Troupe(writer=[draft(REPLY, CITED)]))
    kinds = kinds_of(run)
    assert kinds.index("agenda.made") < kinds.index("model.answered") < kinds.index("action.proposed")
    assert kinds.index("draft.verified") < kinds.index("action.proposed")
    threads = {event.data.get("thread") for event in Event.objects.filter(run=run, kind="tool.answered")}
    assert threads == {"workflow:answer_from_knowledge"}


def test_its_model_is_counted_in_the_run(write: Write) -> None:
    run = advance(write(QUESTION), Troupe(writer=[draft(REPLY, CITED)]))
    assert run.steps == 1
    (asked,) = Event.objects.filter(run=run, kind="role.asked")
    assert asked.data == {
        "thread": "workflow:answer_from_knowledge",
        "role": "writer",
        "place": 2,
        "brief": asked.data["brief"],
    }


STEPS = ["search", "passage", "draft", "answerable", "grounded", "reply", "solve"]
LOOP_ENDS = [Turn("All is done.")]


@pytest.mark.parametrize(
    ("writer", "step", "outcome"),
    [
        ([draft(answerable=False, body="", missing="whether it is a gift card")], "answerable", "no"),
        ([draft("A refund takes 99 days.", CITED)], "grounded", "failed"),
        ([Turn("I cannot say."), Turn("{}")], "draft", "unfit"),
    ],
)
def test_a_branch_that_fails_leads_to_the_loop_which_is_told(
    write: Write, writer: list[Turn], step: str, outcome: str
) -> None:
    run = write(QUESTION)
    troupe = Troupe(writer=writer, agent=LOOP_ENDS)
    advance(run, troupe)
    assert steps_of(run)[-1] == (step, outcome, "loop")
    assert run.status == "done" and troupe.asked[-1] == "agent"
    told = troupe.requests[-1].transcript[1]
    assert isinstance(told, UserTurn) and f"{step}: {outcome}" in told.text
    assert "A refund to a gift card is there at once." in told.text


def test_without_a_passage_the_loop_goes_on(write: Write) -> None:
    run = advance(write("Do zeppelins yodel?"), Troupe(agent=LOOP_ENDS))
    assert steps_of(run)[-1] == ("passage", "no", "loop") and run.status == "done"


def test_an_unfit_draft_is_asked_for_once_more_with_the_error(write: Write) -> None:
    run = write(QUESTION)
    troupe = Troupe(writer=[Turn('{"answerable": "perhaps"}'), draft(REPLY, CITED)])
    advance(run, troupe)
    assert steps_of(run)[-1] == ("solve", "done", "done")
    again = troupe.requests[-1]
    assert again.parameters["temperature"] == 0
    last = again.transcript[-1]
    assert isinstance(last, UserTurn) and "answerable" in last.text


def test_an_order_that_is_named_is_told_of(write: Write, order: Order) -> None:
    run = write(f"Where is my order {order.order_id}?")
    body = "Hello Carla, your order #W0000001 is pending: it has not been sent yet. Kind regards"
    cited = {"source": "tool:order_status_look_1", "quote": "pending"}
    advance(run, Troupe(writer=[draft(body, cited)]))
    assert (run.category, run.status) == ("order_status", "waiting")
    assert steps_of(run)[-1] == ("solve", "done", "done")
    assert proposed_by(run) == ["send_reply", "set_ticket"]


def test_the_only_open_order_is_meant_where_none_is_named(write: Write) -> None:
    run = write("Where is my order? It still has not come.")
    advance(run, Troupe(writer=[draft(answerable=False, body="")], agent=LOOP_ENDS))
    assert ("which", "yes", "look") in steps_of(run)


@pytest.mark.parametrize("named", ["#W7654321", "#W0000002"])
def test_an_order_that_is_not_theirs_is_the_loops_to_ask_about(write: Write, ottos_order: Order, named: str) -> None:
    run = advance(write(f"Where is my order {named}?"), Troupe(agent=LOOP_ENDS))
    assert steps_of(run)[-1] == ("which", "no", "loop")


@pytest.mark.parametrize("model", [ScriptedModel([]), Troupe()])
def test_people_are_called_at_once_and_no_model_is_asked(write: Write, model: Any) -> None:
    run = advance(write("My lawyer will hear of this."), model)
    assert (run.category, run.status) == ("people", "escalated")
    assert steps_of(run) == [("call", "done", "done")]
    run.ticket.refresh_from_db()
    assert run.ticket.escalation["urgency"] == "high"
    assert "lawyer" in run.ticket.escalation["summary"]
    assert kinds_of(run)[-1] == "run.ended" and run.steps == 0


def test_a_model_without_a_provider_takes_the_loop(write: Write) -> None:
    run = advance(write(QUESTION), ScriptedModel([DONE]))
    assert run.status == "done" and not steps_of(run)


def test_after_a_rejection_the_loop_hears_what_was_proposed(write: Write, max_: Person) -> None:
    run = write(QUESTION)
    advance(run, Troupe(writer=[draft(REPLY, CITED)]))
    for action in Action.objects.filter(origin=run.pk, status="waiting").order_by("-place"):
        decide_action(Verdict(action.pk, "reject", action.digest, "Too curt."), by=max_, now=timezone.now())
    advance(run, None)
    assert run.status == "queued"
    troupe = Troupe(agent=[call(1, "add_note", body="A person answers."), DONE])
    advance(run, troupe)
    told, decided = troupe.requests[0].transcript[1:3]
    assert isinstance(told, UserTurn) and REPLY in told.text
    assert isinstance(decided, UserTurn) and "Too curt." in decided.text
    assert "add_note" in proposed_by(run) and run.status in ("done", "waiting")


def test_what_was_approved_ends_the_run_without_another_word(write: Write, max_: Person) -> None:
    run = write(QUESTION)
    advance(run, Troupe(writer=[draft(REPLY, CITED)]))
    for action in Action.objects.filter(origin=run.pk, status="waiting").order_by("place"):
        decide_action(Verdict(action.pk, "approve", action.digest), by=max_, now=timezone.now())
        execute_action(action.pk, now=timezone.now())
    run.refresh_from_db()
    assert run.status in ("waiting", "done")


def test_at_a_bound_the_loop_wraps_up(write: Write) -> None:
    run = write(QUESTION)
    Run.objects.filter(pk=run.pk).update(step_limit=2)
    note = call(1, "add_note", body="A question about refunds.")
    troupe = Troupe(writer=[Turn("{}"), draft(REPLY, CITED)], agent=[note])
    advance(run, troupe)
    assert troupe.asked == ["writer", "agent"] and run.steps == 2
    assert steps_of(run)[-1] == ("draft", "unfit", "loop")
    assert run.status == "escalated" and "steps 2" in run.reason


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
def test_a_killed_worker_leaves_a_run_that_goes_on_where_it_stood(write: Write, readings: int) -> None:
    run = write(QUESTION)
    with suppress(Killed):
        advance_run(run.pk, model=Troupe(writer=[draft(REPLY, CITED)]), clock=dying_clock(readings))
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(minutes=1))
    advance(run, Troupe(writer=[draft(REPLY, CITED)]))
    assert [step for step, *_ in steps_of(run)] == STEPS
    assert proposed_by(run) == ["send_reply", "set_ticket"]
    assert run.status == "waiting"
    assert Event.objects.filter(run=run, kind="role.answered").count() == 1


def test_a_run_goes_on_by_the_loop_where_the_workflow_has_changed(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write(QUESTION)
    with suppress(Killed):
        advance_run(run.pk, model=Troupe(writer=[draft(REPLY, CITED)]), clock=dying_clock(6))
    before = steps_of(run)
    shipped = WORKFLOWS["answer_from_knowledge"]
    changed = load_workflow(shipped.name, "Another title", shipped.steps)
    monkeypatch.setitem(cast(dict[str, Workflow], WORKFLOWS), shipped.name, changed)
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(minutes=1))
    advance(run, Troupe(agent=LOOP_ENDS))
    step, _, _ = before[-1]
    assert steps_of(run) == [*before, (step, "changed", "loop")] and run.status == "done"


def test_a_branch_to_people_ends_the_run_with_the_reason(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = Step(
        "which", StepKind.CONDITION, "order_is_clear", "Is it clear?", {"yes": Ending.LOOP, "no": Ending.PEOPLE}
    )
    other = load_workflow("order_status", "Order status", [asks])
    monkeypatch.setitem(cast(dict[str, Workflow], WORKFLOWS), "order_status", other)
    run = advance(write("Where is my order?"), Troupe())
    assert run.status == "escalated" and "Is it clear?: no" in run.reason
    run.ticket.refresh_from_db()
    assert run.ticket.escalation["reason"] == run.reason


def test_what_the_bounds_do_not_allow_a_workflow_cannot_do(write: Write, ada: Person) -> None:
    tools = tuple(name for name in DEFAULT_BOUNDS[Category.QUESTION].tools if name != "search_knowledge")
    own = DEFAULT_BOUNDS[Category.QUESTION].model_copy(update={"tools": tools})
    bounds = {**DEFAULT_BOUNDS, Category.QUESTION: own}
    publish_agent(AgentSettings(bounds=bounds), base_version=0, note="no articles", by=ada, now=timezone.now())
    run = advance(write(QUESTION), Troupe(agent=LOOP_ENDS))
    assert steps_of(run) == [("search", "failed", "loop")] and run.status == "done"


def test_a_dry_run_plans_the_call_for_people(write: Write) -> None:
    live = write("My lawyer will hear of this.")
    dry = start_run(live.ticket_id, started_by="person:rita", now=timezone.now(), mode="dry_run")
    advance(dry, ScriptedModel([]))
    assert dry.status == "done"
    assert Action.objects.get(origin=dry.pk).status == "planned"


def test_no_step_is_taken_while_the_agent_is_paused(write: Write, ada: Person) -> None:
    run = write(QUESTION)
    in_force = policy_in_force()
    paused = in_force.model_copy(update={"settings": in_force.settings.model_copy(update={"paused": True})})

    def pause(request: Request) -> Turn:
        publish_policy(paused, base_version=in_force.version, note="pause", by=ada, now=timezone.now())
        return draft(REPLY, CITED)

    advance(run, Troupe(writer=[pause]))
    assert steps_of(run)[-1] == ("draft", "fits", "answerable") and not proposed_by(run)
    assert run.status == "queued"


def test_its_model_calls_can_be_rebuilt_to_the_byte(write: Write) -> None:
    run = advance(write(QUESTION), Troupe(writer=[Turn("{}"), draft(REPLY, CITED)]))
    answered = Event.objects.filter(run=run, kind="model.answered").order_by("seq")
    for event in answered:
        entries = fold_thread(run.pk, event.data["thread"], until=event.data["folded_to"]).entries
        request = rebuild_request(event, entries)
        assert hash_words(request.to_bytes().decode()) == event.data["request_sha256"]
    assert len(answered) == 2 and fold_transcript(run.pk).entries
