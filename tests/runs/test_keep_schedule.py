"""A schedule's report is made at its time, once, in the name of somebody who may still ask for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentdesk.agent.providers import UnknownModel
from agentdesk.runs.models import DryRunReport, DryRunSchedule, Run
from agentdesk.runs.reports import Order, UnknownPolicyVersion
from agentdesk.runs.schedules import (
    Rhythm,
    ScheduleUnfit,
    add_schedule,
    make_due_reports,
    next_time,
    runs_by_itself,
    switch_schedule,
)
from agentdesk.runs.selecting import Selection
from approvals.models import AuditEntry
from tickets.models import Person, Ticket

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BERLIN, ORDER = "Europe/Berlin", Order("Morning look", Selection())
HALF_PAST_TWO = Rhythm("day", 150, BERLIN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- When it is due ---


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        (Rhythm("hour", 15), "2026-03-02T12:00", "2026-03-02T12:15"),
        (Rhythm("hour", 0), "2026-03-02T12:00", "2026-03-02T13:00"),
        (Rhythm("hour", 0, "Asia/Kolkata"), "2026-03-02T12:00", "2026-03-02T12:30"),
        (Rhythm("day", 8 * 60, "UTC"), "2026-03-02T08:00", "2026-03-03T08:00"),
        (Rhythm("day", 8 * 60, "Pacific/Auckland"), "2026-03-02T18:30", "2026-03-02T19:00"),
        (Rhythm("day", 60, "Pacific/Kiritimati"), "2026-03-02T10:59", "2026-03-02T11:00"),
        (Rhythm("week", 0, "UTC"), "2026-03-02T00:00", "2026-03-09T00:00"),
        (Rhythm("week", 6 * 1440 + 600, "America/Los_Angeles"), "2026-03-03T00:00", "2026-03-08T17:00"),
    ],
)
def test_it_is_due_next(rhythm: Rhythm, after: str, due: str) -> None:
    assert next_time(rhythm, utc(after)) == utc(due)


def test_a_time_the_clock_skips_is_made_as_much_later() -> None:
    """On 29 March 2026 Berlin goes from 02:00 to 03:00: 02:30 is at 03:30."""
    assert next_time(HALF_PAST_TWO, utc("2026-03-28T12:00")) == utc("2026-03-29T01:30")
    assert next_time(HALF_PAST_TWO, utc("2026-03-29T01:30")) == utc("2026-03-30T00:30")


def test_a_time_that_comes_twice_is_made_once() -> None:
    """On 25 October 2026 Berlin goes from 03:00 back to 02:00: the first 02:30 counts."""
    assert next_time(HALF_PAST_TWO, utc("2026-10-24T12:00")) == utc("2026-10-25T00:30")
    assert next_time(HALF_PAST_TWO, utc("2026-10-25T00:30")) == utc("2026-10-26T01:30")


@pytest.mark.parametrize("zone", [BERLIN, "Australia/Lord_Howe", "America/New_York"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-04-05", "2026-10-04", "2026-03-08", "2026-11-01"])
def test_an_hourly_one_keeps_its_minute_over_the_change(zone: str, day: str) -> None:
    moment = utc(f"{day}T00:00") - timedelta(hours=14)
    for _ in range(40):
        following = next_time(Rhythm("hour", 20, zone), moment)
        assert timedelta(0) < following - moment <= timedelta(minutes=90)
        moment = following


@pytest.mark.parametrize("rhythm", [HALF_PAST_TWO, Rhythm("week", 6 * 1440 + 150, BERLIN)])
def test_a_year_of_it_has_each_day_once(rhythm: Rhythm) -> None:
    moment, end, days = utc("2026-01-01T00:00"), utc("2027-01-01T00:00"), set()
    while (moment := next_time(rhythm, moment)) < end:
        assert moment.date() not in days
        days.add(moment.date())
    assert len(days) == (365 if rhythm.every == "day" else 52)


@pytest.mark.parametrize(
    ("rhythm", "fields"),
    [
        (Rhythm("month", 0), {"every"}),  # type: ignore[arg-type]
        (Rhythm("hour", 60), {"at_minute"}),
        (Rhythm("day", -1, "Europe/Atlantis"), {"at_minute", "time_zone"}),
        (Rhythm("week", 7 * 1440), {"at_minute"}),
        (Rhythm("day", 0, "../etc/passwd"), {"time_zone"}),
    ],
)
def test_an_unfit_one_is_refused_with_every_fault(rhythm: Rhythm, fields: set[str]) -> None:
    with pytest.raises(ScheduleUnfit) as refused:
        next_time(rhythm, NOON)
    assert set(refused.value.fields) == fields


# --- Made when due ---


@pytest.fixture
def schedule(ticket: Ticket, max_: Person) -> DryRunSchedule:
    return add_schedule(ORDER, Rhythm("day", 8 * 60), by=max_, now=NOON)


def test_it_is_made_at_its_time_and_once(schedule: DryRunSchedule) -> None:
    due = NOON.replace(hour=8) + timedelta(days=1)
    assert make_due_reports(now=due - timedelta(seconds=1)) == []
    [report] = make_due_reports(now=due)
    assert make_due_reports(now=due) == []
    assert (report.name, report.person, report.scheduled_for) == ("Morning look", schedule.person, due)
    assert AuditEntry.objects.filter(kind="report.made").count() == 1


def test_what_was_missed_is_one_report(schedule: DryRunSchedule) -> None:
    back = NOON + timedelta(days=10)
    assert len(make_due_reports(now=back)) == 1
    assert make_due_reports(now=back + timedelta(minutes=5)) == []
    assert len(make_due_reports(now=back + timedelta(days=1))) == 1


def test_a_clock_that_goes_back_makes_nothing_twice(schedule: DryRunSchedule) -> None:
    due = NOON.replace(hour=8) + timedelta(days=1)
    assert len(make_due_reports(now=due)) == 1
    assert make_due_reports(now=due - timedelta(hours=1)) == make_due_reports(now=due + timedelta(minutes=1)) == []


def test_whoever_reads_the_same_row_makes_one(schedule: DryRunSchedule) -> None:
    from agentdesk.runs.schedules import make_due_report

    due = NOON + timedelta(days=1)
    assert make_due_report(schedule, due) is not None
    assert make_due_report(schedule, due) is None
    assert DryRunReport.objects.count() == 1


@pytest.mark.parametrize("changes", [{"is_active": False}, {"role": "support"}, {"role": "auditor"}])
def test_it_stops_with_the_person_it_runs_for(
    schedule: DryRunSchedule, max_: Person, ada: Person, changes: dict[str, Any]
) -> None:
    Person.objects.filter(pk=max_.pk).update(**changes)
    later = NOON + timedelta(days=3)
    assert make_due_reports(now=later) == []
    schedule.refresh_from_db()
    assert not runs_by_itself(schedule)
    schedule = switch_schedule(schedule.pk, is_on=True, by=ada, now=later)
    assert runs_by_itself(schedule) and schedule.next_at > later
    assert [report.person for report in make_due_reports(now=later + timedelta(days=1))] == [ada]


def test_off_is_off_and_on_starts_afresh(schedule: DryRunSchedule, max_: Person) -> None:
    switch_schedule(schedule.pk, is_on=False, by=max_, now=NOON)
    assert make_due_reports(now=NOON + timedelta(days=5)) == []
    switch_schedule(schedule.pk, is_on=True, by=max_, now=NOON + timedelta(days=5))
    assert make_due_reports(now=NOON + timedelta(days=5)) == []
    kinds = AuditEntry.objects.filter(subject=f"schedule:{schedule.pk}").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["schedule.added", "schedule.off", "schedule.on"]


def test_one_that_cannot_be_kept_does_not_hold_up_the_others(schedule: DryRunSchedule, max_: Person) -> None:
    add_schedule(Order("Other", Selection()), Rhythm("day", 9 * 60), by=max_, now=NOON)
    DryRunSchedule.objects.filter(pk=schedule.pk).update(policy_version=999)
    assert [report.name for report in make_due_reports(now=NOON + timedelta(days=1))] == ["Other"]
    schedule.refresh_from_db()
    assert schedule.next_at > NOON + timedelta(days=1)


def test_a_wrong_policy_or_model_is_refused_at_once(ticket: Ticket, max_: Person) -> None:
    with pytest.raises(UnknownPolicyVersion):
        add_schedule(Order("x", Selection(), policy_version=999), HALF_PAST_TWO, by=max_, now=NOON)
    with pytest.raises(UnknownModel):
        add_schedule(Order("x", Selection(), model="nobody:knows"), HALF_PAST_TWO, by=max_, now=NOON)
    assert not DryRunSchedule.objects.exists() and not Run.objects.filter(mode="dry_run").exists()
