"""Many workers, and workers that die: every step once, and the log tells it once."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agentdesk.agent.language_model import Request, ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.agent.storable import make_storable
from agentdesk.runs import leases
from agentdesk.runs.answering import store_answers
from agentdesk.runs.asking import fact_of_turn, usage_of
from agentdesk.runs.engine import advance_run
from agentdesk.runs.gathering import course_of
from agentdesk.runs.instructing import rebuild_request, setting_of
from agentdesk.runs.leases import renew_lease, take_lease
from agentdesk.runs.log import LeaseLost, hash_words
from agentdesk.runs.models import Event, Run
from agentdesk.runs.open_turn import OpenTurn
from agentdesk.runs.transcript import fold_transcript
from agentdesk.runs.work import Work
from approvals.deciding import Verdict, decide_action
from approvals.models import Action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, kinds_of, say
from tickets.models import Message, Person

SCRIPT = [
    call(1, "get_order", order_id="#W0000001"),
    say(
        ToolCall("call_2", "cancel_order", CANCEL),
        ToolCall("call_3", "add_note", {"body": "He asked for it."}),
        ToolCall("call_4", "calculate", {"expression": "1+1"}),
    ),
    DONE,
]


def require_each_step_once(run: Run) -> None:
    events = list(Event.objects.filter(run=run))
    assert [event.seq for event in events] == list(range(1, run.last_seq + 1))
    calls = [event.data["tool_call_id"] for event in events if event.kind == "tool.answered"]
    assert sorted(calls) == ["call_1", "call_2", "call_3", "call_4"]
    proposed = [event.data["tool_call_id"] for event in events if event.kind == "action.proposed"]
    assert sorted(proposed) == ["call_2", "call_3"]
    assert kinds_of(run).count("model.answered") == run.steps == 3
    assert Action.objects.filter(origin=run.pk).count() == 2
    assert Message.objects.filter(ticket=run.ticket_id, direction="note").count() == 1


def require_rebuilt_to_the_byte(run: Run) -> None:
    answered = Event.objects.filter(run=run, kind="model.answered")
    assert answered.exists()
    for event in answered:
        request = rebuild_request(event, fold_transcript(run.pk, until=event.data["folded_to"]).entries)
        assert hash_words(request.to_bytes().decode()) == event.data["request_sha256"]


def lapse(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(days=1))


def store_and_die(run: Run, turn: Turn) -> None:
    """A worker that is killed between the proposals and the gate."""
    held = take_lease(run.pk)
    assert held is not None
    transcript = fold_transcript(run.pk)
    work = Work(held, timezone.now, ScriptedModel([]), seq=transcript.last_seq)
    setting = setting_of(held, work.bounds, work.names())
    request = Request(setting.system, setting.tools, transcript.entries, setting.parameters)
    course = course_of(held.pk, transcript.entries)
    course.expect(turn.tool_calls)
    open_turn = OpenTurn(held, course, timezone.now(), turn.tool_calls)
    store_answers(open_turn, work, [fact_of_turn(request, make_storable(turn, request), work)], usage_of(turn))
    lapse(run)


@pytest.mark.django_db
def test_a_worker_killed_before_the_gate_is_taken_up_there(run: Run, play: Play) -> None:
    store_and_die(run, SCRIPT[0])
    store_and_die(run, SCRIPT[1])
    run = play(*SCRIPT)
    assert run.status == "waiting"
    require_each_step_once(run)
    require_rebuilt_to_the_byte(run)


@pytest.mark.django_db
def test_requests_after_decisions_are_rebuilt_to_the_byte(play: Play, max_: Person) -> None:
    run = play(*SCRIPT)
    action = Action.objects.get(origin=run.pk, kind="cancel_order")
    decide_action(Verdict(action.pk, "reject", action.digest, reason="„nein“"), by=max_, now=timezone.now())
    run = play(*SCRIPT, call(5, "add_note", body="Then not."), Turn("Left as it is."))
    assert (run.status, run.result, run.steps) == ("done", "Left as it is.", 5)
    require_rebuilt_to_the_byte(run)


@pytest.mark.django_db
def test_words_no_database_keeps_are_rebuilt_to_the_byte(play: Play) -> None:
    run = play(Turn("a\0b", (ToolCall("", "send_reply", {"body": "\udfff"}),)), Turn("\ud800"))
    assert run.status == "done"
    require_rebuilt_to_the_byte(run)


@pytest.mark.django_db
def test_a_live_lease_is_left_alone(run: Run, play: Play) -> None:
    assert take_lease(run.pk) is not None
    assert take_lease(run.pk) is None
    assert play(*SCRIPT).steps == 0
    lapse(run)
    assert play(*SCRIPT).status == "waiting"


@pytest.mark.django_db
def test_a_lost_lease_is_not_renewed(run: Run) -> None:
    held = take_lease(run.pk)
    lapse(run)
    taken = take_lease(run.pk)
    assert held is not None and taken is not None
    renew_lease(taken)
    with pytest.raises(LeaseLost):
        renew_lease(held)


def work_in_threads(run: Run, model: ScriptedModel, count: int) -> None:
    begin = threading.Barrier(count)

    def work() -> None:
        begin.wait()
        try:
            advance_run(run.pk, model=model)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    run.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_takes_each_step(run: Run) -> None:
    work_in_threads(run, ScriptedModel(SCRIPT), 4)
    assert run.status == "waiting"
    require_each_step_once(run)


@pytest.mark.django_db(transaction=True)
def test_a_worker_thought_dead_writes_nothing_when_it_wakes(run: Run) -> None:
    asleep, taken = threading.Event(), threading.Event()

    def sleep_once(request: Request) -> Turn:
        if not asleep.is_set():
            asleep.set()
            assert taken.wait(60)
        return SCRIPT[1]

    model = ScriptedModel([SCRIPT[0], sleep_once, DONE])

    def work() -> None:
        try:
            advance_run(run.pk, model=model)
        finally:
            connection.close()

    sleeper = threading.Thread(target=work)
    sleeper.start()
    assert asleep.wait(60)
    lapse(run)
    advance_run(run.pk, model=model)
    taken.set()
    sleeper.join(60)
    run.refresh_from_db()
    assert run.status == "waiting"
    require_each_step_once(run)


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_a_model_answers(run: Run, play: Play) -> None:
    held: list[object] = []

    def look(request: Request) -> Turn:
        held.append(connection.connection)
        return DONE

    assert play(look).status == "done"
    assert held == [None]


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_a_model_answers(run: Run, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.05)

    def think_long(request: Request) -> Turn:
        lapse(run)
        connection.close()
        give_up_at = time.monotonic() + 60
        while not Run.objects.filter(pk=run.pk, leased_until__gt=timezone.now()).exists():
            assert time.monotonic() < give_up_at
            time.sleep(0.01)
        assert take_lease(run.pk) is None
        return DONE

    run = play(think_long)
    assert (run.status, run.fence) == ("done", 1)
