"""What ran by itself is drawn by a lot nobody foretells: once, with the chance that is stored."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.test import override_settings

from approvals.autonomy.sampling import BOOSTED_FOR, draw_missed, draw_sample, lot_of, share_of
from approvals.models import Action, AuditEntry, AuditSample
from approvals.policies import policy_in_force
from tests.approvals.autonomy.scene import KIND, address, by_itself
from tests.approvals.shop import BY_ITSELF, NOW, Bench, publish
from tickets.models import Person

pytestmark = pytest.mark.django_db
ALL = {**BY_ITSELF, "audit_share": Decimal(1)}


def test_what_ran_by_itself_is_drawn_in_the_gate(bench: Bench) -> None:
    publish(change_customer_address=ALL)
    action = by_itself(bench)
    sample = AuditSample.objects.get()
    assert (sample.action, sample.share, sample.drawn_at, sample.finding) == (action, Decimal(1), NOW, "")
    entry = AuditEntry.objects.get(kind="sample.drawn")
    assert (entry.subject, entry.data["share"]) == (f"action:{action.pk}", "1.0000")


def test_what_a_person_approved_is_not(bench: Bench, rita: Person) -> None:
    publish(change_customer_address={"audit_share": Decimal(1)})
    bench.carry_out(bench.propose(KIND, address()), rita)
    assert not AuditSample.objects.exists()


def test_a_kind_with_no_share_is_never_drawn(bench: Bench) -> None:
    publish(change_customer_address={**BY_ITSELF, "audit_share": Decimal(0)})
    by_itself(bench)
    assert not AuditSample.objects.exists()


def test_drawing_again_draws_nothing_more(bench: Bench) -> None:
    publish(change_customer_address=ALL)
    action = by_itself(bench)
    again = draw_sample(action, policy_in_force(), now=NOW)
    assert again == AuditSample.objects.get()
    assert draw_missed(now=NOW) == 0
    assert AuditEntry.objects.filter(kind="sample.drawn").count() == 1


def test_the_sweep_draws_what_was_missed_with_the_chance_of_then(bench: Bench) -> None:
    publish(change_customer_address=ALL)
    action = by_itself(bench)
    AuditSample.objects.all().delete()
    Action.objects.filter(pk=action.pk).update(settled_at=NOW + timedelta(seconds=1))
    assert draw_missed(now=NOW + timedelta(minutes=1)) == 1
    assert AuditSample.objects.get().share == 1


def test_a_lot_is_the_same_for_ever_and_unknown_without_the_key() -> None:
    one = UUID("00000000-0000-4000-8000-000000000001")
    first = lot_of(one)
    assert first == lot_of(one)
    with override_settings(SECRET_KEY="another"):
        assert lot_of(one) != first


def test_lots_are_even() -> None:
    lots = [lot_of(uuid4()) for _ in range(2000)]
    assert all(0 <= lot < 1 for lot in lots)
    assert 140 <= sum(lot < Decimal("0.1") for lot in lots) <= 260


def test_more_is_drawn_just_after_a_promotion() -> None:
    policy = publish(change_customer_address={**BY_ITSELF, "audit_share": Decimal("0.1")})
    soon, later = NOW + timedelta(days=1), NOW + BOOSTED_FOR + timedelta(days=1)
    assert share_of(KIND, "", policy, soon) == Decimal("0.2")
    assert share_of(KIND, "", policy, later) == Decimal("0.1")
    policy = publish(change_customer_address={"max_amount": Decimal(5)})
    assert share_of(KIND, "", policy, later) == Decimal("0.1")
    policy = publish(change_customer_address={"audit_share": Decimal("0.5")})
    assert share_of(KIND, "", policy, soon) == 1
