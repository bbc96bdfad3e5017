"""A rung is suggested by the upper bound of the error, with its evidence, and waits for an admin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from approvals.autonomy.promoting import (
    FIRST_CONFIDENCE,
    evidence_for,
    next_rung,
    promoted,
    suggest_promotions,
    suggestions,
)
from approvals.models import AuditEntry
from approvals.policies import policy_in_force, publish_policy
from approvals.policy import KindPolicy, Rung
from tests.approvals.autonomy.scene import KIND, audited, decided, make_rows, soon
from tests.approvals.shop import BY_ITSELF, Bench, publish
from tickets.models import Person

pytestmark = pytest.mark.django_db
REVIEWED: dict[str, Any] = {"verdict": "review", "reason_key": "kind_reviewed"}


def put_on_review() -> int:
    """The kind on review since now. Returns: the version that put it there."""
    publish(change_customer_address={"mode": "draft"})
    return publish(change_customer_address={"mode": "review"}).version


def test_the_ladder_is_climbed_rung_by_rung() -> None:
    climbed, rung = [], next_rung(Rung(mode="off"))
    while rung is not None:
        climbed.append((rung.mode, rung.share))
        rung = next_rung(rung)
    shares = [("auto", Decimal(share)) for share in ("0.1", "0.25", "0.5", "1")]
    assert climbed == [("shadow", 1), ("draft", 1), ("review", 1), *shares]


def test_a_kind_that_never_ran_by_itself_begins_where_it_is_sure() -> None:
    rules = promoted(KindPolicy())
    assert (rules.mode, rules.share, rules.min_confidence) == ("auto", Decimal("0.1"), FIRST_CONFIDENCE)
    kept = promoted(KindPolicy(min_confidence=Decimal("0.8")), "return")
    assert (kept.mode, kept.rung("return"), kept.min_confidence) == (
        "review", Rung(mode="auto", share=Decimal("0.1")), Decimal("0.8"),
    )  # fmt: skip


def test_149_approved_unedited_earn_the_first_tenth(bench: Bench, rita: Person) -> None:
    version = put_on_review()
    decided(make_rows(bench.ticket, 148, version=version, **REVIEWED), "approve", rita)
    assert suggest_promotions(now=soon()) == []
    evidence = evidence_for(KIND, "", policy_in_force(), now=soon())
    assert evidence is not None
    assert (evidence.labels, evidence.missing, evidence.is_enough) == (148, 1, False)
    decided(make_rows(bench.ticket, 1, version=version, first=148, **REVIEWED), "approve", rita)
    [found] = suggest_promotions(now=soon())
    assert (found.key, found.following) == (KIND, Rung(mode="auto", share=Decimal("0.1")))
    assert policy_in_force().of(KIND).mode == "review"


def test_many_are_not_enough_where_some_were_wrong(bench: Bench, rita: Person) -> None:
    version = put_on_review()
    decided(make_rows(bench.ticket, 300, version=version, **REVIEWED), "approve", rita)
    rejected = make_rows(bench.ticket, 4, version=version, first=300, **{**REVIEWED, "status": "rejected"})
    decided(rejected, "reject", rita)
    evidence = evidence_for(KIND, "", policy_in_force(), now=soon())
    assert evidence is not None
    assert evidence.interval.estimate < 0.02 < evidence.upper
    assert evidence.missing > 0
    assert suggest_promotions(now=soon()) == []


def test_what_would_wait_on_the_next_rung_too_says_nothing_of_it(bench: Bench, rita: Person) -> None:
    version = put_on_review()
    unsure = make_rows(bench.ticket, 200, version=version, **REVIEWED)
    for action in unsure:
        action.facts = {**action.facts, "confidence": "0.60"}
    type(unsure[0]).objects.bulk_update(unsure, ["facts"])
    decided(unsure, "approve", rita)
    evidence = evidence_for(KIND, "", policy_in_force(), now=soon())
    assert evidence is not None
    assert evidence.labels == 0


def test_a_larger_share_asks_for_fresh_evidence(bench: Bench) -> None:
    first = publish(change_customer_address={**BY_ITSELF, "share": Decimal("0.1")})
    audited(make_rows(bench.ticket, 149, version=first.version), wrong=0)
    [found] = suggest_promotions(now=soon())
    assert found.following == Rung(mode="auto", share=Decimal("0.25"))
    quarter = first.of(KIND).model_copy(update={"share": Decimal("0.25")})
    second = first.model_copy(update={"kinds": {**first.kinds, KIND: quarter}})
    publish_policy(second, base_version=first.version, note="earned", by=None, now=soon())
    assert suggest_promotions(now=soon(days=1)) == []


def test_a_category_may_earn_what_the_kind_has_not(bench: Bench, rita: Person) -> None:
    version = put_on_review()
    decided(make_rows(bench.ticket, 149, version=version, category="return", **REVIEWED), "approve", rita)
    rejected = make_rows(bench.ticket, 9, version=version, first=149, **{**REVIEWED, "status": "rejected"})
    decided(rejected, "reject", rita)
    [found] = suggest_promotions(now=soon())
    assert (found.key, found.title) == (f"{KIND}:return", "Change customer address, on tickets of return,")


def test_it_is_suggested_once_a_version_and_no_longer_than_it_holds(bench: Bench) -> None:
    policy = publish(change_customer_address={**BY_ITSELF, "share": Decimal("0.1")})
    audited(make_rows(bench.ticket, 149, version=policy.version), wrong=0)
    assert len(suggest_promotions(now=soon())) == 1
    assert suggest_promotions(now=soon()) == []
    entry = AuditEntry.objects.get(kind="kind.promotion_suggested")
    assert (entry.subject, entry.data["kind"], entry.data["labels"]) == (f"policy:{policy.version}", KIND, 149)
    assert [evidence.key for evidence in suggestions(policy, now=soon())] == [KIND]
    audited(make_rows(bench.ticket, 3, version=policy.version, first=149), wrong=3)
    assert suggestions(policy, now=soon()) == []
