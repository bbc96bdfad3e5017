"""Tickets given to people: whom, until when, and what was done about it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from approvals.models.actions import Action
from tickets.models import Role, Ticket


class Escalation(models.Model):
    """A ticket that waits for somebody of a role; at half time they are reminded, at its end the policy decides."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="escalations")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="+", help_text="its cause")
    role = models.CharField(max_length=16, choices=Role)
    opened_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True, help_text="nobody of the role was there in time")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(closed_at=None, lapsed_at=None), name="one_open_escalation_per_ticket"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["closed_at", "due_at"], name="escalation_due")]

    def __str__(self) -> str:
        return f"{self.ticket_id} for {self.role}"
