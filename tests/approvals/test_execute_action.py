"""The gate: at most once, only what was approved, and never past what the policy asks for at that moment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from approvals.deciding import withdraw_approval
from approvals.gate import execute_action
from approvals.models import Action, AuditEntry, DayTotal, Decision
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import BY_ITSELF, NEW_ADDRESS, NOW, PENDING, Bench, make_order, publish
from tests.approvals.wishes import WISHES
from tickets.models import Customer, LedgerLine, Order, Person, Ticket
from tickets.operations import prioritise_ticket, receive_message

pytestmark = pytest.mark.django_db
ADDRESS = WISHES["change_order_address"]


def test_twice_is_once(bench: Bench, max_: Person) -> None:
    action = bench.approve(bench.propose("give_credit", WISHES["give_credit"]), max_)
    done = bench.execute(action)
    rows = read_rows()
    assert bench.execute(action).receipt == done.receipt
    assert read_rows() == rows
    assert AuditEntry.objects.filter(subject=f"action:{action.pk}", kind="action.executed").count() == 1


def test_the_receipt_says_what_was_done(bench: Bench, rita: Person) -> None:
    done = bench.carry_out(bench.propose("change_order_address", ADDRESS), rita)
    assert done.receipt is not None and done.settled_at == NOW
    assert done.receipt["effects"] == done.effects
    assert done.receipt["executed_at"] == NOW.isoformat()
    assert done.receipt["idempotency_key"] == f"{done.pk}:1:all"
    assert done.receipt["undo"]["possible"] is True


@pytest.mark.parametrize("status", ["planned", "waiting", "rejected", "expired", "refused", "failed", "superseded"])
def test_nothing_but_an_approved_action_is_executed(bench: Bench, status: str) -> None:
    action = bench.propose("change_order_address", ADDRESS)
    Action.objects.filter(pk=action.pk).update(status=status)
    before = read_rows()
    assert bench.execute(action).status == status
    assert read_rows() == before


class TestStale:
    """What would change is no longer what was approved."""

    def test_it_goes_back_with_old_and_new_side_by_side(self, bench: Bench, rita: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        Order.objects.filter(pk=PENDING).update(city="Hull")
        before = read_rows()
        stale = bench.execute(action)
        assert (stale.status, stale.revision, stale.receipt) == ("waiting", 2, None)
        assert stale.previous_effects == action.effects and stale.effects != action.effects
        assert stale.effects[0]["before"]["city"] == "Hull"
        assert stale.digest != action.digest
        assert read_rows() == before

    def test_its_approvals_are_void(self, bench: Bench, rita: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        Order.objects.filter(pk=PENDING).update(city="Hull")
        bench.execute(action)
        assert bench.execute(action).status == "waiting"
        assert bench.carry_out(action, rita).status == "executed"
        assert Decision.objects.filter(action=action).count() == 2

    def test_what_the_rules_refuse_meanwhile_is_refused(self, bench: Bench, rita: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        Order.objects.filter(pk=PENDING).update(status="processed")
        refused = bench.execute(action)
        assert refused.status == "refused" and "is processed" in refused.status_reason

    def test_a_call_for_people_is_never_stale(self, bench: Bench, rita: Person) -> None:
        action = bench.propose("escalate", WISHES["escalate"])
        prioritise_ticket(bench.ticket.pk, "low", by=rita, now=NOW)
        done = bench.execute(action)
        assert done.status == "executed", done.status_reason
        assert Ticket.objects.get(pk=bench.ticket.pk).priority == "high"
        assert done.receipt is not None and done.receipt["effects"] == done.effects

    def test_two_calls_for_people_both_get_through(self, bench: Bench) -> None:
        calls = [bench.propose("escalate", {**WISHES["escalate"], "reason": reason}) for reason in ("law", "safety")]
        assert [bench.execute(call).status for call in calls] == ["executed", "executed"]


class TestPolicyAskedAgain:
    """The policy in force at execution says whose approvals suffice."""

    def test_switched_off_is_refused(self, bench: Bench, rita: Person, ada: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        publish(ada, change_order_address={"mode": "off"})
        assert bench.execute(action).status == "refused"

    def test_stricter_sends_it_back_and_keeps_approvals(
        self, bench: Bench, rita: Person, max_: Person, ada: Person
    ) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        publish(ada, change_order_address={"approvals": 2})
        back = bench.execute(action)
        assert (back.status, back.revision, back.digest) == ("waiting", 1, action.digest)
        assert back.approvals_needed == 2
        assert bench.approve(action, max_).status == "approved"
        assert bench.execute(action).status == "executed"

    def test_a_higher_approver_is_needed(self, bench: Bench, rita: Person, max_: Person, ada: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        publish(ada, change_order_address={"approver": "manager"})
        assert bench.execute(action).approver == "manager"
        bench.approve(action, max_)
        assert bench.execute(action).status == "executed"

    def test_an_approver_who_left_no_longer_counts(self, bench: Bench, rita: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        Person.objects.filter(pk=rita.pk).update(is_active=False)
        assert bench.execute(action).status == "waiting"

    def test_an_author_no_longer_counts_once_the_policy_says_so(
        self, bench: Bench, rita: Person, max_: Person, ada: Person
    ) -> None:
        wish = bench.propose("change_order_address", ADDRESS, proposer="person:rita", person=rita)
        action = bench.approve(wish, rita)
        publish(ada, change_order_address={"editor_may_approve": False})
        assert bench.execute(action).status == "waiting"
        bench.approve(action, max_)
        assert bench.execute(action).status == "executed"

    def test_looser_leaves_what_waits(self, bench: Bench, ada: Person) -> None:
        action = bench.propose("change_order_address", ADDRESS)
        publish(ada, change_order_address=BY_ITSELF)
        assert bench.execute(action).status == "waiting"

    def test_what_might_run_by_itself_waits_under_a_stricter_policy(self, bench: Bench, ada: Person) -> None:
        publish(ada, change_order_address=BY_ITSELF)
        action = bench.propose("change_order_address", ADDRESS)
        assert action.status == "approved" and action.reasons
        publish(ada, change_order_address={"mode": "review"})
        assert bench.execute(action).status == "waiting"

    @pytest.mark.parametrize("paused", [{"paused": True}, {"paused_kinds": ["change_order_address"]}])
    def test_nothing_runs_by_itself_while_paused(self, bench: Bench, ada: Person, paused: dict[str, object]) -> None:
        publish(ada, change_order_address=BY_ITSELF)
        action = bench.propose("change_order_address", ADDRESS)
        publish(ada, settings=paused)
        assert bench.execute(action).status == "waiting"

    def test_what_people_approved_still_runs_while_paused(self, bench: Bench, rita: Person, ada: Person) -> None:
        action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
        publish(ada, settings={"paused": True})
        assert bench.execute(action).status == "executed"


class TestCeiling:
    """A day's ceiling counts what ran by itself, and stops what would pass it."""

    @pytest.fixture(autouse=True)
    def _by_itself(self, ada: Person) -> None:
        publish(ada, give_credit={**BY_ITSELF, "daily_amount": Decimal("10.00"), "tier": "medium"})

    def credit(self, bench: Bench, amount: str) -> Action:
        return bench.propose("give_credit", {"amount": amount, "reason": "late"})

    def test_what_would_pass_it_waits_and_changes_nothing(self, bench: Bench, max_: Person) -> None:
        assert bench.execute(self.credit(bench, "6.00")).status == "executed"
        before = read_rows()
        stopped = bench.execute(self.credit(bench, "4.01"))
        assert (stopped.status, stopped.receipt, stopped.settled_at) == ("waiting", None, None)
        assert "ceiling" in stopped.status_reason
        assert read_rows() == before
        assert bench.execute(self.credit(bench, "4.00")).status == "executed"

    def test_what_a_person_approves_is_not_counted(self, bench: Bench, carla: Customer, max_: Person) -> None:
        bench.execute(self.credit(bench, "10.00"))
        assert bench.carry_out(bench.execute(self.credit(bench, "500.00")), max_).status == "executed"
        assert Customer.objects.get(pk=carla.pk).credit == Decimal("510.00")
        assert DayTotal.objects.get(kind="give_credit").amount == Decimal("10.00")

    def test_tomorrow_is_another_day(self, bench: Bench) -> None:
        bench.execute(self.credit(bench, "10.00"))
        bench.now = NOW + timedelta(days=1)
        assert bench.execute(self.credit(bench, "10.00")).status == "executed"

    def test_all_kinds_share_the_ceiling_of_all(self, bench: Bench, ada: Person, carla: Customer) -> None:
        publish(ada, settings={"daily_amount": Decimal("12.00")}, cancel_order=BY_ITSELF)
        make_order(carla, "#W3", items=["9105"])
        assert bench.execute(self.credit(bench, "5.00")).status == "executed"
        cancel = bench.propose("cancel_order", {"order_id": "#W3", "reason": "no longer needed"})
        assert bench.execute(cancel).status == "waiting"


class TestCoupled:
    """Decisions come in any order; execution only when all it depends on has happened."""

    @pytest.fixture
    def pair(self, bench: Bench) -> tuple[Action, Action]:
        """A cancellation and the reply that tells of it."""
        bench.origin = uuid4()
        return bench.propose("cancel_order", WISHES["cancel_order"]), bench.propose("send_reply", {"body": "Done."})

    def test_a_reply_depends_on_all_before_it(self, pair: tuple[Action, Action]) -> None:
        assert pair[0].depends_on == [] and pair[1].depends_on == [str(pair[0].pk)]

    def test_approving_one_does_not_approve_the_other(
        self, bench: Bench, pair: tuple[Action, Action], max_: Person
    ) -> None:
        bench.approve(pair[1], max_)
        assert bench.execute(pair[1]).status == "approved"
        assert Action.objects.get(pk=pair[0].pk).status == "waiting"

    @pytest.mark.parametrize("ending", ["rejected", "expired"])
    def test_if_one_ends_otherwise_its_dependants_are_overtaken(
        self, bench: Bench, pair: tuple[Action, Action], max_: Person, ending: str
    ) -> None:
        from approvals.deciding import Verdict, decide_action
        from approvals.expiring import expire_action
        from approvals.policies import policy_in_force

        bench.approve(pair[1], max_)
        if ending == "rejected":
            decide_action(Verdict(pair[0].pk, "reject", pair[0].digest), by=max_, now=NOW)
        else:
            expire_action(pair[0], policy_in_force(), now=NOW + timedelta(days=4))
        reply = Action.objects.get(pk=pair[1].pk)
        assert (reply.status, reply.status_reason) == ("superseded", f"cancel order it depended on was {ending}")

    def test_solving_waits_until_the_reply_is_confirmed(
        self, bench: Bench, pair: tuple[Action, Action], max_: Person, settings: object
    ) -> None:
        from approvals.outbox import deliver_due

        settings.MAIL_CONFIGURED = True  # type: ignore[attr-defined]
        solve = bench.propose("set_ticket", {"status": "solved"})
        assert solve.depends_on == [str(pair[1].pk)]
        for action in pair:
            bench.carry_out(action, max_)
        assert Action.objects.get(pk=pair[1].pk).status == "executing"
        assert bench.execute(solve).status == "approved"
        deliver_due(now=NOW + timedelta(seconds=11))
        assert bench.execute(solve).status == "executed"

    def test_another_order_is_independent(self, bench: Bench, pair: tuple[Action, Action], carla: Customer) -> None:
        make_order(carla, "#W3")
        other = bench.propose("change_order_address", {"order_id": "#W3", "address": NEW_ADDRESS})
        assert other.depends_on == []

    def test_what_is_planned_on_top_needs_what_is_below(self, bench: Bench, max_: Person) -> None:
        bench.origin = uuid4()
        address = bench.propose("change_order_address", ADDRESS)
        cancel = bench.propose("cancel_order", WISHES["cancel_order"])
        assert cancel.depends_on == [str(address.pk)]
        bench.approve(cancel, max_)
        assert bench.execute(cancel).status == "approved"
        bench.carry_out(address, max_)
        assert bench.execute(cancel).status == "executed"


def test_a_customer_who_writes_again_stops_what_was_approved(bench: Bench, rita: Person) -> None:
    action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
    receive_message(bench.ticket.pk, "No, leave it.", now=NOW)
    assert bench.execute(action).status == "superseded"
    assert Order.objects.get(pk=PENDING).address != NEW_ADDRESS


def test_an_unexpected_error_changes_nothing_and_is_not_tried_again(bench: Bench, rita: Person) -> None:
    action = bench.approve(bench.propose("change_order_address", ADDRESS), rita)
    Action.objects.filter(pk=action.pk).update(kind="no_such_kind")
    lines = LedgerLine.objects.count()
    failed = bench.execute(action)
    assert (failed.status, failed.receipt) == ("failed", None)
    assert bench.execute(action).status == "failed"
    assert LedgerLine.objects.count() == lines


def test_a_withdrawn_approval_is_none(bench: Bench, rita: Person) -> None:
    action = bench.propose("change_order_address", ADDRESS)
    bench.approve(action, rita, grace=timedelta(seconds=5))
    withdraw_approval(action.pk, by=rita, now=NOW)
    assert execute_action(action.pk, now=NOW + timedelta(hours=1)).status == "waiting"
