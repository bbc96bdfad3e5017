"""Who is at work on a ticket, and who is looking: leases that lapse by themselves, not locks."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from tickets.models.desk import Ticket

SILENCE = timedelta(seconds=40)
"""Who was not heard of for this long, two heartbeats and a little, is gone."""


class Claim(models.Model):
    """That a person is at work on a ticket, until then; a lapsed claim is nobody's."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, primary_key=True, related_name="claim")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="claim_until")]

    def __str__(self) -> str:
        return f"{self.ticket_id} by {self.person_id}"


class Presence(models.Model):
    """When a person last had a ticket on screen; older than a few heartbeats is gone."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "person"], name="presence_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="presence_at")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.ticket_id}"
