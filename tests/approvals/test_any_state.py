"""The walk as a state machine: hypothesis chooses what is done and finds the shortest way to a broken promise.

Propose, decide, amend, withdraw, execute, deliver, undo, expire, publish, judge anew, supersede, in any order.
"""

from __future__ import annotations

import random
from contextlib import ExitStack

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from approvals.audit import seal_entries, verify_chain
from approvals.models import Action, ActionStatus
from tests.approvals.proof import searching
from tests.approvals.shop import NOW, Bench
from tests.approvals.walk import DEEDS, Walk, unsteady_mail
from tickets.models import Person

pytestmark = pytest.mark.django_db
PLACES = {name: place for place, (name, _, _) in enumerate(DEEDS)}
NEEDS = {
    "approve": "waiting", "reject": "waiting", "amend": "waiting", "withdraw": "approved", "execute": "approved",
    "execute all": "approved", "undo": "executed", "settle": "unknown", "deliver": "executing",
    "lose sender": "executing",
}  # fmt: skip
"""What makes sense only where some action stands so; the rest always does."""


def make_machine(bench: Bench, people: list[Person]) -> type[RuleBasedStateMachine]:
    """A desk whose every example begins with the same rows and is rolled back at its end."""

    class Desk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.stack = ExitStack()
            self.stack.enter_context(transaction.atomic())
            mail.outbox.clear()
            self.walk = Walk(bench, people, random.Random(0), NOW)

        def do(self, deed: str, seed: int) -> None:
            self.walk.dice = random.Random(seed)
            with unsteady_mail(self.walk.dice):
                self.walk.do(PLACES[deed])

        def has(self, *statuses: str) -> bool:
            return Action.objects.filter(status__in=statuses).exists()

        @rule(seed=st.integers(0, 2**16))
        def propose(self, seed: int) -> None:
            self.do("propose", seed)

        @rule(seed=st.integers(0, 2**16), deed=st.sampled_from(sorted(set(PLACES) - set(NEEDS))))
        def do_anything(self, seed: int, deed: str) -> None:
            self.do(deed, seed)

        @precondition(lambda self: self.has(*NEEDS.values()))
        @rule(seed=st.integers(0, 2**16), data=st.data())
        def go_on(self, seed: int, data: st.DataObject) -> None:
            standing = set(Action.objects.values_list("status", flat=True))
            sensible = [deed for deed, status in NEEDS.items() if status in standing]
            self.do(data.draw(st.sampled_from(sensible)), seed)

        def teardown(self) -> None:
            with self.stack:
                seal_entries()
                assert verify_chain() >= Action.objects.exclude(status=ActionStatus.PLANNED).count()
                transaction.set_rollback(True)

    return Desk


@pytest.mark.parametrize("profile", searching(5, 200))
def test_any_order_keeps_every_promise(
    bench: Bench, rita: Person, max_: Person, ada: Person, profile: settings
) -> None:
    machine = make_machine(bench, [rita, max_, ada])
    # A short search shows what it found as it is: shrinking it would take minutes.
    phases = (Phase.generate,) if profile.max_examples < 100 else tuple(Phase)
    run_state_machine_as_test(machine, settings=settings(profile, stateful_step_count=30, phases=phases))
