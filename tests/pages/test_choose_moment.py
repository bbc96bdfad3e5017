"""When a ticket put off comes back: wall clocks of the reader's zone, also in the nights when they are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.pages.clocks import clock_words, show_clock
from agentdesk.pages.snoozing import NoSuchMoment, choose_moment, read_zone

BERLIN = ZoneInfo("Europe/Berlin")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("choice", "now", "expected"),
    [
        ("hour", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),
        ("hour", "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"),
        ("tomorrow", "2026-03-28T23:59+01:00", "2026-03-29T09:00+02:00"),
        ("tomorrow", "2026-10-24T00:00+02:00", "2026-10-25T09:00+01:00"),
        ("tomorrow", "2026-12-31T23:30+01:00", "2027-01-01T09:00+01:00"),
        ("monday", "2026-03-29T12:00+02:00", "2026-03-30T09:00+02:00"),
        ("monday", "2026-10-19T08:00+02:00", "2026-10-26T09:00+01:00"),
    ],
)
def test_the_presets_are_hours_of_the_readers_wall_clock(choice: str, now: str, expected: str) -> None:
    assert choose_moment(choice, BERLIN, moment(now)) == moment(expected)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-29T02:30", "2026-03-29T03:30+02:00"),
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00"),
        ("2026-06-01T12:00:30", "2026-06-01T12:00:30+02:00"),
    ],
)
def test_an_hour_that_is_not_there_is_later_and_one_that_is_twice_the_first(at: str, expected: str) -> None:
    assert choose_moment("at", BERLIN, moment("2026-01-01T00:00+01:00"), at) == moment(expected)


@pytest.mark.parametrize(("choice", "at"), [("at", ""), ("at", "soon"), ("at", "2026-02-30T10:00"), ("x", "")])
def test_what_is_no_moment_is_refused(choice: str, at: str) -> None:
    with pytest.raises(NoSuchMoment):
        choose_moment(choice, BERLIN, moment("2026-01-01T00:00+01:00"), at)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "a" * 5000, "Europe/Berlin\0"])
def test_what_is_no_zone_is_the_desks_own(name: str) -> None:
    assert str(read_zone(name)) == "UTC"


def test_a_clock_says_the_day_where_it_is_another() -> None:
    now = moment("2026-10-24T22:30+02:00")
    assert clock_words(now + timedelta(hours=5), now, BERLIN) == "on 25 Oct at 02:30"
    assert clock_words(now + timedelta(hours=6), now) == "on 25 Oct at 02:30 UTC"
    assert clock_words(now + timedelta(hours=1), now) == "at 21:30 UTC"
    assert "25 Oct, 02:30 UTC</time>" in show_clock(now + timedelta(hours=6), now)
    assert show_clock(None, now) == ""
