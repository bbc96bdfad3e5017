"""Days that follow from known dates: weekdays of them, this and next week, the day after, seen from the "
"ticket's day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from agentdesk.agent.checks.dates import WEEKDAYS, Moment, Timed
from agentdesk.agent.checks.facts import SAID, Facts

COMING = re.compile(r"\b(?:will|expect\w*|arrives?|due|by|until|should|going to|next|coming)\b|['’]ll\b", re.I)
"""Words of what is still to come: a day that is over bears none of it out."""
FROM_NOW: Mapping[str, tuple[int, int]] = {
    "yesterday": (-1, -1),
    "today": (0, 0),
    "tonight": (0, 0),
    "tomorrow": (1, 1),
}
WEEK = re.compile(r"(?P<which>this|next|last) (?:week|(?:working |business )?days?)(?P<end>end)?$")


def follows(timed: Timed, text: str, facts: Facts) -> frozenset[str]:
    """The sources of the known dates that a weekday or a relative day can be; none where it is none of theirs."""
    moment = timed.value
    if not isinstance(moment, Moment) or moment.kind not in {"weekday", "relative"}:
        return frozenset()
    is_coming = COMING.search(text) is not None
    found: set[str] = set()
    for day, names in known_days(facts):
        if is_coming and moment.kind == "weekday" and facts.today is not None and day < facts.today:
            continue
        if is_day(moment, day, facts.today):
            found |= names
    return frozenset(found - {SAID})


def known_days(facts: Facts) -> Iterator[tuple[date, frozenset[str]]]:
    """Every full date that a source names."""
    for known, names in facts.moments.items():
        day = day_of(known)
        if day is not None:
            yield day, frozenset(names)


def day_of(moment: Moment) -> date | None:
    """A full date as a day; none where its year is not told or there is no such day."""
    if moment.kind != "date":
        return None
    year, month, day = moment.key
    try:
        return date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None


def is_day(moment: Moment, day: date, today: date | None) -> bool:
    """Whether a weekday or a relative day is this day, seen from today."""
    word = str(moment.key[0])
    if moment.kind == "weekday":
        return WEEKDAYS[day.weekday()] == word
    if today is None:
        return False
    away = (day - today).days
    if word in FROM_NOW:
        return FROM_NOW[word][0] <= away <= FROM_NOW[word][1]
    if word.partition(" ")[2] in WEEKDAYS:
        return WEEKDAYS[day.weekday()] == word.partition(" ")[2] and 0 < away < 14
    week = WEEK.match(word)
    if week is None:
        return False
    start = today - timedelta(days=today.weekday()) + timedelta(weeks={"last": -1, "this": 0, "next": 1}[week["which"]])
    return start <= day < start + timedelta(weeks=1) and (not week["end"] or day.weekday() > 4)


def is_misnamed(timed: Timed, text: str, facts: Facts) -> bool:
    """Whether a weekday stands beside a date that is another day of the week in every year it can be of."""
    moment = timed.value
    if not isinstance(moment, Moment) or moment.kind != "date":
        return False
    before = text[max(0, timed.start - 30) : timed.start].lower()
    if re.search(r"day\s(?:or|and|to|through|until)\s\w+day,?\s(?:the )?$", before):
        return False
    named = [name for name in WEEKDAYS if re.search(rf"\b{name[:3]}(?:{name[3:]})?\.?,?\s(?:the )?$", before)]
    years = {moment.key[0]} if moment.key[0] else {day.year for day, _ in known_days(facts)}
    days = [day_of(Moment("date", (year, *moment.key[1:]))) for year in years]
    return bool(named and days) and not any(day and WEEKDAYS[day.weekday()] == named[0] for day in days)
