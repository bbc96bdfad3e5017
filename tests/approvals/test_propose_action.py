"""A proposal is planned, judged and stored with everything later work reads; nothing is executed by it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from approvals.judging import Facts
from approvals.models import Action
from approvals.proposing import KeyReused
from tests.approvals.ledger_of_rows import read_rows
from tests.approvals.shop import BY_ITSELF, NOW, Bench, make_ticket, publish
from tests.approvals.wishes import WISHES
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", WISHES)
def test_it_stores_what_was_judged_and_why(bench: Bench, kind: str) -> None:
    before = read_rows()
    origin = uuid4()
    action = bench.propose(
        kind, WISHES[kind], origin=origin, rationale="asked for", alternatives=["wait"], findings=["tone"]
    )
    stored = Action.objects.get(pk=action.pk)
    assert read_rows() == before
    assert stored.reasons and stored.summary and len(stored.digest) == 64 and stored.effects
    assert (stored.revision, stored.origin, stored.place, stored.policy_version) == (1, origin, 0, 1)
    assert (stored.rationale, stored.alternatives, stored.findings) == ("asked for", ["wait"], ["tone"])
    facts = Facts.from_json(stored.facts)
    assert (facts.kind, facts.confidence, facts.findings) == (kind, Decimal("0.99"), ("tone",))
    assert (stored.status == "waiting") == (stored.expires_at == NOW + timedelta(days=3))
    assert stored.verdict in ("allow", "review") and stored.receipt is None


class TestIdempotencyKey:
    """The same key is the same proposal, or a conflict."""

    def key(self, bench: Bench, key: str = "k1", **fields: Any) -> Action:
        wish = fields.pop("arguments", WISHES["give_credit"])
        return bench.propose("give_credit", wish, proposer="outside:bot", idempotency_key=key, **fields)

    def test_again_is_the_same_action(self, bench: Bench) -> None:
        first = self.key(bench)
        bench.now = NOW + timedelta(hours=1)
        assert self.key(bench).pk == first.pk
        assert Action.objects.count() == 1

    def test_again_after_it_was_amended_and_executed(self, bench: Bench, max_: Person) -> None:
        from approvals.amending import amend_action
        from approvals.deciding import Verdict

        first = self.key(bench)
        amend_action(
            Verdict(first.pk, "amend", first.digest), {"amount": "6.00", "reason": "x"}, by=max_, now=NOW
        )  # fmt: skip
        assert self.key(bench).pk == first.pk

    @pytest.mark.parametrize(
        "fields",
        [{"arguments": {"amount": "5.01", "reason": "late parcel"}}, {"confidence": Decimal("0.5")},
         {"rationale": "other"}],
    )  # fmt: skip
    def test_with_other_contents_it_is_a_conflict(self, bench: Bench, fields: dict[str, Any]) -> None:
        self.key(bench)
        with pytest.raises(KeyReused), transaction.atomic():
            self.key(bench, **fields)
        assert Action.objects.count() == 1

    def test_on_another_ticket_it_is_a_conflict(self, bench: Bench, otto: Customer) -> None:
        self.key(bench)
        bench.ticket = make_ticket(otto)
        with pytest.raises(KeyReused):
            self.key(bench)


class TestPlannedOnly:
    """A dry run, or a kind in the shadow, executes nothing and asks nobody."""

    def test_a_dry_runs_actions_stay_planned(self, bench: Bench) -> None:
        bench.origin = uuid4()
        planned = [
            bench.propose(kind, WISHES[kind], is_dry=True) for kind in ("cancel_order", "send_reply", "escalate")
        ]
        assert {action.status for action in planned} == {"planned"}
        assert all(bench.execute(action).status == "planned" for action in planned)

    def test_a_kind_in_the_shadow_is_only_planned(self, bench: Bench, ada: Person) -> None:
        publish(ada, cancel_order={"mode": "shadow"})
        bench.origin = uuid4()
        cancel = bench.propose("cancel_order", WISHES["cancel_order"])
        reply = bench.propose("send_reply", WISHES["send_reply"])
        assert (cancel.status, reply.status) == ("planned", "planned")

    def test_a_refusal_is_a_refusal_in_a_dry_run_too(self, bench: Bench) -> None:
        assert bench.propose("cancel_order", {"order_id": "#W9", "reason": "no longer needed"}, is_dry=True).status == (
            "refused"
        )


class TestWhoProposes:
    """Who wants it decides who must agree."""

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({}, "approved"),
            ({"proposer": "outside:bot"}, "approved"),
            ({"confidence": None}, "waiting"),
            ({"confidence": Decimal("0.4")}, "waiting"),
            ({"findings": ("legal",)}, "waiting"),
            ({"findings": ("tone",)}, "waiting"),
        ],
    )
    def test_only_a_sure_and_clean_proposal_runs_by_itself(
        self, bench: Bench, ada: Person, fields: dict[str, Any], status: str
    ) -> None:
        publish(ada, change_order_address=BY_ITSELF)
        assert bench.propose("change_order_address", WISHES["change_order_address"], **fields).status == status

    def test_what_a_person_proposes_waits_for_a_word(self, bench: Bench, ada: Person, rita: Person) -> None:
        publish(ada, change_order_address=BY_ITSELF)
        wish = WISHES["change_order_address"]
        action = bench.propose("change_order_address", wish, proposer="person:rita", person=rita)
        assert action.status == "waiting"

    def test_a_claimed_identity_waits(self, bench: Bench, ada: Person, carla: Customer) -> None:
        publish(ada, change_order_address=BY_ITSELF, send_reply=BY_ITSELF)
        bench.ticket = make_ticket(carla, identity="claimed")
        assert bench.propose("change_order_address", WISHES["change_order_address"]).status == "waiting"
        assert bench.propose("send_reply", WISHES["send_reply"]).status == "approved"


def test_a_person_who_replies_overtakes_the_agents_work(bench: Bench, rita: Person) -> None:
    waiting = bench.propose("change_order_address", WISHES["change_order_address"])
    bench.propose("send_reply", {"body": "Let me look."}, proposer="person:rita", person=rita)
    assert Action.objects.get(pk=waiting.pk).status == "superseded"


def test_a_ticket_that_is_not_there_is_an_error(bench: Bench) -> None:
    bench.ticket = Ticket(pk=999_999)
    with pytest.raises(Ticket.DoesNotExist):
        bench.propose("add_note", {"body": "x"})
