"""Postal addresses part by part, as they are compared: abbreviations written out, case and punctuation aside."""

from __future__ import annotations

import re

ABBREVIATIONS = {
    "st": "street", "ave": "avenue", "av": "avenue", "rd": "road", "dr": "drive", "ln": "lane", "blvd":
    "boulevard", "ct": "court",    "pl": "place", "sq": "square", "hwy": "highway", "pkwy": "parkway", "cir":
    "circle", "ter": "terrace", "trl": "trail",    "apt": "apartment", "ste": "suite", "fl": "floor", "bldg":
    "building", "no": "number", "n": "north", "s": "south", "e": "east",    "w": "west", "us": "usa", "america":
    "usa", "uk": "gb",
}  # fmt: skip
COUNTRIES = (
    (re.compile(r"\b(?:the )?united states(?: of america)?\b|\bu\.s\.a?\.?(?!\w)"), "usa"),
    (re.compile(r"\b(?:the )?(?:united kingdom|great britain|england)\b"), "gb"),
)
STATES = {
    "alabama": "al", "alaska": "ak", "arizona": "az", "arkansas": "ar", "california": "ca", "colorado": "co",
    "connecticut": "ct",    "delaware": "de", "florida": "fl", "georgia": "ga", "hawaii": "hi", "idaho": "id",
    "illinois": "il", "indiana": "in", "iowa": "ia",    "kansas": "ks", "kentucky": "ky", "louisiana": "la",
    "maine": "me", "maryland": "md", "massachusetts": "ma", "michigan": "mi",    "minnesota": "mn",
    "mississippi": "ms", "missouri": "mo", "montana": "mt", "nebraska": "ne", "nevada": "nv",    "new hampshire":
    "nh", "new jersey": "nj", "new mexico": "nm", "new york": "ny", "north carolina": "nc", "north dakota": "nd",
    "ohio": "oh", "oklahoma": "ok", "oregon": "or", "pennsylvania": "pa", "rhode island": "ri", "south carolina":
    "sc",    "south dakota": "sd", "tennessee": "tn", "texas": "tx", "utah": "ut", "vermont": "vt", "virginia":
    "va", "washington": "wa",    "west virginia": "wv", "wisconsin": "wi", "wyoming": "wy",
    "district of columbia": "dc",
}  # fmt: skip
NAMES = {code: name for name, code in STATES.items()}
TOKEN = re.compile(r"[^\W_]+")


def normal_place(text: str) -> str:
    """A text's words for comparing addresses, one space around each."""
    text = text.casefold()
    for pattern, country in COUNTRIES:
        text = pattern.sub(country, text)
    return f" {' '.join(ABBREVIATIONS.get(word, word) for word in TOKEN.findall(text))} "


def holds_part(part: str, text: str) -> bool:
    """Whether a part of an address stands in a text made by `normal_place`, word by word and in order."""
    wanted = normal_place(part)
    if not wanted.strip() or wanted in text:
        return True
    return f" {wanted.replace(' ', '')} " in text or (
        len(wanted) > 6 and any(c.isdigit() for c in wanted) and wanted.replace(" ", "") in text.replace(" ", "")
    )


def holds_state(state: str, text: str, raw: str) -> bool:
    """Whether a state stands in a text, by name or by its code in capitals."""
    low = state.strip().casefold()
    code, name = STATES.get(low, low), NAMES.get(low, low)
    return (
        f" {name} " in text
        or bool(re.search(rf"\b{re.escape(code.upper())}\b", raw))
        or f" {low} " in f" {raw.casefold()} "
    )
