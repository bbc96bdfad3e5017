"""Schedules: dry run reports that are made again and again, at a minute of every hour, day or week of a time zone.

Hours are counted, days and weeks go by the clock on the wall. A time that the clock skips in spring is made as much
later as the clock jumps (02:30 at 03:30); of a time that comes twice in autumn the first counts. What fell due while
nothing ran is made up for by one report.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from agentdesk.agent.providers import UnknownModel
from agentdesk.runs.models import DryRunReport, DryRunSchedule
from agentdesk.runs.reports import Order, UnknownPolicyVersion, make_report, require_known
from agentdesk.runs.selecting import Selection
from approvals import audit
from tickets.models import Person, Role

logger = logging.getLogger(__name__)

Every = Literal["hour", "day", "week"]
MINUTES = {"hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
SCHEDULERS = (Role.MANAGER, Role.ADMIN)
"""Who makes schedules, and in whose name they run."""
TIME_ZONES = frozenset(available_timezones())
LONGEST_SHIFT = timedelta(days=2)
"""How far apart a local day and the moment asked about can lie."""


class ScheduleUnfit(Exception):
    """This schedule cannot be kept; `fields` says which part and why."""

    def __init__(self, **fields: str) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = fields


@dataclass(frozen=True)
class Rhythm:
    """When a report is due: at this minute of every hour, day or week (from Monday) of a time zone."""

    every: Every
    at_minute: int
    time_zone: str = "UTC"


def next_time(rhythm: Rhythm, after: datetime) -> datetime:
    """The first due time after a moment, in UTC. Raises: ScheduleUnfit."""
    require_rhythm(rhythm)
    zone = ZoneInfo(rhythm.time_zone)
    if rhythm.every == "hour":
        return next_hourly(rhythm.at_minute, zone, after)
    first = (after.astimezone(zone) - LONGEST_SHIFT).date()
    days = (first + timedelta(days=number) for number in range(12))
    due = (wall_time(day, rhythm, zone) for day in days if is_due_day(day, rhythm))
    return next(moment for moment in due if moment > after)


def next_hourly(minute: int, zone: ZoneInfo, after: datetime) -> datetime:
    """The next moment at which the wall shows this minute; zones may be half an hour apart, and shift by as much."""
    moment = after.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    while (short := (minute - moment.astimezone(zone).minute) % 60) != 0:
        moment += timedelta(minutes=min(short, 15))
    return moment


def wall_time(day: date, rhythm: Rhythm, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the wall shows the rhythm's time on a day; the first one where it comes twice."""
    hour, minute = divmod(rhythm.at_minute % MINUTES["day"], 60)
    return datetime.combine(day, time(hour, minute), tzinfo=zone).astimezone(UTC)


def is_due_day(day: date, rhythm: Rhythm) -> bool:
    """Every day, or in a weekly rhythm the one day of the week."""
    return rhythm.every == "day" or day.weekday() == rhythm.at_minute // MINUTES["day"]


def require_rhythm(rhythm: Rhythm) -> None:
    """A known rhythm, a minute within it, a time zone there is. Raises: ScheduleUnfit, every fault named."""
    faults = {}
    if rhythm.every not in MINUTES:
        faults["every"] = "must be hour, day or week"
    elif not 0 <= rhythm.at_minute < MINUTES[rhythm.every]:
        faults["at_minute"] = f"must be from 0 to {MINUTES[rhythm.every] - 1}"
    if rhythm.time_zone not in TIME_ZONES:
        faults["time_zone"] = "is not a time zone this system knows"
    if faults:
        raise ScheduleUnfit(**faults)


@transaction.atomic
def add_schedule(order: Order, rhythm: Rhythm, *, by: Person, now: datetime) -> DryRunSchedule:
    """A new schedule, on, in this person's name. Raises: ScheduleUnfit, UnknownPolicyVersion, UnknownModel."""
    next_at = next_time(rhythm, now)
    require_known(order.policy_version, order.model)
    schedule = DryRunSchedule.objects.create(
        name=order.name,
        selection=order.selection.model_dump(mode="json", exclude_none=True),
        every=rhythm.every,
        at_minute=rhythm.at_minute,
        time_zone=rhythm.time_zone,
        policy_version=order.policy_version,
        model=order.model,
        person=by,
        next_at=next_at,
        created_at=now,
    )
    tell(schedule, "added", by, now)
    return schedule


@transaction.atomic
def switch_schedule(schedule_id: int, *, is_on: bool, by: Person, now: datetime) -> DryRunSchedule:
    """On or off. Switched on it runs from now on, in the name of whoever did. Raises: DryRunSchedule.DoesNotExist."""
    schedule = DryRunSchedule.objects.select_for_update().get(pk=schedule_id)
    if is_on:
        schedule.person, schedule.next_at = by, next_time(rhythm_of(schedule), now)
    schedule.is_on = is_on
    schedule.save(update_fields=["is_on", "person", "next_at"])
    tell(schedule, "on" if is_on else "off", by, now)
    return schedule


def tell(schedule: DryRunSchedule, what: str, by: Person, now: datetime) -> None:
    """The audit entry of a schedule that was added or switched."""
    actor = f"person:{by.username}"
    audit.record(f"schedule.{what}", actor=actor, subject=f"schedule:{schedule.pk}", at=now, name=schedule.name)


def rhythm_of(schedule: DryRunSchedule) -> Rhythm:
    """A stored schedule's rhythm."""
    return Rhythm(schedule.every, schedule.at_minute, schedule.time_zone)  # type: ignore[arg-type]


def runs_by_itself(schedule: DryRunSchedule) -> bool:
    """Whether it is on and the person it runs for may still have it run."""
    return schedule.is_on and schedule.person.is_active and schedule.person.role in SCHEDULERS


def make_due_reports(*, now: datetime) -> list[DryRunReport]:
    """One report for each schedule that is due, however many times it was; each due time is taken once."""
    due = DryRunSchedule.objects.filter(is_on=True, next_at__lte=now, person__is_active=True)
    reports = []
    for schedule in due.filter(person__role__in=SCHEDULERS).select_related("person").order_by("next_at"):
        try:
            report = make_due_report(schedule, now)
        except (UnknownModel, UnknownPolicyVersion):
            logger.exception("the schedule %s cannot be kept as it is", schedule.pk)
            pass_over(schedule, now)
            continue
        reports += [report] if report else []
    return reports


def pass_over(schedule: DryRunSchedule, now: datetime) -> bool:
    """Takes a due time, so that nobody else does; whether it was still there to be taken."""
    taken = DryRunSchedule.objects.filter(pk=schedule.pk, is_on=True, next_at=schedule.next_at)
    return bool(taken.update(next_at=next_time(rhythm_of(schedule), now)))


@transaction.atomic
def make_due_report(schedule: DryRunSchedule, now: datetime) -> DryRunReport | None:
    """The report of a due time, where nobody else has taken it."""
    if not pass_over(schedule, now):
        return None
    order = Order(
        name=schedule.name,
        selection=Selection.model_validate(schedule.selection),
        policy_version=schedule.policy_version,
        model=schedule.model,
        schedule=schedule,
        scheduled_for=schedule.next_at,
    )
    return make_report(order, by=schedule.person, now=now)[0]
