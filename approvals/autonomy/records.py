"""A kind's record since it was put on its rung: what the breaker watches, what its page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db.models import Q

from approvals.autonomy.breaking import REJECTIONS, Alarm, chart_for, watch
from approvals.autonomy.outcomes import Label, labels, ran_by_itself
from approvals.autonomy.rungs import Step, on_rung
from approvals.models import Action, ActionStatus
from approvals.policy import Policy

WATCHED = 5_000
"""Outcomes of each sort that are watched at most, the newest."""

OUTSIDE_SHARE = "outside_share"
"""The reason key of what only chance kept from running by itself: it is of the same sort as what did."""

Sort = Literal["looked_at", "taken_back", "rejected"]
WORDS: dict[Sort, str] = {
    "looked_at": "{wrong} of the last {of} that were looked at were wrong",
    "taken_back": "{wrong} of the last {of} that ran by themselves were taken back",
    "rejected": "{wrong} of the last {of} that people decided were rejected",
}


@dataclass(frozen=True)
class Outcomes:
    """Three sequences in order, each true where it was wrong; each is a share of something else.

    `looked_at`: audits, and rejections among what only chance sent to people. `taken_back`: undos among all that ran by
    itself. `rejected`: rejections and undos among what waited for another reason.
    """

    looked_at: tuple[bool, ...] = ()
    taken_back: tuple[bool, ...] = ()
    rejected: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Which of the three passed its bound, and by what."""

    sort: Sort
    alarm: Alarm

    @property
    def words(self) -> str:
        """As people read it."""
        return WORDS[self.sort].format(wrong=self.alarm.wrong, of=self.alarm.of)


def outcomes_since(kind: str, category: str, policy: Policy, step: Step) -> Outcomes:
    """What became of a kind's actions that were judged since it was put on its rung."""
    known = labels_since(kind, category, policy, step)
    return Outcomes(
        looked_at=tuple(is_error(label) for label in known if is_of_what_runs(label)),
        taken_back=tuple(taken_back_since(kind, category, policy, step)),
        rejected=tuple(is_error(label) for label in known if is_of_what_waited(label)),
    )


def labels_since(kind: str, category: str, policy: Policy, step: Step) -> list[Label]:
    """The labels of actions that stand on the rung and were judged since it was published."""
    return [
        label
        for label in labels(kind, category or None, since=step.at, limit=WATCHED)
        if label.policy_version >= step.version and on_rung(policy, kind, category, label.category)
    ]


def is_of_what_runs(label: Label) -> bool:
    """Whether a label speaks for what runs by itself: an audit, or a decision on what only its lot kept from it."""
    return label.source == "audit" or (label.source == "decision" and label.reason_key == OUTSIDE_SHARE)


def is_of_what_waited(label: Label) -> bool:
    """Whether a label speaks for what waited for a reason of its own: decided, or undone after a decision."""
    return label.source != "shadow" and not label.by_itself and not is_of_what_runs(label)


def is_error(label: Label) -> bool:
    """Whether a label counts against the kind here: an edit does not, people also edit what would have done."""
    return label.is_wrong and label.outcome != "edited"


def taken_back_since(kind: str, category: str, policy: Policy, step: Step) -> list[bool]:
    """For each action that ran by itself since, in the order they were proposed: whether it was taken back.

    Not in the order they were settled: undos come in handfuls, and would look like a row of wrong ones.
    """
    actions = Action.objects.filter(kind=kind, policy_version__gte=step.version)
    of_rung = Q(category=category) if category else ~Q(category__in=policy.of(kind).categories)
    newest = ran_by_itself(actions.filter(of_rung)).order_by("-settled_at")
    rows = sorted(newest.values_list("proposed_at", "place", "status")[:WATCHED])
    return [status == ActionStatus.UNDONE for _, _, status in rows]


def find_trouble(outcomes: Outcomes, max_wrong: Decimal) -> Trouble | None:
    """Whether a kind goes back: the first of the three sequences that passed its bound."""
    own = chart_for(max_wrong)
    watched: Iterable[tuple[Sort, tuple[bool, ...]]] = (
        ("looked_at", outcomes.looked_at),
        ("taken_back", outcomes.taken_back),
        ("rejected", outcomes.rejected),
    )
    for sort, sequence in watched:
        alarm = watch(sequence, REJECTIONS if sort == "rejected" else own)
        if alarm is not None:
            return Trouble(sort, alarm)
    return None
