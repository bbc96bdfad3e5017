"""From a mail's body to what a person would see of it: no markup, no quoted mail, no invisible characters.

What a person would not see is kept apart: it is never a wish, and it may betray an attempt at manipulation.
"""

from __future__ import annotations

import html
import re

from agentdesk.agent.checks.plain_text import plain

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
UNSEEN_ELEMENT = re.compile(r"<(script|style|template|title|head)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
HIDDEN_ELEMENT = re.compile(
    r"<(\w+)\b[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|"
    r"\bhidden\b)[^>]*>.*?(?:</\1\s*>|\Z)",
    re.S | re.I,
)
LINE_TAG = re.compile(r"<(?:br|/p|/div|/tr|/h\d|/ul|/ol|/table|p|div|tr|h\d)\b[^>]*>", re.I)
ITEM_TAG = re.compile(r"<li\b[^>]*>", re.I)
ANY_TAG = re.compile(
    r"</?(?:html|body|head|meta|p|div|span|br|b|i|u|em|strong|a|font|table|tbody|thead|tr|td|th|ul|ol|li|img|h\d|hr|"
    r"blockquote|center|small|big|code|pre|input|form|button|svg|iframe|style|script|title|template)\b[^<>]*>",
    re.I,
)
QUOTE_START = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|forwarded) message\s*-{2,}|on .{5,120}\bwrote:|from: .+\n\s*(?:sent|date|to): )",
    re.I | re.M,
)
SIGNATURE = re.compile(r"^-- ?$.*", re.S | re.M)


def seen_and_unseen(body: str) -> tuple[str, str]:
    """The text a reader sees, and the text that was hidden from view."""
    unseen = [match.group() for pattern in (COMMENT, HIDDEN_ELEMENT) for match in pattern.finditer(body)]
    for pattern in (COMMENT, UNSEEN_ELEMENT, HIDDEN_ELEMENT):
        body = pattern.sub(" ", body)
    if ANY_TAG.search(body):
        body = ITEM_TAG.sub("\n- ", LINE_TAG.sub("\n", body))
        body = html.unescape(ANY_TAG.sub("", body))
    return without_quotes(plain(body)).strip(), plain(" ".join(unseen))


def without_quotes(text: str) -> str:
    """The mail without the mails it quotes and without what follows the signature mark."""
    quote = QUOTE_START.search(text)
    if quote and text[: quote.start()].strip():
        text = text[: quote.start()]
    text = SIGNATURE.sub("", text)
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
