"""Runs, their event logs, and the words the events speak of."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models import Ticket


class RunMode(models.TextChoices):
    """Whether what a run proposes can be executed."""

    LIVE = "live", "Live"
    DRY_RUN = "dry_run", "Dry run"


class RunStatus(models.TextChoices):
    """Where a run stands; `MOVES` says where it may go from there."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waits for decisions"
    AWAITING_CUSTOMER = "awaiting_customer", "Asked the customer back"
    PAUSED = "paused", "Paused by a person"
    DONE = "done", "Done"
    ESCALATED = "escalated", "Given to people"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


R = RunStatus
ENDINGS = frozenset({R.AWAITING_CUSTOMER, R.DONE, R.ESCALATED, R.FAILED, R.CANCELLED})
ACTIVE = frozenset({R.QUEUED, R.RUNNING, R.WAITING, R.PAUSED})
MOVES: dict[RunStatus, frozenset[RunStatus]] = {
    R.QUEUED: frozenset({R.RUNNING, R.PAUSED, R.WAITING}) | ENDINGS,
    R.RUNNING: frozenset({R.QUEUED, R.WAITING, R.PAUSED}) | ENDINGS,
    R.WAITING: frozenset({R.QUEUED, R.PAUSED}) | ENDINGS,
    R.PAUSED: frozenset({R.QUEUED}) | ENDINGS,
    R.AWAITING_CUSTOMER: frozenset(),
    R.DONE: frozenset(),
    R.ESCALATED: frozenset(),
    R.FAILED: frozenset(),
    R.CANCELLED: frozenset(),
}


class Run(models.Model):
    """One attempt by the agent to advance a ticket. Its events are the truth; these columns say where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="runs")
    mode = models.CharField(max_length=8, choices=RunMode, default=RunMode.LIVE)
    status = models.CharField(max_length=20, choices=RunStatus, default=RunStatus.QUEUED)
    reason = models.TextField(blank=True, help_text="why it ended or stands where it does")
    result = models.TextField(blank=True, help_text="what it says to staff; never sent")
    model = models.CharField(max_length=200)
    policy_version = models.IntegerField()
    pins_policy = models.BooleanField(default=False, help_text="a dry run judged by this version, in force or not")
    versions = models.JSONField(default=dict, help_text="what made it: prompt, tools, code")
    last_seq = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    malformed_calls = models.IntegerField(default=0)
    malformed_turns = models.IntegerField(default=0)
    category = models.CharField(max_length=20, blank=True, help_text="what triage made of the ticket")
    agent_version = models.IntegerField(default=0, help_text="the guidance and bounds it was started under")
    bounds = models.JSONField(default=dict, help_text="how far it may go, as it was when it started")
    input_tokens = models.BigIntegerField(default=0)
    cached_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    working_seconds = models.FloatField(default=0)
    step_limit = models.IntegerField(default=20)
    wall_clock_seconds = models.IntegerField(default=600)
    fence = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=200)
    copied_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="live_copy"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    report = models.ForeignKey(
        "DryRunReport", on_delete=models.PROTECT, null=True, blank=True, related_name="runs", help_text="asked for it"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(mode="live", status__in=["queued", "running", "waiting", "paused"]),
                name="one_active_live_run_per_ticket",
            ),
            models.CheckConstraint(condition=Q(status__in=RunStatus.values), name="run_status_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "created_at"], name="run_queue")]

    def __str__(self) -> str:
        return f"{self.mode} run {self.pk} {self.status}"

    @property
    def is_active(self) -> bool:
        """Whether it may still do something."""
        return self.status in ACTIVE


class DryRunSchedule(models.Model):
    """A dry run over a selection of tickets that is made again and again; off is kept, not deleted."""

    name = models.CharField(max_length=200)
    selection = models.JSONField(default=dict, help_text="which tickets: status, category, tags, priority, limit")
    every = models.CharField(max_length=8, default="day", help_text="hour, day or week")
    at_minute = models.IntegerField(default=0, help_text="minute of the hour, day or week (from Monday) it starts at")
    time_zone = models.CharField(max_length=60, default="UTC")
    policy_version = models.IntegerField(null=True, blank=True, help_text="judged by this version; none: in force then")
    model = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=["is_on", "next_at"], name="schedule_due")]

    def __str__(self) -> str:
        return self.name


class DryRunReport(models.Model):
    """Dry runs over a selection of tickets, to be read, shared and submitted together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    selection = models.JSONField(default=dict)
    tickets = models.JSONField(default=list, help_text="what was selected, in order: ticket_id, and why it was skipped")
    schedule = models.ForeignKey(
        DryRunSchedule, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    scheduled_for = models.DateTimeField(null=True, blank=True)
    policy_version = models.IntegerField(null=True, blank=True)
    model = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["schedule", "scheduled_for"],
                condition=Q(schedule__isnull=False),
                name="one_report_per_schedule_and_time",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReportSubmission(models.Model):
    """One person's word to submit plans of a report, worked off in the background; each plan is answered by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(DryRunReport, on_delete=models.PROTECT, related_name="submissions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    execute = models.BooleanField(help_text="approve as well what was shown")
    run_ids = models.JSONField(default=list, help_text="the dry runs whose plans are submitted, in the order sent")
    results = models.JSONField(default=dict, help_text="by dry run: {ticket_id, live_run_id, code, words}")
    asked = models.IntegerField(default=0, help_text="how many plans these are")
    answered = models.IntegerField(default=0, help_text="how many results there are")
    token = models.IntegerField(default=0, help_text="of the API token it came with; 0 for none")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "person", "execute", "token"],
                condition=Q(finished_at__isnull=True),
                name="one_open_submission_of_a_kind",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["finished_at", "at"], name="submission_open")]

    def __str__(self) -> str:
        return f"{len(self.run_ids)} of {self.report_id} by {self.person_id}"


class EventKind(models.TextChoices):
    """What can have happened in a run."""

    RUN_STARTED = "run.started", "The run started"
    TICKET_TRIAGED = "ticket.triaged", "The ticket was sorted"
    AGENDA_MADE = "agenda.made", "The agent made its agenda"
    MODEL_ANSWERED = "model.answered", "The model answered"
    TOOL_ANSWERED = "tool.answered", "A tool answered"
    STEP_ASSESSED = "step.assessed", "A step was assessed"
    DRAFT_VERIFIED = "draft.verified", "A draft was checked"
    RECOVERY_CHOSEN = "recovery.chosen", "A recovery was chosen"
    ROLE_ASKED = "role.asked", "Work was handed to a role"
    ROLE_ANSWERED = "role.answered", "A role answered"
    WORKFLOW_STEPPED = "workflow.stepped", "A workflow took a step"
    ACTION_PROPOSED = "action.proposed", "An action was proposed"
    ACTION_DECIDED = "action.decided", "A person decided"
    ACTION_SETTLED = "action.settled", "An action was settled"
    RUN_WAITING = "run.waiting", "The run waits for decisions"
    RUN_RESUMED = "run.resumed", "The run goes on"
    RUN_PAUSED = "run.paused", "The run was paused"
    BOUND_REACHED = "bound.reached", "A bound was reached"
    RUN_ENDED = "run.ended", "The run ended"


class Event(models.Model):
    """A fact of a run, with ids and no words; only ever added. `seq` is gapless from 1, and commit order."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    kind = models.CharField(max_length=32, choices=EventKind)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("seq",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "seq"], name="event_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Text(models.Model):
    """Words an event names by their hash; erasure empties bodies and leaves the log whole."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="texts")
    sha256 = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "sha256"], name="text_once_per_run")]

    def __str__(self) -> str:
        return self.sha256[:12]


class PinnedText(models.Model):
    """A prompt, a tool schema or a guidance, by content: what made a run can be shown long after the files changed."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    body = models.TextField()

    def __str__(self) -> str:
        return self.sha256[:12]


class AgentVersion(models.Model):
    """One published setting of the agent: guidance, bounds per category, the day's budget. Never edited."""

    version = models.IntegerField(primary_key=True)
    value = models.JSONField(help_text="an AgentSettings value")
    note = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"agent {self.version}"


class ModelDay(models.Model):
    """What one provider's model did and cost on one day (UTC); raised with the turn it counts."""

    model = models.CharField(max_length=200)
    day = models.DateField()
    calls = models.IntegerField(default=0)
    malformed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    input_tokens = models.BigIntegerField(default=0)
    cached_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "day"], name="model_day_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.day}"
