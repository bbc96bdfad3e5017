"""Suggesting that a kind climbs a rung: by the upper bound of its error, never by a count, and never by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from approvals import audit
from approvals.autonomy.estimates import Interval, clean_needed, upper_bound, weighted
from approvals.autonomy.outcomes import Label, labels
from approvals.autonomy.rungs import last_change, on_rung, rungs_of
from approvals.autonomy.sweeping import title_of
from approvals.judging import Facts, judge
from approvals.models import Action, AuditEntry, PolicyVersion
from approvals.policies import policy_in_force
from approvals.policy import LADDER, KindPolicy, Mode, Policy, Rung

SUGGESTED = "kind.promotion_suggested"
SHARES = (Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), Decimal(1))
"""How much of the traffic runs by itself, rung by rung."""
FIRST_CONFIDENCE = Decimal("0.95")
"""Least confidence suggested for a kind that has never run by itself."""
WINDOW = timedelta(days=90)
WEIGHED = 1_000
"""Labels of each source that are weighed at most, the newest: several times what any rung asks for."""
TOLERATED: dict[Mode, Decimal] = {"draft": Decimal("0.2"), "review": Decimal("0.1")}
"""Share of wrong ones tolerated where people still look at each; for what runs by itself it is the kind's own."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a kind's error on the next rung, since it was put on the present one.

    `upper` is the one-sided 95 % bound that must not be over `tolerated`; `missing` is how many more clean labels that
    takes.
    """

    kind: str
    category: str
    present: Rung
    following: Rung
    interval: Interval
    upper: float
    tolerated: Decimal
    missing: int
    labels: int

    @property
    def is_enough(self) -> bool:
        """Whether the next rung is earned."""
        return self.upper <= float(self.tolerated)

    @property
    def title(self) -> str:
        """The kind as people read it."""
        return title_of(self.kind, self.category)

    @property
    def key(self) -> str:
        """How the policy page is told what to fill in: KIND or KIND:CATEGORY."""
        return f"{self.kind}:{self.category}" if self.category else self.kind


def next_rung(rung: Rung) -> Rung | None:
    """The rung above: another mode, or in `auto` the next larger share; None at the top."""
    if rung.mode != "auto":
        mode = LADDER[LADDER.index(rung.mode) + 1]
        return Rung(mode=mode, share=SHARES[0] if mode == "auto" else Decimal(1))
    larger = next((share for share in SHARES if share > rung.share), None)
    return Rung(mode="auto", share=larger) if larger is not None else None


def promoted(rules: KindPolicy, category: str = "") -> KindPolicy:
    """A kind's rules with it, or one of its categories, a rung higher; unchanged at the top."""
    following = next_rung(rules.rung(category))
    return rules if following is None else on_rung_of(rules, category, following)


def on_rung_of(rules: KindPolicy, category: str, rung: Rung) -> KindPolicy:
    """A kind's rules with it, or one of its categories, on a rung; where it may now run by itself, if it is sure."""
    moved = {"categories": {**rules.categories, category: rung}} if category else rung.model_dump()
    needs_confidence = rung.mode == "auto" and rules.min_confidence is None
    return rules.model_copy(update=moved | ({"min_confidence": FIRST_CONFIDENCE} if needs_confidence else {}))


def evidence_for(kind: str, category: str, policy: Policy, *, now: datetime) -> Evidence | None:
    """What speaks for and against the next rung; None at the top of the ladder."""
    rules = policy.of(kind)
    present = rules.rung(category)
    following = next_rung(present)
    if following is None:
        return None
    changed = last_change(kind, category, policy)
    since = max(changed.at, now - WINDOW) if changed else now - WINDOW
    known = [
        label
        for label in labels(kind, category or None, since=since, limit=WEIGHED)
        if fits(label, present) and on_rung(policy, kind, category, label.category)
    ]
    if following.mode == "auto":
        known = list(those_that_would_run(known, policy, kind, category))
    tolerated = rules.max_wrong if following.mode == "auto" else TOLERATED.get(following.mode, Decimal(1))
    interval = weighted(known)
    return Evidence(
        kind=kind,
        category=category,
        present=present,
        following=following,
        interval=interval,
        upper=upper_bound(interval.wrong, interval.n),
        tolerated=tolerated,
        missing=clean_needed(interval.wrong, interval.n, float(tolerated)) if tolerated < 1 else 0,
        labels=len(known),
    )


def fits(label: Label, present: Rung) -> bool:
    """Whether a label tells of the present rung: in the shadow it is comparisons that do, above it all others."""
    return (label.source == "shadow") == (present.mode == "shadow")


def those_that_would_run(known: Iterable[Label], policy: Policy, kind: str, category: str) -> Iterator[Label]:
    """Of these, what would run by itself if the kind did so for all traffic: judged by the facts of then."""
    rules = on_rung_of(policy.of(kind), category, Rung(mode="auto", share=Decimal(1)))
    settings = policy.settings.model_copy(update={"paused": False, "paused_kinds": ()})
    trial = policy.model_copy(update={"kinds": {**policy.kinds, kind: rules}, "settings": settings})
    for label in known:
        if judge(Facts.from_json(label.facts), trial).outcome == "allow":
            yield label


def earned(policy: Policy, *, now: datetime) -> Iterator[Evidence]:
    """Every next rung that its evidence has earned; where a kind has not as a whole, a category of tickets may have."""
    for kind, category, rung in rungs_of(policy):
        if rung.mode == "off":
            continue  # Off is left by an admin's own wish.
        evidence = evidence_for(kind, category, policy, now=now)
        if evidence is not None and evidence.is_enough:
            yield evidence
        elif evidence is not None and not category:
            yield from earned_by_category(kind, policy, now=now)


def earned_by_category(kind: str, policy: Policy, *, now: datetime) -> Iterator[Evidence]:
    """The categories without a rung of their own that have earned one."""
    recent = Action.objects.filter(kind=kind, settled_at__gte=now - WINDOW).exclude(category="")
    others = recent.exclude(category__in=policy.of(kind).categories).order_by().values_list("category", flat=True)
    for category in sorted(others.distinct()):
        evidence = evidence_for(kind, category, policy, now=now)
        if evidence is not None and evidence.is_enough:
            yield evidence


def suggest_promotions(*, now: datetime) -> list[Evidence]:
    """Writes down what has been earned and was not suggested yet under the policy in force. Safe twice.

    Returns: what is new.
    """
    policy = policy_in_force()
    fresh = [evidence for evidence in earned(policy, now=now) if evidence.key not in suggested_keys(policy)]
    return [evidence for evidence in fresh if write_down(evidence, policy, now)]


@transaction.atomic
def write_down(evidence: Evidence, policy: Policy, now: datetime) -> bool:
    """One suggestion, once per version; two sweeps take turns on the version's row."""
    PolicyVersion.objects.select_for_update().filter(pk=policy.version).first()
    if evidence.key in suggested_keys(policy):
        return False
    audit.record(
        SUGGESTED,
        actor="system",
        subject=f"policy:{policy.version}",
        at=now,
        kind=evidence.kind,
        category=evidence.category,
        mode=evidence.following.mode,
        share=str(evidence.following.share),
        labels=evidence.labels,
        upper=f"{evidence.upper:.4f}",
    )
    return True


def suggested_keys(policy: Policy) -> set[str]:
    """What was suggested under this version, as KIND or KIND:CATEGORY."""
    entries = AuditEntry.objects.filter(kind=SUGGESTED, subject=f"policy:{policy.version}")
    data = entries.values_list("data__kind", "data__category")
    return {f"{kind}:{category}" if category else kind for kind, category in data}


def suggestions(policy: Policy, *, now: datetime) -> list[Evidence]:
    """What was suggested under this policy and is still earned: looked at afresh, so that news since then counts."""
    found = []
    for key in sorted(suggested_keys(policy)):
        kind, _, category = key.partition(":")
        evidence = evidence_for(kind, category, policy, now=now)
        if evidence is not None and evidence.is_enough:
            found.append(evidence)
    return found
