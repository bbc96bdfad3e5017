"""Reading the past: one statement over a window, row by row, in order of time; nothing is kept of it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import JSONDecoder
from typing import Any, Literal, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from approvals.backtest.fates import BITS, Lesson, lesson_of
from approvals.backtest.rules import PastFacts, facts_from_json
from approvals.models import Action
from approvals.policy import ALWAYS_ALLOWED

Days = Literal[7, 30, 90]
WINDOWS: tuple[Days, ...] = (7, 30, 90)
LEFT_OUT_KINDS = frozenset({"undo", *ALWAYS_ALLOWED})
"""An undo belongs to its original, and no policy holds up what is always allowed."""

ROWS_AT_ONCE = 2000

# `NOT IN` over a dry run's origins is asked only of what a dry run can leave behind.
READ_PAST = """
SELECT {columns}, a.facts, a.status, COALESCE(s.finding, '')
FROM approvals_action a {decisions}
LEFT JOIN approvals_auditsample s ON s.action_id = a.id AND s.finding <> ''
WHERE a.proposed_at > %s AND a.proposed_at <= %s AND a.digest <> '' AND a.proposer NOT LIKE 'person:%%'
    AND {kinds}
    AND (a.status NOT IN ('planned', 'refused') OR a.origin NOT IN ({dry_runs}))
ORDER BY a.proposed_at, a.origin, a.place
"""
# What people said of an action is one text, such as "am,ap12.5": the beginnings of the verdicts, each with the seconds
# it took. Each database has it its own way: one looks each action's decisions up, the other goes through all once.
DIALECTS = {
    "sqlite": {
        "columns": """a.id, SUBSTR(a.proposed_at, 1, 10), CAST(s.share AS TEXT),
    (SELECT GROUP_CONCAT(SUBSTR(verdict, 1, 2) || COALESCE(seconds_on_screen, ''))
        FROM approvals_decision WHERE action_id = a.id)""",
        "decisions": "",
    },
    "postgresql": {
        "columns": """a.id::text, to_char(a.proposed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), s.share::text, d.said""",
        "decisions": """LEFT JOIN (
    SELECT action_id, STRING_AGG(LEFT(verdict, 2) || COALESCE(seconds_on_screen::text, ''), ',') AS said
    FROM approvals_decision WHERE at >= %s GROUP BY action_id
) d ON d.action_id = a.id""",
    },
}
scan_json: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Window:
    """The days looked at. `dry_runs` are the origins whose actions were only tried: a queryset of one column."""

    days: Days
    now: datetime
    dry_runs: QuerySet[Any, Any]

    @property
    def since(self) -> datetime:
        """Where the window begins; that moment itself is outside, `now` is inside."""
        return self.now - timedelta(days=self.days)


class Past(NamedTuple):
    """One action of the past: how it was judged, what became of it, how long people looked at it in seconds."""

    action_id: str
    day: str
    facts: PastFacts
    lesson: Lesson
    seconds: float | None


def read_past(window: Window, kind: str | None = None) -> Iterator[Past]:
    """Every action that agents wanted in the window, of one kind or of all that a policy can route.

    Left out: what people started by hand, dry runs, undos, what is always allowed, and what the shop's rules refused
    (it has no plan, and no policy lets it through).
    """
    statement, parameters = write_statement(window, kind)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from map(past_from_row, rows)


def write_statement(window: Window, kind: str | None) -> tuple[str, list[Any]]:
    """The statement in this database's words, and its parameters."""
    dry, dry_parameters = window.dry_runs.query.sql_with_params()
    names = [kind] if kind else sorted(LEFT_OUT_KINDS)
    some = f"a.kind {'IN' if kind else 'NOT IN'} ({', '.join(['%s'] * len(names))})"
    statement = READ_PAST.format(**DIALECTS[connection.vendor], kinds=some, dry_runs=dry)
    since, now = (connection.ops.adapt_datetimefield_value(at) for at in (window.since, window.now))
    times = [since, now] if connection.vendor == "sqlite" else [since, since, now]
    return statement, [*times, *names, *dry_parameters]


def past_from_row(row: tuple[Any, ...]) -> Past:
    """A row as values."""
    action_id, day, share, said, facts, status, finding = row
    # Trusted: written by `Facts.to_json`. The scanner alone takes half of what `json.loads` does.
    read = facts_from_json(scan_json(facts, 0)[0])
    if not said:
        return Past(action_id, day, read, lesson_of(status, 0, finding, share), None)
    verdicts, seconds = read_said(said)
    return Past(action_id, day, read, lesson_of(status, verdicts, finding, share), seconds)


def read_said(said: str) -> tuple[int, float | None]:
    """The verdicts as bits, and the seconds people looked; None where none were measured."""
    verdicts, seconds = 0, None
    for one in said.split(","):
        verdicts |= BITS.get(one[:2], 0)
        if len(one) > 2:
            seconds = (seconds or 0.0) + float(one[2:])
    return verdicts, seconds


def first_proposed_at() -> datetime | None:
    """When the desk's first action was proposed."""
    return Action.objects.order_by("proposed_at").values_list("proposed_at", flat=True).first()


def days_of(window: Window) -> float:
    """How many days of the window the desk has been at work, at least one: what figures a day or a week divide by."""
    first = first_proposed_at()
    began_at = max(window.since, first) if first else window.since
    return max((window.now - began_at).total_seconds() / 86400, 1.0)
