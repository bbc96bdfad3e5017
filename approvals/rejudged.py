"""What a policy version did to what waited when it came into force: a query over the audit log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from approvals.kinds import CATALOGUE
from approvals.models import AuditEntry

SHOWN = 50
"""Actions listed one by one."""


@dataclass(frozen=True)
class Rejudged:
    """One action that was judged anew: what became of it, and what is asked for it instead."""

    action_id: str
    kind: str
    status: str
    was: Mapping[str, Any]
    is_now: Mapping[str, Any] | None

    @property
    def title(self) -> str:
        """The kind as people read it."""
        return CATALOGUE[self.kind].title if self.kind in CATALOGUE else self.kind

    @property
    def words(self) -> str:
        """What is different, as one reads it; empty where nothing is."""
        if self.is_now is None:
            return "refused"
        if self.status == "approved":
            return "approved by those who had approved it"
        asked = [describe(self.is_now)] if describe(self.was) != describe(self.is_now) else []
        tier = [f"now of {self.is_now['tier']} risk"] if self.was["tier"] != self.is_now["tier"] else []
        reason = ["now for another reason"] if self.was["reason_key"] != self.is_now["reason_key"] else []
        return ", ".join([*asked, *tier] or reason)


ROLES = {"support": "support", "manager": "a manager", "admin": "an admin"}


def describe(standing: Mapping[str, Any]) -> str:
    """Who has to approve, of one action or of several: "now for a manager to approve"."""
    who = ROLES.get(standing["approver"], standing["approver"])
    return f"now for {'two people, at least ' if standing['approvals'] == 2 else ''}{who} to approve"


@dataclass(frozen=True)
class Tally:
    """How many waiting actions a version judged anew, what changed for how many, and the first of those."""

    judged: int
    changed: list[tuple[str, int]]
    shown: list[Rejudged]


def tally_of(version: int) -> Tally:
    """What a version did to what waited."""
    published = AuditEntry.objects.filter(kind="policy.published", subject=f"policy:{version}").first()
    if published is None:
        return Tally(0, [], [])
    entries = AuditEntry.objects.filter(kind="action.rejudged", pk__gt=published.pk, data__version=version)
    rejudged = [read_entry(entry) for entry in entries.order_by("pk")]
    changed = [one for one in rejudged if one.words]
    return Tally(len(rejudged), Counter(one.words for one in changed).most_common(), changed[:SHOWN])


def read_entry(entry: AuditEntry) -> Rejudged:
    """An audit entry as a value."""
    data = entry.data
    return Rejudged(entry.subject.removeprefix("action:"), data["kind"], data["status"], data["was"], data["is_now"])
