"""Messages on their way out of the house."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from approvals.models.actions import Action
from tickets.models.shop import SortedJSONField


class OutboxStatus(models.TextChoices):
    """Where a message stands on its way out."""

    QUEUED = "queued", "Waits out its undo window"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"
    UNKNOWN = "unknown", "Not known whether it was sent"
    WITHDRAWN = "withdrawn", "Withdrawn before it left"


class OutboxMessage(models.Model):
    """One message effect of an executed action; its key makes sure that it leaves at most once."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="outbox")
    revision = models.IntegerField()
    place = models.CharField(max_length=40, help_text="the effect's record, such as new:message:1")
    idempotency_key = models.CharField(max_length=120, unique=True)
    effect = SortedJSONField()
    actor = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=OutboxStatus, default=OutboxStatus.QUEUED)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=OutboxStatus.values), name="outbox_status_known")
        ]
        indexes: ClassVar = [models.Index(fields=["status", "due_at"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.idempotency_key} {self.status}"
