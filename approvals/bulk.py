"""Deciding many at once, so that progress and results outlive the page that asked.

A bulk decides nothing that a single decision would not: each item in a transaction of its own, answered for itself. It
is safe to work off twice, by two at once, and again after a crash: what was decided since it was begun stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from approvals import audit, signals
from approvals.bells import ring_after_commit
from approvals.deciding import (
    LARGEST_BULK,
    BulkTooLarge,
    NotAllowed,
    Outcome,
    Verdict,
    decide_one,
    ring_for_bulk,
)
from approvals.models import BulkDecision
from tickets.models import Person

STRETCH = 20
"""Items decided before their results are kept and told."""
WORTH_ANOTHER_TRY = frozenset({"failed", "not_seen"})
"""Codes of items that the same decision on the same preview may take the next time."""


@dataclass(frozen=True)
class Progress:
    """How far a bulk has come."""

    bulk_id: UUID
    done: int
    total: int
    ok: int
    is_finished: bool

    def to_json(self) -> dict[str, Any]:
        """As those who watch are told."""
        return {
            "id": str(self.bulk_id),
            "done": self.done,
            "total": self.total,
            "ok": self.ok,
            "is_finished": self.is_finished,
        }


@transaction.atomic
def begin_bulk(verdicts: Sequence[Verdict], *, by: Person, now: datetime) -> BulkDecision:
    """Keeps what is to be decided, each action once, and rings for a worker; all share the first one's verdict.

    It keeps as well what its decisions are to say of the call that began it: how long the previews were on screen, and
    the token it came with. Raises: BulkTooLarge.
    """
    items: dict[str, str] = {}
    for verdict in verdicts:
        items.setdefault(str(verdict.action_id), verdict.digest)
    if len(items) > LARGEST_BULK:
        raise BulkTooLarge(BulkTooLarge.__doc__)
    first = verdicts[0]
    bulk = BulkDecision(
        person=by,
        verdict=first.verdict,
        reason=first.reason,
        items=list(items.items()),
        grace_seconds=first.grace.total_seconds(),
        seconds_on_screen=first.seconds_on_screen,
        at=now,
    )
    actor, words = f"person:{by.username}", {"verdict": bulk.verdict, "reason": bulk.reason, "items": len(items)}
    begun = audit.record("bulk.begun", actor=actor, subject=f"bulk:{bulk.pk}", at=now, **words)
    bulk.token = begun.data.get("token")
    bulk.save(force_insert=True)
    ring_for_worker(bulk.pk)
    return bulk


def ring_for_worker(bulk_id: UUID) -> None:
    """After the commit, wakes whoever works bulks off; the sweep finds what a lost bell forgot."""
    from approvals.tasks import work_bulk_task

    ring_after_commit(work_bulk_task, str(bulk_id))


def work_bulk(bulk_id: UUID, *, now: datetime) -> Progress:
    """Decides the next items of a bulk and keeps what came of them. Raises: BulkDecision.DoesNotExist."""
    bulk = BulkDecision.objects.select_related("person").get(pk=bulk_id)
    if bulk.finished_at is not None:
        return progress_of(bulk)
    # A context of its own: what this thread does next is not done by the bulk's token.
    outcomes = copy_context().run(decide_stretch, bulk, now)
    ring_for_bulk(outcomes, seconds=bulk.grace_seconds)
    return keep_results(bulk_id, outcomes, now)


def decide_stretch(bulk: BulkDecision, now: datetime) -> list[Outcome]:
    """The next items, decided as by the call that began the bulk: its audit entries name the same token."""
    audit.note_token(bulk.token)
    left = [(UUID(name), digest) for name, digest in bulk.items if name not in bulk.results][:STRETCH]
    return [decide_one(verdict_of(bulk, action_id, digest), by=bulk.person, now=now) for action_id, digest in left]


def verdict_of(bulk: BulkDecision, action_id: UUID, digest: str) -> Verdict:
    """One item of a bulk as a decision."""
    return Verdict(
        action_id,
        bulk.verdict,
        digest,
        reason=bulk.reason,
        seconds_on_screen=bulk.seconds_on_screen,
        grace=timedelta(seconds=bulk.grace_seconds),
        in_bulk=True,
        begun_at=bulk.at,
    )


@transaction.atomic
def keep_results(bulk_id: UUID, outcomes: Iterable[Outcome], now: datetime) -> Progress:
    """Adds results to a bulk's own; of two that worked on the same item, the first one's word is kept."""
    bulk = BulkDecision.objects.select_for_update().get(pk=bulk_id)
    if bulk.finished_at is not None:
        return progress_of(bulk)
    bulk.results = {str(outcome.action_id): result_of(outcome) for outcome in outcomes} | bulk.results
    if len(bulk.results) == len(bulk.items):
        bulk.finished_at = now
        tell_ended(bulk, now)
    bulk.save(update_fields=["results", "finished_at"])
    return progress_of(bulk)


def result_of(outcome: Outcome) -> dict[str, Any]:
    """What came of one item, as it is stored."""
    return {"ok": outcome.ok, "status": outcome.status, "code": outcome.code, "message": outcome.message}


def tell_ended(bulk: BulkDecision, now: datetime) -> None:
    """The audit entry of a bulk that is worked off: how many were taken, and why others were not."""
    codes = [result["code"] for result in bulk.results.values() if not result["ok"]]
    lost = {code: codes.count(code) for code in sorted(set(codes))}
    taken = len(bulk.results) - len(codes)
    audit.record("bulk.ended", actor="gate", subject=f"bulk:{bulk.pk}", at=now, taken=taken, lost=lost)


def progress_of(bulk: BulkDecision) -> Progress:
    """How far it is."""
    ok = sum(result["ok"] for result in bulk.results.values())
    return Progress(bulk.pk, len(bulk.results), len(bulk.items), ok, bulk.finished_at is not None)


def tell_progress(progress: Progress, *, now: datetime) -> None:
    """Tells those who watch."""
    signals.bulk_progressed.send(sender=BulkDecision, progress=progress, now=now)


def retry_bulk(bulk: BulkDecision, *, by: Person, now: datetime) -> BulkDecision | None:
    """Begins another bulk with what of this one may be taken now; none where there is no such item.

    Raises: NotAllowed: what one person decided, nobody else repeats.
    """
    if by.pk != bulk.person_id:
        raise NotAllowed("not_allowed", f"Only {bulk.person} can repeat this.")
    failed = [name for name, result in bulk.results.items() if result["code"] in WORTH_ANOTHER_TRY]
    again = [verdict_of(bulk, UUID(name), digest) for name, digest in bulk.items if name in failed]
    return begin_bulk(again, by=by, now=now) if again else None


def unfinished_bulks() -> list[UUID]:
    """Bulks with items that nobody has decided yet, oldest first."""
    return list(BulkDecision.objects.filter(finished_at=None).order_by("at").values_list("pk", flat=True))
