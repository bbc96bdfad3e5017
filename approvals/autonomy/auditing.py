"""Looking at what was drawn: a person, who is not told the verdict, says whether it was right."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals import audit
from approvals.bells import ring_after_commit
from approvals.models import ActionStatus, AuditSample, Decision, Finding
from tickets.models import Person


class AlreadyFound(Exception):
    """Somebody has looked at this already."""

    def __init__(self, sample: AuditSample) -> None:
        super().__init__(f"{sample.person} has looked at this already and found it {sample.finding}.")
        self.sample = sample


class NotYours(Exception):
    """This person may not judge it: an auditor only looks, and nobody judges what he had a hand in."""


class FindingUnfit(Exception):
    """A finding is right, wrong or unclear."""


def open_samples() -> QuerySet[AuditSample]:
    """What was drawn and nobody has looked at; what was taken back meanwhile has told its tale already."""
    return AuditSample.objects.filter(finding="", action__status=ActionStatus.EXECUTED)


def samples_for(person: Person) -> QuerySet[AuditSample]:
    """The open ones this person may judge, oldest first."""
    decided = Decision.objects.filter(action=OuterRef("action"), person=person)
    own = Q(action__proposed_by=person) | Q(Exists(decided))
    return open_samples().exclude(own).order_by("drawn_at", "id")


@transaction.atomic
def record_finding(sample_id: int, finding: str, *, note: str = "", by: Person, now: datetime) -> AuditSample:
    """Writes down what a person found; the same word by the same person again is the recorded one.

    Raises: FindingUnfit, NotYours, AlreadyFound, AuditSample.DoesNotExist.
    """
    if finding not in Finding.values:
        raise FindingUnfit(FindingUnfit.__doc__)
    sample = AuditSample.objects.select_for_update(of=("self",)).select_related("action", "person").get(pk=sample_id)
    require_hands_off(sample, by)
    if sample.finding:
        if (sample.finding, sample.person_id) == (finding, by.pk):
            return sample
        raise AlreadyFound(sample)
    sample.finding, sample.note, sample.person, sample.found_at = finding, note.strip(), by, now
    sample.save(update_fields=["finding", "note", "person", "found_at"])
    actor, subject = f"person:{by.username}", f"action:{sample.action_id}"
    audit.record("sample.found", actor=actor, subject=subject, at=now, finding=finding, note=sample.note)
    ring_sweep()
    return sample


def require_hands_off(sample: AuditSample, by: Person) -> None:
    """Staff who neither proposed the action nor said anything of it before. Raises: NotYours."""
    if not by.is_active or not by.may_decide:
        raise NotYours("Auditors look at everything and decide nothing.")
    is_own = sample.action.proposed_by_id == by.pk
    if is_own or Decision.objects.filter(action=sample.action_id, person=by).exists():
        raise NotYours("You had a hand in this; somebody else looks at it.")


def ring_sweep() -> None:
    """After the commit, has the breaker look at once; the periodic sweep finds what a lost bell forgot."""
    from approvals.tasks import sweep_autonomy

    ring_after_commit(sweep_autonomy)
