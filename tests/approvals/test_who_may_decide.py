"""Who may approve what: every tier, role and part a person had in it, by one approval or two, authors let in or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from approvals.amending import amend_action
from approvals.deciding import DecisionLost, NotAllowed, Verdict
from approvals.models import Action
from tests.approvals.shop import Bench, publish
from tickets.models import Person

pytestmark = pytest.mark.django_db

RANK = {"auditor": 0, "support": 1, "manager": 2, "admin": 3}
APPROVERS = {"low": "support", "medium": "manager", "high": "admin"}
"""Whose approval each tier takes here."""
ROLES = tuple(RANK)
PARTS = ("proposer", "editor", "approver", "second approver", "stranger")
"""What a person had to do with an action before he approves it: proposed it, edited it, approved it once already, comes
after somebody else's approval, or nothing."""
CREDIT = {"amount": "5.00", "reason": "sorry"}


@dataclass(frozen=True)
class Rules:
    """One policy of the matrix."""

    tier: str
    approvals: int
    authors_may: bool

    def publish(self) -> None:
        """Half of it stands with the kind and half with its tier: the stricter of both counts."""
        by_tier = {"approver": APPROVERS[self.tier], "approvals": self.approvals}
        publish(
            settings={"tiers": {self.tier: by_tier}},
            give_credit={"tier": self.tier, "approver": "support", "editor_may_approve": self.authors_may},
        )

    def expected(self, role: str, part: str) -> str:
        """What comes of it: `refused`, `waiting` for another person, `approved`, or `already decided`."""
        if part == "second approver" and self.approvals == 1:
            return "already decided"
        if RANK[role] < RANK[APPROVERS[self.tier]]:
            return "refused"
        if part in ("proposer", "editor") and not self.authors_may:
            return "refused"
        return "approved" if self.approvals == 1 or part == "second approver" else "waiting"


@pytest.fixture
def hire(db: None) -> Callable[[str], Person]:
    """A person of a role, always the same one."""
    people = {role: Person.objects.create_user(f"one_{role}", role=role) for role in ROLES}
    return people.__getitem__


@pytest.fixture
def boss(db: None) -> Person:
    """An admin who has had no part in anything."""
    return Person.objects.create_user("boss", role="admin")


def prepare(bench: Bench, part: str, person: Person, boss: Person) -> Action:
    """An action as it stands before the person's approval."""
    if part == "proposer":
        return bench.propose("give_credit", CREDIT, proposer=f"person:{person.username}", person=person)
    action = bench.propose("give_credit", CREDIT)
    if part == "editor":
        edit_as_admin(bench, action, person)
    if part == "second approver":
        bench.approve(action, boss)
    return action


def edit_as_admin(bench: Bench, action: Action, person: Person) -> None:
    """Who edits may decide as well: it is done in a role that may, which is taken from the person afterwards."""
    role, person.role = person.role, "admin"
    changed = Verdict(action.pk, "amend", action.digest)
    amend_action(changed, {**CREDIT, "amount": "6.00"}, by=person, now=bench.now)
    person.role = role


def approve(bench: Bench, action: Action, person: Person, part: str) -> str:
    """What comes of this person's approval; the approver says the same word twice."""
    try:
        for _ in range(2 if part == "approver" else 1):
            action = bench.approve(action, person)
    except NotAllowed as refused:
        assert refused.details["who_can"] == action.approver
        assert Action.objects.get(pk=action.pk).status == action.status
        return "refused"
    except DecisionLost as lost:
        return lost.code.replace("_", " ")
    return str(action.status)


@pytest.mark.parametrize(("tier", "approvals", "authors_may"), [*product(APPROVERS, (1, 2), (True, False))])
def test_the_whole_matrix(
    bench: Bench, hire: Callable[[str], Person], boss: Person, tier: str, approvals: int, authors_may: bool
) -> None:
    rules = Rules(tier, approvals, authors_may)
    rules.publish()
    came, expected = {}, {}
    for role, part in product(ROLES, PARTS):
        action = prepare(bench, part, hire(role), boss)
        came[role, part] = approve(bench, action, hire(role), part)
        expected[role, part] = rules.expected(role, part)
    assert came == expected


def test_who_may_not_decide_may_not_edit(bench: Bench, rita: Person, auditor: Person) -> None:
    action = bench.propose("give_credit", CREDIT)
    for person in (rita, auditor):
        with pytest.raises(NotAllowed):
            amend_action(Verdict(action.pk, "amend", action.digest), CREDIT, by=person, now=bench.now)


def test_two_approvals_are_two_people(bench: Bench, max_: Person, ada: Person) -> None:
    publish(give_credit={"approvals": 2})
    action = bench.propose("give_credit", CREDIT)
    assert [bench.approve(action, max_).status for _ in range(3)] == ["waiting"] * 3
    assert bench.approve(action, ada).status == "approved"


def test_an_edit_makes_everybody_say_it_again(bench: Bench, max_: Person, ada: Person) -> None:
    publish(give_credit={"approvals": 2, "editor_may_approve": True})
    action = bench.propose("give_credit", CREDIT)
    bench.approve(action, ada)
    edit_as_admin(bench, action, max_)
    assert bench.approve(action, max_).status == "waiting"
    assert bench.approve(action, ada).status == "approved"


@pytest.mark.parametrize("amount", ["20.00", "20.01", "50.00", "50.01"])
def test_more_money_takes_a_higher_role_and_two_people(
    bench: Bench, rita: Person, max_: Person, ada: Person, amount: str
) -> None:
    steps = [{"over": "20.00", "approver": "manager"}, {"over": "50.00", "approver": "admin", "approvals": 2}]
    publish(give_credit={"approver": "support", "tier": "low", "amount_steps": steps, "max_amount": None})
    action = bench.propose("give_credit", {**CREDIT, "amount": amount})
    came = {who.username: approve(bench, action, who, "stranger") for who in (rita, max_, ada)}
    expected = {
        "20.00": {"rita": "approved", "max": "already decided", "ada": "already decided"},
        "20.01": {"rita": "refused", "max": "approved", "ada": "already decided"},
        "50.00": {"rita": "refused", "max": "approved", "ada": "already decided"},
        "50.01": {"rita": "refused", "max": "refused", "ada": "waiting"},
    }
    assert came == expected[amount]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "support"}, {"role": "auditor"}])
def test_who_lost_the_right_between_approval_and_execution_does_not_count(
    bench: Bench, max_: Person, ada: Person, change: dict[str, Any]
) -> None:
    action = bench.propose("give_credit", CREDIT)
    bench.approve(action, max_)
    Person.objects.filter(pk=max_.pk).update(**change)
    assert bench.execute(action).status == "waiting"
    bench.approve(action, ada)
    assert bench.execute(action).status == "executed"
