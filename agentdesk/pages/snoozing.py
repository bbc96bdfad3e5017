"""Not now, but when: what a person chose, as a moment. Wall clocks are read in the zone the browser names."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

Choice = Literal["hour", "tomorrow", "monday", "at"]
CHOICES: dict[Choice, str] = {"hour": "In an hour", "tomorrow": "Tomorrow, 9:00", "monday": "Monday, 9:00"}
MORNING = time(9)


class NoSuchMoment(ValueError):
    """Choose when the ticket is to come back."""


def read_zone(name: str) -> ZoneInfo:
    """The zone a browser names; the desk's own for anything that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def choose_moment(choice: str, zone: ZoneInfo, now: datetime, at: str = "") -> datetime:
    """When a ticket put off like this comes back, in UTC.

    A wall clock's hour that daylight saving leaves out is the same moment an hour later on the clock; of one that comes
    twice the first is meant. Raises: NoSuchMoment.
    """
    if choice == "hour":
        return now + timedelta(hours=1)
    today = now.astimezone(zone).date()
    if choice == "tomorrow":
        return datetime.combine(today + timedelta(days=1), MORNING, zone).astimezone(UTC)
    if choice == "monday":
        return datetime.combine(today + timedelta(days=7 - today.weekday()), MORNING, zone).astimezone(UTC)
    return read_wall_clock(at, zone) if choice == "at" else refuse_moment()


def read_wall_clock(at: str, zone: ZoneInfo) -> datetime:
    """What a `datetime-local` field holds, in UTC. Raises: NoSuchMoment."""
    try:
        wall = datetime.fromisoformat(at)
        return wall.replace(tzinfo=wall.tzinfo or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return refuse_moment()


def refuse_moment() -> datetime:
    """Nothing that was chosen is a moment."""
    raise NoSuchMoment(NoSuchMoment.__doc__)
