"""Dates, times of day and lengths of time in prose, in the spellings people use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agentdesk.agent.checks.amounts import TENS_WORDS as TENS
from agentdesk.agent.checks.amounts import UNITS, spelt_number

DIGIT = re.compile(r"\d")
MONTHS = {
    name[:3]: place
    for place, name in enumerate(re.findall(r"\w+", "jan feb mar apr may jun jul aug sep oct nov dec"), start=1)
}
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNDER_TEN = "|".join(UNITS.split()[1:10])
UNDER_TWENTY = "|".join(sorted(UNITS.split(), key=len, reverse=True))
UNDER_HUNDRED = rf"(?:{TENS})(?:[\s-](?:{UNDER_TEN}))?|{UNDER_TWENTY}"
COUNT = rf"(?:\d{{1,3}}|(?>(?:an?|one)\s+hundred(?:\s+and\s+(?:{UNDER_HUNDRED}))?|{UNDER_HUNDRED}))"
DURATION = re.compile(
    rf"(?<![\w.,$€£])(?P<lo>{COUNT})(?:(?:\s*[-–—]\s*|\s+(?:to|or|and)\s+)(?P<hi>{COUNT}))?[\s-]+"
    r"(?P<work>(?:(?:working|business|bank|week|calendar|full|more|further)[\s-]+)*)"
    r"(?P<unit>minute|hour|day|week|month|year)s?\b"
    r"|\b(?:within|in|after|about|takes?|than|over|for|next|lasts?)\s+(?P<one>an?|the)\s+"
    r"(?P<work1>(?:(?:working|business|calendar)\s+)?)(?P<unit1>minute|hour|day|week|month|year)\b(?! or )"
    r"|\bevery\s+(?P<every>day|week|month|year)\b"
    r"|\b(?P<hours>24|48|72)\s?h(?:rs?)?\b"
    r"|\b(?:a|one) (?P<about>day|week|month) or so\b"
    r"|\b(?P<vague>a (?:few|couple of|day or two|week or two)(?: (?:working|business))?"
    r"(?: (?:hours|days|weeks|months))?|"
    r"overnight|same[- ]day|next[- ]day)\b",
    re.I,
)
BOUND_ABOVE = re.compile(
    r"(?:up to|within|at most|at the latest|no (?:later|longer|more) than|maximum(?: of)?|under|in less than|by)\s+"
    r"(?:the\s+(?:next|first|last)\s+)?$",
    re.I,
)
SHORTER = re.compile(r"[,;]? (?:[A-Za-z]+ ){1,5}(\d{1,3})\s?(?:[-–]|to)\s?(\d{1,3})(?=[.,;)]|\s*$)")
"""`…, to Canada 8 to 12`: of the unit before it."""
ROUGHLY = re.compile(r"\b(?:about|around|roughly|approximately|some)\s+(?:a\s+)?$", re.I)
OR_SO = re.compile(r"\s+or so\b", re.I)
BOUND_BELOW = re.compile(r"(?:at least|minimum(?: of)?|no (?:sooner|less|earlier) than|from|more than|over)\s+$", re.I)
DAYS = {"minute": 0, "hour": 0, "day": 1, "week": 7, "month": 30, "year": 365}
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?({MONTH})\b\.?(?:,?\s+(\d{{4}}))?", re.I)
MONTH_FIRST = re.compile(
    rf"\b({MONTH})\.?\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:%|USD|[.:]\d))(?:,?\s+(\d{{4}}))?", re.I
)
NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d])")
SLASHED = re.compile(r"(?<![\d./-])(\d{1,2})/(\d{1,2})(?![\d/])")
WEEKDAY = re.compile(
    r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b|\b(?-i:(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|"
    r"Sun))\b(?!['’])",
    re.I,
)
RELATIVE = re.compile(
    r"\b(?:tomorrow|tonight|(?:later |still |by |until |before |ship\w* |arriv\w* |out )today|"
    r"today(?= at| by| or)|yesterday|"
    r"next (?:week(?:end)?|month|year|business day|working day|" + "|".join(WEEKDAYS) + r")|"
    r"this (?:week(?:end)?|month|afternoon|evening|morning|" + "|".join(WEEKDAYS) + r")|"
    r"(?:by |before |at )?(?:the )?end of (?:the |this |next |your )?(?:day|week|month|year|business)|"
    r"last (?:week|month|night)|before (?:christmas|easter|new year)|christmas|thanksgiving)\b",
    re.I,
)
CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?\s?(a\.?m\.?|p\.?m\.?|o'clock)(?!\w)|(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])|\b(noon|midnight)\b",
    re.I,
)
LONE_MONTH = re.compile(rf"\b(?:in|by|until|before|of|early|late|mid|end of)[\s-]+({MONTH})\b(?!\s+\d)", re.I)
LONE_YEAR = re.compile(r"\b(?:in|by|until|since|of)\s+(20\d\d)\b")


UNTIL = re.compile(r"\s?(?:-|–|to|and|or)\s?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![\w:.]|\s(?:%|USD|days?|working))")
SINCE = re.compile(r"(?<![\w.:,$€£/-])(\d{1,2})(?:st|nd|rd|th)?\.?\s?(?:-|–|to|and|or)\s?(?:the )?$")
"""What stands after the first and before the last day of a span within one month."""


@dataclass(frozen=True)
class Length:
    """A length of time: from `lo` to `hi` units; `working` where only working days count; `vague` words as they are."""

    lo: int
    hi: int
    unit: str
    working: bool = False
    vague: str = ""
    bound: str = ""
    """`above` for `within 7 days`, `below` for `at least 5 days`, `about` for `about a week`."""

    def in_days(self) -> tuple[int, int] | None:
        """As days, where it is whole days, weeks or months of 30, or one to three times 24 hours."""
        if self.unit == "hour" and self.lo % 24 == 0 and self.hi % 24 == 0 and self.lo:
            return self.lo // 24, self.hi // 24
        return (self.lo * DAYS[self.unit], self.hi * DAYS[self.unit]) if self.unit in {"day", "week", "month"} else None


@dataclass(frozen=True)
class Moment:
    """A date, a weekday, a time of day or a relative time; equal moments have equal keys."""

    kind: str
    key: tuple[int | str | None, ...]


@dataclass(frozen=True)
class Timed:
    """A moment or length in a text, with its words and place."""

    value: Length | Moment
    text: str
    start: int
    end: int


def read_lengths(text: str) -> Iterator[Timed]:
    """Every length of time in a text."""
    for match in DURATION.finditer(text):
        length = length_of(match, text)
        yield Timed(length, match.group(), match.start(), match.end())
        short = SHORTER.match(text, match.end()) if match["hi"] else None
        if short:
            other = replace(length, lo=int(short[1]), hi=int(short[2]))
            yield Timed(other, short.group(1, 2)[0] + " to " + short[2], short.start(1), short.end(2))


def length_of(match: re.Match[str], text: str) -> Length:
    """A match as a length; what stands before it may make it a bound."""
    if match["vague"]:
        return Length(0, 0, "", vague=" ".join(match["vague"].lower().replace("-", " ").split()))
    if match["hours"]:
        return Length(int(match["hours"]), int(match["hours"]), "hour", bound=bound_before(text, match.start()))
    if match["every"]:
        return Length(1, 1, match["every"].lower())
    if match["about"]:
        return Length(1, 1, match["about"].lower(), bound="about")
    if match["one"]:
        word = match.group().split()[0].lower()
        bound = (
            "about"
            if word == "about"
            or (word in {"take", "takes"} and match["unit1"].lower() == "day")
            or OR_SO.match(text, match.end())
            else "above"
            if word == "within"
            else "below"
            if word in {"after", "over", "than"}
            else ""
        )
        return Length(
            1,
            1,
            match["unit1"].lower(),
            working=bool(match["work1"].strip()) and "calendar" not in match["work1"],
            bound=bound,
        )
    lo = count_of(match["lo"])
    hi = count_of(match["hi"]) if match["hi"] else lo
    working = bool(re.search(r"working|business|bank|week", match["work"] or "", re.I))
    return Length(lo, hi, match["unit"].lower(), working=working, bound=bound_before(text, match.start()))


def bound_before(text: str, start: int) -> str:
    """Whether the words before a length make it an upper or a lower bound."""
    before = text[max(0, start - 30) : start]
    if ROUGHLY.search(before):
        return "about"
    return "above" if BOUND_ABOVE.search(before) else "below" if BOUND_BELOW.search(before) else ""


def count_of(text: str) -> int:
    """A count in digits or words."""
    return int(text) if text.isdigit() else max(1, spelt_number(text))


def is_borne_out(claim: Length, known: Length) -> bool:
    """Whether a length a source names supports one that is claimed: the same, or a bound that it keeps."""
    if claim.vague or known.vague:
        return claim.vague == known.vague
    if claim.bound == "about" and claim.unit in {"day", "week", "month"}:
        return is_roughly(claim, known)
    if claim.unit == known.unit:
        lo, hi, known_lo, known_hi = claim.lo, claim.hi, known.lo, known.hi
    else:
        ours, theirs = claim.in_days(), known.in_days()
        if ours is None or theirs is None:
            return {claim.unit, known.unit} == {"month", "year"} and in_months(claim) == in_months(known)
        (lo, hi), (known_lo, known_hi) = ours, theirs
    if known.working and not claim.working and claim.unit != "hour":
        return claim.unit == "week" and known.unit == "day" and lo * 5 == known_lo * 7 and hi * 5 == known_hi * 7
    if (lo, hi) == (known_lo, known_hi):
        return True
    return lo == hi and ((claim.bound == "above" and hi == known_hi) or (claim.bound == "below" and lo == known_lo))


def is_roughly(claim: Length, known: Length) -> bool:
    """Whether `about a week` can be said of a length, working days with the weekends among them."""
    ours, theirs = claim.in_days(), known.in_days()
    if ours is None or theirs is None:
        return False
    lo, hi = (theirs[0], -(-theirs[1] * 7 // 5)) if known.working else theirs
    return lo <= ours[0] and ours[1] <= hi + (hi - lo) // 2


def in_months(length: Length) -> tuple[int, int]:
    """A length of months or years as months."""
    times = 12 if length.unit == "year" else 1
    return length.lo * times, length.hi * times


def read_moments(text: str) -> Iterator[Timed]:
    """Every date, weekday, time of day and relative time in a text."""
    taken: list[tuple[int, int]] = []
    for match, moment in dated(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            yield Timed(moment, match.group().strip(), match.start(), match.end())
            if moment.kind == "date":
                yield from other_end(match, moment, text)


def other_end(match: re.Match[str], moment: Moment, text: str) -> Iterator[Timed]:
    """The other day of `November 24 to 26` or `24 and 26 November`, which has no month of its own."""
    found = UNTIL.match(text, match.end()) if match.re is MONTH_FIRST else SINCE.search(text[: match.start()])
    if found and match.re in {MONTH_FIRST, DAY_FIRST} and 1 <= int(found[1]) <= 31:
        yield Timed(Moment("date", (*moment.key[:2], int(found[1]))), found[1], found.start(1), found.end(1))


def dated(text: str) -> Iterator[tuple[re.Match[str], Moment]]:
    """The matches, the most exact first."""
    low = text.lower()
    has_digit = DIGIT.search(low) is not None
    for pattern, read, cues in READERS:
        if not (has_digit if cues is None else any(cue in low for cue in cues)):
            continue
        for match in pattern.finditer(text):
            moment = read(match)
            if moment is not None:
                yield match, moment


def year_of(text: str | None) -> int | None:
    """A year of four digits, or of two."""
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def numeric_moment(match: re.Match[str]) -> Moment:
    """`5/12/2026` is the American 12th of May; `12.5.2026`, with points, the European one."""
    first, second = int(match[1]), int(match[3])
    day_first = match[2] == "." or first > 12
    month, day = (second, first) if day_first else (first, second)
    return Moment("date", (year_of(match[4]), month, day))


def clock_of(match: re.Match[str]) -> tuple[int, int]:
    """Hour and minute on a 24-hour clock; `6 o'clock` stays 6."""
    if match[6]:
        return (12, 0) if match[6].lower() == "noon" else (0, 0)
    if match[4]:
        return int(match[4]), int(match[5])
    hour, minute = int(match[1]), int(match[2] or 0)
    half = match[3].lower()[0]
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return hour, minute


def same_date(one: Moment, other: Moment) -> bool:
    """Whether two dates are one; a year that is left out is any."""
    if one.kind != "date" or other.kind != "date":
        return one == other
    return one.key[1:] == other.key[1:] and (one.key[0] is None or other.key[0] is None or one.key[0] == other.key[0])


def days_after(known: Moment, lengths: Iterable[Length]) -> Iterator[Moment]:
    """The dates that lie one of these lengths after a known date, working days counted where they are meant."""
    year, month, day = known.key
    if not (isinstance(year, int) and isinstance(month, int) and isinstance(day, int)):
        return
    try:
        start = date(year, month, day)
    except ValueError:
        return
    for length in lengths:
        bounds = length.in_days()
        for count in bounds or ():
            end = add_working(start, count) if length.working else start + timedelta(days=count)
            yield Moment("date", (end.year, end.month, end.day))


def add_working(start: date, count: int) -> date:
    """The day this many working days later; Saturdays and Sundays do not count."""
    whole, rest = divmod(min(count, 400), 5)
    end = start + timedelta(weeks=whole)
    while rest:
        end += timedelta(days=1)
        rest -= end.weekday() < 5
    return end


def named_date(year: str | None, month: str, day: str) -> Moment:
    """A date whose month is a word."""
    return Moment("date", (year_of(year), MONTHS[month[:3].lower()], int(day)))


def slashed_moment(match: re.Match[str]) -> Moment | None:
    """`5/12` without a year, where it can be a date."""
    month, day = int(match[1]), int(match[2])
    return Moment("date", (None, month, day)) if 1 <= month <= 12 and 1 <= day <= 31 else None


def relative_moment(match: re.Match[str]) -> Moment:
    """`by the end of the week`, without the words around it."""
    words = re.sub(r"^(?:later|still|by|until|before|at|out|ship\w*|arriv\w*)? ?(?:the )?", "", match.group().lower())
    return Moment("relative", (words,))


def weekday_of(text: str) -> str:
    """A weekday in full."""
    return next(name for name in WEEKDAYS if name.startswith(text[:3].lower()))


def lone_month(match: re.Match[str]) -> Moment | None:
    """`in June`; `may` is a month only with a capital."""
    return Moment("month", (MONTHS[match[1][:3].lower()],)) if match[1][0].isupper() else None


DAY_CUES = tuple(name[:3] for name in WEEKDAYS)
RELATIVE_CUES = (
    "today", "tomorrow", "tonight", "yesterday", "next", "this", "end of", "last", "christmas", "thanksgiving",
    "easter", "new year",
)  # fmt: skip
READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Moment | None], tuple[str, ...] | None], ...] = (
    (ISO, lambda match: Moment("date", (int(match[1]), int(match[2]), int(match[3]))), None),
    (DAY_FIRST, lambda match: named_date(match[3], match[2], match[1]), None),
    (MONTH_FIRST, lambda match: named_date(match[3], match[1], match[2]), None),
    (NUMERIC, numeric_moment, None),
    (SLASHED, slashed_moment, ("/",)),
    (RELATIVE, relative_moment, RELATIVE_CUES),
    (WEEKDAY, lambda match: Moment("weekday", (weekday_of(match[1] or match[2]),)), DAY_CUES),
    (CLOCK, lambda match: Moment("time", clock_of(match)), ("m", ":", "o'clock", "noon")),
    (LONE_MONTH, lone_month, tuple(MONTHS)),
    (LONE_YEAR, lambda match: Moment("year", (int(match[1]),)), ("20",)),
)
"""How each sort is read, the most exact first, and what stands in every text that holds one (None: a digit)."""
