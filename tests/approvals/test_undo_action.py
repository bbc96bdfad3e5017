"""Undo is an action of its own, planned by inverting the receipt; a message is undone by never leaving."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from approvals.deciding import NotAllowed
from approvals.gate import execute_action
from approvals.kinds import CATALOGUE
from approvals.models import Action, Decision, OutboxMessage
from approvals.outbox import deliver_due
from approvals.policies import policy_in_force
from approvals.receipts import undo_rules
from approvals.undoing import CannotUndo, prepare_undo, undo_action, why_not_undo
from tests.approvals.ledger_of_rows import Rows, read_rows
from tests.approvals.shop import DELIVERED, NEW_ADDRESS, NOW, PENDING, Bench, make_order, publish
from tests.approvals.wishes import UNDOABLE, WISHES
from tickets.models import Customer, LedgerLine, Message, Order, PaymentMethod, Person

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)


GROWS = ("TicketEvent",)
"""Tables that are a log: what was in them stays, and an undo is news."""
TOUCHED = {"Ticket": {"updated_at", "last_event_seq"}}
"""Columns that say when a row was touched last."""


def standing(rows: Rows) -> Rows:
    """All that the desk's records say: every table, the ledger by what it comes to, messages that stand."""
    kept = {table: untouched(table, of) for table, of in rows.items() if table not in (*GROWS, "LedgerLine", "Message")}
    messages = {pk: row for pk, row in rows["Message"].items() if not row["withdrawn"]}
    return {**kept, "LedgerLine": balances(rows), "Message": messages}


def untouched(table: str, rows: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    """Rows without the columns that say when they were touched."""
    return {
        pk: {name: value for name, value in row.items() if name not in TOUCHED.get(table, ())}
        for pk, row in rows.items()
    }


def balances(rows: Rows) -> dict[Any, dict[str, Any]]:
    """What the ledger comes to for each customer, order and method; a method that comes to nothing is as if unknown."""
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for line in rows["LedgerLine"].values():
        signed = line["amount"] if line["direction"] == "payment" else -line["amount"]
        sums[line["customer_id"], line["order_id"], line["payment_method_id"], line["currency"]] += signed
    return {key: {"amount": amount} for key, amount in sums.items() if amount}


@pytest.mark.parametrize("kind", UNDOABLE)
def test_everything_is_as_it_was(bench: Bench, max_: Person, kind: str) -> None:
    before = standing(read_rows())
    action = bench.carry_out(bench.propose(kind, WISHES[kind]), max_)
    assert standing(read_rows()) != before
    undone = undo_action(action.pk, by=max_, now=SOON)
    assert (undone.status, undone.receipt) == ("undone", action.receipt)
    assert standing(read_rows()) == before
    twice = read_rows()
    assert undo_action(action.pk, by=max_, now=SOON).status == "undone"
    assert Action.objects.filter(undoes=action).count() == 1 and read_rows() == twice


@pytest.mark.parametrize("kind", UNDOABLE)
def test_afterwards_the_same_can_be_done_again(bench: Bench, max_: Person, kind: str) -> None:
    first = bench.carry_out(bench.propose(kind, WISHES[kind]), max_)
    undo_action(first.pk, by=max_, now=SOON)
    again = bench.propose(kind, WISHES[kind])
    assert (again.digest, again.amount, again.status_reason) == (first.digest, first.amount, "")
    assert bench.carry_out(again, max_).status == "executed"


def test_every_kind_says_whether_it_can_be_undone_and_keeps_its_word(ada: Person) -> None:
    rules = {rule.kind.name: rule for rule in undo_rules(policy_in_force())}
    assert set(rules) == set(CATALOGUE)
    assert {name for name, rule in rules.items() if rule.is_possible} == set(UNDOABLE)
    assert all(bool(rule.kind.cannot_undo) != rule.is_possible for rule in rules.values())
    assert all(
        rule.words.startswith(("Can be undone for 30 days", "Can be withdrawn", "Cannot be undone"))
        for rule in rules.values()
    )


def test_the_ledger_only_grows(bench: Bench, max_: Person) -> None:
    action = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    undo_action(action.pk, by=max_, now=SOON)
    lines = LedgerLine.objects.filter(order_id=PENDING).values_list("direction", "amount")
    paid = Decimal("65.00")
    assert list(lines) == [("payment", paid), ("refund", paid), ("payment", paid)]


def test_it_takes_whoever_may_approve_the_original(bench: Bench, rita: Person, max_: Person, auditor: Person) -> None:
    action = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    for person in (rita, auditor):
        with pytest.raises(NotAllowed):
            undo_action(action.pk, by=person, now=SOON)
    assert undo_action(action.pk, by=max_, now=SOON).status == "undone"


def test_support_undoes_what_support_approves(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    assert undo_action(action.pk, by=rita, now=SOON).status == "undone"
    undo = Action.objects.get(undoes=action)
    assert undo.status == "executed" and undo.proposer == "person:rita"
    assert Decision.objects.get(action=undo).person == rita


def test_a_field_that_moved_on_is_left_alone(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    Order.objects.filter(pk=PENDING).update(city="Hull")
    before = read_rows()
    with pytest.raises(CannotUndo, match="changed since"):
        undo_action(action.pk, by=rita, now=SOON)
    assert read_rows() == before
    assert Action.objects.get(pk=action.pk).status == "executed"


@pytest.mark.parametrize("kind", ["change_order_payment", "change_order_address", "change_order_items", "cancel_order"])
@pytest.mark.parametrize("status", ["processed", "delivered"])
def test_an_order_that_went_on_its_way_is_left_alone(bench: Bench, max_: Person, kind: str, status: str) -> None:
    action = bench.carry_out(bench.propose(kind, WISHES[kind]), max_)
    Order.objects.filter(pk=PENDING).update(status=status)
    before = read_rows()
    with pytest.raises(CannotUndo, match=r"only while it is pending|status has changed since"):
        undo_action(action.pk, by=max_, now=SOON)
    assert read_rows() == before and Action.objects.get(pk=action.pk).status == "executed"
    assert why_not_undo(action, now=SOON) and not Action.objects.filter(undoes=action, status="executed").exists()


def test_after_an_undo_the_order_takes_what_it_took_before(bench: Bench, max_: Person) -> None:
    for kind in ("cancel_order", "change_order_items", "change_order_payment"):
        undo_action(bench.carry_out(bench.propose(kind, WISHES[kind]), max_).pk, by=max_, now=SOON)
    assert bench.propose("change_order_payment", WISHES["change_order_payment"]).status == "waiting"


def test_a_gift_card_spent_meanwhile_is_never_negative(bench: Bench, carla: Customer, max_: Person) -> None:
    make_order(carla, "#W3", paid_with="gift_card")
    action = bench.carry_out(bench.propose("cancel_order", {**WISHES["cancel_order"], "order_id": "#W3"}), max_)
    PaymentMethod.objects.filter(pk="gift_card_carla").update(balance=Decimal("64.99"))
    with pytest.raises(CannotUndo, match=r"only 64\.99 is left"):
        undo_action(action.pk, by=max_, now=SOON)


def test_a_credit_that_was_used_cannot_be_taken_back(bench: Bench, carla: Customer, max_: Person) -> None:
    action = bench.carry_out(bench.propose("give_credit", WISHES["give_credit"]), max_)
    Customer.objects.filter(pk=carla.pk).update(credit=0)
    with pytest.raises(CannotUndo):
        undo_action(action.pk, by=max_, now=SOON)


def test_not_while_a_later_action_rests_on_it(bench: Bench, max_: Person) -> None:
    bench.origin = uuid4()
    address = bench.propose("change_order_address", WISHES["change_order_address"])
    cancel = bench.propose("cancel_order", WISHES["cancel_order"])
    for action in (address, cancel):
        bench.carry_out(action, max_)
    with pytest.raises(CannotUndo, match="rests on it"):
        undo_action(address.pk, by=max_, now=SOON)
    undo_action(cancel.pk, by=max_, now=SOON)
    assert undo_action(address.pk, by=max_, now=SOON).status == "undone"


def test_not_while_another_runs_later_action_moved_the_orders_money(bench: Bench, max_: Person) -> None:
    payment = bench.carry_out(bench.propose("change_order_payment", WISHES["change_order_payment"]), max_)
    cancel = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    assert cancel.status == "executed"
    before = read_rows()
    with pytest.raises(CannotUndo, match="later"):
        undo_action(payment.pk, by=max_, now=SOON)
    assert read_rows() == before
    undo_action(cancel.pk, by=max_, now=SOON)
    assert undo_action(payment.pk, by=max_, now=SOON).status == "undone"
    assert PaymentMethod.objects.get(pk="gift_card_carla").balance == Decimal("100.00")


@pytest.mark.parametrize("status", ["waiting", "rejected", "refused", "superseded", "failed", "unknown", "planned"])
def test_what_did_not_happen_cannot_be_undone(bench: Bench, max_: Person, status: str) -> None:
    action = bench.propose("cancel_order", WISHES["cancel_order"])
    Action.objects.filter(pk=action.pk).update(status=status)
    with pytest.raises(CannotUndo):
        undo_action(action.pk, by=max_, now=SOON)


def test_thirty_days_are_enough(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    with pytest.raises(CannotUndo, match="too late"):
        undo_action(action.pk, by=rita, now=NOW + timedelta(days=30, seconds=1))
    assert undo_action(action.pk, by=rita, now=NOW + timedelta(days=30)).status == "undone"


def test_too_late_it_offers_what_leads_to_the_same(bench: Bench, rita: Person, carla: Customer) -> None:
    late = NOW + timedelta(days=31)
    address = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    with pytest.raises(CannotUndo, match="too late") as refused:
        undo_action(address.pk, by=rita, now=late)
    offered = refused.value.instead
    assert offered is not None and offered.kind == "change_order_address"
    assert offered.arguments == {"order_id": PENDING, "address": carla.address}
    back = bench.carry_out(bench.propose(offered.kind, dict(offered.arguments)), rita)
    assert back.status == "executed" and Order.objects.get(pk=PENDING).city == "Leeds"


@pytest.mark.parametrize(
    ("kind", "instead"),
    [
        ("change_customer_address", "change_customer_address"),
        ("set_ticket", "set_ticket"),
        ("add_note", "add_note"),
        ("give_credit", None),
        ("cancel_order", None),
        ("return_items", None),
    ],
)
def test_only_what_the_rules_allow_is_offered(bench: Bench, max_: Person, kind: str, instead: str | None) -> None:
    action = bench.carry_out(bench.propose(kind, WISHES[kind]), max_)
    with pytest.raises(CannotUndo, match="too late") as refused:
        undo_action(action.pk, by=max_, now=NOW + timedelta(days=31))
    assert (refused.value.instead.kind if refused.value.instead else None) == instead


def test_nothing_is_offered_for_an_order_on_its_way(bench: Bench, rita: Person) -> None:
    address = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    Order.objects.filter(pk=PENDING).update(status="delivered")
    with pytest.raises(CannotUndo, match="only while it is pending") as refused:
        undo_action(address.pk, by=rita, now=SOON)
    assert refused.value.instead is None


def test_asking_whether_changes_nothing(bench: Bench, max_: Person) -> None:
    action = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    before, count = read_rows(), Action.objects.count()
    assert why_not_undo(action, now=SOON) == ""
    assert "too late" in why_not_undo(action, now=NOW + timedelta(days=31))
    assert (read_rows(), Action.objects.count()) == (before, count)


def test_who_is_no_longer_active_undoes_nothing(bench: Bench, max_: Person) -> None:
    action = bench.carry_out(bench.propose("cancel_order", WISHES["cancel_order"]), max_)
    max_.is_active = False
    with pytest.raises(NotAllowed):
        undo_action(action.pk, by=max_, now=SOON)


@pytest.mark.parametrize("kind", ["escalate", "undo"])
def test_some_kinds_cannot_be_undone(bench: Bench, max_: Person, kind: str) -> None:
    action = bench.execute(bench.propose("escalate", WISHES["escalate"]))
    if kind == "undo":
        note = bench.execute(bench.propose("add_note", WISHES["add_note"]))
        undo_action(note.pk, by=max_, now=SOON)
        action = Action.objects.get(undoes=note)
    with pytest.raises(CannotUndo):
        undo_action(action.pk, by=max_, now=SOON)


def test_an_undo_begun_and_not_finished_is_finished_once(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    assert prepare_undo(action.pk, by=rita, now=SOON) is not None
    assert undo_action(action.pk, by=rita, now=SOON).status == "undone"
    assert Action.objects.filter(undoes=action).count() == 1


def test_an_undo_that_a_new_policy_sent_back_can_be_asked_for_again(bench: Bench, rita: Person, ada: Person) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    prepare_undo(action.pk, by=rita, now=SOON)
    publish(ada, undo={"approvals": 2})
    for _ in range(2):
        with pytest.raises(CannotUndo):
            undo_action(action.pk, by=rita, now=SOON)
    assert Action.objects.get(pk=action.pk).status == "executed"


def test_a_closed_ticket_can_still_be_put_right(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose("change_order_address", WISHES["change_order_address"]), rita)
    bench.execute(bench.propose("set_ticket", {"status": "closed"}))
    assert undo_action(action.pk, by=rita, now=SOON).status == "undone"


class TestReplies:
    """A message in its undo window never leaves; one that left is gone."""

    @pytest.fixture(autouse=True)
    def _mail_works(self, settings: Any) -> None:
        settings.MAIL_CONFIGURED = True

    def test_it_never_leaves(self, bench: Bench, rita: Person, mailoutbox: list[Any]) -> None:
        reply = bench.carry_out(bench.propose("send_reply", WISHES["send_reply"]), rita)
        assert undo_action(reply.pk, by=rita, now=NOW + timedelta(seconds=9)).status == "undone"
        assert deliver_due(now=SOON) == 0 and mailoutbox == []
        assert OutboxMessage.objects.get().status == "withdrawn"
        assert not Message.objects.filter(direction="outbound").exists()

    def test_what_left_is_gone(self, bench: Bench, rita: Person) -> None:
        reply = bench.carry_out(bench.propose("send_reply", WISHES["send_reply"]), rita)
        deliver_due(now=SOON)
        with pytest.raises(CannotUndo):
            undo_action(reply.pk, by=rita, now=SOON)

    def test_what_is_being_sent_cannot_be_stopped(self, bench: Bench, rita: Person) -> None:
        reply = bench.carry_out(bench.propose("send_reply", WISHES["send_reply"]), rita)
        OutboxMessage.objects.update(status="sending", leased_until=SOON)
        with pytest.raises(CannotUndo, match="being sent"):
            undo_action(reply.pk, by=rita, now=NOW)

    def test_undoing_what_it_tells_of_keeps_it_in_the_house(
        self, bench: Bench, max_: Person, mailoutbox: list[Any]
    ) -> None:
        bench.origin = uuid4()
        cancel = bench.propose("cancel_order", WISHES["cancel_order"])
        reply = bench.propose("send_reply", {"body": "Your order is cancelled."})
        for action in (cancel, reply):
            bench.carry_out(action, max_)
        undo_action(cancel.pk, by=max_, now=NOW + timedelta(seconds=2))
        assert deliver_due(now=SOON) == 0 and mailoutbox == []
        assert Action.objects.get(pk=reply.pk).status == "undone"


class TestCorrections:
    """Where a reply that announced it has left, a draft that corrects it waits for a person."""

    @pytest.fixture
    def told(self, bench: Bench, max_: Person, settings: Any) -> Action:
        """A cancellation the customer was told of."""
        settings.MAIL_CONFIGURED = True
        bench.origin = uuid4()
        cancel = bench.propose("cancel_order", WISHES["cancel_order"])
        reply = bench.propose("send_reply", {"body": "Your order is cancelled."})
        for action in (cancel, reply):
            bench.carry_out(action, max_)
        return cancel

    def drafts(self) -> list[Action]:
        return list(Action.objects.filter(kind="send_reply", proposer="system"))

    def test_it_waits_and_is_drafted_once(self, told: Action, max_: Person) -> None:
        deliver_due(now=SOON)
        for _ in range(2):
            undo_action(told.pk, by=max_, now=SOON)
        [draft] = self.drafts()
        assert draft.status == "waiting" and told.summary in draft.arguments["body"]

    def test_it_is_drafted_when_the_sweep_finishes_the_undo(self, told: Action, max_: Person) -> None:
        deliver_due(now=SOON)
        undo = prepare_undo(told.pk, by=max_, now=SOON)
        assert undo is not None and execute_action(undo.pk, now=SOON).status == "executed"
        assert len(self.drafts()) == 1

    @pytest.mark.parametrize(("outbox", "action"), [("sending", "executing"), ("unknown", "unknown")])
    def test_what_may_have_left_is_corrected_too(self, told: Action, max_: Person, outbox: str, action: str) -> None:
        OutboxMessage.objects.update(status=outbox)
        Action.objects.filter(kind="send_reply").update(status=action)
        undo_action(told.pk, by=max_, now=SOON)
        assert len(self.drafts()) == 1

    def test_what_never_left_needs_none(self, told: Action, max_: Person) -> None:
        undo_action(told.pk, by=max_, now=NOW)
        assert self.drafts() == []


def test_an_exchange_is_taken_back_whole(bench: Bench, rita: Person) -> None:
    action = bench.carry_out(bench.propose("exchange_items", WISHES["exchange_items"]), rita)
    undo_action(action.pk, by=rita, now=SOON)
    order = Order.objects.get(pk=DELIVERED)
    assert (order.status, order.exchange_facts) == ("delivered", None)
    assert bench.propose("exchange_items", WISHES["exchange_items"]).status == "waiting"


def test_a_customers_new_address_goes_back(bench: Bench, rita: Person, carla: Customer) -> None:
    action = bench.carry_out(bench.propose("change_customer_address", {"address": NEW_ADDRESS}), rita)
    undo_action(action.pk, by=rita, now=SOON)
    assert Customer.objects.get(pk=carla.pk).address == carla.address
