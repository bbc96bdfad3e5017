"""Searching the audit log: by kind, person, subject, ticket, days and words; bounded, so that no search hangs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import F, Max, Min, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date

from approvals.audit_kinds import GROUPS, KINDS, kinds_of
from approvals.models import Action, AuditEntry

PAGE = 50
LOOKED_THROUGH = 20_000
"""Entries in which words are looked for at once; a link goes on from there."""
LARGEST_ID = 2**63 - 1
LONGEST = 200
WHOLE_SUBJECT = len("action:") + 36
"""From this length on a subject is no beginning but whole: an action's or a run's."""
FREQUENT = frozenset({"action", "preview", "sign"})
"""Groups that fill most of the log: the newest are found by walking back, not by an index."""
MOST_ACTIONS = 500
"""Actions of one ticket whose entries are found by its number."""


@dataclass(frozen=True)
class Search:
    """What is wanted, as it was typed."""

    kind: str = ""
    actor: str = ""
    subject: str = ""
    ticket: str = ""
    words: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Search:
        """From a page's address; what cannot be in any entry is cut."""
        return cls(**{name: query.get(name, "").replace("\0", "").strip()[:LONGEST] for name in asdict(cls())})

    @property
    def filters(self) -> dict[str, str]:
        """What is not empty."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        """As a page's address holds it."""
        return urlencode(self.filters)

    def entries(self) -> QuerySet[AuditEntry]:
        """What fits all but the words, in no order."""
        entries = AuditEntry.objects.filter(**self.beginnings()).filter(self.of_ticket())
        return between(entries, start_of(self.since), end_of(self.until))

    def beginnings(self) -> dict[str, str | list[str]]:
        """How kind, actor and subject begin; by an index where one finds few."""
        named: dict[str, str | list[str]] = {"actor__startswith": self.actor, "subject__startswith": self.subject}
        if len(self.subject) >= WHOLE_SUBJECT:
            named = {"actor__startswith": self.actor, "subject": self.subject}
        if self.kind in GROUPS and self.kind not in FREQUENT:
            named["kind__in"] = kinds_of(self.kind)
        else:
            named["kind" if self.kind in KINDS else "kind__startswith"] = self.kind
        return {name: value for name, value in named.items() if value}

    def of_ticket(self) -> Q:
        """Entries about a ticket, by its number with or without its letter, and about its actions."""
        number = self.ticket.upper().removeprefix("T-").removeprefix("#")
        if not self.ticket:
            return Q()
        if not (number.isascii() and number.isdigit() and int(number) <= LARGEST_ID):
            return Q(pk__in=())
        actions = Action.objects.filter(ticket_id=int(number)).order_by("-proposed_at").values_list("pk", flat=True)
        return Q(subject__in=[f"ticket:{int(number)}", *(f"action:{action}" for action in actions[:MOST_ACTIONS])])


def between(entries: QuerySet[AuditEntry], first: datetime | None, last: datetime | None) -> QuerySet[AuditEntry]:
    """Those from a moment on and before another.

    The page is in order of id, and ids and times go nearly together: their range is read from the index of times, and
    only then the times are compared, so that a long range is not sorted for the sake of one page.
    """
    days = {"at__gte": first, "at__lt": last}
    days = {name: moment for name, moment in days.items() if moment is not None}
    if not days:
        return entries
    ids = AuditEntry.objects.filter(**days).aggregate(low=Min("pk"), high=Max("pk"))
    if ids["low"] is None:
        return entries.none()
    entries = entries.filter(pk__range=(ids["low"], ids["high"])).annotate(moment=Coalesce(F("at"), F("at")))
    return entries.filter(**{name.replace("at__", "moment__"): moment for name, moment in days.items()})


def start_of(day: str) -> datetime | None:
    """The moment a day begins; None for anything else."""
    try:
        found = parse_date(day)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(found, time.min)) if found else None


def end_of(day: str) -> datetime | None:
    """The moment a day is over; None for anything else, and for the last day there is."""
    begins = start_of(day)
    try:
        return begins and begins + timedelta(days=1)
    except OverflowError:
        return None


def holding_words(entries: QuerySet[AuditEntry], words: str) -> QuerySet[AuditEntry]:
    """Those that hold each of the words, in what they are about or in their facts."""
    found = entries.annotate(facts=Cast("data", TextField()))
    for word in words.split():
        fits = Q(subject__icontains=word) | Q(actor__icontains=word) | Q(kind__icontains=word)
        found = found.filter(fits | Q(facts__icontains=word))
    return found


@dataclass(frozen=True)
class Found:
    """Some entries, newest first. Older ones that fit have ids below `older`; None where there are none.

    Where only a part was looked through for words, `further` is where that part ended, and what fits may be beyond.
    """

    entries: list[AuditEntry]
    older: int | None = None
    further: int | None = None


def find_entries(search: Search, before: int | None = None, size: int = PAGE) -> Found:
    """The newest entries that fit, or those before an id, each with its seal."""
    entries = search.entries().select_related("seal").order_by("-pk")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    if not search.words:
        return take(entries, size)
    looked = list(entries.values_list("pk", flat=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH])
    if looked:
        entries = entries.filter(pk__gte=looked[0])
    found = take(holding_words(entries, search.words), size)
    return found if found.older is not None or not looked else Found(found.entries, further=looked[0])


def take(entries: QuerySet[AuditEntry], size: int) -> Found:
    """The first of these, and whether more follow."""
    found = list(entries[: size + 1])
    return Found(found[:size], older=found[size - 1].pk if len(found) > size else None)


def read_place(cursor: str) -> int | None:
    """The id in a page's address before which it begins; None for anything else."""
    return int(cursor) if cursor.isascii() and cursor.isdigit() and int(cursor) <= LARGEST_ID else None
