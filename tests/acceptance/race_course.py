"""What a race is about, laid out in its database: the shop, fifty people, actions; and the rows afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from approvals.deciding import Verdict, decide_action, mark_seen
from approvals.models import Action, AuditEntry, DayTotal, Decision, OutboxMessage, PolicyVersion
from tests.approvals.shop import BY_ITSELF, Bench, make_catalogue, make_order, make_ticket, publish
from tests.conftest import make_customer, make_person
from tickets.models import Customer, LedgerLine, Message, Person, Ticket


def lay_out(job: dict[str, Any]) -> dict[str, Any]:
    """One part of the course, by name."""
    return PARTS[job["part"]](job)


def migrate(job: dict[str, Any]) -> dict[str, Any]:
    """All tables."""
    call_command("migrate", verbosity=0)
    return {}


def make_shop(job: dict[str, Any]) -> dict[str, Any]:
    """Carla, the catalogue, an admin and fifty managers."""
    make_catalogue()
    make_customer("carla_silva_1001", "Carla", "Silva", Decimal("100.00"))
    make_person("ada", "admin")
    # None of them signs in: fifty hashed passwords would take longer than the races.
    managers = [Person(username=f"manager{n}", email=f"m{n}@example.com", role="manager") for n in range(50)]
    return {"people": [person.username for person in Person.objects.bulk_create(managers)]}


def bench() -> Bench:
    return Bench(make_ticket(Customer.objects.get(pk="carla_silva_1001")), now=timezone.now())


def one_waiting(job: dict[str, Any]) -> dict[str, Any]:
    """One cancellation that everybody has opened."""
    desk = bench()
    make_order(desk.ticket.customer, job["order"])
    action = desk.propose("cancel_order", {"order_id": job["order"], "reason": "no longer needed"})
    for person in Person.objects.filter(role="manager"):
        mark_seen(action.pk, action.digest, by=person, now=timezone.now())
    return {"action": str(action.pk), "digest": action.digest}


def approve(action: Action) -> str:
    """Approved by Ada, ready for the gate."""
    ada = Person.objects.get(username="ada")
    mark_seen(action.pk, action.digest, by=ada, now=timezone.now())
    return str(decide_action(Verdict(action.pk, "approve", action.digest), by=ada, now=timezone.now()).pk)


def one_approved(job: dict[str, Any]) -> dict[str, Any]:
    """One credit, approved."""
    desk = bench()
    action = desk.propose("give_credit", {"amount": job.get("amount", "5.00"), "reason": "late"}, confidence=None)
    return {"actions": [approve(action)], "ticket": desk.ticket.pk}


def two_on_one_card(job: dict[str, Any]) -> dict[str, Any]:
    """Two orders to be paid with one gift card that covers either, not both."""
    desk = bench()
    actions = []
    for number in range(2):
        make_order(desk.ticket.customer, f"{job['order']}{number}")
        wish = {"order_id": f"{job['order']}{number}", "payment_method_id": "gift_card_carla"}
        actions.append(approve(bench().propose("change_order_payment", wish)))
    return {"actions": actions}


def below_a_ceiling(job: dict[str, Any]) -> dict[str, Any]:
    """Forty credits of eight customers that may run by themselves, up to a day's ceiling."""
    publish(Person.objects.get(username="ada"), give_credit={**BY_ITSELF, "daily_amount": Decimal("10.00")})
    actions = []
    for number in range(8):
        customer = make_customer(f"customer_{number}", f"Customer{number}", "X", Decimal(0))
        desk = Bench(make_ticket(customer), now=timezone.now())
        credits = [desk.propose("give_credit", {"amount": "0.70", "reason": "late"}) for _ in range(5)]
        actions += [str(credit.pk) for credit in credits]
    return {"actions": actions}


def a_group(job: dict[str, Any]) -> dict[str, Any]:
    """Credits of several customers that wait for a manager; all expire at one moment."""
    publish(Person.objects.get(username="ada"), give_credit={"mode": "review", "tier": "low", "approver": "manager"})
    actions = []
    for number in range(job["customers"]):
        customer = make_customer(f"{job['name']}_{number}", f"{job['name']}{number}", "X", Decimal(0))
        desk = Bench(make_ticket(customer), now=timezone.now())
        actions += [desk.propose("give_credit", {"amount": "1.10", "reason": "late"}) for _ in range(5)]
    expires_at = timezone.now() + timedelta(hours=1)
    Action.objects.filter(pk__in=[action.pk for action in actions]).update(expires_at=expires_at)
    return {"actions": [[str(one.pk), one.digest] for one in actions], "expires_at": expires_at.isoformat()}


def by_themselves(job: dict[str, Any]) -> dict[str, Any]:
    """Eighty credits of eight customers that may run by themselves, whatever ran earlier in the day."""
    rules = {**BY_ITSELF, "daily_amount": None}
    publish(Person.objects.get(username="ada"), give_credit=rules, settings={"paused": False})
    actions = []
    for number in range(8):
        customer = make_customer(f"{job['name']}_{number}", f"{job['name']}{number}", "X", Decimal(0))
        desk = Bench(make_ticket(customer), now=timezone.now())
        actions += [desk.propose("give_credit", {"amount": "0.10", "reason": "late"}) for _ in range(10)]
    return {"actions": [str(action.pk) for action in actions]}


def unpause(job: dict[str, Any]) -> dict[str, Any]:
    """The agent may go on."""
    publish(Person.objects.get(username="ada"), settings={"paused": False})
    return {}


def due_messages(job: dict[str, Any]) -> dict[str, Any]:
    """Ten replies that are due."""
    desk = bench()
    for number in range(10):
        action = desk.propose("send_reply", {"body": f"Letter {number}"})
        approve(action)
        desk.execute(action)
    OutboxMessage.objects.update(due_at=timezone.now())
    return {}


def report(job: dict[str, Any]) -> dict[str, Any]:
    """What the rows say."""
    from approvals.audit import verify_chain

    mine = Action.objects.filter(pk__in=job.get("actions", []))
    carla = Customer.objects.get(pk="carla_silva_1001")
    lines = LedgerLine.objects.filter(action__in=job.get("actions", []))
    return {
        "statuses": sorted(mine.values_list("status", flat=True)),
        "decisions": Decision.objects.filter(action__in=job.get("actions", [])).count(),
        "executed_entries": AuditEntry.objects.filter(
            kind="action.executed", subject__in=[f"action:{pk}" for pk in job.get("actions", [])]
        ).count(),
        "balance": str(carla.payment_methods.get(source="gift_card").balance),
        "credit": str(carla.credit),
        "lines": [[line.direction, str(line.amount)] for line in lines],
        "totals": [str(total.amount) for total in DayTotal.objects.filter(kind="give_credit")],
        "tickets": Ticket.objects.filter(external_id=job.get("external_id", "none")).count(),
        "customers": Counter(email.lower() for email in Customer.objects.values_list("email", flat=True)),
        "versions": list(PolicyVersion.objects.order_by("version").values_list("version", flat=True)),
        "outbox": Counter(OutboxMessage.objects.values_list("status", flat=True)),
        "letters": Counter(Message.objects.filter(direction="outbound").values_list("body", flat=True)),
        "sealed": verify_chain() if job.get("verify") else 0,
        "unsealed": AuditEntry.objects.filter(seal__isnull=True).count(),
    }


PARTS = {
    "migrate": migrate,
    "shop": make_shop, "one_waiting": one_waiting, "one_approved": one_approved, "two_on_one_card": two_on_one_card,
    "below_a_ceiling": below_a_ceiling, "due_messages": due_messages, "report": report,
    "a_group": a_group, "by_themselves": by_themselves, "unpause": unpause,
}  # fmt: skip
