"""Payment methods in words: finding them in a sentence, telling new from old, and which of the customer's it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

METHOD = re.compile(
    r"\b(?P<id>(?:paypal|credit_card|gift_card)_\d+)\b"
    r"|\b(?P<gift>gift[\s-]?(?:cards?|certificates?|voucher)|giftcards?)\b"
    r"|\b(?P<paypal>pay[\s-]?pal)(?:\s+(?:account|balance|wallet))?\b"
    r"|\b(?P<brand>visa|master[\s-]?card|amex|american express|discover)\b(?:\s+(?:credit|debit))?(?:\s+card)?"
    r"|\b(?P<card>(?:credit|debit|bank)[\s-]?cards?|cards?)\b"
)
FOUR = re.compile(
    r"^\W{0,3}(?:\w+\s+){0,2}?(?:(?:that\s+|which\s+)?(?:end(?:s|ing)?|last\s+(?:four|"
    r"4)(?:\s+digits)?)(?:\s+(?:in|with|on|of|are|is))?|no\.?|number|#|[*x•.]{2,})"
    r"[\s:#*x•.-]*(?P<four>\d{4})\b|^\s*\(?[*x•#.]*\s*(?P<bare>\d{4})\)?(?!\d)"
)
BRAND_BEHIND = re.compile(r"^\s*[,(]?\s*(?:the\s+)?(visa|master[\s-]?card)\b")
OLD_BEFORE = re.compile(
    r"(?:instead of|rather than|in place of|replac(?:e|ing)|not|no longer|without|except|away from|off(?: of)?|"
    r"don't want (?:it |that |this )?(?:to (?:go|be) )?(?:on|to|with)?|currently (?:on|with|using)|stop using)"
    r"\s*(?:using |charging |with |on |onto |to |via |by |from |the order |it |paying )*(?:(?:my|the|a|an|"
    r"that|this|another|old|current|existing|present|original|previous|initial)\s+)*$"
)
FROM_BEFORE = re.compile(r"\bfrom\s+(?:(?:my|the|a|that|old|current|existing|original)\s+)*$")
MOVING = re.compile(r"\b(?:switch|change|move|transfer|swap|convert|update|modify|going|shift|migrate)\w*\b")
PAID_BEFORE = re.compile(
    r"(?<!be )(?<!want it )(?<!have it )(?<!like it )(?<!prefer it )(?<!get it )\b(?:paid|bought|"
    r"purchased|ordered|placed|(?:i|we) (?:had )?used|"
    r"(?:was|were|got|is|originally|initially|been) (?:charged|billed|put)|(?:is|was|are|"
    r"were) (?:currently |now |all )?on)\s+"
    r"(?:(?:for )?(?:it|this|that|them|the order|#w\d+)\s+)?(?:with|by|using|via|on|through|to|"
    r"from)?\s*(?:(?:my|the|a|an)\s+)*$"
)
OTHER_BEFORE = re.compile(r"\b(?:other|second|different|another)\s+$")
ORIGINAL = re.compile(
    r"\boriginal(?:ly)?\b|\bsame (?:payment )?(?:method|card|account|way|one|form|payment|source|place)\b|"
    r"\b(?:card|method|account|way|one|paypal|whatever|what|how|however|it|whichever)"
    r" (?:that |which )?(?:i|we)(?:'ve| have)? (?:originally |initially |first )?(?:paid|used|ordered|"
    r"bought|placed)\b|\bpaid with\b|\bused (?:to pay|for (?:the|this|that) (?:order|purchase|payment))\b"
    r"|\bwhere (?:it|i|the money) (?:came|paid)\b|\bback (?:to|on|onto) (?:how|the way)\b|"
    r"\bpayment method (?:i )?used\b|\bsame as (?:i paid|before|the order|the original)\b"
    r"|\bmethod (?:on|of|from) (?:the|this|that) order\b|\bthe way it was paid\b|\bmethod on file for\b"
)
KINDS = {"gift": "gift_card", "paypal": "paypal", "brand": "credit_card", "card": "credit_card"}
WORDS = {"gift_card": "gift card", "paypal": "PayPal account", "credit_card": "credit card"}


@dataclass(frozen=True)
class MethodWord:
    """A payment method as a customer names it; `role` is new, old (to be left) or paid (the order was paid with it)."""

    kind: str
    role: str = "new"
    brand: str = ""
    last_four: str = ""
    method_id: str = ""
    is_other: bool = False


def read_methods(low: str) -> tuple[MethodWord, ...]:
    """Every method named in a lower-case text."""
    words: list[tuple[int, int, MethodWord]] = []
    for match in METHOD.finditer(low):
        if low[: match.start()].endswith(("id ", "sd ", "cf ", "memory ", "business ", "sim ")):
            continue
        word, end = describe_method(match, low)
        if words and merges(words[-1], match.start(), word, low):
            earlier = words[-1]
            words[-1] = (earlier[0], end, join_words(earlier[2], word))
        else:
            words.append((match.start(), end, word))
    return tuple(word for _, _, word in words)


def describe_method(match: re.Match[str], low: str) -> tuple[MethodWord, int]:
    """One mention with its brand, last four digits and role, and where it ends."""
    role = read_role(low, match.start(), match.end())
    if match["id"]:
        return MethodWord(match["id"].rsplit("_", 1)[0], role, method_id=match["id"]), match.end()
    name = next(name for name in KINDS if match[name])
    end, brand, four = match.end(), (match["brand"] or "").replace(" ", "").replace("-", ""), ""
    if KINDS[name] == "credit_card":
        behind = BRAND_BEHIND.match(low[end:])
        if behind and not brand:
            brand, end = behind[1].replace(" ", "").replace("-", ""), end + behind.end()
        digits = FOUR.match(low[end:])
        if digits:
            four, end = digits["four"] or digits["bare"], end + digits.end()
    other = bool(OTHER_BEFORE.search(low[: match.start()]))
    return MethodWord(KINDS[name], role, brand, four, is_other=other), end


def read_role(low: str, start: int, end: int) -> str:
    """Whether the mention is what is wanted, what is to be left, or what the order was paid with."""
    before = low[max(0, start - 70) : start]
    if OLD_BEFORE.search(before):
        return "old"
    if FROM_BEFORE.search(before) and MOVING.search(before) and re.search(r"\b(?:to|onto|into)\b", low[end:]):
        return "old"
    return "paid" if PAID_BEFORE.search(before) else "new"


def merges(earlier: tuple[int, int, MethodWord], start: int, word: MethodWord, low: str) -> bool:
    """Whether two mentions are one method: `credit card (visa ending in 1234)`, `paypal_123, my paypal`."""
    gap = low[earlier[1] : start]
    if len(gap) > 12 or re.search(r"\b(?:not|or|and|instead|than|to)\b", gap) or earlier[2].kind != word.kind:
        return False
    return not (earlier[2].last_four and word.last_four)


def join_words(one: MethodWord, other: MethodWord) -> MethodWord:
    """Two mentions of one method as one."""
    return MethodWord(
        one.kind,
        one.role,
        one.brand or other.brand,
        one.last_four or other.last_four,
        one.method_id or other.method_id,
        one.is_other or other.is_other,
    )


def means_original(low: str) -> bool:
    """Whether the text asks for the method the order was paid with."""
    return bool(ORIGINAL.search(low))


Methods = Mapping[str, Mapping[str, Any]]


def fitting(word: MethodWord, methods: Methods, original: str = "") -> list[str]:
    """The customer's methods that a mention can mean, in their order."""
    if word.method_id:
        return [word.method_id] if word.method_id in methods else []
    found = []
    for method_id, method in methods.items():
        brand = str(method.get("brand") or "").replace(" ", "").lower()
        if method.get("source") != word.kind or (word.brand and word.brand != brand):
            continue
        if word.last_four and word.last_four != str(method.get("last_four")):
            continue
        if word.is_other and method_id == original:
            continue
        found.append(method_id)
    return found


def one_of(words: Sequence[MethodWord], methods: Methods, original: str = "") -> str | None:
    """The one method all these mentions mean; empty where none fits, None where they leave it open."""
    sets = [set(fitting(word, methods, original)) for word in words]
    common = set.intersection(*sets) if sets else set()
    if len(common) == 1:
        return common.pop()
    return "" if not common else None


def method_in_words(method: Mapping[str, Any] | None) -> str:
    """A method as a sentence names it: `your Visa card ending in 1234`."""
    if not method:
        return "your original payment method"
    if method.get("source") == "credit_card" and method.get("last_four"):
        brand = str(method.get("brand") or "credit")
        card = "Mastercard" if brand == "mastercard" else f"{brand.capitalize()} card"
        return f"your {card} ending in {method['last_four']}"
    return f"your {WORDS.get(str(method.get('source')), 'payment method')}"


def balance_of(method: Mapping[str, Any]) -> Decimal | None:
    """What a gift card holds; None for methods without a known limit."""
    value = method.get("balance")
    return None if value is None else Decimal(str(value))
