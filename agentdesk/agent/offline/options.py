"""A product's options as people say them: every value with its other names, and finding them in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.offline.tokens import UNITS, Token, stem, stems

Meaning = tuple[str, str]
SIZES: Mapping[str, tuple[str, ...]] = {
    "xs": ("extra small", "x small"),
    "s": ("small",),
    "m": ("medium",),
    "l": ("large",),
    "xl": ("extra large", "x large"),
    "xxl": ("double extra large", "extra extra large", "xx large", "double xl"),
}
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "ac adapter": ("ac", "ac power", "plug in", "mains", "ac adaptor", "adaptor"),
    "wifi cellular": ("wifi and cellular", "wifi plus cellular", "wifi with cellular", "cellular", "lte"),
    "wifi": ("wi fi only", "wifi only"),
    "rgb": ("rgb lighting", "rgb backlight", "multicolor"),
    "full size": ("full", "fullsize", "full sized", "100%"),
    "60%": ("60 percent", "sixty percent"),
    "80%": ("80 percent", "tkl"),
    "stainless steel": ("stainless", "steel"),
    "hard cover": ("hardcover", "hard", "hardback", "hard covered"),
    "soft cover": ("softcover", "soft", "paperback", "soft covered"),
    "auto tilt": ("automatic tilt", "auto", "automatic"),
    "manual tilt": ("manual",),
    "battery": ("battery powered", "battery operated", "battery power"),
    "usb": ("usb powered", "usb power"),
    "wireless": ("cordless", "bluetooth"),
    "aa battery": ("aa", "replaceable battery", "aa powered"),
    "rechargeable": ("rechargable", "rechargeable battery"),
    "auto shutoff": ("automatic shutoff", "auto shut off", "automatic shut off", "shutoff", "shut off"),
    "medium": ("med",),
    "navy": ("navy blue",),
    "crew neck": ("crew", "crewneck", "round neck"),
    "vneck": ("v necked",),
    "intermediate": (),
    "beginner": ("easy",),
    "hepa": ("hepa filter",),
    "high back": ("highback", "high backrest", "tall back"),
    "standard": ("standard back",),
    "24mp": (),
    "amoled": ("amoled display",),
    "lcd": ("lcd display",),
    "portable": (),
    "gas": ("propane",),
    "over ear": ("overear",),
    "in ear": ("inear",),
    "on ear": ("onear",),
    "non polarized": ("unpolarized", "not polarized", "nonpolarized", "non polarised", "not polarised"),
    "polarized": ("polarised",),
    "not resistant": ("no water resistance", "not water resistant", "without water resistance", "non resistant"),
    "google assistant": ("google", "google home"),
    "amazon alexa": ("alexa", "amazon"),
    "apple homekit": ("homekit", "apple", "apple home"),
    "pc": (),
    "man": ("men's", "man's", "male"),
    "men": ("men's", "for men", "male", "masculine"),
    "women": ("women's", "for women", "female", "feminine", "lady"),
    "adjustable": (),
    "1liter": (),
    "left handed": ("left hand", "lefty", "lefthanded"),
    "right handed": ("right hand", "righthanded"),
}
YES_NO = frozenset({"yes", "no"})
STOP_ALIAS = frozenset(
    {
        "and", "with", "not", "no", "the", "for", "free", "card", "cover", "size", "back", "mode", "auto", "set",
        "type", "one", "two", "three", "person", "people", "ear", "light", "pair", "high", "low", "full", "mount",
        "plug", "power", "equivalent", "operation", "first", "second", "side", "made",
    }
)  # fmt: skip
UNIT_VALUE = re.compile(rf"^(\d+(?:\.\d+)?)({'|'.join(re.escape(unit) for unit in UNITS)})$")
NOT_A_SIZE_AFTER = frozenset(
    {
        "day", "week", "month", "year", "hour", "minute", "item", "time", "of", "usd", "dollar", "buck", "cent",
        "order", "thing", "unit", "pair", "percent", "%", "people",
    }
)  # fmt: skip
NOT_A_SIZE_BEFORE = frozenset(
    [
        "$",
        "usd",
        "ending",
        "last",
        "four",
        "about",
        "around",
        "past",
        "within",
        "order",
        "number",
        "next",
        "only",
        "than",
    ]
)


BREAKS = frozenset({"(", ")", ",", ";", ".", "and", "to", "for", "into", "instead", "->", "but", "or", "\n", "/"})


@dataclass(frozen=True)
class Spot:
    """An option value found in a sentence; several meanings where a word can belong to several options."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words for a product's options: phrase → what it can mean; and the words of each option's name."""

    phrases: Mapping[tuple[str, ...], tuple[Meaning, ...]]
    names: Mapping[str, tuple[str, ...]]

    @property
    def words(self) -> frozenset[str]:
        """Every word that occurs in a phrase or an option's name."""
        known = {word for phrase in self.phrases for word in phrase}
        return frozenset(known | {word for name in self.names.values() for word in name})


def build_vocabulary(options_of: Sequence[Mapping[str, Any]]) -> Vocabulary:
    """The vocabulary of a product from the options of its variants (or of an order's lines)."""
    values: dict[str, dict[str, None]] = {}
    for options in options_of:
        for option, value in options.items():
            values.setdefault(str(option), {}).setdefault(str(value))
    names = {option: stems(option) for option in values}
    name_words = {word for name in names.values() for word in name}
    meanings: dict[tuple[str, ...], list[Meaning]] = {}
    counts = count_words(values)
    for option, known in values.items():
        for value in known:
            for phrase in value_phrases(option, value, tuple(known), names[option]):
                meanings.setdefault(phrase, []).append((option, value))
            for word in stems(value):
                if len(stems(value)) > 1 and counts[word] == 1 and is_telling(word, name_words):
                    meanings.setdefault((word,), []).append((option, value))
    return Vocabulary({phrase: tuple(dict.fromkeys(found)) for phrase, found in meanings.items()}, names)


def count_words(values: Mapping[str, Mapping[str, None]]) -> dict[str, int]:
    """How many values hold each word."""
    counts: dict[str, int] = {}
    for known in values.values():
        for value in known:
            for word in set(stems(value)):
                counts[word] = counts.get(word, 0) + 1
    return counts


def is_telling(word: str, name_words: set[str]) -> bool:
    """Whether one word of a value of several words is enough to name it."""
    return len(word) > 2 and word not in STOP_ALIAS and word not in name_words and not word[0].isdigit()


def value_phrases(option: str, value: str, known: Sequence[str], name: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Every way to say one value."""
    base = stems(value)
    if value.lower() in YES_NO and {other.lower() for other in known} <= YES_NO:
        return yes_no_phrases(value.lower() == "yes", name)
    if value.lower() == "none":
        denials = [
            (*denial, *extra)
            for denial in (("no",), ("without",))
            for extra in ((), ("any",), ("extra",), ("special",), ("additional",))
        ]
        return {
            ("none",),
            ("=none",),
            (*name, "none"),
            *((*denial, *part) for denial in denials for part in parts_of(name)),
        }
    found = {base}
    found |= {stems(spoken) for spoken in SPOKEN.get(" ".join(base), ())}
    lone = value.lower()
    if lone in SIZES:
        found |= {(f"={lone}",), *(stems(spoken) for spoken in SIZES[lone])}
        found.discard((lone,))
    found |= {(f"={letters}",) for letters, spoken in SIZES.items() if lone in spoken and not has_letters(known)}
    if base and base[0].startswith("="):
        found |= {stems(spoken) for spoken in SIZES.get(base[0][1:], ())}
    found |= number_phrases(base, name)
    return {phrase for phrase in found if phrase}


def has_letters(known: Sequence[str]) -> bool:
    """Whether the option's values are letter sizes."""
    return any(value.lower() in SIZES for value in known)


def parts_of(name: tuple[str, ...]) -> set[tuple[str, ...]]:
    """An option's name, and its first word where it has several."""
    return {name, name[:1]} if name else set()


def yes_no_phrases(is_yes: bool, name: tuple[str, ...]) -> set[tuple[str, ...]]:
    """`waterproof`, `water resistant`, `not waterproof`, `waterproof: no` …"""
    forms = {name}
    if name == ("water", "resistance"):
        forms |= {("water", "resistant"), ("waterproof",), ("water", "proof")}
    if name == ("waterproof",):
        forms |= {("water", "proof"), ("water", "resistant"), ("waterproofing",)}
    if is_yes:
        said = {(*form, "yes") for form in forms} | {(*form, "=yes") for form in forms} | forms | {("=yes",)}
        return said | {("with", *form) for form in forms}
    denials = (("not",), ("non",), ("no",), ("without",), ("isn't",), ("is", "not"), ("un",))
    said = {(*denial, *form) for denial in denials for form in forms}
    return said | {(*form, "no") for form in forms} | {(*form, "=no") for form in forms} | {("=no",)}


def number_phrases(base: tuple[str, ...], name: tuple[str, ...]) -> set[tuple[str, ...]]:
    """`1000-piece` for 1000 pieces, `size 10` for 10, `24 megapixels` for 24MP, `5 to 25 lbs` for 5-25 lbs."""
    found: set[tuple[str, ...]] = set()
    if len(base) == 1 and base[0].isdigit():
        found |= {(f"{base[0]}piece",)} if "piece" in name else set()
    if len(base) == 2 and base[0].isdigit() and UNIT_VALUE.match(base[1]):
        found |= {(base[0], "to", base[1])}
        unit = UNIT_VALUE.match(base[1])
        if unit:
            found |= {(f"{base[0]}{unit[2]}", "to", base[1]), (base[0], unit[1])}
    return found


def spot_options(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Spot]:
    """Every option value named, longest phrase first, without overlaps, in order of place."""
    words = [token.stem for token in tokens]
    taken = [False] * len(words)
    spots = []
    for phrase in sorted(vocabulary.phrases, key=lambda phrase: (-len(phrase), phrase)):
        size = len(phrase)
        for start in range(len(words) - size + 1):
            if any(taken[start : start + size]) or tuple(words[start : start + size]) != phrase:
                continue
            if size == 1 and phrase[0].isdigit() and not reads_as_size(words, start):
                continue
            taken[start : start + size] = [True] * size
            meanings = nearest_options(words, start, start + size, vocabulary, vocabulary.phrases[phrase])
            spots.append(Spot(start, start + size, meanings))
    return sorted(spots, key=lambda spot: spot.start)


def reads_as_size(words: Sequence[str], place: int) -> bool:
    """Whether a bare number is an option value and not an amount, a count or a date."""
    after = words[place + 1] if place + 1 < len(words) else ""
    before = words[place - 1] if place else ""
    return after not in NOT_A_SIZE_AFTER and before not in NOT_A_SIZE_BEFORE


def nearest_options(
    words: Sequence[str], start: int, end: int, vocabulary: Vocabulary, meanings: tuple[Meaning, ...]
) -> tuple[Meaning, ...]:
    """Of several options a value can belong to, the one whose name stands next to it: `frame color: black`."""
    options = {option for option, _ in meanings}
    if len(options) < 2:
        return meanings
    shared = set.intersection(*(set(vocabulary.names[option]) for option in options))
    telling = {option: set(vocabulary.names[option]) - shared for option in options}
    before, after = until_break(words[max(0, start - 4) : start][::-1]), until_break(words[end : end + 3])
    all_names = {word for name in vocabulary.names.values() for word in name} | {":", "is", "="}
    ordered = before + after if before[:1] and before[0] in all_names else after + before
    for word in ordered:
        named = [option for option in options if word in telling[option]]
        if len(named) == 1:
            return tuple(meaning for meaning in meanings if meaning[0] == named[0])
    return meanings


def until_break(words: Sequence[str]) -> list[str]:
    """The words up to one that ends a description."""
    found = []
    for word in words:
        if word in BREAKS:
            break
        found.append(word)
    return found


def larger(value: str, known: Sequence[str], step: int) -> str | None:
    """The next larger (or smaller) of an option's sizes; None where there is none or they have no order."""
    order = sorted(known, key=size_rank)
    if value not in order or any(size_rank(other) < 0 for other in known):
        return None
    place = order.index(value) + step
    return order[place] if 0 <= place < len(order) else None


def size_rank(value: str) -> float:
    """How large a size is among its kind; below zero where it is no size."""
    letters = [*SIZES]
    if value.lower() in letters:
        return letters.index(value.lower())
    if value.lower() in {"small", "medium", "large"}:
        return ("small", "medium", "large").index(value.lower())
    number = re.match(r"\d+(?:\.\d+)?", value)
    return float(number.group()) if number else -1.0


def is_size_option(option: str) -> bool:
    """Whether `one size larger` can speak of this option."""
    return stem(option.split()[-1]) in {"size", "fit", "shoe"} or "size" in option.split()
