"""Races in real processes on PostgreSQL: whatever happens at once, happens once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from tests.acceptance.workers import Racers, own_database

pytestmark = pytest.mark.services


class Course(Racers):
    """The racers, the people of their shop, and what its rows say."""

    people: list[str]

    def report(self, **job: Any) -> dict[str, Any]:
        return self.lay_out("report", **job)


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    """A database of its own, the processes that race on it, and what the rows say afterwards."""
    if settings.ENVIRONMENT.is_sqlite:
        pytest.skip("needs DATABASE_URL (PostgreSQL); `make test` sets it in its second pass")
    with own_database(settings.ENVIRONMENT.database_url) as environment:
        racers = Course(environment)
        try:
            racers.lay_out("migrate")
            racers.people = racers.lay_out("shop")["people"]
            yield racers
        finally:
            racers.close()


def crashes(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["crash"] for answer in answers if "crash" in answer]


def test_fifty_people_decide_one_action(course: Course) -> None:
    waiting = course.lay_out("one_waiting", order="#W1")
    answers = course.race("decide", 50, people=course.people, **waiting)
    codes = Counter(answer.get("code", "decided") for answer in answers)
    assert codes == {"decided": 1, "already_decided": 49}, crashes(answers)
    assert len({answer["by"] for answer in answers if "by" in answer}) == 1
    assert course.report(actions=[waiting["action"]])["decisions"] == 1


def test_eight_workers_execute_one_action(course: Course) -> None:
    approved = course.lay_out("one_approved")
    answers = course.race("execute", 8, **approved)
    assert crashes(answers) == []
    assert {status for answer in answers for status in answer["statuses"]} == {"executed"}
    report = course.report(**approved)
    assert (report["executed_entries"], report["lines"]) == (1, [["credit", "5.00"]])


def test_two_actions_on_one_gift_card_never_overdraw_it(course: Course) -> None:
    before = Decimal(course.report()["balance"])
    both = course.lay_out("two_on_one_card", order="#W2")
    assert crashes(course.race("execute", 8, **both)) == []
    report = course.report(**both)
    assert sorted(report["statuses"]) == ["executed", "refused"]
    assert Decimal(report["balance"]) == before - Decimal("65.00") >= 0
    assert len(report["lines"]) == 2


def test_a_days_ceiling_is_not_passed_by_a_cent(course: Course) -> None:
    ready = course.lay_out("below_a_ceiling")
    assert crashes(course.race("execute", 8, **ready)) == []
    report = course.report(**ready)
    assert Counter(report["statuses"]) == {"executed": 14, "waiting": 26}
    assert report["totals"] == ["9.80"] and len(report["lines"]) == 14


@pytest.mark.parametrize("same_customer", [True, False])
def test_writers_with_one_external_id_open_one_ticket(course: Course, same_customer: bool) -> None:
    external_id, email = f"mail-{same_customer}", f"new-{same_customer}@example.com"
    answers = course.race("open", 8, external_id=external_id, email=email, same_customer=same_customer)
    assert crashes(answers) == []
    assert sum(answer["is_new"] for answer in answers) == 1
    assert len({answer["ticket"] for answer in answers}) == 1
    report = course.report(external_id=external_id)
    assert report["tickets"] == 1 and max(report["customers"].values()) == 1


def test_of_admins_who_publish_at_once_one_does(course: Course) -> None:
    newest = course.report()["versions"][-1]
    answers = course.race("publish", 6, base=newest)
    assert crashes(answers) == []
    assert Counter(answer.get("code", "published") for answer in answers) == {"published": 1, "moved": 5}
    assert course.report()["versions"][-1] == newest + 1


def test_several_senders_send_each_letter_once(course: Course) -> None:
    course.lay_out("due_messages")
    answers = course.race("deliver", 6)
    assert crashes(answers) == [] and sum(answer["tried"] for answer in answers) == 10
    report = course.report()
    assert report["outbox"] == {"sent": 10}
    assert set(report["letters"].values()) == {1} and len(report["letters"]) == 10


def test_a_customer_who_writes_while_it_is_executed(course: Course) -> None:
    approved = course.lay_out("one_approved", amount="11.00")
    credit = Decimal(course.report()["credit"])
    assert crashes(course.race("write", 8, **approved)) == []
    report = course.report(**approved)
    assert report["statuses"] in (["executed"], ["superseded"])
    happened = report["statuses"] == ["executed"]
    assert Decimal(report["credit"]) == credit + (Decimal("11.00") if happened else 0)


def test_two_managers_decide_one_group(course: Course) -> None:
    group = course.lay_out("a_group", name="groupie", customers=8)
    answers = course.race("decide_group", 4, people=course.people, **group)
    codes = Counter(code for answer in answers for code in answer.get("codes", []))
    assert crashes(answers) == [] and codes == {"ok": 40, "already_decided": 120}
    report = course.report(actions=[pk for pk, _ in group["actions"]])
    assert report["decisions"] == 40 and set(report["statuses"]) == {"approved"}


def test_what_expires_while_it_is_approved_is_one_of_both(course: Course) -> None:
    group = course.lay_out("a_group", name="latecomer", customers=6)
    answers = course.race("expire_or_decide", 4, people=course.people, **group)
    codes = Counter(code for answer in answers for code in answer.get("codes", []))
    assert crashes(answers) == [] and set(codes) <= {"ok", "expired", "already_decided"}, codes
    report = course.report(actions=[pk for pk, _ in group["actions"]])
    statuses = Counter(report["statuses"])
    assert set(statuses) <= {"approved", "expired"} and statuses.total() == 30
    assert report["decisions"] == codes["ok"] == statuses["approved"]
    assert sum(answer.get("expired", 0) for answer in answers) == statuses["expired"]


def race_a_pause(course: Course, after: int, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Eighty actions that may run by themselves, and how many had run at the pause and later."""
    ready = course.lay_out("by_themselves", name=name)
    answers = course.race("pause_or_execute", 4, after=after, **ready)
    course.lay_out("unpause")
    assert crashes(answers) == []
    return ready, next(answer for answer in answers if "at_pause" in answer)


@pytest.mark.parametrize("after", [0, 8])
def test_nothing_runs_by_itself_once_a_pause_is_published(course: Course, after: int) -> None:
    ready, pause = race_a_pause(course, after, f"paused{after}")
    if pause["at_pause"] == 80:
        # All of them ran before the busy machine gave the admin a moment: the race told nothing.
        ready, pause = race_a_pause(course, after, f"paused{after}again")
    assert after <= pause["at_pause"] == pause["later"] < 80
    statuses = Counter(course.report(**ready)["statuses"])
    assert +Counter(executed=pause["later"], waiting=80 - pause["later"]) == statuses


def test_decided_while_it_is_judged_anew(course: Course) -> None:
    """An approval by who may no longer give it either came first and is asked again in the gate, or is refused."""
    group = course.lay_out("a_group", name="rejudged", customers=6)
    answers = course.race("judge_or_decide", 3, people=course.people, **group)
    assert crashes(answers) == []
    codes = Counter(code for answer in answers for code in answer.get("codes", []))
    assert set(codes) <= {"ok", "not_allowed", "already_decided"}, codes
    actions = [pk for pk, _ in group["actions"]]
    executed = course.race("execute", 4, actions=actions)
    report = course.report(actions=actions)
    assert crashes(executed) == [] and report["decisions"] == codes["ok"]
    assert set(report["statuses"]) == {"waiting"} and report["lines"] == []


def test_several_sealers_make_one_chain(course: Course) -> None:
    answers = course.race("seal", 6)
    assert crashes(answers) == []
    course.race("seal", 1)
    report = course.report(verify=True)
    assert report["unsealed"] == 0 and report["sealed"] > 140
