"""What a sentence is about, as far as lengths of time, fees and refunds depend on it."""

from __future__ import annotations

import re
from functools import lru_cache

TOPICS = {
    "refund": r"refund|money back|reimburs|credited|goes? back|pa(?:id|y) back|chargeback|gets? it back|balance back|"
    r"back (?:on|to|onto) (?!us\b)|your money",
    "delivery": r"deliver|arriv|shipping|shipment|on its way|with you|transit|reach(?:es)? you|parcel",
    "packing": r"pack|dispatch|leav|sent out|handling|prepar|process(?:ing|ed)? (?:the|your|an?) order|ships? within",
    "return": r"return|send (?:it |them |something )?back",
    "exchange": r"exchang|swap",
    "warranty": r"warrant|guarantee|repair|fault|defect",
    "answer": r"answer|\brings? |repl(?:y|ies)|respon[ds]|calls? (?:you|the number)|rings? (?:you|the)|"
    r"get back to you|write back|hear from|looks? at|contact",
    "sign-in": r"sign.?in|log.?in|password|link",
    "gift card": r"gift card.{0,40}(?:expire|valid|run out)|expir|valid",
    "cancel": r"cancel",
    "care": r"wash|dry|clean|oil|degrees",
    "invoice": r"invoice|receipt",
    "subscription": r"subscri|newsletter",
}
PATTERNS = {topic: re.compile(pattern, re.I) for topic, pattern in TOPICS.items()}
METHODS = {
    "gift_card": re.compile(r"gift[\s_-]?cards?", re.I),
    "paypal": re.compile(r"pay ?pal", re.I),
    "credit_card": re.compile(
        r"credit[\s_-]?cards?|debit[\s_-]?cards?|\b(?:visa|master ?card|amex|american express)\b|"
        r"(?<!gift )(?<!gift_)\bcards? ending",
        re.I,
    ),
    "bank": re.compile(r"bank (?:account|transfer)|wire transfer|\bcheque\b|\bby check\b|\biban\b", re.I),
    "store_credit": re.compile(r"store[\s_-]?credit|account credit|credit (?:on|to|in) your account", re.I),
}


MATTERS = {
    "refund": {"money"},
    "cancel": {"money"},
    "return": {"money", "goods"},
    "exchange": {"money", "goods"},
    "delivery": {"goods"},
    "packing": {"goods"},
}
"""What topics have in common; any other topic is a matter of its own."""


@lru_cache(maxsize=4096)
def matters_in(text: str) -> frozenset[str]:
    """What a text is about, where money and goods are each one matter."""
    return frozenset(matter for topic in topics_in(text) for matter in MATTERS.get(topic, {topic}))


@lru_cache(maxsize=4096)
def topics_in(text: str) -> frozenset[str]:
    """What a text is about."""
    return frozenset(topic for topic, pattern in PATTERNS.items() if pattern.search(text)) if text else frozenset()


A_CARD = re.compile(r"(?<!gift )\b(?:your|the|an?|on) cards?\b", re.I)
"""With no other way to pay beside it, a card one pays with."""


@lru_cache(maxsize=4096)
def methods_in(text: str) -> frozenset[str]:
    """The ways to pay that a text names."""
    found = frozenset(method for method, pattern in METHODS.items() if pattern.search(text))
    return found or (frozenset({"credit_card"}) if A_CARD.search(text) else found)
