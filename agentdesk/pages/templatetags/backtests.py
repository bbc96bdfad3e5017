"""What the partials of a backtest ask for themselves, so that any page may include them."""

from __future__ import annotations

from django import template

from approvals.backtest.past import LEFT_OUT_KINDS, WINDOWS, Days

register = template.Library()


@register.simple_tag
def backtest_windows() -> tuple[Days, ...]:
    """How many days a backtest may look back."""
    return WINDOWS


@register.filter
def has_past(kind: str) -> bool:
    """Whether a backtest counts this kind."""
    return kind not in LEFT_OUT_KINDS
