"""Ids, numbers and links in prose, as they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINK = re.compile(
    r"\b(?:https?|ftp)://[^\s<>\"'”“)\]]+|\bwww\.[^\s<>\"'”“)\]]+|\bmailto:[^\s<>]+|"
    r"(?<![\w@.])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|net|org|io|co|shop|store|info|biz|example|test|de|uk|us|eu|ly|me|app|dev|xyz|ru|top|site|online|link|click)\b(?:/[^\s<>\"'”“)\]]*)?",
    re.I,
)
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.I)
ORDER = re.compile(r"(?<![\w#])#?W\d{3,}\b", re.I)
HASHED = re.compile(r"(?<!\w)#[A-Za-z]{0,6}-?\d{2,}[\w-]*")
METHOD = re.compile(
    r"\b(?:credit_card|debit_card|gift_card|paypal|bank_account|bank|method|apple_pay|google_pay)_\w+\b", re.I
)
UNDERSCORED = re.compile(r"\b[A-Za-z]+(?:_[A-Za-z0-9]+)*_\d+\b")
CODE = re.compile(r"(?<![\w/.@-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w/@-])")
DIGITS = re.compile(r"(?<![\w.,$€£#/@+-])\d{5,}(?![\w/@]|[.,]\d)")
PHONE = re.compile(r"(?<![\w.+-])\+?\(?\d{1,4}\)?(?:[\s./-]\(?\d{2,4}\)?){2,5}(?![\w-])")
ENDING = re.compile(
    r"\b(?:end(?:ing|s)?(?: in| with)?|last (?:four|4)(?: digits)?(?: of| are| is|:)?|last digits|x{2,}|\*{2,}|•{2,})"
    r"\s*[-:(]?\s*(\d{3,4})\b|[*•xX]{2,}[\s-]?(\d{4})\b",
    re.I,
)
SHORTEST_CODE = 6
TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
TICKET_NUMBER = re.compile(r"\bT-\d+\b")


@dataclass(frozen=True)
class Named:
    """An id or link in a text, as written and as compared."""

    kind: str
    key: str
    text: str
    start: int
    end: int


def normal_id(text: str) -> str:
    """An id without its `#`, its case and its inner dashes and spaces."""
    return re.sub(r"[\s#().+/-]", "", text).casefold()


def normal_link(text: str) -> str:
    """A link without scheme, `www.`, closing punctuation and the case of its host."""
    text = re.sub(r"^(?:https?://|ftp://|mailto:)?(?:www\.)?", "", text.strip(), flags=re.I).rstrip(".,;:!?)]'\"/")
    host, slash, path = text.partition("/")
    return host.casefold() + slash + path


def read_links(text: str) -> Iterator[Named]:
    """Links and e-mail addresses of a text."""
    taken = []
    for match in EMAIL.finditer(text) if "@" in text else ():
        taken.append(match.span())
        yield Named("email", match.group().rstrip(".").casefold(), match.group().rstrip("."), *match.span())
    if "." not in text:
        return
    for match in LINK.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            shown = match.group().rstrip(".,;:!?")
            yield Named("link", normal_link(shown), shown, match.start(), match.start() + len(shown))


PATTERNS = (
    ("id", UUID),
    ("order", ORDER),
    ("method", METHOD),
    ("id", UNDERSCORED),
    ("id", HASHED),
    ("phone", PHONE),
    ("id", CODE),
    ("id", DIGITS),
)


def read_ids(text: str) -> Iterator[Named]:
    """Ids of a text: orders, items, payment methods, tracking numbers, telephone numbers, ends of cards."""
    if not DIGIT.search(text):
        return
    taken: list[tuple[int, int]] = [match.span() for match in TICKET_NUMBER.finditer(text)]
    for match in ENDING.finditer(text):
        taken.append(match.span())
        yield Named("ending", match[1] or match[2], match.group(), *match.span())
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if is_too_short(kind, pattern, match) or any(s < match.end() and match.start() < e for s, e in taken):
                continue
            taken.append(match.span())
            yield Named(kind, normal_id(match.group()), match.group(), *match.span())


DIGIT = re.compile(r"\d")


def is_too_short(kind: str, pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Whether what looks like a code is only a size or a short number."""
    digits = sum(character.isdigit() for character in match.group())
    if kind == "phone":
        return digits < 7
    return pattern is CODE and (len(match.group()) < SHORTEST_CODE or digits < 2)


def known_tokens(text: str) -> Iterator[str]:
    """Every token of a source that a claimed id may be, as ids are compared."""
    for match in TOKEN.finditer(text):
        token = match.group()
        yield normal_id(token)
        if "-" in token:
            yield from (part.casefold() for part in token.split("-"))
