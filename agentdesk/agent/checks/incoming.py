"""What comes in, whoever wrote it: small named checks of a ticket's, an article's or a tool answer's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from agentdesk.agent.checks.alarms import HARMLESS, PATTERNS
from agentdesk.agent.checks.injection import find_injection
from agentdesk.agent.checks.plain_text import plain
from agentdesk.agent.checks.sensitive import find_sensitive
from agentdesk.agent.findings import Finding

Customer = Mapping[str, Any]
LONGEST_QUOTE = 80
LONGEST_READ = 100_000
"""Characters of one text that are read; what is told to a model is shorter."""
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
OWN_EMAIL = re.compile(r"\b(?:my|me|i am|i'm)\b[^.!?\n@]{0,40}$", re.I)
FOR_OTHERS = re.compile(
    r"\b(?:(?:my|a|his|her|their) )?(?:friend|neighbou?r|colleague|co-?worker|boss|ex|brother|sister|mother|mom|mum|"
    r"father|dad|cousin|aunt|uncle|wife|husband|partner|roommate|room mate|flatmate|someone else|somebody else|"
    r"another (?:customer|person|user|client))(?:'s|s')? (?:recent |last |open |latest )?"
    r"(?:orders?|account|address|e-?mail|phone|details|data|purchases?|card|payment)\b",
    re.I,
)
NAMED_OTHERS = re.compile(
    r"\b(?:e-?mail|phone|address|balance|orders?|account|data|details|information) (?:number |address |history )?"
    r"(?:of|for) (?:another|other|all|every|each) (?:customers?|users?|people|person|clients?|accounts?)\b",
    re.I,
)
ABUSE = re.compile(
    r"\b(?:fuck(?:ing|ed|er|ers)?|motherfuck\w*|assholes?|arseholes?|bastards?|bitch(?:es)?|cunts?|dickheads?|"
    r"morons?|idiots?|retards?|scumbags?|piece of shit|bullshit|wankers?|"
    r"(?:i'?ll|i will|going to|gonna) (?:kill|hurt|find|beat|shoot|burn) (?:you|your|u)\b)",
    re.I,
)
SENTENCES: Mapping[str, str] = {
    "self_harm": "The writer may be in danger",
    "safety": "A product may be unsafe or has hurt somebody",
    "legal": "Legal steps, an authority or a public complaint are spoken of",
    "talk_to_a_person": "A person is asked for",
    "account_access": "Fraud, an account in other hands, or its data and closing are spoken of",
}
ALARM_CHECKS: Mapping[str, tuple[str, ...]] = {
    "self_harm": ("self-harm",),
    "legal": ("legal",),
    "safety": ("safety",),
    "talk_to_a_person": ("human",),
    "account_access": ("fraud", "privacy"),
}
"""Which alarms of the shared table each check names."""


def check_incoming(text: str, customer: Customer | None = None) -> tuple[Finding, ...]:
    """What people should know of a text before anything is done on it; `customer` is the ticket's own, if known."""
    text = text[:LONGEST_READ]
    seen = plain(text)
    found = ((name, check(text, seen, customer or {})) for name, check in TABLE.items())
    return tuple(finding_of(name, words) for name, words in found if words)


def finding_of(name: str, words: str) -> Finding:
    """The finding of a check, with the words it is about."""
    quote = " ".join(words.split())[:LONGEST_QUOTE]
    return Finding(name, f"{REASONS[name]}: “{quote}”.", quote)


def alarm_check(name: str) -> Callable[[str, str, Customer], str]:
    """The check that looks for the alarms of one name."""
    patterns = [PATTERNS[alarm] for alarm in ALARM_CHECKS[name]]

    def find(text: str, seen: str, customer: Customer) -> str:
        calm = HARMLESS.sub(" ", seen)
        return next((found.group() for pattern in patterns if (found := pattern.search(calm))), "")

    return find


def check_injection(text: str, seen: str, customer: Customer) -> str:
    """Words that talk to the machine."""
    return find_injection(text)


def check_personal_data(text: str, seen: str, customer: Customer) -> str:
    """Others' addresses and orders, and card or bank data of anybody."""
    sensitive = find_sensitive(seen)
    if sensitive:
        return sensitive[0].shown
    others = FOR_OTHERS.search(seen) or NAMED_OTHERS.search(seen)
    return others.group() if others else others_email(seen, customer)


def others_email(seen: str, customer: Customer) -> str:
    """An e-mail address that is neither the customer's nor called the writer's own."""
    own = str(customer.get("email") or "").lower()
    for found in EMAIL.finditer(seen):
        if found.group().lower() != own and not OWN_EMAIL.search(seen[max(0, found.start() - 60) : found.start()]):
            return found.group()
    return ""


def check_abuse(text: str, seen: str, customer: Customer) -> str:
    """Insults and threats."""
    found = ABUSE.search(seen)
    return found.group() if found else ""


TABLE: Mapping[str, Callable[[str, str, Customer], str]] = {
    "injection": check_injection,
    "personal_data": check_personal_data,
    "abuse": check_abuse,
    **{name: alarm_check(name) for name in ALARM_CHECKS},
}
REASONS: Mapping[str, str] = {
    "injection": "The text tries to give the agent instructions",
    "personal_data": "Others' personal data, or card or bank data, stand in the text",
    "abuse": "The words are abusive or threaten somebody",
    **SENTENCES,
}
CHECKS: tuple[str, ...] = tuple(TABLE)
