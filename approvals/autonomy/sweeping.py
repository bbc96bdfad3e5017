"""Putting a kind that errs too often back to review: by a policy version of its own, at once, and visibly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from approvals import audit
from approvals.autonomy.records import Trouble, find_trouble, outcomes_since
from approvals.autonomy.rungs import last_promotion, rungs_of
from approvals.kinds import CATALOGUE
from approvals.models import AuditEntry
from approvals.policies import PolicyMoved, policy_in_force, publish_policy
from approvals.policy import Policy, Rung

DEMOTED = "kind.demoted"
SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Demotion:
    """A kind, or a kind on tickets of one category, that went back to review."""

    kind: str
    category: str
    at: datetime
    words: str
    version: int

    @property
    def title(self) -> str:
        """What it is called, with its category where it has one."""
        return title_of(self.kind, self.category)


def title_of(kind: str, category: str) -> str:
    """A kind as people read it, with the category of its tickets."""
    title = CATALOGUE[kind].title
    return f"{title}, on tickets of {category.replace('_', ' ')}," if category else title


def sweep_breakers(*, now: datetime) -> list[Demotion]:
    """Sends back every kind that runs by itself and errs too often; safe twice, and beside an admin who publishes.

    Returns: what went back.
    """
    gone: list[Demotion] = []
    while (found := next(troubles(policy := policy_in_force()), None)) is not None:
        kind, category, trouble = found
        try:
            gone.append(send_back(kind, category, trouble, policy, now))
        except PolicyMoved:
            continue  # Someone published meanwhile: what holds now is looked at afresh.
    return gone


def troubles(policy: Policy) -> Iterator[tuple[str, str, Trouble]]:
    """Kind and category of whatever runs by itself and should not."""
    for kind, category, rung in rungs_of(policy):
        step = last_promotion(kind, category, policy) if rung.mode == "auto" else None
        if step is None:
            continue
        trouble = find_trouble(outcomes_since(kind, category, policy, step), policy.of(kind).max_wrong)
        if trouble is not None:
            yield kind, category, trouble


@transaction.atomic
def send_back(kind: str, category: str, trouble: Trouble, policy: Policy, now: datetime) -> Demotion:
    """Publishes the policy with this one rung back on review. Raises: PolicyMoved."""
    note = f"{title_of(kind, category)} went back to review: {trouble.words}."
    kinds = {**policy.kinds, kind: policy.of(kind).model_copy(update=on_review(policy, kind, category))}
    draft = policy.model_copy(update={"kinds": kinds})
    published = publish_policy(draft, base_version=policy.version, note=note, by=None, now=now)
    audit.record(
        DEMOTED,
        actor="system",
        subject=f"policy:{published.version}",
        at=now,
        kind=kind,
        category=category,
        sort=trouble.sort,
        wrong=trouble.alarm.wrong,
        of=trouble.alarm.of,
        words=trouble.words,
    )
    return Demotion(kind, category, now, trouble.words, published.version)


def on_review(policy: Policy, kind: str, category: str) -> dict[str, object]:
    """The fields that put a kind, or one of its categories, on review."""
    if not category:
        return {"mode": "review"}
    return {"categories": {**policy.of(kind).categories, category: Rung(mode="review")}}


def demotions(*, now: datetime) -> list[Demotion]:
    """What lately went back to review and has not been let run by itself again since, newest first."""
    entries = AuditEntry.objects.filter(kind=DEMOTED, at__gte=now - SHOWN_FOR).order_by("-id")
    newest: dict[tuple[str, str], Demotion] = {}
    for entry in entries:
        kind, category = entry.data["kind"], entry.data["category"]
        version = int(entry.subject.removeprefix("policy:"))
        newest.setdefault((kind, category), Demotion(kind, category, entry.at, entry.data["words"], version))
    if not newest:
        return []
    policy = policy_in_force()
    return [one for one in newest.values() if policy.of(one.kind).rung(one.category).mode != "auto"]
