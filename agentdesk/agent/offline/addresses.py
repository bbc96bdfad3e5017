"""Finding postal addresses in a letter: inline or over several lines, the American way, ended by state and zip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

STATES: Mapping[str, str] = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
    "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
    "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH",
    "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND",
    "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI",
    "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
STATE = "|".join(sorted([*STATES.values(), *STATES], key=len, reverse=True))
COUNTRY = r"u\.s\.a\.|usa|u\.s\.|us|united states(?: of america)?|america"
GAP = r"[\s,;/|]*"
ENDING = re.compile(
    rf"(?:\bstate\s*[:=]\s*)?(?<!\w)(?P<state>{STATE})\b\.?{GAP}(?:(?:country\s*[:=]\s*)?(?P<country1>{COUNTRY})\b{GAP})?"
    rf"(?:(?:zip|postal)(?:\s?code)?\s*[:=]?\s*)?(?P<zip>\d{{5}}(?:-\d{{4}})?)(?![\d])"
    rf"(?:{GAP}(?:country\s*[:=]\s*)?(?P<country2>{COUNTRY})(?=[\s,.;)!?]|$))?",
    re.I,
)
START = re.compile(r"(?<![\w#.$])\d{1,6}[A-Za-z]?(?:-\d+)?\s+(?=[A-Za-z0-9])|\bP\.?\s?O\.?\s?Box\s+\d+", re.I)
UNIT_WORD = r"(?:suite|ste|apt|apartment|unit|floor|fl|room|rm|bldg|building|flat|lot|penthouse|#)"
UNIT = re.compile(rf"^(?:{UNIT_WORD}\.?\s*(?:number|no\.?|\#)?\s*[\w-]+|\d+(?:st|nd|rd|th)\s+floor)$", re.I)
INNER_UNIT = re.compile(
    rf"^(?P<street>.+?)\s+(?P<unit>{UNIT_WORD}\.?\s*\#?\s*\w*\d\w*|{UNIT_WORD}\.?\s+\w)(?:\s+(?P<rest>\D+))?$", re.I
)
SUFFIX = re.compile(
    r"^(?P<street>.+?\b(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|way|court|ct|place|pl|circle|"
    r"cir|broadway|terrace|ter|parkway|pkwy|highway|hwy|view|square|sq|trail|row|loop)\b\.?)\s+(?P<rest>\D+)$",
    re.I,
)
LABEL = re.compile(
    r"^(?:street(?: address)?|address ?(?:line)? ?[12]|line ?[12]|city|town|state|country|unit|apt|"
    r"suite/apt)\s*[:=]\s*",
    re.I,
)
NOT_STREET = re.compile(
    r"\b(?:to|the|is|are|and|for|items?|please|my|of|in|instead|order|change|days?|weeks?|from|new|address)\b|[?!:]",
    re.I,
)
IS_COUNTRY = re.compile(rf"^(?:{COUNTRY})$", re.I)
LONGEST = 220


@dataclass(frozen=True)
class PostalAddress:
    """An address as written, with the state as its two letters; `country` is empty where none was named."""

    address1: str
    address2: str
    city: str
    state: str
    zip: str
    country: str = ""

    def complete(self, current: Mapping[str, str]) -> dict[str, str]:
        """The six fields of a record; the country is the current one's unless another was named."""
        here = str(current.get("country") or "USA")
        country = here if not self.country or IS_COUNTRY.match(here) else "USA"
        return {
            "address1": self.address1,
            "address2": self.address2,
            "city": self.city,
            "country": country,
            "state": self.state,
            "zip": self.zip,
        }


def mark_addresses(text: str) -> tuple[str, tuple[PostalAddress, ...]]:
    """The text with every complete address replaced by ` ADDRESS0 `, ` ADDRESS1 ` …, and those addresses."""
    found: list[PostalAddress] = []
    pieces, done = [], 0
    for ending in ENDING.finditer(text):
        parsed = read_backwards(text[max(done, ending.start() - LONGEST) : ending.start()], ending)
        if parsed is None:
            continue
        address, length = parsed
        pieces.append(text[done : ending.start() - length])
        if address not in found:
            found.append(address)
        pieces.append(f" ADDRESS{found.index(address)} ")
        done = ending.end()
    return "".join([*pieces, text[done:]]), tuple(found)


def read_backwards(before: str, ending: re.Match[str]) -> tuple[PostalAddress, int] | None:
    """The address that ends with `ending`, and how much of the text before belongs to it."""
    paragraph = before.rfind("\n\n\n") + 1
    for start in START.finditer(before, max(paragraph, 0)):
        parts = [
            LABEL.sub("", part.strip(" .")).strip() for part in re.split(r"[,\n;|]+|\s/\s", before[start.start() :])
        ]
        read = read_parts([part for part in parts if part])
        if read is not None:
            street, unit, city, country = read
            country = country or ending["country1"] or ending["country2"] or ""
            state = STATES.get(ending["state"].lower(), ending["state"].upper())
            return PostalAddress(street, unit, city, state, ending["zip"], country), len(before) - start.start()
    return None


def read_parts(parts: list[str]) -> tuple[str, str, str, str] | None:
    """Street, unit, city and country from the parts before the state; None where they are no address."""
    country = parts.pop() if len(parts) > 1 and IS_COUNTRY.match(parts[-1]) else ""
    if not parts or len(parts) > 4:
        return None
    head = split_street(parts[0])
    street, units, rest = head[0], [head[1]] if head[1] else [], [*([head[2]] if head[2] else []), *parts[1:]]
    if not rest or not is_street(street):
        return None
    units += rest[:-1]
    city = " ".join(rest[-1].split())
    if not re.fullmatch(r"[A-Za-z][A-Za-z .'-]{1,40}", city) or len(units) > 2 or not all(map(is_unit, units)):
        return None
    return street, ", ".join(units), city, country


def split_street(part: str) -> tuple[str, str, str]:
    """A first line as street, unit and what follows; a unit or a city may stand behind the street without a comma."""
    part = " ".join(part.split())
    inner = INNER_UNIT.match(part)
    if inner:
        return inner["street"], inner["unit"], (inner["rest"] or "").strip()
    ended = SUFFIX.match(part)
    if ended and not UNIT.match(ended["rest"]) and not re.match(r"(?i)^[nsew]{1,2}\.?$", ended["rest"]):
        return ended["street"], "", ended["rest"].strip()
    return part, "", ""


def is_unit(part: str) -> bool:
    """Whether a part can stand between street and city: a unit, or a short name of a building or a quarter."""
    return bool(UNIT.match(part)) or (
        len(part.split()) <= 4 and not NOT_STREET.search(part) and not re.search(r"[.)(]", part)
    )


def is_street(street: str) -> bool:
    """Whether this can be a street with its number: short, one number in front, and no sentence."""
    if re.match(r"(?i)p\.?\s?o\.?\s?box", street):
        return True
    words = street.split()
    if not 2 <= len(words) <= 7 or NOT_STREET.search(" ".join(words[1:])):
        return False
    return not re.search(r"\d{3,}\s+[A-Za-z]", " ".join(words[1:]))
