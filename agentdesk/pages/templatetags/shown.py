"""How times, amounts and other people's words are shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from agentdesk.pages.drafts import article_address as address_of_article
from agentdesk.pages.drafts import name_of
from agentdesk.pages.moments import show_when

register = template.Library()

FOLD_AT = 1500
"""Characters of a message shown before it is folded."""
MARKS = re.compile(r"[*`]+")
PLAIN_CONTROLS = frozenset("\n\t")


@register.simple_tag
def when(at: datetime | None) -> SafeString:
    """A time as a distance from now, the exact one on hover."""
    return show_when(at, timezone.now())


@register.simple_tag
def when_written(at: str) -> SafeString:
    """The same for a time that was stored as text."""
    return show_when(parse_datetime(at), timezone.now())


@register.filter
def money(amount: Decimal | str | None) -> str:
    """An amount with two places and thin thousands; nothing for nothing."""
    if amount is None or amount == "":
        return ""
    return f"{Decimal(amount):,.2f}"


@register.filter
def inert(text: Any) -> SafeString:
    """Text as it is, never markup; characters that could deceive a reader are shown by name."""
    text = str(text)
    if text.isascii() and text.isprintable():
        return escape(text)
    return mark_safe("".join(shown_character(character) for character in text))  # noqa: S308


def shown_character(character: str) -> str:
    """One character, escaped; direction marks, zero-width and control characters as their code point."""
    if character.isascii() and (character.isprintable() or character in PLAIN_CONTROLS):
        return str(escape(character))
    if character == "\r":
        return ""
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return str(escape(character))
    name = unicodedata.name(character, "control character")
    return str(format_html('<span class="odd-character" title="{}">{}</span>', name, f"U+{ord(character):04X}"))


@register.inclusion_tag("_words.html")
def words(text: Any) -> dict[str, Any]:
    """Somebody's words: inert, in their own direction, folded when long."""
    text = str(text)
    head, rest = (text, "") if len(text) <= FOLD_AT * 1.2 else (text[:FOLD_AT], text[FOLD_AT:])
    return {"head": head, "rest": rest, "length": len(text)}


@register.filter
def actor_name(actor: str) -> str:
    """`person:rita` is rita, `agent:offline` is Agent (offline), `customer:x` is Customer."""
    sort, _, name = actor.partition(":")
    if sort == "agent":
        return f"Agent ({name})" if name else "Agent"
    if sort == "customer":
        return "Customer"
    return name or sort.capitalize()


@register.filter
def article_address(source: str) -> str:
    """The page of the revision a citation `article:SLUG@REVISION` names; nothing for other sources."""
    return address_of_article(str(source))


@register.filter
def source_name(source: str) -> str:
    """A source as people call it, where its run is not at hand."""
    return "Looked up in the run" if str(source).startswith("tool:") else name_of(str(source), {})


@register.filter
def without_marks(markdown: str) -> str:
    """A passage of an article as plain words: Markdown's marks for stress and code are left out."""
    return MARKS.sub("", markdown)


@register.filter
def is_within(path: str, room: str) -> bool:
    """Whether a page's address lies in a room."""
    return path.startswith(room)


@register.filter
def percent(share: Decimal | float | None) -> str:
    """A share from 0 to 1 as a whole percentage."""
    return "" if share is None else f"{round(float(share) * 100)} %"
