"""What ran by itself and is looked at afterwards."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from approvals.models.actions import Action


class Finding(models.TextChoices):
    """What a person found of an action that ran by itself."""

    RIGHT = "right", "Right"
    WRONG = "wrong", "Wrong"
    UNCLEAR = "unclear", "Cannot be told"


class AuditSample(models.Model):
    """An action that ran by itself, drawn at random to be looked at by a person who is not told the verdict.

    `share` is the chance it had to be drawn: what an estimate weighs it by.
    """

    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="sample")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    drawn_at = models.DateTimeField()
    finding = models.CharField(max_length=8, choices=Finding, blank=True)
    note = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("drawn_at", "id")
        indexes: ClassVar = [models.Index(fields=["finding", "drawn_at"], name="sample_open")]

    def __str__(self) -> str:
        return f"{self.action_id} {self.finding or 'not looked at yet'}"
