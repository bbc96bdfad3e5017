"""The sweep: what errs too often by itself goes back to review, by a version of its own, once, and visibly."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from approvals.autonomy.sweeping import demotions, send_back, sweep_breakers, troubles
from approvals.models import Action, AuditEntry, PolicyVersion
from approvals.policies import PolicyMoved, policy_in_force, publish_policy
from approvals.policy import Policy, Rung
from approvals.undoing import undo_action
from tests.approvals.autonomy.scene import KIND, audited, by_itself, decided, make_rows, soon
from tests.approvals.shop import BY_ITSELF, NOW, Bench, publish
from tickets.models import Person

pytestmark = pytest.mark.django_db


def test_failed_audits_send_a_kind_back(bench: Bench) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 24, version=before.version), wrong=4)
    [gone] = sweep_breakers(now=soon())
    policy = policy_in_force()
    assert (policy.version, policy.of(KIND).mode, gone.version) == (before.version + 1, "review", policy.version)
    assert gone.words == "4 of the last 4 that were looked at were wrong"
    row = PolicyVersion.objects.get(pk=policy.version)
    assert (row.author, row.note) == (None, f"Change customer address went back to review: {gone.words}.")
    entry = AuditEntry.objects.get(kind="kind.demoted")
    assert (entry.subject, entry.data["kind"], entry.data["wrong"]) == (f"policy:{policy.version}", KIND, 4)
    assert bench.propose(KIND, {"address": dict(bench.ticket.customer.address, city="Hull")}).status == "waiting"


def test_twice_is_once(bench: Bench) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 4, version=before.version), wrong=4)
    assert len(sweep_breakers(now=soon())) == 1
    assert sweep_breakers(now=soon()) == []
    assert AuditEntry.objects.filter(kind="kind.demoted").count() == 1


def test_what_is_mostly_right_stays(bench: Bench) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 100, version=before.version), wrong=2)
    assert sweep_breakers(now=soon()) == []
    assert policy_in_force() == before


def test_undos_send_a_kind_back(bench: Bench, rita: Person) -> None:
    publish(change_customer_address=BY_ITSELF)
    for action in [by_itself(bench) for _ in range(4)][::-1]:
        undo_action(action.pk, by=rita, now=NOW + timedelta(minutes=1))
    [gone] = sweep_breakers(now=soon())
    assert gone.words == "4 of the last 4 that ran by themselves were taken back"


def test_rejections_send_a_kind_back_though_nothing_of_it_ran(bench: Bench, rita: Person) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    rejected: dict[str, Any] = {"status": "rejected", "verdict": "review", "reason_key": "low_confidence"}
    decided(make_rows(bench.ticket, 9, version=before.version, **rejected), "reject", rita)
    assert sweep_breakers(now=soon()) == []
    decided(make_rows(bench.ticket, 1, version=before.version, **rejected), "reject", rita)
    [gone] = sweep_breakers(now=soon())
    assert gone.words == "10 of the last 10 that people decided were rejected"


def test_rejections_of_what_only_its_lot_kept_count_as_what_ran(bench: Bench, rita: Person) -> None:
    before = publish(change_customer_address={**BY_ITSELF, "share": Decimal("0.1")})
    rejected: dict[str, Any] = {"status": "rejected", "verdict": "review", "reason_key": "outside_share"}
    decided(make_rows(bench.ticket, 4, version=before.version, **rejected), "reject", rita)
    [gone] = sweep_breakers(now=soon())
    assert gone.words == "4 of the last 4 that were looked at were wrong"


def test_only_the_category_that_errs_goes_back(bench: Bench) -> None:
    auto = Rung(mode="auto")
    categories = {"return": auto.model_dump(), "question": auto.model_dump()}
    before = publish(change_customer_address={**BY_ITSELF, "categories": categories})
    audited(make_rows(bench.ticket, 4, version=before.version, category="return"), wrong=4)
    audited(make_rows(bench.ticket, 30, version=before.version, category="question"), wrong=0)
    [gone] = sweep_breakers(now=soon())
    rules = policy_in_force().of(KIND)
    assert (gone.category, gone.title) == ("return", "Change customer address, on tickets of return,")
    assert [rules.mode, rules.rung("return").mode, rules.rung("question").mode] == ["auto", "review", "auto"]


def test_a_promotion_wipes_the_slate(bench: Bench, ada: Person) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 4, version=before.version), wrong=4)
    sweep_breakers(now=soon(minutes=-420))
    policy = policy_in_force()
    kinds = {**policy.kinds, KIND: policy.of(KIND).model_copy(update={"mode": "auto"})}
    again = Policy(kinds=kinds, settings=policy.settings)
    publish_policy(again, base_version=policy.version, note="mended", by=ada, now=soon(minutes=-360))
    assert sweep_breakers(now=soon()) == []
    assert demotions(now=soon()) == []


def test_it_is_shown_until_an_admin_answers_it(bench: Bench) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 4, version=before.version), wrong=4)
    gone = sweep_breakers(now=soon())
    assert demotions(now=soon()) == gone
    assert demotions(now=soon(days=8)) == []


def test_an_admin_who_publishes_at_the_same_moment_is_not_overwritten(bench: Bench) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 4, version=before.version), wrong=4)
    [(kind, category, trouble)] = troubles(before)
    publish(give_credit={"max_amount": Decimal("7.00")})
    with pytest.raises(PolicyMoved):
        send_back(kind, category, trouble, before, soon())
    assert not AuditEntry.objects.filter(kind="kind.demoted").exists()
    assert len(sweep_breakers(now=soon())) == 1
    policy = policy_in_force()
    assert (policy.version, policy.of(KIND).mode) == (before.version + 2, "review")
    assert policy.of("give_credit").max_amount == Decimal("7.00")


def test_what_was_judged_before_the_promotion_does_not_count(bench: Bench) -> None:
    before = publish(change_customer_address=BY_ITSELF)
    audited(make_rows(bench.ticket, 4, version=before.version - 1), wrong=4)
    assert Action.objects.count() == 4
    assert sweep_breakers(now=soon()) == []
