"""A person says of a drawn action whether it was right: once, and never of what he had a hand in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from approvals.autonomy.auditing import (
    AlreadyFound,
    FindingUnfit,
    NotYours,
    open_samples,
    record_finding,
    samples_for,
)
from approvals.autonomy.outcomes import labels
from approvals.models import AuditEntry, AuditSample
from approvals.undoing import undo_action
from tests.approvals.autonomy.scene import KIND, SINCE, address, by_itself
from tests.approvals.shop import BY_ITSELF, NOW, Bench, publish
from tickets.models import Person

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def sample(bench: Bench) -> AuditSample:
    """One action that ran by itself and was drawn."""
    publish(change_customer_address={**BY_ITSELF, "audit_share": Decimal(1)})
    return AuditSample.objects.get(action=by_itself(bench))


def test_it_becomes_a_label_and_an_entry(sample: AuditSample, rita: Person) -> None:
    record_finding(sample.pk, "wrong", note=" Another customer's address. ", by=rita, now=SOON)
    sample.refresh_from_db()
    assert (sample.finding, sample.note, sample.person, sample.found_at) == (
        "wrong", "Another customer's address.", rita, SOON,
    )  # fmt: skip
    assert [(label.source, label.is_wrong) for label in labels(KIND, since=SINCE)] == [("audit", True)]
    entry = AuditEntry.objects.get(kind="sample.found")
    assert (entry.actor, entry.subject, entry.data["finding"]) == ("person:rita", f"action:{sample.action_id}", "wrong")
    assert not open_samples().exists()


def test_the_same_again_is_the_same_and_another_is_too_late(sample: AuditSample, rita: Person, max_: Person) -> None:
    record_finding(sample.pk, "right", by=rita, now=SOON)
    assert record_finding(sample.pk, "right", by=rita, now=SOON + timedelta(hours=1)).found_at == SOON
    for person, finding in ((rita, "wrong"), (max_, "right")):
        with pytest.raises(AlreadyFound, match="found it right"):
            record_finding(sample.pk, finding, by=person, now=SOON)
    assert AuditEntry.objects.filter(kind="sample.found").count() == 1


def test_other_words_are_no_finding(sample: AuditSample, rita: Person) -> None:
    with pytest.raises(FindingUnfit):
        record_finding(sample.pk, "fine", by=rita, now=SOON)


def test_an_auditor_only_looks(sample: AuditSample, auditor: Person) -> None:
    with pytest.raises(NotYours):
        record_finding(sample.pk, "right", by=auditor, now=SOON)


def test_nobody_judges_his_own_wish(bench: Bench, rita: Person, max_: Person) -> None:
    publish(change_customer_address={**BY_ITSELF, "audit_share": Decimal(1)})
    action = bench.execute(bench.propose(KIND, address(), proposer="outside:rita", person=rita))
    sample = AuditSample.objects.get(action=action)
    assert list(samples_for(max_)) == [sample]
    assert not samples_for(rita).exists()
    with pytest.raises(NotYours):
        record_finding(sample.pk, "right", by=rita, now=SOON)


def test_what_was_taken_back_meanwhile_is_not_asked_about(sample: AuditSample, rita: Person) -> None:
    undo_action(sample.action_id, by=rita, now=SOON)
    assert not open_samples().exists()
