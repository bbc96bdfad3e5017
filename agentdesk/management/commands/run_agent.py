"""`run_agent TICKET`: one run in the foreground, its events printed as they happen."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from agentdesk.agent.providers import UnknownModel, find_model, split_models
from agentdesk.runs.endings import NO_ANSWER
from agentdesk.runs.engine import advance_run
from agentdesk.runs.lifecycle import RunActive, TakenOver, start_run
from agentdesk.runs.models import Event, Run, RunMode, RunStatus
from agentdesk.runs.queries import events_after
from approvals.models import Action, ActionStatus
from approvals.policies import policy_in_force
from tickets.models import Ticket

LOOK_SECONDS = 0.1
AT_WORK = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})
QUIET = frozenset({"versions", "parameters", "folded_to", "request_sha256", "digest", "brief", "turn", "answer"})
"""What of an event's data is for machines."""


class Command(BaseCommand):
    """Works in this process; where another worker takes the run first, it is followed instead."""

    help = "Has the agent work on a ticket, once, and prints what happens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which ticket, and how."""
        parser.add_argument("ticket", metavar="TICKET", help="its id, with or without T-")
        parser.add_argument("--dry-run", action="store_true", help="plan and propose; execute nothing")
        parser.add_argument("--model", help="another model than the configured one, or several, asked in order")

    def handle(self, *_args: Any, ticket: str, dry_run: bool, model: str | None, **_options: Any) -> None:
        """Runs, prints, and says how it ended."""
        run_id = self.find_or_start(read_ticket(ticket), RunMode.DRY_RUN if dry_run else RunMode.LIVE, model)
        self.work_and_print(run_id)
        run = Run.objects.get(pk=run_id)
        self.stdout.write(f"{run.status}: {run.result or run.reason or describe_open(run)}")
        if run.status == RunStatus.FAILED or run.reason.startswith(NO_ANSWER):
            raise CommandError(f"The run failed: {run.reason}")

    def find_or_start(self, ticket_id: int, mode: RunMode, model: str | None) -> UUID:
        """The run to take forward: the queued one of the ticket, or a new one."""
        queued = Run.objects.filter(ticket_id=ticket_id, mode=mode, status=RunStatus.QUEUED).first()
        if queued is not None and model in (None, queued.model):
            return queued.pk
        try:
            for name in split_models(model or ""):
                find_model(name)
            return start_run(ticket_id, started_by="command line", now=timezone.now(), mode=mode, model=model).pk
        except (RunActive, TakenOver, UnknownModel) as error:
            raise CommandError(str(error)) from error

    def work_and_print(self, run_id: UUID) -> None:
        """Advances the run here, while a second thread prints its events."""
        printer = Printer(self, run_id)
        printer.start()
        try:
            while Run.objects.values_list("status", flat=True).get(pk=run_id) in AT_WORK:
                if policy_in_force().is_paused():
                    raise CommandError("The agent is paused by an admin; the run goes on once that is lifted.")
                advance_run(run_id)
                time.sleep(LOOK_SECONDS / 2)
        except KeyboardInterrupt as interrupted:
            raise CommandError("Interrupted; a worker goes on with the run.") from interrupted
        finally:
            printer.end()
            printer.print_new()


class Printer(threading.Thread):
    """Prints a run's events as they come, each once."""

    def __init__(self, command: BaseCommand, run_id: UUID) -> None:
        super().__init__(name="events", daemon=True)
        self.command, self.run_id, self.seq, self.over = command, run_id, 0, threading.Event()

    def run(self) -> None:
        """Until it is told to end."""
        try:
            while not self.over.wait(LOOK_SECONDS):
                self.print_new()
        finally:
            connections.close_all()

    def end(self) -> None:
        """Stops the thread; what is left is printed by the caller."""
        self.over.set()
        self.join()

    def print_new(self) -> None:
        """The events since the last look, one line each."""
        for event in events_after(self.run_id, self.seq):
            self.seq = event.seq
            self.command.stdout.write(line_of(event))
        self.command.stdout.flush()


def line_of(event: Event) -> str:
    """`seq kind` and the telling data."""
    facts = [f"{name}={show(value)}" for name, value in event.data.items() if name not in QUIET and value]
    return " ".join([f"{event.seq:>3} {event.kind}", *facts])


def show(value: Any) -> str:
    """A value on one line."""
    words = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(words.split())[:200]


def read_ticket(name: str) -> int:
    """`12` or `T-12`."""
    digits = name.upper().removeprefix("T-")
    if not (digits.isascii() and digits.isdigit()) or not Ticket.objects.filter(pk=int(digits[:18])).exists():
        raise CommandError(f"There is no ticket {name}.")
    return int(digits)


def describe_open(run: Run) -> str:
    """What a run that is not over waits for."""
    waiting = Action.objects.filter(origin=run.pk, status=ActionStatus.WAITING).count()
    return f"{waiting} of its actions wait for a decision"
