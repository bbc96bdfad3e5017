"""An action as a page shows it: words, icons and colours for what the row says, and who may do what with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.safestring import SafeString

from agentdesk.pages.findings import FindingRow, own_reasons, read_findings
from agentdesk.pages.moments import show_when
from approvals.deciding import open_for
from approvals.kinds import CATALOGUE
from approvals.models import Action, ActionStatus, Decision, DecisionVerdict, SeenPreview, Tier
from tickets.models import Person


@dataclass(frozen=True)
class Tone:
    """A status as word, icon and colour."""

    word: str
    icon: str
    tone: str


STATUS_TONES: Mapping[str, Tone] = {
    ActionStatus.PLANNED: Tone("Planned", "dry", "info"),
    ActionStatus.WAITING: Tone("Waiting", "hourglass", "wait"),
    ActionStatus.APPROVED: Tone("Approved", "check", "info"),
    ActionStatus.EXECUTING: Tone("On its way", "send", "info"),
    ActionStatus.EXECUTED: Tone("Done", "check", "ok"),
    ActionStatus.REJECTED: Tone("Rejected", "cross", "bad"),
    ActionStatus.EXPIRED: Tone("Expired", "clock", "mute"),
    ActionStatus.UNDONE: Tone("Undone", "undo", "mute"),
    ActionStatus.REFUSED: Tone("Refused", "ban", "bad"),
    ActionStatus.FAILED: Tone("Failed", "alert", "bad"),
    ActionStatus.UNKNOWN: Tone("Not known", "question", "wait"),
    ActionStatus.SUPERSEDED: Tone("Overtaken", "forward", "mute"),
}
TIER_TONES: Mapping[str, Tone] = {
    Tier.LOW: Tone("Low risk", "low", "mute"),
    Tier.MEDIUM: Tone("Medium risk", "medium", "wait"),
    Tier.HIGH: Tone("High risk", "high", "bad"),
}
ROLE_WORDS = {"support": "anyone on staff", "manager": "a manager or an admin", "admin": "an admin"}


@dataclass(frozen=True)
class ActionCard:
    """One action with all a page says of it."""

    action: Action
    status: Tone
    tier: Tone
    title: str
    reason: str
    more_reasons: tuple[str, ...]
    findings: tuple[FindingRow, ...]
    can_decide: bool
    needs_look: bool
    who_can: str
    age: SafeString
    expiry: SafeString
    after: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    note: str = ""
    note_tone: str = ""
    withdraw_until: datetime | None = None
    is_open: bool = False
    run_id: UUID | None = None
    odd: tuple[str, ...] = ()
    shows_whose: bool = False

    @property
    def token(self) -> str:
        """What a decision names: the action and the digest on screen."""
        return f"{self.action.pk} {self.action.digest}"

    @property
    def key(self) -> tuple[object, ...]:
        """All that a closed row shows: equal keys, equal rows."""
        action = self.action
        fixed = (action.pk, action.revision, action.status, action.status_reason, action.digest, action.approver)
        shown = (self.tier.word, self.reason, len(self.more_reasons), self.findings, action.approvals_needed)
        rights = (self.can_decide, self.needs_look, self.is_stale)
        times = (self.age, self.expiry, self.withdraw_until)
        apart = (self.after, self.approved_by, self.note, self.note_tone, self.odd, self.shows_whose)
        return (*fixed, *shown, *rights, *times, *apart)

    @property
    def is_waiting(self) -> bool:
        """Whether people are asked."""
        return self.action.status == ActionStatus.WAITING

    @property
    def is_stale(self) -> bool:
        """Whether what it would do has changed since it was first shown."""
        return self.action.previous_effects is not None and self.is_waiting


@dataclass(frozen=True)
class Surroundings:
    """What cards of several actions share, fetched once: siblings by id, and what this viewer had open."""

    viewer: Person
    now: datetime
    siblings: Mapping[str, Action] = field(default_factory=dict)
    seen: frozenset[tuple[Any, str]] = frozenset()


def surroundings_of(actions: Sequence[Action], viewer: Person, now: datetime) -> Surroundings:
    """Fetches what the cards of these actions need, in at most three requests."""
    named = {name for action in actions for name in action.depends_on}
    known = {str(action.pk): action for action in actions}
    missing = [name for name in named if name not in known]
    if missing:
        known |= {str(action.pk): action for action in Action.objects.filter(pk__in=missing)}
    double = [action for action in actions if action.approvals_needed > 1]
    prefetch_related_objects(double, Prefetch("decisions", Decision.objects.select_related("person").order_by("id")))
    high = [action.pk for action in actions if action.tier == Tier.HIGH]
    seen = SeenPreview.objects.filter(person=viewer, action__in=high).values_list("action", "digest") if high else ()
    return Surroundings(viewer, now, known, frozenset(seen))


def make_card(action: Action, around: Surroundings, **extra: Any) -> ActionCard:
    """The card of one action for one viewer."""
    viewer, reasons = around.viewer, own_reasons(action)
    withdraw = withdrawable(action, around)
    return ActionCard(
        action=action,
        status=STATUS_TONES[action.status],
        tier=TIER_TONES[action.tier],
        title=CATALOGUE[action.kind].title,
        reason=reasons[0] if reasons else action.status_reason,
        more_reasons=reasons[1:],
        findings=read_findings(action.findings),
        can_decide=open_for(viewer, action, around.now),
        needs_look=action.tier == Tier.HIGH and (action.pk, action.digest) not in around.seen,
        age=show_when(action.proposed_at, around.now),
        expiry=show_when(action.expires_at, around.now) if action.status == ActionStatus.WAITING else SafeString(),
        who_can=ROLE_WORDS[action.approver],
        after=tuple(ties(action, around)),
        approved_by=tuple(standing_approvals(action)) if action.approvals_needed > 1 else (),
        withdraw_until=withdraw,
        **extra,
    )


def ties(action: Action, around: Surroundings) -> Iterable[str]:
    """What it rests on and is not done yet, in words."""
    for name in action.depends_on:
        other = around.siblings.get(name)
        if other is not None and not other.is_executed:
            yield f"{CATALOGUE[other.kind].title.lower()} ({STATUS_TONES[other.status].word.lower()})"


def standing_approvals(action: Action) -> list[str]:
    """Who approved the present preview and stands by it."""
    standing: dict[str, str] = {}
    for decision in action.decisions.all():
        if decision.revision == action.revision:
            standing[str(decision.person)] = decision.verdict
    return [name for name, verdict in standing.items() if verdict == DecisionVerdict.APPROVE]


def withdrawable(action: Action, around: Surroundings) -> datetime | None:
    """Until when an approval can be taken back, where that time is not over."""
    if action.status != ActionStatus.APPROVED or action.execute_after is None:
        return None
    return action.execute_after if around.now < action.execute_after else None


def make_cards(actions: Sequence[Action], viewer: Person, now: datetime, **extra: Any) -> list[ActionCard]:
    """The cards of several actions, in order."""
    around = surroundings_of(actions, viewer, now)
    return [make_card(action, around, **extra) for action in actions]
