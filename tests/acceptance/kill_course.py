"""What is killed: twenty tickets the agent works off by itself; laid out, settled and reported on by this process."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from agentdesk.runs.models import Event, Run  # noqa: E402
from approvals.audit import seal_entries, verify_chain  # noqa: E402
from approvals.models import Action, AuditEntry  # noqa: E402
from approvals.outbox import settle_unknown  # noqa: E402
from tests.approvals.shop import make_catalogue, make_order, publish  # noqa: E402
from tests.conftest import make_customer, make_person  # noqa: E402
from tickets.models import LedgerLine, Message, Order, Person  # noqa: E402
from tickets.operations import Letter, open_ticket  # noqa: E402

RUNS = 20
BY_ITSELF = {"mode": "auto", "min_confidence": Decimal(0), "tier": "low", "undo_seconds": 0}
WORDS = "Hello, please cancel my order {0}, I no longer need it. Thank you, {1}"


def set_up() -> dict[str, Any]:
    """A policy that lets the agent do it all, and a customer with an order and a ticket for each run."""
    call_command("migrate", verbosity=0)
    make_person("ada", "admin")
    publish(Person.objects.get(username="ada"), cancel_order=BY_ITSELF, send_reply=BY_ITSELF, set_ticket=BY_ITSELF)
    make_catalogue()
    for number in range(RUNS):
        name = f"Carla{chr(65 + number)}"
        customer = make_customer(f"carla_{number}", name, "Silva", Decimal("10.00"))
        order_id = f"#W{5000000 + number}"
        make_order(customer, order_id, paid_with="gift_card")
        words = WORDS.format(order_id, name)
        open_ticket(Letter(customer.email, "Cancel my order", words, identity="verified"), now=timezone.now())
    return {"runs": Run.objects.count()}


def settle(left: list[str]) -> dict[str, Any]:
    """A person looks into the mail server's log and says which letters of unknown fate did leave."""
    unknown = Action.objects.filter(status="unknown")
    names = [str(action.pk) for action in unknown]
    for action in unknown:
        settle_unknown(
            action.pk, was_sent=str(action.pk) in left, by=Person.objects.get(username="ada"), now=timezone.now()
        )
    return {"settled": names}


def report() -> dict[str, Any]:
    """What the rows say."""
    seal_entries()
    executed = Counter(AuditEntry.objects.filter(kind="action.executed").values_list("subject", flat=True))
    money = Counter(LedgerLine.objects.filter(action__isnull=False).values_list("action", "payment_method_id"))
    return {
        "runs": Counter(Run.objects.values_list("status", flat=True)),
        "reasons": list(Run.objects.exclude(status="done").values_list("reason", flat=True)),
        "gaps": [str(run.pk) for run in Run.objects.all() if has_gap(run)],
        "answered_twice": [str(run.pk) for run in Run.objects.all() if has_double_answer(run)],
        "actions": {f"{kind} {status}": n for (kind, status), n in count_actions().items()},
        "executed_twice": [subject for subject, times in executed.items() if times > 1],
        "moved_twice": [str(action) for (action, _), times in money.items() if times > 1],
        "orders": Counter(Order.objects.values_list("status", flat=True)),
        "lines": Counter(LedgerLine.objects.values_list("direction", flat=True)),
        "balances": sorted({str(order.customer.payment_methods.get(source="gift_card").balance)
                            for order in Order.objects.filter(status="cancelled")}),
        "letters": Message.objects.filter(direction="outbound").count(),
        "sealed": verify_chain() == AuditEntry.objects.count(),
    }  # fmt: skip


def count_actions() -> Counter[tuple[str, str]]:
    return Counter(Action.objects.values_list("kind", "status"))


def has_gap(run: Run) -> bool:
    seqs = Event.objects.filter(run=run).order_by("seq").values_list("seq", flat=True)
    return list(seqs) != list(range(1, run.last_seq + 1))


def has_double_answer(run: Run) -> bool:
    answers = Event.objects.filter(run=run, kind="tool.answered")
    times = Counter(event.data["tool_call_id"] for event in answers)
    return max(times.values(), default=0) > 1


PARTS: dict[str, Callable[..., dict[str, Any]]] = {"set_up": set_up, "settle": settle, "report": report}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*json.loads(sys.argv[2]))), flush=True)
