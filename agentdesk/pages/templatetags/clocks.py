"""Moments on pages, to the minute."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from agentdesk.pages.clocks import show_clock

register = template.Library()


@register.simple_tag
def clock(at: datetime | None) -> SafeString:
    """When exactly, in UTC; scripts say the same in the reader's zone."""
    return show_clock(at, timezone.now())
