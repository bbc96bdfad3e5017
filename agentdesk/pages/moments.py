"""Times as a distance from now, the exact one on hover."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

STEPS = ((3600, 60, "min"), (86400, 3600, "h"), (86400 * 60, 86400, "d"))


def show_when(at: datetime | None, now: datetime) -> SafeString:
    """A `<time>`: `3 min ago`, `in 2 d`; nothing for no time. All its parts are our own."""
    if at is None:
        return SafeString()
    exact = timezone.localtime(at).isoformat(" ", timespec="seconds")
    return mark_safe(f'<time datetime="{exact}" title="{exact}">{distance(at, now)}</time>')  # noqa: S308


def distance(at: datetime, now: datetime) -> str:
    """How far away a moment is, in one unit."""
    seconds = (now - at).total_seconds()
    size = abs(seconds)
    if size < 60:
        return "just now" if seconds >= 0 else "in under a minute"
    for limit, unit, name in STEPS:
        if size < limit:
            words = f"{max(round(size / unit), 1)} {name}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return timezone.localtime(at).strftime("%Y-%m-%d")
