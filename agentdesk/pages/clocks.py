"""Moments as a clock shows them. The server says UTC; a page's script says the same in its own zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from django.utils.html import format_html
from django.utils.safestring import SafeString


def clock_words(at: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """`at 14:05` today, `on 24 Nov at 09:00` otherwise, in a zone that is named where it is UTC."""
    there = at.astimezone(zone)
    name = " UTC" if zone is UTC or str(zone) == "UTC" else ""
    if there.date() == now.astimezone(zone).date():
        return f"at {there:%H:%M}{name}"
    return f"on {there.day} {there:%b} at {there:%H:%M}{name}"


def show_clock(at: datetime | None, now: datetime) -> SafeString:
    """A `<time>` to the minute: `14:05 UTC` today, `24 Nov, 09:00 UTC` otherwise; nothing for no time."""
    if at is None:
        return SafeString()
    there = at.astimezone(UTC)
    day = "" if there.date() == now.astimezone(UTC).date() else f"{there.day} {there:%b}, "
    exact = f"{there:%Y-%m-%d %H:%M} UTC"
    return format_html(
        '<time datetime="{}" title="{}" data-clock>{}{} UTC</time>', there.isoformat(), exact, day, f"{there:%H:%M}"
    )
