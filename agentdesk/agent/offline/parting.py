"""Parting the words of a change: what is there, what is wanted. `OLD for NEW`, `NEW instead of OLD`, `OLD -> NEW`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentdesk.agent.offline.tokens import Token

AGAINST = (
    ("instead", "of"),
    ("rather", "than"),
    ("in", "place", "of"),
    ("not",),
    ("in", "lieu", "of"),
    ("in", "exchange", "for"),
)
STOPS = frozenset(
    {",", ".", ";", "\n", ")", "and", "i", "i'd", "please", "could", "can", "would", "give", "send", "we", "but", "->"}
)
CUES = (
    ("i'd", "like"), ("i", "need"), ("i", "want"), ("i", "would", "like"), ("could", "i", "have"), ("can", "i", "have"),
    ("could", "i", "get"), ("can", "i", "get"), ("should", "be"), ("should", "have", "been"), ("make", "it"),
    ("make", "that"), ("make", "them"), ("prefer",), ("rather", "have"), ("give", "me"), ("send", "me"),
    ("would", "like"), ("supposed", "to", "be"), ("meant", "to"), ("to", "be"), ("want", "it"), ("like", "it"),
    ("want", "them"), ("is", "now"), ("becomes",), ("become",), ("new", ":"),
)  # fmt: skip
RIVALS = frozenset({"me", "us", "him", "her", "them", "it", "my", "our", "your"})
MONEY = frozenset({"difference", "refund", "paypal", "payment", "money"})
OPTION_NAMES = {("switch", "type")}
PURPOSES = frozenset({"pay", "return", "cancel", "know", "see", "do", "say", "ask", "request", "use"})
VERBS = frozenset(
    {
        "exchange", "swap", "switch", "replace", "trade", "change", "modify", "update", "alter", "convert",
        "substitute", "exchanged", "swapped", "switched", "replaced", "traded", "changed", "modified", "updated",
        "converted", "upgrade", "exchanging", "changing", "swapping", "replacing", "switching", "amend", "edit",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Parting:
    """Which token places tell what is there, and which what is wanted; places in neither say one or the other."""

    old: frozenset[int]
    new: frozenset[int]

    def is_old(self, place: int) -> bool:
        """Whether the place tells what is there."""
        return place in self.old

    def is_new(self, place: int) -> bool:
        """Whether the place tells what is wanted."""
        return place in self.new


def part_change(tokens: Sequence[Token], anchor: int) -> Parting:
    """The parting of a sentence whose item is named just before `anchor`."""
    words = plain_words(tokens)
    against = rejected_places(words)
    rest = [place for place in range(len(words)) if place not in against]
    new = from_to(words) or alternating(words)
    if new is None:
        readings = (linked, cued) if any(word in VERBS for word in words) else (cued, linked)
        link = arrow(words) or next((found for read in readings if (found := read(words, anchor, against))), None)
        if link is None:
            has_other_side = len(rest) > len(AGAINST[0])
            return Parting(frozenset(against), frozenset(rest) if against and has_other_side else frozenset())
        new = {place for place in rest if place >= link}
    new -= against
    return Parting(frozenset(set(range(len(words))) - new), frozenset(new))


def plain_words(tokens: Sequence[Token]) -> list[str]:
    """The words, with those of an option's name that read like a verb set apart: a keyboard's `switch type`."""
    words = [token.raw for token in tokens]
    named = [place for place in range(len(words)) if tuple(words[place : place + 2]) in OPTION_NAMES]
    return [f"_{word}" if place in named else word for place, word in enumerate(words)]


def rejected_places(words: Sequence[str]) -> set[int]:
    """The places of what is named only to be left: after `instead of`, `rather than`, `not`."""
    found: set[int] = set()
    for start in range(len(words)):
        for marker in AGAINST:
            if tuple(words[start : start + len(marker)]) == marker and not is_mere_not(words, start, marker):
                place = start + len(marker)
                while place < len(words) and words[place] not in STOPS:
                    found.add(place)
                    place += 1
    return found


def is_mere_not(words: Sequence[str], start: int, marker: tuple[str, ...]) -> bool:
    """Whether a `not` denies a verb or is part of an option, and rejects nothing: `does not fit`, `not waterproof`."""
    if marker != ("not",):
        return False
    before = words[start - 1] if start else ""
    after = words[start + 1] if start + 1 < len(words) else ""
    return before not in {",", "and", "but", "(", ";"} or after in {
        "sure",
        "happy",
        "what",
        "only",
        "to",
        "yet",
        "that",
    }


def arrow(words: Sequence[str]) -> int | None:
    """Where the wanted begins after an arrow."""
    return words.index("->") + 1 if "->" in words else None


def from_to(words: Sequence[str]) -> set[int] | None:
    """The places of the wanted in `from OLD to NEW`, said once or several times."""
    new: set[int] = set()
    is_new = False
    opened = False
    verb = next((place for place, word in enumerate(words) if word in VERBS), -1)
    for place, word in enumerate(words):
        if place < verb:
            continue
        if word == "from":
            is_new, opened = False, True
        elif opened and (word in {"into", "->"} or (word == "to" and is_value_link(words, place))):
            is_new, opened = True, False
        elif is_new:
            new.add(place)
    return new or None


def alternating(words: Sequence[str]) -> set[int] | None:
    """The places of the wanted where links alternate: `blue -> red, M -> L`; None where there are less than two."""
    verb = next((place for place, word in enumerate(words) if word in VERBS), -1)
    arrows = [place for place, word in enumerate(words) if word == "->"]
    links_to = [
        place for place, word in enumerate(words) if word == "to" and place > verb and is_value_link(words, place)
    ]
    places = arrows if len(arrows) > 1 else links_to
    if len(places) < 2:
        return None
    new: set[int] = set()
    for place, following in zip(places, [*places[1:], len(words) + 1], strict=True):
        for at in range(place + 1, min(following, len(words))):
            if following <= len(words) and words[at] in {",", ";", "and", "\n", "."}:
                break
            new.add(at)
    return new or None


def is_value_link(words: Sequence[str], place: int) -> bool:
    """Whether a `to` stands between two values: not before a verb, and not in `like to`, `want to`."""
    before = words[place - 1] if place else ""
    return before not in {
        "like",
        "want",
        "need",
        "wish",
        "love",
        "prefer",
        "able",
        "going",
        "have",
        "due",
    } and links_at(words, place)


def links_at(words: Sequence[str], place: int) -> bool:
    """`links`, for a word that may be the last."""
    return place + 1 < len(words) and links(words, place)


def linked(words: Sequence[str], anchor: int, against: set[int]) -> int | None:
    """Where the wanted begins after the word that links it: `exchange OLD for NEW`, `replace OLD with NEW`."""
    verb = next((place for place, word in enumerate(words) if word in VERBS), None)
    if verb is None and not anchor:
        return None
    start = anchor if verb is None else max(anchor, verb + 1)
    for group in (("to", "into", "for", "against"), ("with", "by")):
        for place in range(start, len(words) - 1):
            if words[place] in group and place not in against and links(words, place):
                return place + 1
    return None


def links(words: Sequence[str], place: int) -> bool:
    """Whether a `to` or `for` here introduces what is wanted, and not a person, a verb or the money."""
    after = words[place + 1]
    if after in RIVALS or tuple(words[max(0, place - 2) : place]) == ("in", "exchange"):
        return False
    ahead = set(words[place + 1 : place + 4])
    if words[place] == "for" and (
        ahead & MONEY or after in {"order", "some", "no", "free", "now", "christmas", "work"}
    ):
        return False
    if words[place] == "with" and ahead & MONEY:
        return False
    return words[place] != "to" or not (after in VERBS or after in PURPOSES)


def cued(words: Sequence[str], anchor: int, against: set[int]) -> int | None:
    """Where the wanted begins after a phrase that asks for it: `I need`, `should be`, `make it`."""
    for place in range(anchor, len(words)):
        for cue in CUES:
            if tuple(words[place : place + len(cue)]) == cue and place not in against:
                return place + len(cue)
    return None
