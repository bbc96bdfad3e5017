"""1,000 actions approved in one decision, against a plain ORM loop that writes the same rows in as many commits.

Each action has a customer, a ticket and a waiting run of its own. The floor creates, per action and in one transaction:
the decision, the audit entry and the run's event, and updates the action and the run; it reads and checks nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.bench.databases import make_database, setup_django

if TYPE_CHECKING:
    from approvals.models import Action
    from tickets.models import Person

ACTIONS = 1000
ROUNDS = 3
TARGET = 0.5


def copy_row(row: Any, **changed: Any) -> Any:
    """The same row again, with some columns changed."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**columns, **changed})


def make_template() -> Action:
    """A reply that waits, proposed by a run that waits for it."""
    from django.utils import timezone

    from agentdesk.runs.models import Run
    from approvals.proposing import Proposal, propose_action
    from tickets.operations import Letter, open_ticket

    now = timezone.now()
    ticket, _ = open_ticket(Letter("carla@example.com", "Question", "Hello?", identity="verified"), now=now)
    run = Run.objects.get(ticket=ticket)
    Run.objects.update(status="waiting")
    proposal = Proposal(ticket.pk, "send_reply", {"body": "Dear Carla."}, "agent:offline", origin=run.pk)
    return propose_action(proposal, now=now)


def make_actions(template: Action, round_: int) -> list[Action]:
    """As many waiting actions of as many runs, tickets and customers."""
    from agentdesk.runs.models import Run
    from approvals.models import Action
    from tickets.models import Customer, Ticket

    names = [f"c_{round_}_{place}" for place in range(ACTIONS)]
    run = Run.objects.get(pk=template.origin)
    Customer.objects.bulk_create(
        copy_row(template.customer, customer_id=name, email=f"{name}@example.com") for name in names
    )
    tickets = Ticket.objects.bulk_create(copy_row(template.ticket, id=None, customer_id=name) for name in names)
    runs = Run.objects.bulk_create(copy_row(run, id=uuid4(), ticket_id=ticket.pk) for ticket in tickets)
    return Action.objects.bulk_create(
        copy_row(template, id=uuid4(), origin=run.pk, ticket_id=ticket.pk, customer_id=ticket.customer_id)
        for ticket, run in zip(tickets, runs, strict=True)
    )


def decide_all(actions: Sequence[Action], by: Person) -> None:
    """What the API's bulk does."""
    from django.utils import timezone

    from approvals.deciding import Verdict, decide_many

    verdicts = [Verdict(action.pk, "approve", action.digest) for action in actions]
    outcomes = decide_many(verdicts, by=by, now=timezone.now())
    assert all(outcome.ok for outcome in outcomes)


def write_all(actions: Sequence[Action], by: Person) -> None:
    """The floor."""
    for action in actions:
        write_one(action, by)


def write_one(action: Action, by: Person) -> None:
    """The rows of one decision, by the ORM."""
    from django.db import transaction
    from django.db.models import F
    from django.utils import timezone

    from agentdesk.runs.models import Event, Run
    from approvals.models import Action, AuditEntry, Decision

    now, data = timezone.now(), {"verdict": "approve", "digest": action.digest}
    with transaction.atomic():
        Decision.objects.create(
            action=action, person=by, verdict="approve", digest=action.digest, revision=action.revision, at=now
        )
        AuditEntry.objects.create(
            kind="action.decided", actor=f"person:{by.username}", subject=f"action:{action.pk}", at=now,
            data={**data, "reason": "", "kind": action.kind},
        )  # fmt: skip
        Run.objects.filter(pk=action.origin).update(last_seq=F("last_seq") + 1)
        Event.objects.create(
            run_id=action.origin, seq=3, kind="action.decided", at=now, actor=f"person:{by.username}",
            data={**data, "action_id": str(action.pk)},
        )  # fmt: skip
        Action.objects.filter(pk=action.pk, status="waiting").update(status="approved", execute_after=None)


def count_rows() -> dict[str, int]:
    """What stands in the tables both sides write."""
    from agentdesk.runs.models import Event
    from approvals.models import Action, AuditEntry, Decision

    decided = Action.objects.filter(status="approved").count()
    return {"approved": decided, **{model.__name__: model.objects.count() for model in (Decision, AuditEntry, Event)}}


def rate_of(work: Callable[[Sequence[Action], Person], None], actions: Sequence[Action], by: Person) -> float:
    """Actions per second; each of both must write as many rows."""
    before = count_rows()
    start = time.perf_counter()
    work(actions, by)
    rate = len(actions) / (time.perf_counter() - start)
    written = {name: many - before[name] for name, many in count_rows().items()}
    assert set(written.values()) == {len(actions)}, written
    return rate


def measure(url: str) -> None:
    """Prints the ratio on one database, both sides turn by turn."""
    setup_django(url, migrate=True)
    from tickets.models import Person

    template, manager = make_template(), Person.objects.create_user("max", role="manager")
    sets: Iterator[list[Action]] = (make_actions(template, round_) for round_ in range(2 * ROUNDS + 1))
    decide_all(next(sets)[:50], manager)
    pairs = [(rate_of(write_all, next(sets), manager), rate_of(decide_all, next(sets), manager)) for _ in range(ROUNDS)]
    ratio = statistics.median(rate / floor for floor, rate in pairs)
    floor, rate = sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
    name = "PostgreSQL" if url.startswith("postgres") else "SQLite"
    print(
        f"bulk of {ACTIONS} on {name}: {ratio:.2f} of a plain ORM loop "
        f"({rate:.0f} of {floor:.0f} actions/s; target {TARGET})"
    )


def measure_apart(url: str) -> None:
    """In a process of its own: Django is set up once per process."""
    subprocess.run([sys.executable, "-m", "tests.bench.bulk_decide", url], check=True)


def main() -> None:
    """Both databases."""
    with make_database() as url:
        measure_apart(url)
    with tempfile.TemporaryDirectory() as folder:
        measure_apart(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
