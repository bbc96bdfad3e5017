"""An amendment plans anew under the same id; it voids approvals, re-plans what rests on it, and approves nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from approvals.amending import AmendmentRefused, amend_action
from approvals.deciding import DecisionLost, NotAllowed, Verdict, decide_action
from approvals.models import Action, Decision
from approvals.planning import ArgumentsInvalid
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import NEW_ADDRESS, NOW, PENDING, Bench, make_order, publish
from tests.approvals.wishes import WISHES
from tickets.models import Customer, Message, Order, PaymentMethod, Person

pytestmark = pytest.mark.django_db
OTHER = {**NEW_ADDRESS, "city": "Hull"}
ADDRESS = WISHES["change_order_address"]


def amend(action: Action, by: Person, arguments: dict[str, Any], digest: str | None = None) -> Action:
    return amend_action(Verdict(action.pk, "amend", digest or action.digest), arguments, by=by, now=NOW)


def fresh(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


@pytest.fixture
def waiting(bench: Bench) -> Action:
    return bench.propose("change_order_address", ADDRESS)


def test_it_answers_with_the_new_preview_and_still_waits(waiting: Action, rita: Person) -> None:
    amended = amend(waiting, rita, {**ADDRESS, "address": OTHER})
    assert (amended.pk, amended.status, amended.revision) == (waiting.pk, "waiting", 2)
    assert amended.digest != waiting.digest and amended.effects[0]["after"] == OTHER
    assert amended.arguments["address"] == OTHER
    decision = Decision.objects.get()
    assert (decision.verdict, decision.digest, decision.arguments) == ("amend", waiting.digest, amended.arguments)


def test_then_it_can_be_approved_and_does_what_it_says(bench: Bench, waiting: Action, rita: Person) -> None:
    amend(waiting, rita, {**ADDRESS, "address": OTHER})
    with pytest.raises(DecisionLost) as lost:
        decide_action(Verdict(waiting.pk, "approve", waiting.digest), by=rita, now=NOW)
    assert lost.value.code == "preview_changed"
    assert bench.carry_out(waiting, rita).status == "executed"
    assert Order.objects.get(pk=PENDING).address == OTHER


def test_it_voids_approvals(bench: Bench, rita: Person, max_: Person, ada: Person) -> None:
    publish(ada, change_order_address={"approvals": 2})
    action = bench.propose("change_order_address", ADDRESS)
    bench.approve(action, rita)
    amend(action, max_, {**ADDRESS, "address": OTHER})
    assert bench.approve(action, max_).status == "waiting"
    assert bench.approve(action, rita).status == "approved"


def test_the_same_amendment_twice_is_one(waiting: Action, rita: Person) -> None:
    for _ in range(2):
        assert amend(waiting, rita, {**ADDRESS, "address": OTHER}).revision == 2
    assert Decision.objects.count() == 1


def test_what_the_rules_refuse_leaves_it_as_it_was(waiting: Action, rita: Person) -> None:
    before = Action.objects.values().get()
    with pytest.raises(AmendmentRefused):
        amend(waiting, rita, {**ADDRESS, "order_id": "#W2000000"})
    with pytest.raises(ArgumentsInvalid):
        amend(waiting, rita, {"order_id": PENDING})
    assert Action.objects.values().get() == before and not Decision.objects.exists()


def test_it_takes_the_role_that_decides(waiting: Action, auditor: Person, bench: Bench, rita: Person) -> None:
    with pytest.raises(NotAllowed):
        amend(waiting, auditor, {**ADDRESS, "address": OTHER})
    cancel = bench.propose("cancel_order", WISHES["cancel_order"])
    with pytest.raises(NotAllowed):
        amend(cancel, rita, {**WISHES["cancel_order"], "reason": "ordered by mistake"})


def test_it_needs_the_preview_that_was_on_screen(waiting: Action, rita: Person) -> None:
    with pytest.raises(DecisionLost) as lost:
        amend(waiting, rita, {**ADDRESS, "address": OTHER}, digest="0" * 64)
    assert lost.value.code == "preview_changed"


def test_an_editor_does_not_approve_where_the_policy_forbids_it(bench: Bench, max_: Person, ada: Person) -> None:
    credit = bench.propose("give_credit", WISHES["give_credit"])
    amend(credit, max_, {"amount": "6.00", "reason": "late parcel"})
    with pytest.raises(NotAllowed):
        bench.approve(credit, max_)
    assert bench.approve(credit, ada).status == "approved"


def test_a_reply_leaves_in_its_new_words(bench: Bench, rita: Person, settings: Any, mailoutbox: list[Any]) -> None:
    from datetime import timedelta

    from approvals.outbox import deliver_due

    settings.MAIL_CONFIGURED = True
    reply = bench.propose("send_reply", {"body": "Sorry!"})
    amend(reply, rita, {"body": "We are sorry."})
    bench.carry_out(reply, rita)
    deliver_due(now=NOW + timedelta(minutes=1))
    assert [letter.body for letter in mailoutbox] == ["We are sorry."]
    assert mailoutbox[0].message()["Message-ID"].startswith(f"<{reply.pk}.2.")
    assert Message.objects.get(direction="outbound").body == "We are sorry."


class TestDependants:
    """What rests on an amended action is planned anew over it."""

    @pytest.fixture
    def chain(self, bench: Bench, carla: Customer) -> list[Action]:
        """A dearer item, paid with the gift card; then another order paid with what is left on it."""
        bench.origin = uuid4()
        make_order(carla, "#W3")
        PaymentMethod.objects.filter(pk="gift_card_carla").update(balance="70.00")
        items = {**WISHES["change_order_items"], "changes": [{"item_id": "9101", "new_item_id": "9105"}]}
        return [
            bench.propose("change_order_items", items),
            bench.propose("change_order_payment", {"order_id": "#W3", "payment_method_id": "gift_card_carla"}),
            bench.propose("send_reply", {"body": "Done."}),
        ]

    def test_it_depends_on_the_card_it_shares(self, chain: list[Action]) -> None:
        assert [action.status for action in chain] == ["waiting"] * 3
        assert chain[1].depends_on == [str(chain[0].pk)]

    def test_what_is_no_longer_possible_is_refused(self, chain: list[Action], rita: Person) -> None:
        amend(chain[0], rita, WISHES["change_order_items"])
        refused = fresh(chain[1])
        assert refused.status == "refused" and "does not cover" in refused.status_reason
        assert fresh(chain[2]).status == "superseded"

    def test_what_is_the_same_keeps_its_approvals(self, bench: Bench, chain: list[Action], max_: Person) -> None:
        bench.approve(chain[1], max_)
        items = [{"item_id": "9201", "new_item_id": "9201"}]
        with pytest.raises(AmendmentRefused):
            amend(chain[0], max_, {**WISHES["change_order_items"], "changes": items})
        amend(chain[0], max_, {**chain[0].arguments, "changes": [{"item_id": "9101", "new_item_id": "9102"}]})
        assert (fresh(chain[1]).status, fresh(chain[1]).revision) == ("approved", 1)

    def test_an_amendment_onto_anothers_record_makes_it_depend(
        self, bench: Bench, rita: Person, max_: Person, carla: Customer
    ) -> None:
        bench.origin = uuid4()
        make_order(carla, "#W3")
        address = bench.propose("change_order_address", {**ADDRESS, "order_id": "#W3"})
        cancel = bench.propose("cancel_order", WISHES["cancel_order"])
        assert cancel.depends_on == []
        amended = amend(address, rita, ADDRESS)
        assert amended.depends_on == []
        assert fresh(cancel).depends_on == [str(address.pk)]
        amend(address, rita, {**ADDRESS, "order_id": "#W3"}, digest=amended.digest)
        assert fresh(cancel).depends_on == []

    def test_an_amended_action_depends_on_what_it_now_touches(
        self, bench: Bench, max_: Person, carla: Customer
    ) -> None:
        bench.origin = uuid4()
        make_order(carla, "#W3")
        address = bench.propose("change_order_address", ADDRESS)
        cancel = bench.propose("cancel_order", {"order_id": "#W3", "reason": "no longer needed"})
        assert cancel.depends_on == []
        amend(cancel, max_, WISHES["cancel_order"])
        assert fresh(cancel).depends_on == [str(address.pk)]
        bench.approve(cancel, max_)
        assert bench.execute(cancel).status == "approved"


def test_the_desk_is_untouched(waiting: Action, rita: Person) -> None:
    before = read_rows()
    amend(waiting, rita, {**ADDRESS, "address": OTHER})
    assert read_rows() == before
