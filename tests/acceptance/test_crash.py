"""A worker that dies at any transaction loses nothing and doubles nothing: it is taken up where it stood.

Dying is an error no code catches, raised just before or just after a commit; what follows is a restart, with leases
that have lapsed meanwhile. tests/acceptance/test_kill.py does the same to real processes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from agentdesk.agent.language_model import ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.engine import advance_run, settle_waiting
from agentdesk.runs.models import Event, Run
from approvals.audit import seal_entries, verify_chain
from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.gate import execute_action
from approvals.models import Action, AuditEntry, OutboxMessage
from approvals.outbox import deliver_due, find_lost, settle_unknown
from tests.approvals.shop import make_catalogue, make_order
from tickets.models import Customer, LedgerLine, Message, Order, Person, Ticket
from tickets.operations import Letter, open_ticket

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ORDERS = ("#W1", "#W2")
SAMPLE = (2, 5, 9, 13, 17, 22, 28, 33)


class Killed(BaseException):
    """Power was cut; no `except Exception` hears of it."""


class Death:
    """Strikes once, at the nth commit."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.at, self.before, self.commits, self.struck = at, before, 0, False

    def commit(self, original: Callable[[BaseDatabaseWrapper], None], wrapper: BaseDatabaseWrapper) -> None:
        self.commits += 1
        strikes = self.commits == self.at
        if strikes and self.before:
            wrapper._rollback()  # type: ignore[attr-defined]
        else:
            original(wrapper)
        if strikes:
            self.struck = True
            wrapper.run_on_commit = []
            raise Killed


@contextmanager
def dying(death: Death) -> Iterator[None]:
    """Lets death stand by at every commit of this connection."""
    original = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "_commit", lambda wrapper: death.commit(original, wrapper))
        yield


def script(order_id: str) -> ScriptedModel:
    """Looks, cancels, credits, replies, solves."""

    def call(number: int, name: str, **arguments: Any) -> Turn:
        return Turn(tool_calls=(ToolCall(f"call_{number}", name, arguments),))

    return ScriptedModel(
        [
            call(1, "get_order", order_id=order_id),
            call(2, "cancel_order", order_id=order_id, reason="no longer needed", confidence=0.9),
            call(3, "add_note", body="Cancelled as asked."),
            call(4, "send_reply", body=f"Dear Carla, {order_id} is cancelled.", confidence=0.9),
            call(5, "set_ticket", status="solved", confidence=0.9),
            Turn("Cancelled as asked."),
        ]
    )


def order_of(run: Run) -> str:
    return ORDERS[Ticket.objects.filter(pk__lt=run.ticket_id).count() % len(ORDERS)]


def work_a_round(by: Person) -> None:
    """What workers, timers and one diligent manager do, one after the other."""
    now = timezone.now()
    for run in Run.objects.filter(status__in=("queued", "running")).order_by("created_at"):
        advance_run(run.pk, model=script(order_of(run)))
    for action in Action.objects.filter(status="waiting").order_by("place"):
        mark_seen(action.pk, action.digest, by=by, now=now)
        decide_action(Verdict(action.pk, "approve", action.digest), by=by, now=now)
    for action_id in Action.objects.filter(status="approved").order_by("place").values_list("pk", flat=True):
        execute_action(action_id, now=now)
    find_lost(now=now)
    deliver_due(now=now + timedelta(hours=1))
    for run in Run.objects.filter(status="waiting"):
        settle_waiting(run.pk, now)


def pass_time(by: Person) -> None:
    """Leases lapse; and somebody looks whether a letter of unknown fate did leave."""
    Run.objects.filter(status="running").update(leased_until=LONG_AGO)
    OutboxMessage.objects.filter(status="sending").update(leased_until=LONG_AGO)
    left = {letter.extra_headers["Message-ID"][1:37] for letter in mail.outbox}
    for action in Action.objects.filter(status="unknown"):
        settle_unknown(action.pk, was_sent=str(action.pk) in left, by=by, now=timezone.now())


def work_through(by: Person) -> None:
    for _ in range(8):
        if not Run.objects.filter(status__in=("queued", "running", "waiting")).exists():
            return
        pass_time(by)
        work_a_round(by)
    states = list(Run.objects.values_list("status", "reason")), list(Action.objects.values_list("kind", "status"))
    raise AssertionError(f"not at an end: {states}")


def assert_nothing_lost_or_doubled() -> None:
    """Every run is done, every log gapless, every deed and letter there once, every cent accounted for."""
    assert [run.status for run in Run.objects.all()] == ["done"] * len(ORDERS), list(Run.objects.values("reason"))
    for run in Run.objects.all():
        events = list(Event.objects.filter(run=run).order_by("seq"))
        assert [event.seq for event in events] == list(range(1, run.last_seq + 1))
        answered = Counter(event.data["tool_call_id"] for event in events if event.kind == "tool.answered")
        assert answered == {f"call_{number}": 1 for number in range(1, 6)}
        settled = Counter(event.data["action_id"] for event in events if event.kind == "action.settled")
        assert set(settled.values()) == {1} and len(settled) == 4
    kinds = Counter(Action.objects.values_list("kind", "status"))
    assert kinds == {
        (kind, "executed"): len(ORDERS) for kind in ("cancel_order", "add_note", "send_reply", "set_ticket")
    }
    executed = Counter(AuditEntry.objects.filter(kind="action.executed").values_list("subject", flat=True))
    assert set(executed.values()) == {1} and len(executed) == Action.objects.count()
    assert Counter(letter.extra_headers["Message-ID"] for letter in mail.outbox).most_common(1)[0][1] == 1
    assert Message.objects.filter(direction="outbound").count() == len(mail.outbox) == len(ORDERS)
    assert Message.objects.filter(direction="note").count() == len(ORDERS)
    for order in Order.objects.all():
        lines = LedgerLine.objects.filter(order=order).values_list("direction", "amount")
        assert (order.status, list(lines)) == (
            "cancelled", [("payment", Decimal("65.00")), ("refund", Decimal("65.00"))],
        )  # fmt: skip
    seal_entries()
    assert verify_chain() == AuditEntry.objects.count()


@pytest.fixture
def desk(carla: Customer, max_: Person, settings: Any) -> Person:
    """Two tickets with a run each, and the manager who decides."""
    settings.MAIL_CONFIGURED = True
    make_catalogue()
    for order_id in ORDERS:
        make_order(carla, order_id)
        open_ticket(Letter(carla.email, "Cancel", f"Cancel {order_id}", identity="verified"), now=timezone.now())
    mail.outbox.clear()
    return max_


def die_and_go_on(by: Person, death: Death) -> None:
    with dying(death):
        try:
            for _ in range(8):
                work_a_round(by)
                if not Run.objects.filter(status__in=("queued", "running", "waiting")).exists():
                    break
        except Killed:
            connection.close()
    work_through(by)
    assert_nothing_lost_or_doubled()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("commit", SAMPLE)
def test_dying_at_a_commit_costs_nothing(desk: Person, commit: int, before: bool) -> None:
    death = Death(commit, before=before)
    die_and_go_on(desk, death)
    assert death.struck


@pytest.mark.prove
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("commit", range(1, 61))
def test_dying_at_any_commit_costs_nothing(desk: Person, commit: int, before: bool) -> None:
    die_and_go_on(desk, Death(commit, before=before))


def test_the_sample_reaches_to_the_end(desk: Person) -> None:
    """Without a death there are about as many commits as the proof tries."""
    death = Death(10_000, before=True)
    started = time.monotonic()
    die_and_go_on(desk, death)
    assert SAMPLE[-1] < death.commits <= 60, death.commits
    assert time.monotonic() - started < 60
