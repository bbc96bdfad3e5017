"""Finding what must not travel: card numbers and codes, passwords, bank data, keys. As places in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

GAP = r"[ \t\u00a0\u2007\u2009\u202f.\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff-]"
"""What may stand between the digits of one number: one or two of these."""
IS = r"(?:\s*(?:number|no\.?|code|details|is|was|are|to|be|=|:|#|-|\u2013|\")){0,4}\s*\"?"
DIGITS = re.compile(rf"(?<![\w#])\d+(?:{GAP}{{1,3}}\d+)*(?!\w)")
BRANDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|(?:50|5[6-8]|6\d)\d{11,17}"
)
"""How the numbers of card brands begin, and how long each is."""
FEWEST_DIGITS, MOST_DIGITS, LONGEST_PHONE = 13, 19, 15
GROUPS = range(3, 9)
"""Digits in each group of a card number that is written in groups; the last may be shorter."""
CARD_WORD = re.compile(r"\b(?:card|visa|mastercard|amex|american express|discover)\b[^\d\n]{0,30}$", re.I)
TRACKING_WORD = re.compile(r"\b(?:tracking|track|parcel|shipment|imei|serial|barcode)\b[^\d\n]{0,30}$", re.I)
AFTER_CARD = re.compile(r"[\s,;/|]{1,3}(?:exp\w*\W{0,3})?\d{1,2}\s?/\s?\d{2,4}[\s,;/|]{1,3}(?P<value>\d{3,4})\b", re.I)
CVV = re.compile(
    rf"\b(?:cvv2?|cvc2?|cvn|csc|card verification|security code|three[- ]digit code|3[- ]digit code)\b{IS}"
    r"(?P<value>\d{3,4})\b",
    re.I,
)
IBAN = re.compile(r"(?<![\w])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![\w])", re.I)
IBAN_NAMED = re.compile(rf"\biban\b{IS}(?P<value>[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]){{8,30}})\b", re.I)
ACCOUNT = re.compile(
    r"\b(?:bank account|account (?:number|no\b\.?|num\b|#)|acc(?:ount|t)? ?(?:number|no\b\.?|#)|a/c)"
    rf"{IS}(?P<value>\d(?:[ -]?\d){{5,16}})(?![\w])",
    re.I,
)
SORT_CODE = re.compile(rf"\bsort[ -]?code\b{IS}(?P<value>\d{{2}}[- ]?\d{{2}}[- ]?\d{{2}})(?!\d)", re.I)
ROUTING = re.compile(
    rf"\b(?:routing|aba|bsb|transit|blz|bankleitzahl)\b{IS}(?P<value>\d(?:[ -]?\d){{5,8}})(?!\d)", re.I
)
SWIFT = re.compile(rf"\b(?i:swift|bic)\b(?i:{IS})(?P<value>[A-Z]{{6}}[A-Z0-9]{{2}}(?:[A-Z0-9]{{3}})?)\b")
SOCIAL = re.compile(rf"\b(?:social security|ssn)\b{IS}(?P<value>\d{{3}}[- ]?\d{{2}}[- ]?\d{{4}})(?!\d)", re.I)
KEY = re.compile(
    r"(?<![\w-])(?:sk-[\w-]{16,}|(?:sk|pk|rk)_(?:live|test)_\w{10,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|"
    r"xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|glpat-[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,})|"
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
)
NAMED_KEY = re.compile(
    r"\b(?:api[ _-]?key|secret[ _-]?key|access[ _-]?token|auth[ _-]?token|bearer|client[ _-]?secret)\b"
    rf"{IS}(?P<value>[\w.~+/=-]{{12,}})",
    re.I,
)
PASSWORD = re.compile(
    r"\b(?:pass ?words?|passwd|pwd|pass ?code|pass ?phrase|kennwort|passwort|mot de passe|contrase(?:ñ|n)a|senha|"
    r"wachtwoord|pw)\b"
    r"(?P<link>(?:\s+(?:for|to|of|on|at) (?:my|the|your|this) \w{1,20}|\s+(?:i|we) (?:use|used|set|have|chose|gave))?"
    r"[\"']?\s*(?:\b(?:is|was|are|ist|est|es|è|é)\b\s*:?|[:=]|->))\s*"
    r"(?:[\"'“‘«](?P<quoted>[^\"'”’»\n]{1,60})[\"'”’»]|(?P<value>[^\s,;\"']{3,64}))"
    r"(?P<end>\s*(?:[.,;!?)\n]|$|and\b|but\b|und\b))?",
    re.I,
)
PIN = re.compile(r"\bpin\b(?: code| number)?\s*(?:is|was|:|=)\s*(?P<value>\d{4,8})\b", re.I)
ORDINARY = re.compile(
    r"(?:not|no|a|an|the|my|your|wrong|right|correct|incorrect|blocked|locked|still|in|on|out|of|for|to|too|never|"
    r"invalid|valid|lost|gone|old|new|same|safe|secure|unsafe|weak|strong|short|long|always|also|now|being|been|that|"
    r"this|what|why|how|when|where|which|who|it|so|very|really|just|only|please|there|here|empty|blank|fine|ok|okay|"
    r"working|unknown|public|private|secret|required|needed|forgotten|nothing|something|reset|change|case|at|by|from|"
    r"with|without|all|probably|maybe|perhaps|okay|bad|good|hidden|shown|different|"
    r"[a-z]+(?:ed|ing|able|ible))",
    re.I,
)
"""Words that describe a password and are not one."""


@dataclass(frozen=True)
class Sensitive:
    """One place in a text: from `start` to before `end`, what stands there, and how it is shown instead."""

    start: int
    end: int
    what: str
    shown: str


def find_sensitive(text: str) -> tuple[Sensitive, ...]:
    """All places of a text that must not travel, in order, none overlapping another."""
    found = sorted((one for find in FINDERS for one in find(text)), key=lambda one: (one.start, -one.end))
    kept: list[Sensitive] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def digits_of(text: str) -> str:
    """The digits of a text, in ASCII."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def is_luhn(digits: str) -> bool:
    """Whether a number passes the check of card numbers (ISO/IEC 7812)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a text passes the check of ISO 13616: 15 to 34 characters, remainder 1 of 97."""
    code = "".join(text.split()).upper()
    if not 15 <= len(code) <= 34 or not code.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def find_cards(text: str) -> Iterator[Sensitive]:
    """Card numbers, alone or among other numbers, and the code behind a card's date."""
    for run in DIGITS.finditer(text):
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in re.finditer(r"\d+", run.group())]
        place = 0
        while place < len(groups):
            # What is written digit by digit begins with its first: else each digit of a long row would be tried.
            is_inside = place > 0 and is_single(groups[place - 1]) and is_single(groups[place])
            length = 0 if is_inside else card_at(text, groups[place : place + MOST_DIGITS])
            if length:
                start, end = groups[place][0], groups[place + length - 1][1]
                shown = f"[card number ending {digits_of(text[start:end])[-4:]}]"
                yield Sensitive(start, end, "a card number", shown)
                yield from find_code_behind(text, end)
            place += length or 1


def is_single(group: tuple[int, int]) -> bool:
    """Whether a group is one digit."""
    return group[1] - group[0] == 1


def card_at(text: str, groups: Sequence[tuple[int, int]]) -> int:
    """How many of these groups of digits, from the first, are one card number; 0 where none are."""
    sizes = [end - start for start, end in groups]
    counts = [count for count, total in enumerate(accumulate(sizes), start=1) if FEWEST_DIGITS <= total <= MOST_DIGITS]
    counts = [count for count in counts if is_grouped(sizes[:count])]
    if not counts:
        return 0
    digits = digits_of(text[groups[0][0] : groups[counts[-1] - 1][1]])
    before = text[max(0, groups[0][0] - 60) : groups[0][0]]
    for count in reversed(counts):
        if is_card(digits[: sum(sizes[:count])], before):
            return count
    return 0


def is_card(digits: str, before: str) -> bool:
    """Whether digits are a card's: called one, or as a brand's are; not a parcel's number, and not a phone's."""
    if before.endswith("+") and len(digits) <= LONGEST_PHONE:
        return False
    if BRANDS.fullmatch(digits) and is_luhn(digits):
        return not TRACKING_WORD.search(before)
    return bool(CARD_WORD.search(before))


def is_grouped(sizes: Sequence[int]) -> bool:
    """Whether groups of digits are as card numbers are written: whole, digit by digit, or in groups of a few."""
    if len(sizes) == 1 or all(size == 1 for size in sizes):
        return True
    return all(size in GROUPS for size in sizes[:-1]) and sizes[-1] < GROUPS.stop


def find_code_behind(text: str, end: int) -> Iterator[Sensitive]:
    """The code of three or four digits behind a card's number and date."""
    after = AFTER_CARD.match(text, end)
    if after:
        yield Sensitive(*after.span("value"), "a card's security code", "[card security code]")


def find_ibans(text: str) -> Iterator[Sensitive]:
    """Account numbers after ISO 13616, checked, or called an IBAN."""
    for found in IBAN.finditer(text):
        if is_iban(found.group()):
            yield Sensitive(found.start(), found.end(), "an IBAN", "[IBAN]")
    yield from named(IBAN_NAMED, "an IBAN", "[IBAN]")(text)


def find_passwords(text: str) -> Iterator[Sensitive]:
    """What is said to be a password, and is no word that describes one."""
    for found in PASSWORD.finditer(text):
        if found["quoted"] or is_password(found["value"], found["link"], is_last=found["end"] is not None):
            yield Sensitive(*found.span("quoted" if found["quoted"] else "value"), "a password", "[password]")


def is_password(value: str, link: str, *, is_last: bool) -> bool:
    """Whether the word behind `password is` is the password; a plain word is where the sentence ends with it."""
    word = value.rstrip(".,;:!?)")
    if not word or ORDINARY.fullmatch(word):
        return False
    is_plain_word = word.isalpha() and (word.islower() or word.istitle())
    is_set_off = is_last or value != word or link.strip("\"' ") in {":", "=", "->"}
    return is_set_off or not is_plain_word


def named(pattern: re.Pattern[str], what: str, shown: str) -> Callable[[str], Iterator[Sensitive]]:
    """A finder of what a pattern calls its `value`; the whole match where it names none."""

    def find(text: str) -> Iterator[Sensitive]:
        for found in pattern.finditer(text):
            start, end = found.span("value" if "value" in pattern.groupindex else 0)
            yield Sensitive(start, end, what, shown)

    return find


FINDERS: tuple[Callable[[str], Iterator[Sensitive]], ...] = (
    find_cards,
    find_ibans,
    find_passwords,
    named(CVV, "a card's security code", "[card security code]"),
    named(ACCOUNT, "a bank account number", "[bank account number]"),
    named(SORT_CODE, "a sort code", "[sort code]"),
    named(ROUTING, "a routing number", "[routing number]"),
    named(SWIFT, "a bank's code", "[bank code]"),
    named(SOCIAL, "a social security number", "[social security number]"),
    named(PIN, "a PIN", "[PIN]"),
    named(KEY, "a secret key", "[secret key]"),
    named(NAMED_KEY, "a secret key", "[secret key]"),
)
