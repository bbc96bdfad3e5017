"""Reading prose as the checks do: sentences with their place, what kind of sentence it is, and word stems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agentdesk.agent.findings import Finding

LONGEST_BODY = 20_000
"""Characters of a text that are read: no reply may be longer."""
LONGEST_QUOTE = 80
LONGEST_SENTENCE = 1000
END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z0-9#“\"(*-])|\n+")
ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|Nr|vs|e\.g|i\.e|approx|Ave|Apt|Inc|Co|etc)|^\d{1,2})\.$")
GREETING = re.compile(r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)\b[^.?!]{0,60}!?$", re.I)
SALUTED = re.compile(r"^(?:Hi|Hello|Hey|Dear|Good (?:morning|afternoon|evening|day))\b[^,.!?:\n]{0,40}[,!] +(?=\S)")
DENIAL = re.compile(
    r"\b(?:not|no|never|none|nothing|cannot|neither|nor|unable|except)\b|\ball\b[^.;]{0,30}\bbut\b|n['’]t\b|\b(?:isn|aren|don|doesn|can|"
    r"won)t\b",
    re.I,
)
CLOSING = re.compile(
    r"^(?:(?:kind|best|warm|warmest|many|with kind|with best)? ?(?:regards|wishes)|sincerely|yours\b.*|cheers|"
    r"(?:many |with )?thanks(?: again)?|thank you|all the best|best|take care|warmly|"
    r"(?:the |your )?(?:[\w&' -]{0,40}\b)?(?:support|customer|service|care|help|shop)[\w ]{0,30}\b"
    r"(?:team|desk|service|care|staff))"
    r"[,.! ]*$",
    re.I,
)
ASKS = re.compile(r"\?[\"”’)]*\s*$")
NOT_SO = re.compile(
    r"\b(?:not|no|never|none|cannot|can't|couldn't|won't|wouldn't|isn't|aren't|wasn't|weren't|doesn't|don't|didn't|"
    r"hasn't|haven't|hadn't|shouldn't|unable|without|nothing|neither|nor|unfortunately|refuse[sd]?)\b|n['’]t\b",
    re.I,
)
SAID_BY_CUSTOMER = re.compile(
    r"\byou(?:'ve| have| had)?(?: also| just| kindly)? (?:say|said|write|wrote|written|mention(?:ed)?|ask(?:ed)?|"
    r"request(?:ed)?|told|tell|name[d]?|quote[d]?|gave|give|sent|describe[d]?|state[d]?|want(?:ed)?|wish(?:ed)?|"
    r"report(?:ed)?|"
    r"expect(?:ed)?|claim(?:ed)?|refer(?:red)?)\b|\byour (?:message|mail|e-mail|email|letter|request|question)\b|"
    r"\byou(?:'d| would) like\b|\bas you (?:say|said|wrote)\b",
    re.I,
)
CONDITIONAL = re.compile(
    r"\b(?:if|unless|whether|in case|should you|would you|could you|shall (?:i|we)|may (?:i|we)|let (?:us|me) know|"
    r"provided|otherwise|please (?:tell|send|confirm|let|reply|answer|check)|need(?:ed)? to know)\b",
    re.I,
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CONTRACTED = re.compile(r"['’](?:ll|re|ve|d|m)$")
FILLING = frozenset(
    re.findall(
        r"[\w']+",
        """
        cannot can't won't don't doesn't isn't aren't didn't couldn't wasn't weren't never none unable
        unfortunately afraid
        a an and are as at be been being but by can could did do does for from had has have he her him his how i if in
        into is it its just let ll may me might more most much my no nor not now of off on once one only or other our
        out over own please re s shall she should so some such t than that the their them then there these they this
        those to too under up us ve very was we were what when where which while who why will with would you your yours
        also about after again all already any anything back both each either ever every here however within without
        still yet well thank thanks hello hi dear sorry gladly happy happily kindly simply usually always like want need
        get got make made go goes gone going come comes take takes took taken give see know day days time
        among right currently moment same tear
        """,
    )
)
SAME = {"paid": "pay", "personal": "person", "includ": "cov", "deliver": "deliv", "ship": "deliv", "swap": "exchang"}
"""Words of one meaning, by their stems."""
SUFFIXES = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text, where it begins there, and what kind of sentence it is."""

    text: str
    start: int
    is_framing: bool = False
    """A greeting, a closing line or a signature: no claim."""
    asks: bool = False
    is_negated: bool = False
    is_attributed: bool = False
    """Tells what the customer said."""
    is_conditional: bool = False


def quoted(check: str, words: str, why: str) -> Finding:
    """A finding with the words it is about between typographic quotes, cut to what a page can mark."""
    words = words.replace("“", "").replace("”", "").strip()[:LONGEST_QUOTE].strip()
    return Finding(check, f"“{words}” {why}", words)


@lru_cache(maxsize=64)
def read_sentences(body: str) -> tuple[Sentence, ...]:
    """The sentences of a text; a line is at most one paragraph, and what follows a closing line is a signature."""
    parts = [part for piece in split_text(body[:LONGEST_BODY]) for part in without_salutation(*piece)]
    signed = next((place for place in range(len(parts) - 1, -1, -1) if is_closing(parts, place)), len(parts))
    return tuple(
        classify(text, start, is_framing=place >= signed or bool(GREETING.match(text)))
        for place, (text, start) in enumerate(parts)
    )


def without_salutation(text: str, start: int) -> Iterator[tuple[str, int]]:
    """A piece, its `Hi Carla,` split off."""
    if len(text) > LONGEST_SENTENCE:
        yield from ((text[place : place + LONGEST_SENTENCE], start + place) for place in cuts(len(text)))
        return
    match = SALUTED.match(text)
    if match:
        yield match.group().strip(), start
    rest = match.end() if match else 0
    yield text[rest:], start + rest


def cuts(length: int) -> range:
    """Where a piece too long for a sentence is cut: no reading of a sentence may cost more than a sentence."""
    return range(0, length, LONGEST_SENTENCE)


def is_closing(parts: list[tuple[str, int]], place: int) -> bool:
    """Whether a signature begins here: a closing line among the last four lines, after at least one other."""
    return 0 < place >= len(parts) - 4 and bool(CLOSING.match(parts[place][0]))


def classify(text: str, start: int, *, is_framing: bool) -> Sentence:
    """A sentence with what its words say about its kind."""
    return Sentence(
        text,
        start,
        is_framing=is_framing,
        asks=bool(ASKS.search(text)),
        is_negated=bool(NOT_SO.search(text)),
        is_attributed=bool(SAID_BY_CUSTOMER.search(text)),
        is_conditional=bool(CONDITIONAL.search(text)),
    )


def split_text(body: str) -> Iterator[tuple[str, int]]:
    """The pieces of a text between sentence ends and line ends, each with its place."""
    start = 0
    for end in END.finditer(body):
        piece = body[start : end.start()]
        if "\n" not in end.group() and ABBREVIATED.search(piece.rstrip()[-12:]):
            continue
        if piece.strip():
            yield piece.strip(), start + len(piece) - len(piece.lstrip())
        start = end.end()
    piece = body[start:]
    if piece.strip():
        yield piece.strip(), start + len(piece) - len(piece.lstrip())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending, so that `cancelled`, `cancels` and `cancellation` are one."""
    low = word.lower().replace("’", "'").removesuffix("'s")
    for _ in range(2):  # `covered` is `cover`, and that is `cov`, which `cover` is, too
        suffix = next((one for one in SUFFIXES if low.endswith(one) and len(low) - len(one) >= 3), "")
        low = low[: len(low) - len(suffix)]
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "aeiou":
        low = low[:-1]
    low = low.rstrip("ey") if len(low) > 4 else low
    return SAME.get(low, low)


@lru_cache(maxsize=4096)
def telling_stems(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    words = (CONTRACTED.sub("", word) for word in WORD.findall(text))
    return frozenset(stem(word) for word in words if len(word) > 1 and word.lower() not in FILLING)


def plain(text: str) -> str:
    """A text as it is compared: one kind of space, quote and dash, no Markdown marks, lower case."""
    text = text.translate(PLAIN)
    return " ".join(text.split()).casefold()


PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "*": None, "`": None, "_": " "})
