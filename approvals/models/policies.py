"""Policy versions, and what ran by itself today."""

from typing import ClassVar

from django.db import models


class PolicyVersion(models.Model):
    """One published policy; the newest version is in force. Never edited: a change is another version."""

    version = models.IntegerField(primary_key=True)
    kinds = models.JSONField()
    settings = models.JSONField()
    note = models.TextField(blank=True)
    author = models.ForeignKey("tickets.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"policy {self.version}"


class DraftStatus(models.TextChoices):
    """What became of a policy that waits for another admin."""

    WAITING = "waiting", "Waits for another admin"
    PUBLISHED = "published", "Published"
    REFUSED = "refused", "Refused by another admin"
    WITHDRAWN = "withdrawn", "Taken back"
    OUTDATED = "outdated", "Another policy was published meanwhile"


class PolicyDraft(models.Model):
    """A policy that loosens something, written by one admin: in force only once another one says so."""

    base_version = models.IntegerField()
    kinds = models.JSONField()
    settings = models.JSONField()
    note = models.TextField()
    author = models.ForeignKey("tickets.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=DraftStatus, default=DraftStatus.WAITING)
    decided_by = models.ForeignKey("tickets.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    published = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="draft")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"draft {self.pk} on policy {self.base_version} {self.status}"


class DayTotal(models.Model):
    """The amount a kind moved by itself on one day (UTC); raised only inside the gate's transaction."""

    kind = models.CharField(max_length=40)
    day = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "day"], name="day_total_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.amount}"
