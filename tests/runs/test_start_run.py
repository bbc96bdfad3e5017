"""One live run a ticket; people and customers come first; the sweep finds what is ready and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from agentdesk.agent.language_model import Request, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs import tasks
from agentdesk.runs.engine import advance_run
from agentdesk.runs.lifecycle import RunActive, TakenOver, pause_run, start_run
from agentdesk.runs.models import Event, Run
from agentdesk.runs.submitting import MayNotApproveAll, NotADryRun, submit_run
from agentdesk.runs.transcript import fold_transcript
from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.gate import execute_action
from approvals.models import Action, SeenPreview
from approvals.proposing import Proposal, propose_action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, kinds_of
from tickets.models import Customer, Order, Person, Ticket
from tickets.operations import Letter, hand_back_ticket, open_ticket, receive_message, take_over_ticket

pytestmark = pytest.mark.django_db

PROPOSE = call(1, "cancel_order", **CANCEL)
LETTER = "Or no: keep it."


def start(ticket: Ticket, mode: str = "live") -> Run:
    return start_run(ticket.pk, mode=mode, started_by="system", now=timezone.now())


def brief_of(run: Run) -> dict[str, Any]:
    """The ticket as the model is told of it, without its fence."""
    told = fold_transcript(run.pk).entries[0].text.splitlines()  # type: ignore[union-attr]
    brief: dict[str, Any] = json.loads(told[-2])
    return brief


def test_a_second_live_run_is_refused_and_dry_ones_are_not(ticket: Ticket, play: Play) -> None:
    for _ in range(2):
        with pytest.raises(RunActive):
            start(ticket)
        start(ticket, "dry_run")
        play(PROPOSE, DONE)
    assert Run.objects.filter(ticket=ticket, mode="live").count() == 1


def test_an_ended_run_makes_room_for_another(ticket: Ticket, play: Play) -> None:
    assert play(DONE).status == "done"
    again = start(ticket)
    assert brief_of(again)["findings"] == DONE.text


def test_an_unknown_ticket_has_no_runs(db: None) -> None:
    with pytest.raises(Ticket.DoesNotExist):
        start_run(999_999, started_by="system", now=timezone.now())


def test_what_a_person_took_over_is_looked_at_only_dry(ticket: Ticket, run: Run, max_: Person) -> None:
    take_over_ticket(ticket.pk, by=max_, now=timezone.now())
    run.refresh_from_db()
    assert run.status == "cancelled"
    with pytest.raises(TakenOver):
        start(ticket)
    assert start(ticket, "dry_run").status == "queued"
    receive_message(ticket.pk, LETTER, now=timezone.now())
    assert not Run.objects.filter(ticket=ticket, mode="live", status="queued").exists()
    hand_back_ticket(ticket.pk, by=max_, now=timezone.now())
    assert Run.objects.filter(ticket=ticket, mode="live", status="queued").count() == 1


def require_one_new_run(ticket: Ticket, old: Run, findings: str) -> None:
    old.refresh_from_db()
    assert (old.status, old.reason) == ("cancelled", "the customer wrote again")
    new = Run.objects.get(ticket=ticket, mode="live", status="queued")
    brief = brief_of(new)
    assert [message["body"] for message in brief["messages"]] == ["Please cancel #W0000001", LETTER]
    assert brief["findings"] == findings
    assert [action.status for action in Action.objects.filter(origin=old.pk)] == ["superseded"]


def test_a_customer_who_writes_while_it_waits_starts_anew(ticket: Ticket, play: Play) -> None:
    run = play(PROPOSE, DONE)
    receive_message(ticket.pk, LETTER, now=timezone.now())
    require_one_new_run(ticket, run, DONE.text)


def test_a_customer_who_writes_in_the_middle_starts_anew(ticket: Ticket, play: Play) -> None:
    def write(request: Request) -> Turn:
        receive_message(ticket.pk, LETTER, now=timezone.now())
        return call(2, "set_ticket", priority="high", confidence=1)

    require_one_new_run(ticket, play(PROPOSE, write), "")
    ticket.refresh_from_db()
    assert ticket.priority == "normal"


def test_a_persons_reply_ends_what_the_agent_began(ticket: Ticket, play: Play, rita: Person) -> None:
    run = play(PROPOSE, DONE)
    wish = Proposal(ticket.pk, "send_reply", {"body": "I see to it."}, "person:rita", person=rita)
    reply = propose_action(wish, now=timezone.now())
    run.refresh_from_db()
    assert (run.status, reply.status) == ("cancelled", "waiting")
    assert Action.objects.get(origin=run.pk).status == "superseded"


def test_taking_over_in_the_middle_stops_the_run(ticket: Ticket, play: Play, max_: Person) -> None:
    def take(request: Request) -> Turn:
        take_over_ticket(ticket.pk, by=max_, now=timezone.now())
        return PROPOSE

    assert play(take, DONE).status == "cancelled"
    assert not Action.objects.exists()


# --- The sweep ---


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[UUID]]:
    """The runs a sweep rings for; the bell is a queue's, and no worker listens here."""

    def sweep() -> set[UUID]:
        rung: list[UUID] = []
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "ring", lambda task, run_id, priority: rung.append(UUID(run_id)))
            tasks.sweep_runs()
        assert len(rung) == len(set(rung))
        return set(rung)

    return sweep


def test_the_sweep_finds_what_is_ready(run: Run, swept: Callable[[], set[UUID]]) -> None:
    past, future = (timezone.now() + timedelta(days=days) for days in (-1, 1))
    for status, leased_until, is_ready in [
        ("queued", None, True), ("running", past, True), ("running", future, False), ("waiting", None, True),
        ("paused", None, False), ("done", None, False), ("failed", None, False), ("escalated", None, False),
        ("cancelled", None, False), ("awaiting_customer", None, False),
    ]:  # fmt: skip
        Run.objects.filter(pk=run.pk).update(status=status, leased_until=leased_until)
        assert swept() == ({run.pk} if is_ready else set()), status


@pytest.mark.parametrize("status", ["waiting", "approved", "executing", "unknown"])
def test_the_sweep_leaves_a_run_with_open_actions(status: str, play: Play, swept: Callable[[], set[UUID]]) -> None:
    run = play(PROPOSE, DONE)
    Action.objects.filter(origin=run.pk).update(status=status)
    assert swept() == set()


def test_a_run_whose_bell_was_lost_is_concluded(play: Play, swept: Callable[[], set[UUID]]) -> None:
    run = play(PROPOSE, DONE)
    Action.objects.filter(origin=run.pk).update(status="executed")
    assert swept() == {run.pk}
    run = play()
    assert (run.status, run.steps) == ("done", 2)


# --- From a dry run to a live one ---


@pytest.fixture
def dry(ticket: Ticket, play: Play) -> Run:
    play(DONE)
    dry = start(ticket, "dry_run")
    advance_run(dry.pk, model=ScriptedModel([PROPOSE, call(2, "add_note", body="He asked."), DONE]))
    dry.refresh_from_db()
    assert dry.status == "done"
    assert {action.status for action in Action.objects.filter(origin=dry.pk)} == {"planned"}
    return dry


def test_only_a_dry_run_that_is_done_is_submitted(ticket: Ticket, run: Run, max_: Person) -> None:
    queued = start(ticket, "dry_run")
    for other in (run, queued):
        with pytest.raises(NotADryRun):
            submit_run(other.pk, execute=False, by=max_, now=timezone.now())
    with pytest.raises(Run.DoesNotExist):
        submit_run(uuid4(), execute=False, by=max_, now=timezone.now())


def test_submitted_twice_it_is_the_same_run(dry: Run, rita: Person) -> None:
    live, is_new = submit_run(dry.pk, execute=False, by=rita, now=timezone.now())
    again, is_new_again = submit_run(dry.pk, execute=True, by=rita, now=timezone.now())
    assert (again.pk, is_new, is_new_again) == (live.pk, True, False)
    assert (live.status, live.result, live.steps) == ("waiting", DONE.text, 0)
    assert [action.status for action in Action.objects.filter(origin=live.pk)] == ["waiting", "approved"]
    assert "model.answered" not in kinds_of(live)


def test_executing_is_for_whoever_may_approve_all(dry: Run, rita: Person, max_: Person) -> None:
    with pytest.raises(MayNotApproveAll):
        submit_run(dry.pk, execute=True, by=rita, now=timezone.now())
    assert not Run.objects.filter(copied_from=dry).exists()
    cancel = Action.objects.get(origin=dry.pk, kind="cancel_order")
    mark_seen(cancel.pk, cancel.digest, by=max_, now=timezone.now())
    live, _ = submit_run(dry.pk, execute=True, by=max_, now=timezone.now())
    for action in Action.objects.filter(origin=live.pk):
        assert SeenPreview.objects.filter(action=action, person=max_).exists() == (action.kind == "cancel_order")
        assert execute_action(action.pk, now=timezone.now()).status == "executed"
    live.refresh_from_db()
    assert live.status == "done"
    assert Order.objects.get(pk="#W0000001").status == "cancelled"


def test_what_is_no_longer_as_shown_waits_marked(dry: Run, order: Order, max_: Person) -> None:
    shown = Action.objects.get(origin=dry.pk, kind="cancel_order")
    mark_seen(shown.pk, shown.digest, by=max_, now=timezone.now())
    Ticket.objects.filter(pk=dry.ticket_id).update(last_message_id=None)
    live, _ = submit_run(dry.pk, execute=True, by=max_, now=timezone.now())
    cancel = Action.objects.get(origin=live.pk, kind="cancel_order")
    assert (cancel.status, cancel.previous_effects) == ("waiting", shown.effects)
    assert cancel.digest != shown.digest
    assert not SeenPreview.objects.filter(action=cancel).exists()


def test_a_plan_is_not_submitted_beside_a_live_run(dry: Run, max_: Person, ticket: Ticket) -> None:
    live = start(ticket)
    with pytest.raises(RunActive):
        submit_run(dry.pk, execute=False, by=max_, now=timezone.now())
    pause_run(live.pk, by=max_, now=timezone.now())
    with pytest.raises(RunActive):
        submit_run(dry.pk, execute=False, by=max_, now=timezone.now())
    take_over_ticket(ticket.pk, by=max_, now=timezone.now())
    with pytest.raises(TakenOver):
        submit_run(dry.pk, execute=False, by=max_, now=timezone.now())


def test_a_rejected_copy_wakes_the_model(dry: Run, max_: Person) -> None:
    live, _ = submit_run(dry.pk, execute=False, by=max_, now=timezone.now())
    for action in Action.objects.filter(origin=live.pk, status="approved"):
        execute_action(action.pk, now=timezone.now())
    cancel = Action.objects.get(origin=live.pk, kind="cancel_order")
    decide_action(Verdict(cancel.pk, "reject", cancel.digest, reason="no"), by=max_, now=timezone.now())
    live.refresh_from_db()
    assert live.status == "queued"
    advance_run(live.pk, model=ScriptedModel([Turn("Then not.")]))
    live.refresh_from_db()
    assert (live.status, live.result) == ("done", "Then not.")
    assert Event.objects.filter(run=live).count() == live.last_seq


# --- Who is in a hurry ---


def test_the_sweep_takes_urgent_tickets_first(carla: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[tuple[str, int]] = []
    for priority in ("low", "normal", "urgent", "high"):
        ticket, _ = open_ticket(Letter(carla.email, priority, "Hello"), now=timezone.now())
        Ticket.objects.filter(pk=ticket.pk).update(priority=priority)
    monkeypatch.setattr(tasks, "ring", lambda task, run_id, priority: rung.append((run_id, priority)))
    tasks.sweep_runs()
    assert [Run.objects.get(pk=run_id).ticket.subject for run_id, _ in rung] == ["urgent", "high", "normal", "low"]
    assert [priority for _, priority in rung] == [0, 0, 0, tasks.LATER]
