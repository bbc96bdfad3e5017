"""How runs end: done, at a bound, by a model that fails; people are called, and the log says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk.agent.language_model import ModelFailed, Request, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run
from agentdesk.runs.lifecycle import RunOver, cancel_run, pause_run, resume_run, start_run
from agentdesk.runs.models import Event, Run
from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.expiring import expire_waiting
from approvals.gate import execute_action
from approvals.models import Action, OutboxMessage
from approvals.outbox import deliver_due, settle_unknown
from approvals.policies import policy_in_force, publish_policy
from approvals.policy import Policy
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, kinds_of
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db

PROPOSE = call(1, "cancel_order", **CANCEL)
REPLY = call(2, "send_reply", body="Dear Carla, it is cancelled.", confidence=0.9)


def fail(request: Request) -> Turn:
    raise ModelFailed("It answered with nothing.")


def explode(request: Request) -> Turn:
    raise RuntimeError("a bug")


def require_people_called(run: Run, status: str) -> None:
    assert run.status == status, run.reason
    assert run.ended_at is not None and run.leased_until is None
    ticket = Ticket.objects.get(pk=run.ticket_id)
    assert ticket.escalation["reason"] == run.reason
    assert ticket.priority == "high"
    assert kinds_of(run)[-1] == "run.ended" and kinds_of(run).count("run.ended") == 1
    assert not Action.objects.filter(origin=run.pk, status__in=("waiting", "approved")).exists()


def test_a_model_that_fails_leaves_the_ticket_to_people(play: Play) -> None:
    run = play(PROPOSE, fail)
    require_people_called(run, "escalated")
    assert "It answered with nothing." in run.reason


def test_a_model_that_fails_at_length_does_too(play: Play) -> None:
    def fail_at_length(request: Request) -> Turn:
        raise ModelFailed("<html>\0\ud800" * 9000)

    require_people_called(play(PROPOSE, fail_at_length), "escalated")


def test_a_model_that_explodes_leaves_the_ticket_to_people(play: Play) -> None:
    require_people_called(play(PROPOSE, explode), "failed")


def test_the_step_limit_is_named(play: Play) -> None:
    run = play(*[call(number, "list_orders") for number in range(1, 9)], step_limit=3)
    require_people_called(run, "escalated")
    assert (run.steps, run.reason) == (3, "The agent reached a bound: steps 3.")
    reached = Event.objects.get(run=run, kind="bound.reached")
    assert reached.data == {"bound": "steps", "limit": 3}


def test_the_wall_clock_is_named(play: Play) -> None:
    run = play(PROPOSE, working_seconds=601)
    require_people_called(run, "escalated")
    assert Event.objects.get(run=run, kind="bound.reached").data == {"bound": "wall_clock_seconds", "limit": 600}


def test_a_dry_run_that_fails_calls_nobody(ticket: Ticket, run: Run) -> None:
    dry = start_run(ticket.pk, mode="dry_run", started_by="system", now=timezone.now())
    advance_run(dry.pk, model=ScriptedModel([PROPOSE, fail]))
    dry.refresh_from_db()
    ticket.refresh_from_db()
    run.refresh_from_db()
    assert (dry.status, run.status, ticket.escalation) == ("escalated", "queued", None)


@pytest.mark.parametrize("last", [fail, explode, "bound"])
def test_a_worker_that_lost_its_lease_ends_nothing(last: object, run: Run) -> None:
    def stolen(request: Request) -> Turn:
        Run.objects.filter(pk=run.pk).update(fence=99)
        return last(request) if callable(last) else call(1, "list_orders")

    Run.objects.filter(pk=run.pk).update(step_limit=1)
    advance_run(run.pk, model=ScriptedModel([stolen]))
    run.refresh_from_db()
    assert (run.status, run.fence) == ("running", 99)
    assert kinds_of(run) == ["run.started", "ticket.triaged"]
    assert not Action.objects.exists()


def test_a_stolen_leases_proposals_are_not_kept(run: Run) -> None:
    def stolen(request: Request) -> Turn:
        Run.objects.filter(pk=run.pk).update(fence=99)
        return PROPOSE

    advance_run(run.pk, model=ScriptedModel([stolen, DONE]))
    assert not Action.objects.exists()
    assert kinds_of(run) == ["run.started", "ticket.triaged"]


def approve_and_execute(action: Action, by: Person) -> None:
    now = timezone.now()
    mark_seen(action.pk, action.digest, by=by, now=now)
    decide_action(Verdict(action.pk, "approve", action.digest), by=by, now=now)
    execute_action(action.pk, now=now)


def test_all_as_proposed_is_done_without_another_turn(play: Play, max_: Person) -> None:
    run = play(PROPOSE, DONE)
    assert run.status == "waiting"
    approve_and_execute(Action.objects.get(origin=run.pk), max_)
    run.refresh_from_db()
    assert (run.status, run.steps, run.result) == ("done", 2, DONE.text)


def test_a_rejection_is_told_in_one_turn_and_the_run_goes_on(play: Play, max_: Person) -> None:
    heard: list[str] = []

    def listen(request: Request) -> Turn:
        heard.append(request.transcript[-1].text)  # type: ignore[union-attr]
        return Turn("Then not.")

    run = play(PROPOSE, call(3, "add_note", body="he asked", confidence=1), DONE)
    action = Action.objects.get(origin=run.pk, kind="cancel_order")
    decide_action(Verdict(action.pk, "reject", action.digest, reason="he needs it"), by=max_, now=timezone.now())
    run.refresh_from_db()
    assert run.status == "queued"
    run = play(PROPOSE, PROPOSE, DONE, listen)
    assert (run.status, run.result, len(heard)) == ("done", "Then not.", 1)
    assert heard[0].startswith("Decisions:\n")
    for word in (str(action.pk), "rejected", "he needs it"):
        assert word in heard[0]
    assert "add_note" not in heard[0]


def test_what_nobody_decides_is_given_to_people(play: Play, ticket: Ticket) -> None:
    run = play(PROPOSE, DONE)
    later = timezone.now() + timedelta(days=90)
    expire_waiting(now=later)
    for action in Action.objects.filter(status="approved"):
        execute_action(action.pk, now=later)
    run.refresh_from_db()
    ticket.refresh_from_db()
    assert run.status == "escalated"
    assert "in time" in ticket.escalation["reason"]


def test_asking_back_waits_for_the_customer(play: Play, max_: Person, settings: object) -> None:
    settings.MAIL_CONFIGURED = True  # type: ignore[attr-defined]
    run = play(
        call(1, "send_reply", body="Which one?", confidence=0.9),
        call(2, "set_ticket", status="pending", confidence=0.9),
        Turn("Asked which one."),
    )
    reply, pending = Action.objects.filter(origin=run.pk)
    approve_and_execute(reply, max_)
    deliver_due(now=timezone.now() + timedelta(seconds=11))
    execute_action(pending.pk, now=timezone.now())
    run.refresh_from_db()
    assert (run.status, run.result) == ("awaiting_customer", "Asked which one.")


def test_a_letter_of_unknown_fate_keeps_the_run_waiting(play: Play, max_: Person) -> None:
    run = play(call(1, "send_reply", body="It is done.", confidence=0.9), DONE)
    reply = Action.objects.get(origin=run.pk)
    approve_and_execute(reply, max_)
    OutboxMessage.objects.filter(action=reply).update(status="sending", leased_until=timezone.now() - timedelta(days=1))
    from approvals.outbox import find_lost

    find_lost(now=timezone.now())
    advance_run(run.pk, model=ScriptedModel([]))
    run.refresh_from_db()
    reply.refresh_from_db()
    assert (run.status, reply.status) == ("waiting", "unknown")
    settle_unknown(reply.pk, was_sent=True, by=max_, now=timezone.now())
    run.refresh_from_db()
    assert run.status == "done"


# --- Steered by people ---


def publish(paused: bool) -> None:
    policy = policy_in_force()
    changed = Policy(kinds=policy.kinds, settings=policy.settings.model_copy(update={"paused": paused}))
    publish_policy(changed, base_version=policy.version, note="", by=None, now=timezone.now())


def test_while_the_agent_is_paused_no_run_takes_a_step(play: Play) -> None:
    publish(paused=True)
    run = play(PROPOSE, DONE)
    assert (run.status, run.fence) == ("queued", 0)
    publish(paused=False)
    assert play(PROPOSE, DONE).status == "waiting"


def test_a_pause_in_the_middle_gives_the_run_back(play: Play) -> None:
    def pause(request: Request) -> Turn:
        publish(paused=True)
        return call(1, "list_orders")

    run = play(pause, DONE)
    assert (run.status, run.leased_until, run.steps) == ("queued", None, 1)
    publish(paused=False)
    run = play(pause, DONE)
    assert (run.status, run.steps) == ("done", 2)


def test_a_person_pauses_in_the_middle_of_a_turn(play: Play, run: Run, max_: Person) -> None:
    def pause(request: Request) -> Turn:
        pause_run(run.pk, by=max_, now=timezone.now())
        return PROPOSE

    assert play(pause, DONE).status == "paused"
    assert not Action.objects.exists()
    assert play(PROPOSE, DONE).status == "paused"
    resume_run(run.pk, by=max_, now=timezone.now())
    assert play(PROPOSE, DONE).status == "waiting"


def test_what_is_settled_while_paused_counts_after_it(play: Play, max_: Person) -> None:
    run = play(PROPOSE, DONE)
    pause_run(run.pk, by=max_, now=timezone.now())
    approve_and_execute(Action.objects.get(origin=run.pk), max_)
    run.refresh_from_db()
    assert run.status == "paused"
    resume_run(run.pk, by=max_, now=timezone.now())
    run = play()
    assert (run.status, run.steps) == ("done", 2)


@pytest.mark.parametrize("status", ["queued", "running", "waiting", "paused"])
def test_it_is_cancelled_wherever_it_stands(status: str, play: Play, run: Run, max_: Person) -> None:
    if status == "waiting":
        play(PROPOSE, DONE)
    if status == "paused":
        pause_run(run.pk, by=max_, now=timezone.now())
    if status == "running":

        def cancel(request: Request) -> Turn:
            cancel_run(run.pk, actor="person:max", reason="enough", now=timezone.now())
            return PROPOSE

        play(cancel)
    else:
        cancel_run(run.pk, actor="person:max", reason="enough", now=timezone.now())
    run.refresh_from_db()
    assert (run.status, run.reason) == ("cancelled", "enough")
    assert not Action.objects.filter(status="waiting").exists()
    assert play(PROPOSE).status == "cancelled"
    for steer in (pause_run, resume_run):
        with pytest.raises(RunOver):
            steer(run.pk, by=max_, now=timezone.now())
    with pytest.raises(RunOver):
        cancel_run(run.pk, actor="person:max", reason="again", now=timezone.now())
