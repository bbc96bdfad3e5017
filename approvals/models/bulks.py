"""Decisions on many actions at once, so that their progress and their results outlive the page that asked."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from tickets.models.shop import SortedJSONField


class BulkDecision(models.Model):
    """What one person decided about many previews at once; each item is decided, and answered, by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8)
    reason = models.TextField(blank=True)
    items = SortedJSONField(help_text="[action id, digest] each, in the order sent")
    results = SortedJSONField(default=dict, help_text="by action id: {ok, status, code, message}")
    grace_seconds = models.FloatField(default=0)
    seconds_on_screen = models.FloatField(null=True, blank=True, help_text="how long they were looked at, if known")
    token = models.IntegerField(null=True, blank=True, help_text="of the API token it came with")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["finished_at", "at"], name="bulk_open")]

    def __str__(self) -> str:
        return f"{self.verdict} {len(self.items)} by {self.person_id}"
