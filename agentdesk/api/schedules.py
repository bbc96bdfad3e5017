"""Schedules of dry run reports: looked at by everyone, added and switched by managers and admins."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Status

from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import ApiError
from agentdesk.api.fields import LARGEST_ID
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.report_answers import schedule_to_json
from agentdesk.api.report_shapes import ScheduleShape
from agentdesk.api.schemas import NewSchedule, Switch
from agentdesk.api.shapes import ERRORS, Page
from agentdesk.runs.models import DryRunSchedule
from agentdesk.runs.reports import Order
from agentdesk.runs.schedules import SCHEDULERS, Rhythm, add_schedule, switch_schedule
from tickets.models import Person

router = Router(tags=["reports"])
ScheduleId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.get("/schedules", auth=allow("read"), response={200: Page[ScheduleShape], **ERRORS})
def list_schedules(request: HttpRequest, limit: Limit, cursor: Cursor) -> dict[str, Any]:
    """All schedules, on or off, the oldest first."""
    schedules = DryRunSchedule.objects.select_related("person").order_by("pk")
    if cursor is not None:
        schedules = schedules.filter(pk__gt=read_place(cursor))
    page, more = split_page(list(schedules[: limit + 1]), limit)
    return {"items": [schedule_to_json(one) for one in page], "next": write_cursor([page[-1].pk]) if more else None}


def read_place(cursor: str) -> int:
    """The schedule a page ended with."""
    match read_cursor(cursor):
        case [int(place)] if 0 < place <= LARGEST_ID:
            return place
    raise bad_cursor()


def scheduler_of(request: HttpRequest) -> Person:
    """Who calls, where he may make schedules. Raises a 403 that says who can."""
    person = caller_of(request).person
    if person.role not in SCHEDULERS:
        raise ApiError(403, "Managers and admins add and switch schedules.", who_can="manager")
    return person


@router.post("/schedules", auth=allow("tickets"), response={201: ScheduleShape, **ERRORS})
def add_a_schedule(request: HttpRequest, payload: NewSchedule) -> Status[dict[str, Any]]:
    """A report that is made at a minute of every hour, day or week (from Monday) of a time zone, in your name."""
    by = scheduler_of(request)
    order = Order(payload.name, payload.selection, payload.policy_version, payload.model or "")
    rhythm = Rhythm(payload.every, payload.at_minute, payload.time_zone)
    return Status(201, schedule_to_json(add_schedule(order, rhythm, by=by, now=timezone.now())))


@router.post("/schedules/{schedule_id}", auth=allow("tickets"), response={200: ScheduleShape, **ERRORS})
def switch_a_schedule(request: HttpRequest, schedule_id: ScheduleId, payload: Switch) -> dict[str, Any]:
    """Switches a schedule off; or on, from now on in your name."""
    by = scheduler_of(request)
    switch_schedule(schedule_id, is_on=payload.is_on, by=by, now=timezone.now())
    return schedule_to_json(DryRunSchedule.objects.select_related("person").get(pk=schedule_id))
