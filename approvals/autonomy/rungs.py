"""When a kind last changed its rung, read from the published policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from approvals.models import PolicyVersion
from approvals.policy import ALWAYS_ALLOWED, HARD_LIMITS, LADDER, Policy, Rung


@dataclass(frozen=True)
class Step:
    """The version that put a kind, or it on tickets of a category, on its present rung, and when."""

    version: int
    at: datetime


def last_promotion(kind: str, category: str, policy: Policy) -> Step | None:
    """The last time the rung went up, by mode or by share, or was first published; None before any policy was."""
    newest = newest_of(policy)
    return newest and find_step(kind, category, *newest, only_up=True)


def last_change(kind: str, category: str, policy: Policy) -> Step | None:
    """The last time the rung changed at all, or was first published; None before any policy was."""
    newest = newest_of(policy)
    return newest and find_step(kind, category, *newest, only_up=False)


def newest_of(policy: Policy) -> tuple[int, datetime] | None:
    """Number and moment of the policy's version, which tell it from a flushed table's."""
    return PolicyVersion.objects.filter(pk=policy.version).values_list("version", "at").first()


@lru_cache(maxsize=512)
def find_step(kind: str, category: str, version: int, at: datetime, *, only_up: bool) -> Step:
    """Walks back from a version until the rung below is another one; versions never change, so once is enough."""
    steps = rungs_before(kind, category, version)
    _, _, present = next(steps)
    reached = Step(version, at)
    for number, moment, before in steps:
        if height(before) < height(present) or (before != present and not only_up):
            return reached
        present, reached = before, Step(number, moment)
    return reached


def rungs_before(kind: str, category: str, version: int) -> Iterator[tuple[int, datetime, Rung]]:
    """The rung in each version from this one back."""
    rows = PolicyVersion.objects.filter(version__lte=version).order_by("-version")
    for number, at, kinds in rows.values_list("version", "at", "kinds").iterator(chunk_size=20):
        yield number, at, rung_in(kinds.get(kind, {}), category)


def rung_in(rules: Mapping[str, Any], category: str) -> Rung:
    """The rung in a kind's stored rules; one that is not named is off."""
    own = rules.get("categories", {}).get(category)
    return Rung(**own) if own else Rung(mode=rules.get("mode", "off"), share=rules.get("share", 1))


def height(rung: Rung) -> tuple[int, Any]:
    """How high a rung is; the share counts only where something runs by itself."""
    return LADDER.index(rung.mode), rung.share if rung.mode == "auto" else 0


def rungs_of(policy: Policy) -> Iterator[tuple[str, str, Rung]]:
    """Each kind that can climb, as kind, category and rung: for all tickets (""), then for categories of their own."""
    for kind, rules in policy.kinds.items():
        if kind in ALWAYS_ALLOWED or kind in HARD_LIMITS or kind == "undo":
            continue
        yield kind, "", Rung(mode=rules.mode, share=rules.share)
        for category, rung in rules.categories.items():
            yield kind, category, rung


def on_rung(policy: Policy, kind: str, category: str, of: str) -> bool:
    """Whether an action on a ticket of category `of` stands on the rung that is named by kind and category."""
    return of == category if category else of not in policy.of(kind).categories
