"""Tickets, what was said in them, and the log of what was done to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models.shop import Customer, SortedJSONField


class TicketStatus(models.TextChoices):
    """Where a ticket stands; anything but closed takes actions."""

    OPEN = "open", "Open"
    PENDING = "pending", "Pending: waits for the customer"
    SOLVED = "solved", "Solved"
    CLOSED = "closed", "Closed"


class Priority(models.TextChoices):
    """How soon a ticket is wanted."""

    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"
    URGENT = "urgent", "Urgent"


class Identity(models.TextChoices):
    """Whether the writer was proved to be the customer, or only says so."""

    CLAIMED = "claimed", "Only claimed"
    VERIFIED = "verified", "Verified"


class Ticket(models.Model):
    """One matter of one customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    subject = models.TextField()
    status = models.CharField(max_length=8, choices=TicketStatus, default=TicketStatus.OPEN)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.NORMAL)
    tags = SortedJSONField(default=list)
    category = models.CharField(max_length=20, blank=True, help_text="what triage made of it")
    identity = models.CharField(max_length=8, choices=Identity, default=Identity.CLAIMED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
    )
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_tickets",
        help_text="while set, the agent keeps off this ticket",
    )
    escalation = SortedJSONField(
        null=True,
        blank=True,
        help_text="reason, summary and urgency of an open escalation",
    )
    snoozed_until = models.DateTimeField(null=True, blank=True, help_text="until then it is not shown among what waits")
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    last_message_id = models.BigIntegerField(null=True, help_text="the customer's newest message")
    last_event_seq = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=TicketStatus.values), name="ticket_status_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="ticket_priority_known"),
            models.CheckConstraint(condition=Q(identity__in=Identity.values), name="ticket_identity_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "-updated_at", "-id"], name="ticket_inbox"),
            models.Index(fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="ticket_snoozed"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def number(self) -> str:
        """What people call the ticket."""
        return f"T-{self.pk}"


class Direction(models.TextChoices):
    """Which way a message went; a note never leaves the house."""

    INBOUND = "inbound", "From the customer"
    OUTBOUND = "outbound", "To the customer"
    NOTE = "note", "Internal note"


class Message(models.Model):
    """One utterance. The body is stored as it came, however hostile, and shown inert."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=8, choices=Direction)
    author = models.CharField(max_length=200, help_text="customer:ID, person:USERNAME, agent or system")
    body = models.TextField()
    citations = models.JSONField(default=list)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    action = models.UUIDField(null=True, blank=True, help_text="the action that added it")
    withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "external_id"], name="message_external_id_once"),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values),
                name="message_direction_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.pk}"


class TicketEventKind(models.TextChoices):
    """What can have happened to a ticket."""

    OPENED = "ticket.opened", "The ticket was opened"
    CUSTOMER_WROTE = "customer.wrote", "The customer wrote"
    ASSIGNED = "ticket.assigned", "The ticket was assigned"
    TAGGED = "ticket.tagged", "The tags were changed"
    PRIORITISED = "ticket.prioritised", "The priority was changed"
    NOTED = "note.added", "A note was added"
    TAKEN_OVER = "ticket.taken_over", "A person took the ticket over from the agent"
    HANDED_BACK = "ticket.handed_back", "The ticket was handed back to the agent"
    REOPENED = "ticket.reopened", "The ticket was reopened"
    CHANGED = "ticket.changed", "An action changed the ticket"
    SORTED = "ticket.sorted", "The ticket was sorted"
    SNOOZED = "ticket.snoozed", "The ticket was put off"
    WOKEN = "ticket.woken", "The ticket came back"
    CLAIMED = "ticket.claimed", "A person claimed the ticket"
    RELEASED = "ticket.released", "A person let go of the ticket"
    HANDED_OVER = "ticket.handed_over", "The ticket was handed over"
    ESCALATION_CLOSED = "escalation.closed", "A person took care of the escalation"


class TicketEvent(models.Model):
    """A fact about a ticket; only ever added."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    kind = models.CharField(max_length=32, choices=TicketEventKind)
    actor = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ("seq",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "seq"], name="ticket_event_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
