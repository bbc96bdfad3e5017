"""Actions, what people decided about them, and who had which preview open."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models import Customer, Ticket
from tickets.models.shop import SortedJSONField
from tickets.rows import update_row


class ActionStatus(models.TextChoices):
    """Where an action stands; `MOVES` says where it may go from there."""

    PLANNED = "planned", "Planned in a dry run"
    WAITING = "waiting", "Waits for a person"
    APPROVED = "approved", "Approved"
    EXECUTING = "executing", "Being carried out"
    EXECUTED = "executed", "Executed"
    REJECTED = "rejected", "Rejected"
    EXPIRED = "expired", "Expired"
    UNDONE = "undone", "Undone"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Not known whether it happened"
    SUPERSEDED = "superseded", "Overtaken"


S = ActionStatus
MOVES: dict[ActionStatus, frozenset[ActionStatus]] = {
    S.PLANNED: frozenset(),
    S.WAITING: frozenset({S.WAITING, S.APPROVED, S.REJECTED, S.EXPIRED, S.REFUSED, S.SUPERSEDED}),
    S.APPROVED: frozenset({S.EXECUTING, S.EXECUTED, S.WAITING, S.REFUSED, S.FAILED, S.SUPERSEDED}),
    S.EXECUTING: frozenset({S.EXECUTED, S.FAILED, S.UNKNOWN, S.UNDONE}),
    S.UNKNOWN: frozenset({S.EXECUTED, S.FAILED}),
    S.EXECUTED: frozenset({S.UNDONE}),
    S.REJECTED: frozenset(),
    S.EXPIRED: frozenset(),
    S.UNDONE: frozenset(),
    S.REFUSED: frozenset(),
    S.FAILED: frozenset(),
    S.SUPERSEDED: frozenset(),
}
UNDECIDED = frozenset({S.WAITING, S.APPROVED})
UNSETTLED = frozenset({S.WAITING, S.APPROVED, S.EXECUTING, S.UNKNOWN})


class Tier(models.TextChoices):
    """How much harm a wrong action of a kind can do."""

    LOW = "low", "Low risk"
    MEDIUM = "medium", "Medium risk"
    HIGH = "high", "High risk"


class Verdict(models.TextChoices):
    """What the policy says of an action."""

    ALLOW = "allow", "May run by itself"
    REVIEW = "review", "Waits for a person"
    REFUSE = "refuse", "Refused"


class IllegalMove(Exception):
    """The action is no longer where this move starts from."""


class Action(models.Model):
    """Something that would change a record or leave the house; judged once it is proposed, executed at most once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="actions")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="actions")
    origin = models.UUIDField(help_text="the run that proposed it, or one proposal from outside")
    place = models.IntegerField(default=0, help_text="its place among the actions of its origin, from 0")
    tool_call_id = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=40)
    category = models.CharField(max_length=20, blank=True, help_text="its ticket's, as it was judged")
    arguments = SortedJSONField()
    effects = SortedJSONField(default=list)
    summary = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    revision = models.IntegerField(default=1)
    previous_effects = SortedJSONField(null=True, blank=True, help_text="what was shown before it went stale")
    status = models.CharField(max_length=12, choices=ActionStatus)
    status_reason = models.TextField(blank=True)
    tier = models.CharField(max_length=8, choices=Tier)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="USD")
    facts = SortedJSONField(default=dict, help_text="what the policy judged, as it was then")
    verdict = models.CharField(max_length=8, choices=Verdict)
    reasons = models.JSONField(default=list)
    reason_key = models.CharField(max_length=40, blank=True, help_text="the first reason without its particulars")
    approver = models.CharField(max_length=16, default="manager")
    approvals_needed = models.IntegerField(default=1)
    policy_version = models.IntegerField()
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    rationale = models.TextField(blank=True)
    alternatives = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    depends_on = models.JSONField(default=list, help_text="ids of actions that must be executed before")
    proposer = models.CharField(max_length=200, help_text="agent:MODEL, person:USERNAME or system")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_actions"
    )
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undoings")
    copied_from = models.UUIDField(null=True, blank=True, help_text="the dry run's action it repeats")
    idempotency_key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    execute_after = models.DateTimeField(null=True, blank=True, help_text="a page's approval waits this long for `z`")
    settled_at = models.DateTimeField(null=True, blank=True)
    receipt = SortedJSONField(null=True, blank=True)

    class Meta:
        ordering = ("proposed_at", "origin", "place")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_known"),
            models.UniqueConstraint(fields=["origin", "place"], name="action_place_once"),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(status__in=["waiting", "approved", "executing", "executed"]),
                name="action_undone_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "proposed_at", "id"], name="action_queue"),
            models.Index(fields=["ticket", "proposed_at"], name="action_ticket"),
            models.Index(fields=["status", "expires_at"], name="action_expiry"),
            models.Index(fields=["status", "kind", "reason_key", "tier"], name="action_batch"),
            models.Index(fields=["proposed_at"], name="action_proposed"),
            models.Index(fields=["kind", "settled_at"], name="action_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"

    @property
    def is_open(self) -> bool:
        """Whether a person or the gate can still do something with it."""
        return self.status in UNDECIDED

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will become of it by itself."""
        return self.status not in UNSETTLED and self.status != ActionStatus.PLANNED

    @property
    def is_executed(self) -> bool:
        """Whether it happened, and stands."""
        return self.status == ActionStatus.EXECUTED

    def move(self, source: ActionStatus, target: ActionStatus, **fields: Any) -> None:
        """Goes from one status to another together with other fields, or raises.

        The UPDATE is conditional on status and revision, so of two that try, one wins.

        Raises: IllegalMove.
        """
        if target not in MOVES[source]:
            raise IllegalMove(f"an action never goes from {source} to {target}")
        where = {"id": self.pk, "status": source, "revision": self.revision}
        if update_row(Action, where, {"status": target, **fields}, ("id",)) is None:
            raise IllegalMove(f"{self.kind} is no longer {source}")
        self.status = target
        for name, value in fields.items():
            setattr(self, name, value)


class DecisionVerdict(models.TextChoices):
    """What a person can say of an action that waits."""

    APPROVE = "approve", "approved"
    REJECT = "reject", "rejected"
    AMEND = "amend", "amended"
    WITHDRAW = "withdraw", "took the decision back"


class Decision(models.Model):
    """What one person decided, about exactly which preview. Never edited: taking it back is another row."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="decisions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=DecisionVerdict)
    digest = models.CharField(max_length=64)
    revision = models.IntegerField()
    reason = models.TextField(blank=True)
    arguments = SortedJSONField(null=True, blank=True, help_text="what an amendment changed them to")
    seconds_on_screen = models.FloatField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.verdict} by {self.person_id}"


class SeenPreview(models.Model):
    """That a person had one exact preview open; needed before approving what is of high tier."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="seen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["action", "person", "digest"], name="seen_once")]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.digest[:8]}"
