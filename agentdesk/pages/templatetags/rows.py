"""Batches and rows of the queue, rendered once for all that they show."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from agentdesk.pages.presenting import ActionCard
from agentdesk.pages.queue_rows import Batch, attended_as_told

register = template.Library()

MOST_KEPT = 2000
rendered: dict[tuple[object, ...], SafeString] = {}
"""A batch of closed rows, and a closed row, is a function of its key, so what was rendered once stays right."""


@register.simple_tag(takes_context=True)
def batch_section(context: Context, batch: Batch) -> SafeString:
    """The batch with its closed rows."""
    may = context["request"].user.may_decide
    return render_once("queue/_batch.html", (*batch.key, may), {"batch": batch, "may_put_off": may})


@register.simple_tag(takes_context=True)
def card_row(context: Context, card: ActionCard) -> SafeString:
    """One closed row of a group."""
    action, may = card.action, context["request"].user.may_decide
    key = (*card.key, str(action.customer), action.summary, attended_as_told(action), may)
    return render_once("_card.html", key, {"card": card, "may_put_off": may})


def render_once(name: str, key: tuple[object, ...], context: dict[str, Any]) -> SafeString:
    """What a template makes of what has this key."""
    whole = (name, *key)
    words = rendered.get(whole)
    if words is None:
        if len(rendered) >= MOST_KEPT:
            rendered.clear()
        words = rendered[whole] = SafeString(get_template(name).render(context))
    return words
