"""The approve-cycle on PostgreSQL against a loop of bare inserts: how much of a database's pace the full history costs.

One cycle: start a run, one read call, one proposed action, suspend, approve from another process's call, execute,
finish. The model is scripted and answers at once. The floor: a psycopg loop of 6 event rows in 3 commits.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from multiprocessing.connection import Connection
from uuid import UUID

from tests.bench.databases import make_database, setup_django

CYCLES = 120
ROUNDS = 3
ADDRESS = {"address1": "1 Quay", "address2": "", "city": "Leeds", "country": "UK", "state": "WY", "zip": "LS1"}
NEW_ADDRESS = {**ADDRESS, "address1": "2 Quay", "zip": "LS2"}
TARGETS = {1: 0.20, 8: 0.12}


def approve_what_comes(pipe: Connection, url: str) -> None:
    """The other process: approves each action it is sent, and says when it has."""
    setup_django(url)
    from django.db import connection
    from django.utils import timezone

    from approvals.deciding import Verdict, decide_action
    from tickets.models import Person

    manager = Person.objects.get(username="max")
    pool = ThreadPoolExecutor(8)

    def approve(place: int, action_id: str, digest: str) -> None:
        decide_action(Verdict(UUID(action_id), "approve", digest), by=manager, now=timezone.now())
        connection.close()
        pipe.send(place)

    while (message := pipe.recv()) is not None:
        pool.submit(approve, *message)


def make_shop(count: int) -> list[int]:
    """As many customers, each with a pending order and a ticket on which nobody works yet."""
    from django.db import transaction
    from django.utils import timezone

    from agentdesk.runs.models import Run
    from tickets.models import Customer, LedgerLine, Order, OrderLine, Person, Product
    from tickets.operations import Letter, open_ticket

    Person.objects.create_user("max", role="manager")
    mug = Product.objects.create(product_id="9001", name="Mug")
    tickets = []
    with transaction.atomic():
        for place in range(count):
            name = f"customer_{place}"
            customer = Customer.objects.create(customer_id=name, email=f"{name}@example.com", **ADDRESS)
            method = customer.payment_methods.create(payment_method_id=f"paypal_{place}", source="paypal")
            order = Order.objects.create(order_id=f"#W{place:07}", customer=customer, status="pending", **ADDRESS)
            OrderLine.objects.create(
                order=order, place=0, product=mug, item_id="9101", name="Mug", price=Decimal("12.50")
            )
            LedgerLine.objects.create(
                customer=customer, order=order, direction="payment", amount=Decimal("12.50"), payment_method=method,
                at=timezone.now(),
            )  # fmt: skip
            ticket, _ = open_ticket(Letter(customer.email, "New address", "Please"), now=timezone.now())
            tickets.append(ticket.pk)
        Run.objects.update(status="cancelled")
    return tickets


def script(place: int) -> object:
    """A read call, a proposed action, and the end of the agenda."""
    from agentdesk.agent.language_model import ToolCall, Turn
    from agentdesk.agent.scripted import ScriptedModel

    order_id = f"#W{place:07}"
    moved = {"order_id": order_id, "address": NEW_ADDRESS}
    return ScriptedModel(
        [
            Turn(tool_calls=(ToolCall("call_1", "get_order", {"order_id": order_id}),)),
            Turn(tool_calls=(ToolCall("call_2", "change_order_address", moved),)),
            Turn("A new address is proposed."),
        ]
    )


class Cycles:
    """Runs approve-cycles over a shop, with the approver in a process of its own."""

    def __init__(self, url: str, tickets: list[int]) -> None:
        self.tickets = tickets
        self.pipe, theirs = multiprocessing.get_context("spawn").Pipe()
        context = multiprocessing.get_context("spawn")
        self.approver = context.Process(target=approve_what_comes, args=(theirs, url), daemon=True)
        self.approver.start()

    def run_all(self, places: range, threads: int) -> float:
        """Cycles per second."""
        from threading import Event, Lock, Thread

        decided = {place: Event() for place in places}
        lock = Lock()

        def listen() -> None:
            for _ in places:
                decided[self.pipe.recv()].set()

        listener = Thread(target=listen)
        listener.start()
        start = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda place: self.run_one(place, decided[place], lock), places))
        taken = time.perf_counter() - start
        listener.join()
        return len(places) / taken

    def run_one(self, place: int, decided: object, lock: object) -> None:
        """One cycle, from start to finish; the connection goes back as it does after a task."""
        from django.db import connection
        from django.utils import timezone

        from agentdesk.runs.engine import advance_run
        from agentdesk.runs.lifecycle import start_run
        from approvals.gate import execute_action
        from approvals.models import Action

        run = start_run(self.tickets[place], started_by="bench", now=timezone.now())
        advance_run(run.pk, model=script(place))  # type: ignore[arg-type]
        action = Action.objects.only("pk", "digest").get(origin=run.pk)
        with lock:  # type: ignore[attr-defined]
            self.pipe.send((place, str(action.pk), action.digest))
        decided.wait(30)  # type: ignore[attr-defined]
        execute_action(action.pk, now=timezone.now())
        connection.close()

    def close(self) -> None:
        """Lets the approver go."""
        self.pipe.send(None)
        self.approver.join(10)


def floor_rate(url: str, threads: int, cycles: int) -> float:
    """Bare cycles per second: 6 event rows in 3 commits, a connection per thread."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_event (run int, seq int, kind text, at timestamptz, data jsonb)"
        )

    def loop(count: int) -> None:
        with psycopg.connect(url) as connection:
            for run in range(count):
                for step in range(3):
                    for seq in (1, 2):
                        connection.execute(
                            "INSERT INTO bench_event VALUES (%s, %s, %s, now(), %s)",
                            (run, step * 2 + seq, "model.answered", '{"tokens": 12, "cost": "0.001"}'),
                        )
                    connection.commit()

    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(loop, [cycles // threads] * threads))
    return cycles / (time.perf_counter() - start)


def count_one(ticket: int, place: int) -> tuple[int, int]:
    """Statements and commits of one cycle, approved in this process so that all of them are seen."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from agentdesk.runs.engine import advance_run
    from agentdesk.runs.lifecycle import start_run
    from approvals.deciding import Verdict, decide_action
    from approvals.gate import execute_action
    from approvals.models import Action
    from tickets.models import Person

    manager = Person.objects.get(username="max")
    with CaptureQueriesContext(connection) as seen:
        run = start_run(ticket, started_by="bench", now=timezone.now())
        # The connection is given back before each model call; inside a capture it is the same one again.
        advance_run(run.pk, model=script(place))  # type: ignore[arg-type]
        action = Action.objects.only("pk", "digest").get(origin=run.pk)
        decide_action(Verdict(action.pk, "approve", action.digest), by=manager, now=timezone.now())
        execute_action(action.pk, now=timezone.now())
    statements = [query["sql"] for query in seen.captured_queries]
    return len(statements), statements.count("COMMIT")


def main() -> None:
    """Prints the ratio at 1 and at 8 threads."""
    with make_database() as url:
        setup_django(url, migrate=True)
        from django.db import connection

        per_round = CYCLES
        tickets = make_shop(per_round * ROUNDS * len(TARGETS) + 41)
        cycles = Cycles(url, tickets)
        cycles.run_all(range(len(tickets) - 41, len(tickets) - 1), 8)
        first = 0
        for threads, target in TARGETS.items():
            ratios, rates, used = [], [], []
            for _ in range(ROUNDS):
                floor = floor_rate(url, threads, per_round * 4)
                began = time.process_time()
                rate = cycles.run_all(range(first, first + per_round), threads)
                used.append((time.process_time() - began) / per_round * 1000)
                first += per_round
                ratios.append(rate / floor)
                rates.append((rate, floor))
            rate, floor = rates[ratios.index(sorted(ratios)[len(ratios) // 2])]
            print(
                f"approve-cycle, {threads} thread(s): {statistics.median(ratios):.3f} of the floor "
                f"({rate:.0f} of {floor:.0f} cycles/s; target {target}); "
                f"{statistics.median(used):.1f} ms of processor a cycle, without the approver's"
            )
        statements, commits = count_one(tickets[-1], len(tickets) - 1)
        print(f"one cycle: {statements} statements, {commits} commits")
        cycles.close()
        connection.close()
        from django.db import connections

        for one in connections.all():
            one.close_pool() if hasattr(one, "close_pool") else one.close()


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    main()
