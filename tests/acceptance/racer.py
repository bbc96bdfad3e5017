"""One process of a race: reads a job a line, waits for the common moment, does its deed in as many threads as asked."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402


def set_up(job: dict[str, Any]) -> dict[str, Any]:
    """The small shop, the people, and the actions this race is about."""
    from tests.acceptance.race_course import lay_out

    return lay_out(job)


def decide(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One person says one word."""
    from approvals.deciding import DecisionLost, Verdict, decide_action
    from tickets.models import Person

    person = Person.objects.get(username=job["people"][number])
    word = "approve" if number % 2 else "reject"
    try:
        action = decide_action(Verdict(UUID(job["action"]), word, job["digest"]), by=person, now=timezone.now())
    except DecisionLost as lost:
        return {"code": lost.code, "by": lost.details.get("by")}
    return {"status": action.status}


def execute(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One worker asks the gate for every action of the job, each in an order of its own."""
    from approvals.gate import execute_action

    actions = job["actions"][number:] + job["actions"][:number]
    return {"statuses": [execute_action(UUID(action), now=timezone.now()).status for action in actions]}


def open_one(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One writer opens the ticket."""
    from tickets.operations import Letter, open_ticket

    email = job["email"] if job["same_customer"] else f"{number}{job['email']}"
    letter = Letter(email, "Hello", "Where is it?", external_id=job["external_id"])
    ticket, is_new = open_ticket(letter, now=timezone.now())
    return {"ticket": ticket.pk, "is_new": is_new}


def publish(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One admin publishes from the same base."""
    from approvals.policies import PolicyMoved, policy_in_force, publish_policy
    from tickets.models import Person

    policy = policy_in_force()
    try:
        published = publish_policy(
            policy,
            base_version=job["base"],
            note=str(number),
            by=Person.objects.get(username="ada"),
            now=timezone.now(),
        )
    except PolicyMoved:
        return {"code": "moved"}
    return {"version": published.version}


def deliver(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One sweep sends what is due."""
    from approvals.outbox import deliver_due

    return {"tried": deliver_due(now=timezone.now())}


def write(job: dict[str, Any], number: int) -> dict[str, Any]:
    """The customer writes, while another worker executes."""
    from tickets.operations import receive_message

    if number % 2:
        return execute({"actions": job["actions"]}, 0)
    receive_message(job["ticket"], f"Wait, {number}!", now=timezone.now())
    return {"statuses": []}


def seal(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One sealer among several, while entries are still being written."""
    from approvals.audit import record, seal_entries

    sealed = 0
    for place in range(20):
        record("thing.done", actor="system", subject=f"thing:{number}:{place}", at=timezone.now())
        sealed += seal_entries()
    return {"sealed": sealed}


def decide_group(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One manager approves a whole group, each in an order of his own."""
    from approvals.deciding import Verdict, decide_many
    from tickets.models import Person

    start = number * 7 % len(job["actions"])
    items = [*job["actions"][start:], *job["actions"][:start]]
    verdicts = [Verdict(UUID(action), "approve", digest) for action, digest in items]
    outcomes = decide_many(verdicts, by=Person.objects.get(username=job["people"][number]), now=timezone.now())
    return {"codes": [outcome.code or "ok" for outcome in outcomes]}


def expire_or_decide(job: dict[str, Any], number: int) -> dict[str, Any]:
    """Half of the workers expire what is due, half decide it: at the very moment, by clocks that differ a little."""
    from datetime import datetime, timedelta

    from approvals.expiring import expire_waiting

    moment = datetime.fromisoformat(job["expires_at"])
    if number % 2:
        return {"expired": expire_waiting(now=moment)}
    job = {**job, "now": (moment - timedelta(milliseconds=1)).isoformat()}
    return {"codes": [decide_at(job, pair, number) for pair in job["actions"]]}


def decide_at(job: dict[str, Any], pair: list[str], number: int) -> str:
    """One word at a stated time; the code where it was lost."""
    from datetime import datetime

    from approvals.deciding import DecisionLost, Verdict, decide_action
    from tickets.models import Person

    by = Person.objects.get(username=job["people"][number])
    try:
        decide_action(Verdict(UUID(pair[0]), "approve", pair[1]), by=by, now=datetime.fromisoformat(job["now"]))
    except DecisionLost as lost:
        return lost.code
    return "ok"


def pause_or_execute(job: dict[str, Any], number: int) -> dict[str, Any]:
    """One admin pauses the agent while the other workers execute what may run by itself."""
    if number:
        return execute(job, number)
    from approvals.policies import policy_in_force, publish_policy
    from tickets.models import Person

    give_up_at = time.monotonic() + 60
    while executed_of(job["actions"]) < job["after"]:
        assert time.monotonic() < give_up_at, "nothing runs by itself"
        time.sleep(0.002)
    policy = policy_in_force()
    paused = policy.model_copy(update={"settings": policy.settings.model_copy(update={"paused": True})})
    by = Person.objects.get(username="ada")
    publish_policy(paused, base_version=policy.version, note="stop", by=by, now=timezone.now())
    done = executed_of(job["actions"])
    time.sleep(0.5)
    return {"at_pause": done, "later": executed_of(job["actions"])}


def executed_of(actions: list[str]) -> int:
    """How many of these are executed, as committed by now."""
    from approvals.models import Action

    return Action.objects.filter(pk__in=actions, status="executed").count()


def judge_or_decide(job: dict[str, Any], number: int) -> dict[str, Any]:
    """A stricter policy is published and judges what waits anew, while people approve it under the old one."""
    if number == 0:
        return {"refused_by": publish_stricter(job)}
    job = {**job, "now": timezone.now().isoformat()}
    return {"codes": [decide_at(job, pair, number) for pair in job["actions"]]}


def publish_stricter(job: dict[str, Any]) -> int:
    """Credits now take an admin."""
    from approvals.policies import policy_in_force, publish_policy
    from approvals.rejudging import rejudge_waiting
    from tickets.models import Person

    policy = policy_in_force()
    rules = policy.of("give_credit").model_copy(update={"approver": "admin"})
    stricter = policy.model_copy(update={"kinds": {**policy.kinds, "give_credit": rules}})
    by = Person.objects.get(username="ada")
    published = publish_policy(stricter, base_version=policy.version, note="stricter", by=by, now=timezone.now())
    rejudge_waiting(now=timezone.now())
    return published.version


DEEDS: dict[str, Callable[[dict[str, Any], int], dict[str, Any]]] = {
    "decide": decide, "execute": execute, "open": open_one, "publish": publish, "deliver": deliver, "write": write,
    "seal": seal, "decide_group": decide_group, "expire_or_decide": expire_or_decide,
    "pause_or_execute": pause_or_execute, "judge_or_decide": judge_or_decide,
}  # fmt: skip


def race(deed: Callable[[dict[str, Any], int], dict[str, Any]], job: dict[str, Any]) -> list[dict[str, Any]]:
    """The deed once in each thread, all at the moment named."""
    answers: list[dict[str, Any]] = [{} for _ in job["numbers"]]

    def run(place: int, number: int) -> None:
        try:
            connection.ensure_connection()
            time.sleep(max(0.0, job["start_at"] - time.time()))
            answers[place] = deed(job, number)
        except Exception as error:
            answers[place] = {"crash": f"{type(error).__name__}: {error}"}
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(job["numbers"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main() -> None:
    """Answers each line with a line until the input ends."""
    for line in sys.stdin:
        name, job = json.loads(line)
        answer = set_up(job) if name == "set_up" else {"answers": race(DEEDS[name], job)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
