"""A bulk is decided item by item in the background: once each, whoever works it off and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connection

from approvals.audit import note_token, record
from approvals.bulk import STRETCH, Progress, begin_bulk, progress_of, retry_bulk, unfinished_bulks, work_bulk
from approvals.deciding import BulkTooLarge, NotAllowed, Verdict, decide_action, mark_seen, withdraw_approval
from approvals.models import Action, AuditEntry, BulkDecision, Decision
from approvals.signals import bulk_progressed
from approvals.tasks import work_bulk_task
from tests.acceptance.test_crash import Death, Killed, dying
from tests.approvals.batches.rows import copy_row
from tests.approvals.shop import NEW_ADDRESS, NOW, PENDING, Bench
from tickets.models import Person

pytestmark = pytest.mark.django_db

MOVED = {"order_id": PENDING, "address": NEW_ADDRESS}
SOON = NOW + timedelta(seconds=1)


@pytest.fixture
def many(bench: Bench) -> list[Action]:
    """More than one stretch of address changes, each of an origin of its own."""
    first = bench.propose("change_order_address", MOVED)
    rows = [copy_row(first, id=uuid4(), origin=uuid4()) for _ in range(STRETCH + 4)]
    return [first, *Action.objects.bulk_create(rows)]


@pytest.fixture
def fresh(many: list[Action]) -> list[Action]:
    """The same, for the tasks, which read the clock."""
    Action.objects.update(expires_at=None)
    return many


def verdicts(actions: list[Action], word: str = "approve", **fields: Any) -> list[Verdict]:
    return [Verdict(action.pk, word, action.digest, **fields) for action in actions]


def work_off(bulk: BulkDecision) -> Progress:
    while not (progress := work_bulk(bulk.pk, now=SOON)).is_finished:
        assert progress.done < progress.total
    return progress


def statuses(actions: list[Action]) -> list[str]:
    found = dict(Action.objects.filter(pk__in=[action.pk for action in actions]).values_list("pk", "status"))
    return [found[action.pk] for action in actions]


def test_it_goes_on_stretch_by_stretch_to_the_end(many: list[Action], rita: Person) -> None:
    bulk = begin_bulk(verdicts(many), by=rita, now=NOW)
    first = work_bulk(bulk.pk, now=SOON)
    assert (first.done, first.total, first.is_finished) == (STRETCH, len(many), False)
    assert statuses(many) == ["approved"] * STRETCH + ["waiting"] * 5
    last = work_bulk(bulk.pk, now=SOON)
    assert (last.done, last.ok, last.is_finished) == (len(many), len(many), True)
    assert work_bulk(bulk.pk, now=SOON) == last and Decision.objects.count() == len(many)


def test_its_begin_and_its_end_are_in_the_audit_log(many: list[Action], rita: Person, max_: Person) -> None:
    decide_action(verdicts(many)[0], by=max_, now=NOW)
    bulk = begin_bulk(verdicts(many, reason="the morning's"), by=rita, now=NOW)
    work_off(bulk)
    begun, ended = AuditEntry.objects.filter(subject=f"bulk:{bulk.pk}").order_by("pk")
    assert (begun.kind, begun.actor, begun.data["items"]) == ("bulk.begun", "person:rita", len(many))
    assert (ended.kind, ended.data) == ("bulk.ended", {"taken": len(many) - 1, "lost": {"already_decided": 1}})


def test_every_decision_says_what_a_single_one_would(many: list[Action], rita: Person) -> None:
    """How long the previews were on screen, and the token of the call; whoever works it off has another, or none."""
    note_token(7)
    bulk = begin_bulk(verdicts(many, seconds_on_screen=41.5), by=rita, now=NOW)
    note_token(9)
    work_off(bulk)
    record("told.after", actor="system", subject="x", at=NOW)
    note_token(None)
    assert set(Decision.objects.values_list("seconds_on_screen", flat=True)) == {41.5}
    decided = AuditEntry.objects.filter(kind="action.decided")
    assert [entry.data["token"] for entry in decided] == [7] * len(many)
    assert AuditEntry.objects.get(kind="told.after").data["token"] == 9
    plain = begin_bulk(verdicts(many, "reject"), by=rita, now=NOW)
    assert (plain.seconds_on_screen, plain.token) == (None, None)


def test_each_item_answers_for_itself(many: list[Action], bench: Bench, rita: Person, max_: Person) -> None:
    decide_action(verdicts(many)[1], by=max_, now=NOW)
    stale = Verdict(many[2].pk, "approve", "0" * 64)
    strange = Verdict(uuid4(), "approve", "0" * 64)
    cancel = bench.propose("cancel_order", {"order_id": PENDING, "reason": "no longer needed"})
    sent = [*verdicts(many[:2]), stale, strange, *verdicts([cancel]), *verdicts(many[:1])]
    bulk = begin_bulk(sent, by=rita, now=NOW)
    work_off(bulk)
    bulk.refresh_from_db()
    assert [name for name, _ in bulk.items] == [str(one.action_id) for one in sent[:5]]
    assert [bulk.results[name]["code"] for name, _ in bulk.items] == [
        "", "already_decided", "preview_changed", "not_found", "not_allowed",
    ]  # fmt: skip
    assert bulk.results[str(many[1].pk)]["message"] == "Max approved this already."


def test_what_is_worked_off_again_is_decided_once(many: list[Action], rita: Person) -> None:
    """A worker that dies after its decisions and before their results leaves them to the next."""
    bulk = begin_bulk(verdicts(many, grace=timedelta(seconds=60)), by=rita, now=NOW)
    work_bulk(bulk.pk, now=SOON)
    BulkDecision.objects.filter(pk=bulk.pk).update(results={})
    withdraw_approval(many[0].pk, by=rita, now=SOON)
    done = work_off(bulk)
    assert done.ok == len(many)
    assert Decision.objects.filter(verdict="approve").count() == len(many)
    assert statuses(many) == ["waiting"] + ["approved"] * (len(many) - 1)


def test_what_its_person_has_decided_otherwise_since_stays(many: list[Action], rita: Person) -> None:
    bulk = begin_bulk(verdicts(many), by=rita, now=NOW)
    decide_action(Verdict(many[0].pk, "reject", many[0].digest), by=rita, now=SOON)
    work_off(bulk)
    bulk.refresh_from_db()
    assert bulk.results[str(many[0].pk)]["code"] == "already_decided"
    assert statuses(many[:1]) == ["rejected"]


def test_the_task_works_it_off_tells_and_may_come_twice(fresh: list[Action], rita: Person) -> None:
    told: list[Progress] = []

    def listen(progress: Progress, **rest: Any) -> None:
        told.append(progress)

    bulk_progressed.connect(listen)
    bulk = begin_bulk(verdicts(fresh, "reject"), by=rita, now=NOW)
    work_bulk_task(str(bulk.pk))
    work_bulk_task(str(bulk.pk))
    bulk_progressed.disconnect(listen)
    assert told[0].done == STRETCH and told[-1].is_finished and told[-1].ok == len(fresh)
    assert statuses(fresh) == ["rejected"] * len(fresh)
    assert Decision.objects.count() == len(fresh)


def test_while_one_worker_is_at_it_another_leaves_it(many: list[Action], rita: Person) -> None:
    bulk = begin_bulk(verdicts(many), by=rita, now=NOW)
    cache.add(f"bulk-{bulk.pk}", 1, 30)
    work_bulk_task(str(bulk.pk))
    assert set(statuses(many)) == {"waiting"}
    cache.delete(f"bulk-{bulk.pk}")


def test_the_sweep_takes_up_what_a_lost_bell_forgot(fresh: list[Action], rita: Person) -> None:
    bulk = begin_bulk(verdicts(fresh, "reject"), by=rita, now=NOW)
    assert unfinished_bulks() == [bulk.pk]
    for bulk_id in unfinished_bulks():
        work_bulk_task(str(bulk_id))
    assert unfinished_bulks() == [] and set(statuses(fresh)) == {"rejected"}


def test_only_what_may_be_taken_now_is_tried_again(bench: Bench, many: list[Action], max_: Person) -> None:
    cancel = bench.propose("cancel_order", {"order_id": PENDING, "reason": "no longer needed"})
    bulk = begin_bulk([*verdicts([cancel]), *verdicts(many[:2])], by=max_, now=NOW)
    work_off(bulk)
    bulk.refresh_from_db()
    assert bulk.results[str(cancel.pk)]["code"] == "not_seen"
    mark_seen(cancel.pk, cancel.digest, by=max_, now=NOW)
    again = retry_bulk(bulk, by=max_, now=SOON)
    assert again is not None and [name for name, _ in again.items] == [str(cancel.pk)]
    assert work_off(again).ok == 1
    again.refresh_from_db()
    assert retry_bulk(again, by=max_, now=SOON) is None


def test_nobody_else_repeats_what_a_person_decided(many: list[Action], rita: Person, max_: Person) -> None:
    bulk = begin_bulk(verdicts(many[:1]), by=rita, now=NOW)
    with pytest.raises(NotAllowed):
        retry_bulk(bulk, by=max_, now=SOON)


def test_one_more_than_a_thousand_is_too_much(rita: Person) -> None:
    with pytest.raises(BulkTooLarge):
        begin_bulk([Verdict(UUID(int=place), "approve", "") for place in range(1001)], by=rita, now=NOW)
    bulk = begin_bulk([Verdict(UUID(int=place), "approve", "") for place in range(1000)], by=rita, now=NOW)
    assert progress_of(bulk) == Progress(bulk.pk, 0, 1000, 0, False)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_at_any_commit_leaves_the_rest_to_the_next(
    bench: Bench, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stretches, 3 + 2 decisions and the results of each: 7 commits, death just before and just after every one."""
    monkeypatch.setattr("approvals.bulk.STRETCH", 3)
    first = bench.propose("change_order_address", MOVED)
    for commit, before in product(range(1, 8), (True, False)):
        rows = [copy_row(first, id=uuid4(), origin=uuid4()) for _ in range(5)]
        bulk = begin_bulk(verdicts(Action.objects.bulk_create(rows)), by=rita, now=NOW)
        death = Death(commit, before=before)
        with dying(death), pytest.raises(Killed):
            work_off(bulk)
        connection.close()
        assert work_off(bulk).ok == len(rows)
        own = Decision.objects.filter(action__in=rows)
        assert sorted(own.values_list("action", flat=True)) == sorted(one.pk for one in rows)
        assert AuditEntry.objects.filter(kind="bulk.ended", subject=f"bulk:{bulk.pk}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_bulk_decide_each_item_once(many: list[Action], rita: Person) -> None:
    bulk = begin_bulk(verdicts(many), by=rita, now=NOW)

    def work() -> Progress:
        try:
            return work_off(bulk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        workers = [pool.submit(work) for _ in range(2)]
        assert [worker.result() for worker in workers] == [Progress(bulk.pk, len(many), len(many), len(many), True)] * 2
    assert Decision.objects.count() == len(many)
    assert AuditEntry.objects.filter(kind="bulk.ended").count() == 1
