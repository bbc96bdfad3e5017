"""What must not leave in a reply: secrets, internal words, other customers' data, links nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agentdesk.agent.checks.incoming import EMAIL
from agentdesk.agent.checks.injection import looks_injected
from agentdesk.agent.checks.internal import find_internal
from agentdesk.agent.checks.plain_text import plain
from agentdesk.agent.checks.sensitive import find_sensitive
from agentdesk.agent.evidence import Evidence
from agentdesk.agent.findings import Finding

LONGEST_QUOTE = 80
ORDER_ID = re.compile(r"#?\bW\d{7}\b")
LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"')\]]+|\b(?:javascript|data|vbscript|file|tel|sms|mailto):[^\s<>\"')\]]+|"
    r"\bwww\.[\w-]+(?:\.[\w-]+)+[^\s<>\"')\]]*|"
    r"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:com|org|net|io|co|ai|app|dev|shop|store|info|biz|me|ly|gl|gg|to|tk|ru|cn|uk|de|fr|es|it|nl|eu|us|ca|au|in|jp|"
    r"br|xyz|top|site|online|link|click|page|club|live|cc|tv|test|example|onion)\b(?![\w.+-]{0,64}@)(?:[:/?#][^\s<>\"')\]]*)?|"
    r"</?(?:a|img|script|iframe|form|svg|object|embed|link|style|meta)\b[^>]{0,200}>?|"
    r"\]\([^)\s]{1,300}\)",
    re.I,
)
DOMAIN = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?(?:www\.)?(?P<domain>[^/:?#\s]+)", re.I)


def check_output(body: str, evidence: Evidence) -> tuple[Finding, ...]:
    """What of a reply's words must be seen by a person before it leaves."""
    seen = plain(body)
    return tuple(
        finding_of(name, words) for name, check in TABLE.items() for words in dict.fromkeys(check(seen, evidence))
    )


def finding_of(name: str, words: str) -> Finding:
    """The finding of a check, with the words it is about."""
    quote = " ".join(words.split())[:LONGEST_QUOTE]
    return Finding(name, f"{REASONS[name]}: “{quote}”.", quote)


def check_secrets(body: str, evidence: Evidence) -> Iterator[str]:
    """Keys, tokens, passwords, card and bank numbers: only their end is told, for findings are kept for good."""
    for one in find_sensitive(body):
        yield body[max(one.start, one.end - (4 if "card number" in one.what else 2)) : one.end]


def check_internal(body: str, evidence: Evidence) -> Iterator[str]:
    """Words of notes and staff summaries, of the instructions, and names of tools."""
    yield from find_internal(body, evidence)


def check_others(body: str, evidence: Evidence) -> Iterator[str]:
    """Addresses and orders that are not this customer's, and whatever a tool said of somebody else."""
    own = str((evidence.customer or {}).get("email") or "").lower()
    articles = " ".join(texts_of([source.value for source in evidence.sources if source.kind == "article"])).lower()
    for found in EMAIL.finditer(body):
        address = found.group().rstrip(".").lower()
        if address != own and address not in articles:
            yield found.group()
    known = " ".join(texts_of([source.value for source in evidence.sources]))
    for found in ORDER_ID.finditer(body):
        if found.group().lstrip("#") not in known:
            yield found.group()
    for words in words_of_others(evidence):
        if len(words) > 3 and words.lower() in body.lower():
            yield words


def words_of_others(evidence: Evidence) -> Iterator[str]:
    """Names, addresses and orders of records in the evidence that belong to another customer."""
    own = str((evidence.customer or {}).get("customer_id") or (evidence.customer or {}).get("user_id") or "")
    for source in evidence.sources:
        for record in records_of(source.value):
            holder = str(record.get("customer_id") or record.get("user_id") or "")
            if own and holder and holder != own:
                yield from (text for text in telling_texts(record))


def telling_texts(record: Mapping[str, Any]) -> Iterator[str]:
    """What tells somebody apart: name, e-mail, street, order."""
    for field in ("email", "order_id", "name", "address1", "phone"):
        value = record.get(field)
        if isinstance(value, Mapping):
            value = f"{value.get('first_name', '')} {value.get('last_name', '')}".strip()
        if isinstance(value, str) and value:
            yield value
    address = record.get("address")
    if isinstance(address, Mapping):
        yield from telling_texts(address)


def records_of(value: Any) -> Iterator[Mapping[str, Any]]:
    """All objects of a JSON value, the outermost first."""
    if isinstance(value, Mapping):
        yield value
        for held in value.values():
            yield from records_of(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from records_of(held)


def texts_of(value: Any) -> Iterator[str]:
    """All texts of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from texts_of(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from texts_of(held)


def check_links(body: str, evidence: Evidence) -> Iterator[str]:
    """Every address of a page that no sound article names, and every piece of markup that would be one."""
    trusted = trusted_links(evidence)
    for found in LINK.finditer(body):
        words = found.group().rstrip(".,;:!?")
        if domain_of(words) not in trusted:
            yield words


def trusted_links(evidence: Evidence) -> frozenset[str]:
    """The domains that articles name; one that tries to steer the agent vouches for nothing."""
    articles = [" ".join(texts_of(source.value)) for source in evidence.sources if source.kind == "article"]
    sound = [plain(text) for text in articles if not looks_injected(text)]
    return frozenset(domain_of(found.group().rstrip(".,;:!?")) for text in sound for found in LINK.finditer(text)) - {
        ""
    }


def domain_of(link: str) -> str:
    """The domain of a link in lower case; empty where it has none or runs code."""
    if link.lower().startswith(("javascript:", "data:", "vbscript:", "file:", "<", "](")):
        return ""
    found = DOMAIN.match(link)
    return found["domain"].lower().rstrip(".") if found else ""


TABLE: Mapping[str, Callable[[str, Evidence], Iterator[str]]] = {
    "secret": check_secrets,
    "internal_note": check_internal,
    "other_customers_data": check_others,
    "unknown_link": check_links,
}
REASONS: Mapping[str, str] = {
    "secret": "Something secret stands in the draft, ending in",
    "internal_note": "Words that are for colleagues only stand in the draft",
    "other_customers_data": "The draft tells something that is not this customer's",
    "unknown_link": "No article vouches for this link",
}
CHECKS: tuple[str, ...] = tuple(TABLE)
