"""The audit log and the chain of seals over it. Both only grow."""

from typing import ClassVar

from django.db import models

from tickets.models.shop import SortedJSONField


class AuditEntry(models.Model):
    """A fact that must be provable later, written in the transaction of what it records."""

    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, help_text="what it is about, such as action:UUID or policy:3")
    data = SortedJSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="audit_subject"),
            models.Index(fields=["kind", "id"], name="audit_kind"),
            models.Index(fields=["actor", "id"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class AuditSeal(models.Model):
    """One link of the chain: the hash of an entry together with the hash before it."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"
