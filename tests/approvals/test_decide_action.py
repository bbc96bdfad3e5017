"""A decision is bound to what was on screen, and of two that differ the first one holds."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from approvals.deciding import DecisionLost, NotAllowed, Verdict, decide_action, mark_seen, withdraw_approval
from approvals.expiring import expire_waiting
from approvals.models import Action, AuditEntry, Decision, SeenPreview
from tests.approvals.shop import NOW, PENDING, Bench, publish
from tests.approvals.wishes import WISHES
from tickets.models import Person, Ticket
from tickets.operations import receive_message, take_over_ticket

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(bench: Bench) -> Action:
    """A medium-tier action that one support person can decide."""
    return bench.propose("change_order_address", WISHES["change_order_address"])


def decide(action: Action, by: Person, verdict: str = "approve", **fields: Any) -> Action:
    given = {"digest": action.digest, **fields}
    now = given.pop("now", NOW + MINUTE)
    return decide_action(Verdict(action.pk, verdict, **given), by=by, now=now)


def lose(action: Action, by: Person, verdict: str = "approve", **fields: Any) -> DecisionLost:
    before = Decision.objects.count()
    with pytest.raises(DecisionLost) as lost:
        decide(action, by, verdict, **fields)
    assert Decision.objects.count() == before
    return lost.value


def test_an_approval_moves_it_and_is_recorded(waiting: Action, rita: Person) -> None:
    assert decide(waiting, rita, seconds_on_screen=4.5).status == "approved"
    decision = Decision.objects.get(action=waiting)
    assert (decision.person, decision.verdict, decision.digest) == (rita, "approve", waiting.digest)
    assert (decision.at, decision.seconds_on_screen, decision.revision) == (NOW + MINUTE, 4.5, 1)
    assert AuditEntry.objects.filter(subject=f"action:{waiting.pk}", kind="action.decided").count() == 1


def test_a_rejection_settles_it_with_its_reason(waiting: Action, rita: Person) -> None:
    rejected = decide(waiting, rita, "reject", reason="wrong street")
    assert (rejected.status, rejected.status_reason, rejected.settled_at) == ("rejected", "wrong street", NOW + MINUTE)


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_the_same_word_twice_is_one_decision(waiting: Action, rita: Person, verdict: str) -> None:
    first = decide(waiting, rita, verdict)
    again = decide(waiting, rita, verdict, now=NOW + 2 * MINUTE)
    assert first.status == again.status
    assert Decision.objects.filter(action=waiting).count() == 1


def test_the_same_word_is_still_one_after_it_was_executed(bench: Bench, waiting: Action, rita: Person) -> None:
    decide(waiting, rita)
    bench.execute(waiting)
    assert decide(waiting, rita).status == "executed"


@pytest.mark.parametrize(("first", "second"), [("approve", "reject"), ("reject", "approve")])
def test_another_word_loses_and_hears_who_and_when(
    waiting: Action, rita: Person, max_: Person, first: str, second: str
) -> None:
    decide(waiting, rita, first)
    for person, verdict in ((max_, second), (max_, first), (rita, second)):
        lost = lose(waiting, person, verdict)
        assert lost.code == "already_decided"
        assert lost.details == {"by": "rita", "at": (NOW + MINUTE).isoformat()}


@pytest.mark.parametrize("verdict", ["banana", "amend", "withdraw", "", "APPROVE"])
def test_a_word_that_is_no_verdict_decides_nothing(waiting: Action, rita: Person, verdict: str) -> None:
    with pytest.raises(ValueError, match="verdict"):
        decide(waiting, rita, verdict)
    assert Action.objects.get(pk=waiting.pk).status == "waiting"


def test_another_digest_gets_the_preview_as_it_is(waiting: Action, rita: Person) -> None:
    for digest in ("0" * 64, "", waiting.digest.upper()):
        lost = lose(waiting, rita, digest=digest)
        assert lost.code == "preview_changed"
        assert lost.details == {"digest": waiting.digest, "effects": waiting.effects}


@pytest.mark.parametrize("swept", [False, True])
def test_at_its_expiry_a_decision_loses(waiting: Action, rita: Person, swept: bool) -> None:
    assert waiting.expires_at == NOW + timedelta(days=3)
    if swept:
        assert expire_waiting(now=waiting.expires_at) == 1
    assert lose(waiting, rita, now=waiting.expires_at).code == "expired"
    assert lose(waiting, rita, "reject", now=waiting.expires_at + MINUTE).code == "expired"


def test_just_before_its_expiry_a_decision_counts(waiting: Action, rita: Person) -> None:
    almost = NOW + timedelta(days=3) - timedelta(microseconds=1)
    assert expire_waiting(now=almost) == 0
    assert decide(waiting, rita, now=almost).status == "approved"


def test_a_new_message_overtakes_it_and_is_named(bench: Bench, waiting: Action, rita: Person) -> None:
    message, _ = receive_message(bench.ticket.pk, "Wait!", now=NOW + MINUTE)
    lost = lose(waiting, rita)
    assert (lost.code, lost.details) == ("superseded", {"last_message_id": message.pk})
    assert "the customer wrote again" in str(lost)


def test_a_person_who_takes_over_overtakes_it(bench: Bench, waiting: Action, rita: Person, max_: Person) -> None:
    take_over_ticket(bench.ticket.pk, by=max_, now=NOW + MINUTE)
    assert lose(waiting, rita).code == "superseded"


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_high_tier_needs_a_manager_who_can_be_named(bench: Bench, rita: Person, verdict: str) -> None:
    action = bench.propose("cancel_order", WISHES["cancel_order"])
    mark_seen(action.pk, action.digest, by=rita, now=NOW)
    with pytest.raises(NotAllowed) as refused:
        decide(action, rita, verdict)
    assert (refused.value.code, refused.value.details) == ("not_allowed", {"who_can": "manager"})


def test_an_auditor_decides_nothing(waiting: Action, auditor: Person) -> None:
    for verdict in ("approve", "reject"):
        assert lose(waiting, auditor, verdict).code == "not_allowed"


def test_somebody_who_left_decides_nothing(waiting: Action, max_: Person) -> None:
    max_.is_active = False
    assert lose(waiting, max_).code == "not_allowed"


class TestHighTier:
    """An approval needs this very preview open before; a rejection does not."""

    @pytest.fixture
    def cancel(self, bench: Bench) -> Action:
        return bench.propose("cancel_order", WISHES["cancel_order"])

    def test_it_must_have_been_seen(self, cancel: Action, max_: Person) -> None:
        assert lose(cancel, max_).code == "not_seen"

    def test_seen_by_another_is_not_seen(self, cancel: Action, max_: Person, ada: Person) -> None:
        mark_seen(cancel.pk, cancel.digest, by=ada, now=NOW)
        assert lose(cancel, max_).code == "not_seen"

    def test_seen_then_approved(self, cancel: Action, max_: Person) -> None:
        for _ in range(2):
            mark_seen(cancel.pk, cancel.digest, by=max_, now=NOW)
        assert SeenPreview.objects.count() == 1
        assert AuditEntry.objects.filter(kind="preview.seen").count() == 1
        assert decide(cancel, max_).status == "approved"

    def test_another_preview_was_not_seen(self, cancel: Action, max_: Person) -> None:
        with pytest.raises(DecisionLost) as lost:
            mark_seen(cancel.pk, "0" * 64, by=max_, now=NOW)
        assert lost.value.code == "preview_changed"

    def test_a_rejection_needs_no_look(self, cancel: Action, max_: Person) -> None:
        assert decide(cancel, max_, "reject").status == "rejected"


class TestTwoApprovals:
    """Two people, not two clicks."""

    @pytest.fixture
    def action(self, bench: Bench, ada: Person) -> Action:
        publish(ada, change_order_address={"approvals": 2})
        return bench.propose("change_order_address", WISHES["change_order_address"])

    def test_one_person_twice_is_one(self, action: Action, rita: Person) -> None:
        assert action.approvals_needed == 2
        assert [decide(action, rita).status for _ in range(2)] == ["waiting", "waiting"]
        assert Decision.objects.count() == 1

    def test_two_people_suffice(self, bench: Bench, action: Action, rita: Person, max_: Person) -> None:
        assert decide(action, rita).status == "waiting"
        assert bench.execute(action).status == "waiting"
        assert decide(action, max_).status == "approved"
        assert bench.execute(action).status == "executed"

    def test_one_rejection_ends_it(self, action: Action, rita: Person, max_: Person) -> None:
        decide(action, rita)
        assert decide(action, max_, "reject").status == "rejected"

    def test_who_takes_it_back_no_longer_counts(self, action: Action, rita: Person, max_: Person) -> None:
        decide(action, rita)
        withdraw_approval(action.pk, by=rita, now=NOW)
        assert decide(action, max_).status == "waiting"
        assert decide(action, rita).status == "approved"


class TestWithdrawing:
    """A decision can be taken back while nothing followed."""

    def test_within_the_grace(self, bench: Bench, waiting: Action, rita: Person) -> None:
        decide(waiting, rita, grace=timedelta(seconds=5), now=NOW)
        assert bench.execute(waiting).status == "approved"
        assert withdraw_approval(waiting.pk, by=rita, now=NOW + timedelta(seconds=4)).status == "waiting"
        bench.now = NOW + MINUTE
        assert bench.execute(waiting).status == "waiting"

    def test_after_the_grace_it_is_too_late(self, bench: Bench, waiting: Action, rita: Person) -> None:
        decide(waiting, rita, grace=timedelta(seconds=5), now=NOW)
        with pytest.raises(DecisionLost):
            withdraw_approval(waiting.pk, by=rita, now=NOW + timedelta(seconds=5))
        bench.now = NOW + timedelta(seconds=5)
        assert bench.execute(waiting).status == "executed"

    def test_only_ones_own(self, waiting: Action, rita: Person, max_: Person) -> None:
        decide(waiting, rita, grace=timedelta(seconds=5), now=NOW)
        with pytest.raises(DecisionLost):
            withdraw_approval(waiting.pk, by=max_, now=NOW)


class TestEditors:
    """Where the policy says so, who proposed or edited does not approve."""

    def test_who_proposed_a_credit_does_not_approve_it(self, bench: Bench, max_: Person, ada: Person) -> None:
        credit = bench.propose("give_credit", WISHES["give_credit"], proposer="person:max", person=max_)
        for person in (max_, ada):
            mark_seen(credit.pk, credit.digest, by=person, now=NOW)
        assert lose(credit, max_).code == "not_allowed"
        assert decide(credit, ada).status == "approved"

    def test_who_edits_may_approve_where_the_policy_lets_him(self, bench: Bench, rita: Person) -> None:
        mine = bench.propose(
            "change_order_address", WISHES["change_order_address"], proposer="person:rita", person=rita
        )
        assert decide(mine, rita).status == "approved"


def test_what_is_settled_otherwise_says_so(bench: Bench, rita: Person, ada: Person) -> None:
    refused = bench.propose("cancel_order", {"order_id": "#W9", "reason": "no longer needed"})
    assert lose(refused, ada).code == "already_decided"
    note = bench.propose("add_note", {"body": "x"})
    bench.execute(note)
    assert lose(note, ada).code == "already_decided"


def test_the_desk_is_untouched_until_the_gate(bench: Bench, waiting: Action, rita: Person) -> None:
    decide(waiting, rita)
    assert (
        Ticket.objects.get(pk=bench.ticket.pk).customer.orders.get(pk=PENDING).address
        != WISHES["change_order_address"]["address"]
    )
    assert waiting.amount == Decimal("0.00")
