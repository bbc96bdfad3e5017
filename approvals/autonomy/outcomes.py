"""What is known of past actions: each decision, undo and audit as one label, right or wrong. A query, not a table.

An action has one label at most. A person who approved it unedited called it right; who edited or rejected it, wrong;
an undo calls it wrong whatever was said before. What ran by itself is known by its audit or its undo alone. What
expired, was overtaken or is not settled has no label: nothing can be said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from approvals.models import Action, ActionStatus, AuditSample, Decision, DecisionVerdict, Finding
from approvals.shadowing import compare_shadows

Source = Literal["decision", "audit", "undo", "shadow"]
Outcome = Literal["approved", "edited", "rejected", "undone", "right", "wrong", "same", "different"]

LARGEST = 20_000
"""Labels of each source that are read at most, the newest: older ones say little of what a kind does now."""

ONE = Decimal(1)


@dataclass(frozen=True)
class Label:
    """What is known of one action. `weight` is how many actions it speaks for: one over its chance to be labelled."""

    at: datetime
    kind: str
    category: str
    confidence: Decimal | None
    amount: Decimal
    source: Source
    is_wrong: bool
    weight: Decimal
    outcome: Outcome
    action_id: UUID
    by_itself: bool
    facts: Mapping[str, Any]
    policy_version: int
    reason_key: str

    @property
    def is_certain(self) -> bool:
        """Whether it would be known without being drawn: what ran by itself and was taken back."""
        return self.source == "undo" and self.by_itself


def labels(kind: str, category: str | None = None, *, since: datetime, limit: int = LARGEST) -> list[Label]:
    """Every label of a kind since then, in the order they became known; of all its categories where none is named.

    Of each source the newest are read, `limit` at most.
    """
    actions = Action.objects.filter(kind=kind, copied_from=None) if category is None else of_category(kind, category)
    known = {label.action_id: label for label in decided(actions, since, limit)}
    audited = {label.action_id: label for label in audits(actions, since, limit)}
    for label in undone(actions, since, limit):
        found = audited.get(label.action_id)
        if found is None or not found.is_wrong:
            audited.pop(label.action_id, None)
            known[label.action_id] = label
    known |= audited | {label.action_id: label for label in shadowed(actions, since, limit)}
    return sorted(known.values(), key=lambda label: (label.at, str(label.action_id)))


def of_category(kind: str, category: str) -> QuerySet[Action]:
    """The actions of a kind on tickets of one category."""
    return Action.objects.filter(kind=kind, category=category, copied_from=None)


def ran_by_itself(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Of these actions, those a program wanted and that happened without anybody's approval; undone ones as well."""
    approved = Decision.objects.filter(action=OuterRef("pk"), verdict=DecisionVerdict.APPROVE)
    happened = Q(status=ActionStatus.EXECUTED) | taken_back()
    return actions.filter(happened, ~Exists(approved), BY_PROGRAM)


BY_PROGRAM = Q(proposer__startswith="agent:") | Q(proposer__startswith="outside:")
"""What a person or the house itself proposes is no record of the agent."""


def taken_back() -> Q:
    """What a person undid or withdrew before it left; a message that was overtaken on its way out is neither."""
    undoing = Action.objects.filter(undoes=OuterRef("pk"), status=ActionStatus.EXECUTED)
    return Q(status=ActionStatus.UNDONE) & (Q(Exists(undoing)) | Q(status_reason__endswith=WITHDRAWN))


WITHDRAWN = "withdrew it before it left"
"""How an action's reason ends where a person took its message back."""

FIELDS = ("pk", "kind", "category", "confidence", "amount", "facts", "policy_version", "reason_key")


def fields_of(prefix: str = "") -> dict[str, F]:
    """What a label keeps of its action, as columns `of_NAME` of a query that reaches it by this prefix."""
    return {f"of_{name}": F(f"{prefix}{name}") for name in FIELDS}


def decided(actions: QuerySet[Action], since: datetime, limit: int) -> Iterable[Label]:
    """What people said of actions that waited for them and wait no more."""
    rows: Iterable[Any] = (
        Decision.objects.filter(action__in=actions.filter(BY_PROGRAM).exclude(status=ActionStatus.WAITING))
        .filter(at__gte=since)
        .order_by("-id")
        .values("verdict", "person_id", "at", **fields_of("action__"))[:limit]
    )
    spoken: dict[UUID, list[dict[str, Any]]] = {}
    for row in reversed(list(rows)):
        spoken.setdefault(row["of_pk"], []).append(row)
    for words in spoken.values():
        outcome = outcome_of([(row["verdict"], row["person_id"]) for row in words])
        if outcome:
            yield label_of(words[-1], "decision", outcome, at=words[-1]["at"], by_itself=False)


def outcome_of(words: Iterable[tuple[str, int]]) -> Outcome | None:
    """What people's words on one action, in order, come to; None where nobody's standing word decides."""
    standing: dict[int, str] = {}
    edited = False
    for verdict, person in words:
        edited = edited or verdict == DecisionVerdict.AMEND
        standing[person] = verdict
    if DecisionVerdict.REJECT in standing.values():
        return "rejected"
    if edited:
        return "edited"
    return "approved" if DecisionVerdict.APPROVE in standing.values() else None


def audits(actions: QuerySet[Action], since: datetime, limit: int) -> Iterable[Label]:
    """What people found of what ran by itself; "cannot be told" tells nothing."""
    found = AuditSample.objects.filter(finding__in=(Finding.RIGHT, Finding.WRONG), found_at__gte=since)
    rows: Iterable[Any] = (
        found.filter(action__in=actions)
        .order_by("-found_at")
        .values("finding", "share", "found_at", **fields_of("action__"))[:limit]
    )
    for row in rows:
        yield label_of(row, "audit", row["finding"], at=row["found_at"], by_itself=True, weight=1 / row["share"])


def undone(actions: QuerySet[Action], since: datetime, limit: int) -> Iterable[Label]:
    """What was taken back. Each is known for certain, drawn or not, and so speaks for itself alone."""
    approved = Decision.objects.filter(action=OuterRef("pk"), verdict=DecisionVerdict.APPROVE)
    rows: Iterable[Any] = (
        actions.filter(BY_PROGRAM, taken_back(), settled_at__gte=since)
        .annotate(by_itself=~Exists(approved))
        .order_by("-settled_at")
        .values("settled_at", "by_itself", **fields_of())[:limit]
    )
    for row in rows:
        yield label_of(row, "undo", "undone", at=row["settled_at"], by_itself=row["by_itself"])


def shadowed(actions: QuerySet[Action], since: datetime, limit: int) -> Iterable[Label]:
    """What was planned in the shadow, beside what people then did."""
    for found in compare_shadows(actions, since=since, limit=limit):
        row = {f"of_{name}": getattr(found.plan, name) for name in FIELDS}
        yield label_of(row, "shadow", "same" if found.is_same else "different", at=found.at, by_itself=False)


WRONG: frozenset[Outcome] = frozenset({"edited", "rejected", "undone", "wrong", "different"})


def label_of(
    row: Mapping[str, Any], source: Source, outcome: Outcome, *, at: datetime, by_itself: bool, weight: Decimal = ONE
) -> Label:
    """One row as a label."""
    return Label(
        at=at,
        kind=row["of_kind"],
        category=row["of_category"],
        confidence=row["of_confidence"],
        amount=row["of_amount"],
        source=source,
        is_wrong=outcome in WRONG,
        weight=weight,
        outcome=outcome,
        action_id=row["of_pk"],
        by_itself=by_itself,
        facts=row["of_facts"],
        policy_version=row["of_policy_version"],
        reason_key=row["of_reason_key"],
    )
