"""What nobody decides in time is closed as the policy says, and people are called."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from approvals.expiring import expire_waiting
from approvals.models import Action
from approvals.policies import PolicyUnfit
from tests.approvals.shop import NOW, Bench, make_ticket, publish
from tests.approvals.wishes import WISHES
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(days=3)
ADDRESS = WISHES["change_order_address"]


def escalations() -> list[Action]:
    return list(Action.objects.filter(kind="escalate").order_by("proposed_at"))


def test_after_three_days_it_expires_and_calls_people(bench: Bench) -> None:
    action = bench.propose("change_order_address", ADDRESS)
    assert expire_waiting(now=DUE - timedelta(seconds=1)) == 0
    assert expire_waiting(now=DUE) == 1
    expired = Action.objects.get(pk=action.pk)
    assert (expired.status, expired.settled_at, expired.receipt) == ("expired", DUE, None)
    [call] = escalations()
    bench.now = DUE
    assert (call.status, bench.execute(call).status) == ("approved", "executed")
    escalation = Ticket.objects.get(pk=bench.ticket.pk).escalation
    assert escalation is not None and action.summary in escalation["reason"]
    assert expire_waiting(now=DUE + timedelta(days=9)) == 0


def test_several_that_expire_at_once_all_call_people(bench: Bench) -> None:
    for _ in range(3):
        bench.propose("change_order_address", ADDRESS)
    assert expire_waiting(now=DUE) == 3
    bench.now = DUE
    assert {bench.execute(call).status for call in escalations()} == {"executed"}


def test_long_words_do_not_stop_the_sweep(bench: Bench, carla: Customer) -> None:
    bench.propose("give_credit", {"amount": "5.00", "reason": "sorry " * 330})
    bench.ticket = make_ticket(carla)
    bench.propose("change_order_address", ADDRESS)
    assert expire_waiting(now=DUE) == 2
    assert set(Action.objects.exclude(kind="escalate").values_list("status", flat=True)) == {"expired"}
    assert len(escalations()) == 2


def test_it_is_rejected_where_the_policy_says_so(bench: Bench, ada: Person) -> None:
    publish(ada, change_order_address={"on_expiry": "reject", "expires_after": 60})
    action = bench.propose("change_order_address", ADDRESS)
    assert expire_waiting(now=NOW + timedelta(seconds=60)) == 1
    assert Action.objects.get(pk=action.pk).status == "rejected"
    assert escalations() == []


class TestApproveOnExpiry:
    """Only for low-tier kinds that move no money and reach no customer; then it does happen."""

    @pytest.fixture
    def action(self, bench: Bench, ada: Person) -> Action:
        publish(ada, set_ticket={"mode": "review", "on_expiry": "approve"})
        return bench.propose("set_ticket", WISHES["set_ticket"])

    def test_it_happens_once_its_time_is_over(self, bench: Bench, action: Action) -> None:
        assert bench.execute(action).status == "waiting"
        bench.now = DUE
        assert expire_waiting(now=DUE) == 1
        assert bench.execute(action).status == "executed"
        assert Ticket.objects.get(pk=bench.ticket.pk).status == "solved"

    def test_not_where_a_new_policy_says_otherwise(self, bench: Bench, ada: Person, action: Action) -> None:
        expire_waiting(now=DUE)
        publish(ada, set_ticket={"on_expiry": "escalate"})
        bench.now = DUE
        assert bench.execute(action).status == "waiting"

    def test_not_while_paused(self, bench: Bench, ada: Person, action: Action) -> None:
        expire_waiting(now=DUE)
        publish(ada, settings={"paused": True})
        bench.now = DUE
        assert bench.execute(action).status == "waiting"

    @pytest.mark.parametrize("kind", ["give_credit", "send_reply", "cancel_order", "change_order_address"])
    def test_other_kinds_cannot_have_it(self, ada: Person, kind: str) -> None:
        with pytest.raises(PolicyUnfit) as unfit:
            publish(ada, **{kind: {"on_expiry": "approve"}})
        assert list(unfit.value.fields) == [f"{kind}.on_expiry"]


def test_what_depends_on_it_is_overtaken(bench: Bench) -> None:
    bench.origin = uuid4()
    bench.propose("cancel_order", WISHES["cancel_order"])
    reply = bench.propose("send_reply", {"body": "Done."})
    Action.objects.filter(pk=reply.pk).update(expires_at=DUE + timedelta(days=1))
    expire_waiting(now=DUE)
    assert Action.objects.get(pk=reply.pk).status == "superseded"
