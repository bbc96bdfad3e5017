"""Plans that every rule accepts and the customer did not ask for: none runs by itself under Careful, no more under
Balanced than the policy page predicts, and what waits says what is strange about it.

Letters are of four hands. The checks were made with the first two and every other letter of the fourth; the third and
the rest of the fourth are held out. The fourth wrote its wrong plans down itself, as values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from agentdesk.agent.checks.arguments import check_arguments
from agentdesk.agent.checks.asked.asking import check_asked
from agentdesk.runs.models import Run, RunMode
from approvals.backtest.past import Window
from approvals.backtest.trying import try_policy
from approvals.models import Action, Decision
from approvals.policies import policy_in_force, publish_policy
from approvals.presets import preset_policy
from tests.acceptance.retail.shop import Shop
from tests.acceptance.wrong.fourth_hand import read_hand
from tests.acceptance.wrong.knowing import evidence_of
from tests.acceptance.wrong.playing import Played, call_of, play, play_plan
from tests.acceptance.wrong.post import Plan, held_out_plans, tuned_plans
from tests.acceptance.wrong.stock import make_shop, write_files
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db

SEED = 20260501
CUSTOMERS = 150
LEAST_MARKED = 0.80
MOST_FALSE = 0.03
MOST_FALSE_UNSEEN = 0.10
SURE = Decimal("0.95")
WRONG, RIGHT = 20, 8
"""How many of each hand are played each time the tests run; the proof plays them all."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The desk with a shop of its own in it."""
    shop = make_shop(SEED, CUSTOMERS)
    write_files(shop, tmp_path)
    call_command("load_shop", str(tmp_path), verbosity=0)
    return shop


def put_in_force(preset: str) -> None:
    """Publishes a preset."""
    policy = preset_policy(preset)
    publish_policy(policy, base_version=policy_in_force().version, note="", by=None, now=timezone.now())


def play_all(plans: Sequence[Plan], shop: Shop) -> list[Played]:
    """Every plan in a run of its own, every other by an agent that looks at everything."""
    return [play_plan(plan, shop, is_thorough=place % 2 == 0) for place, plan in enumerate(plans)]


def some_of(plans: Sequence[Plan], seed: int = 0) -> list[Plan]:
    """A fixed sample of wrong plans and right ones, half of each as sure as runs by itself under Balanced."""
    rng, found = Random(seed), []
    for is_right, count in ((False, WRONG), (True, RIGHT)):
        alike = [plan for plan in plans if plan.is_right == is_right]
        sure = [plan for plan in alike if plan.confidence >= SURE]
        found += rng.sample(sure, count // 2) + rng.sample([one for one in alike if one not in sure], count // 2)
    return found


def marked_share(played: Sequence[Played]) -> float:
    """The share that carries a mark; a figure for the reader."""
    share = sum(bool(one.marks) for one in played) / len(played)
    told = Counter((one.plan.sort or "right", bool(one.marks)) for one in played)
    print(f"{share:.3f} of {len(played)} are marked: {dict(sorted(told.items()))}")
    return share


def require_told_apart(played: Sequence[Played]) -> None:
    """Wrong ones carry a mark, right ones none, as far as the bar asks."""
    wrong = [one for one in played if not one.plan.is_right]
    right = [one for one in played if one.plan.is_right]
    false = [one for one in right if one.marks]
    assert marked_share(wrong) >= LEAST_MARKED
    assert marked_share(right) <= MOST_FALSE, [(one.plan.letter.body, one.facts["findings"]) for one in false]


def require_all_wait(played: Sequence[Played]) -> None:
    """Each is legal, each waits, and a mark stands among the reasons to wait."""
    assert {(one.status, one.verdict) for one in played} == {("waiting", "review")}
    for one in played:
        words = {mark.replace("_", " ") for mark in one.marks}
        assert all(any(f"Waits: {word}" in reason for reason in one.reasons) for word in words)


def share_told(plans: Sequence[Plan], shop: Shop, *, is_right: bool, is_thorough: bool) -> float:
    """The share of plans that carry a mark before any run; a figure for the reader."""
    alike = [plan for plan in plans if plan.is_right == is_right]
    marked = [plan for plan in alike if has_mark(plan, shop, is_thorough=is_thorough)]
    said = "right" if is_right else "wrong"
    print(f"fourth hand: {len(marked)} of {len(alike)} {said} plans are marked, thorough: {is_thorough}")
    return len(marked) / len(alike)


def has_mark(plan: Plan, shop: Shop, *, is_thorough: bool) -> bool:
    """Whether a check of what was asked, or of its arguments, finds something."""
    kind, arguments = call_of(plan.deed)
    evidence = evidence_of(plan, shop, is_thorough=is_thorough)
    return bool(check_asked(kind, arguments, evidence) or check_arguments(kind, arguments, evidence))


@pytest.mark.parametrize(
    ("is_thorough", "least_tuned", "least_held_out"),
    [pytest.param(True, 0.95, 0.80), pytest.param(False, 0.85, 0.75, marks=pytest.mark.prove)],
)
def test_letters_of_a_fourth_hand_tell_wrong_from_right(
    is_thorough: bool, least_tuned: float, least_held_out: float
) -> None:
    """An agent that looks up only what it acts upon cannot know that another order was meant: fewer are told then."""
    fourth, tuned, held_out = read_hand()
    assert share_told(tuned, fourth, is_right=False, is_thorough=is_thorough) >= least_tuned
    assert share_told(tuned, fourth, is_right=True, is_thorough=is_thorough) <= MOST_FALSE
    assert share_told(held_out, fourth, is_right=False, is_thorough=is_thorough) >= least_held_out
    assert share_told(held_out, fourth, is_right=True, is_thorough=is_thorough) <= MOST_FALSE_UNSEEN


@pytest.mark.prove
def test_wrong_plans_of_a_fourth_hand_wait(tmp_path: Path) -> None:
    fourth, tuned, held_out = read_hand()
    write_files(fourth, tmp_path)
    call_command("load_shop", str(tmp_path), verbosity=0)
    put_in_force("careful")
    played = play_all([*tuned, *held_out], fourth)
    proposed = [one for one in played if one.kind != "escalate"]
    require_all_wait(proposed)
    assert len(played) - len(proposed) <= 4, "letters that go straight to people are few"
    assert marked_share([one for one in proposed if not one.plan.is_right]) >= LEAST_MARKED
    assert marked_share([one for one in proposed if one.plan.is_right]) <= MOST_FALSE_UNSEEN


def test_the_mark_stands_where_people_decide(shop: Shop, max_: Person, client: Client) -> None:
    put_in_force("careful")
    plan = next(plan for plan in tuned_plans(shop, SEED) if plan.sort == "another item")
    played = play(plan, shop, is_thorough=True)
    (finding,) = (one for one in played.facts["findings"] if one.startswith("other_item"))
    client.force_login(max_)
    page = client.get(f"/actions/{Action.objects.latest('proposed_at').pk}/").content.decode()
    said = finding.partition("”")[2].strip().removesuffix(".")
    assert "Other item" in page and said in page
    assert "Other item" in client.get("/queue/").content.decode()


def remember(history: Sequence[Played], by: Person) -> None:
    """What was played as a week of the past: right ones approved, wrong ones rejected, evenly over the days."""
    now = timezone.now()
    ticket = Ticket.objects.earliest("pk")
    for place, one in enumerate(history):
        at = now - timedelta(days=7) * ((place + 0.5) / len(history))
        action = Action.objects.create(
            id=UUID(int=place + 1), origin=UUID(int=place + 1), ticket=ticket, customer=ticket.customer, kind=one.kind,
            status="executed" if one.plan.is_right else "rejected", digest=f"{place:064x}", facts=one.facts,
            tier="medium", amount=one.facts["amount"], confidence=one.facts["confidence"], verdict="review",
            policy_version=1, proposer="agent:scripted", arguments={}, proposed_at=at,
        )  # fmt: skip
        verdict = "approve" if one.plan.is_right else "reject"
        Decision.objects.create(
            action=action, person=by, verdict=verdict, digest=action.digest, revision=1, at=at + timedelta(minutes=1)
        )


def require_as_predicted(past: Sequence[Played], plans: Sequence[Plan], shop: Shop, max_: Person) -> None:
    """A backtest of Balanced over what people said of one week's plans bears out what then runs in another's."""
    put_in_force("balanced")
    played = play_all(plans, shop)
    play(plans[0], shop, is_thorough=True)
    remember(past, max_)
    dry_runs = Run.objects.filter(mode=RunMode.DRY_RUN).values("pk")
    predicted = try_policy(preset_policy("balanced"), Window(7, timezone.now(), dry_runs)).all_kinds.wrong
    by_themselves = [one for one in played if one.verdict == "allow"]
    wrong = [one for one in by_themselves if not one.plan.is_right]
    scale = len(played) / len(past)
    print(
        f"of {len(played)} plans {len(by_themselves)} run by themselves, {len(wrong)} of them wrong; predicted: "
        f"{predicted.low * scale:.1f} to {predicted.high * scale:.1f}, about {predicted.estimate * scale:.1f}"
    )
    assert predicted.is_known
    assert len(wrong) <= predicted.high * scale, [(one.plan.sort, one.plan.letter.body) for one in wrong]


def require_all(tuned: Sequence[Plan], held_out: Sequence[Plan], shop: Shop, max_: Person) -> None:
    """The whole claim: under Careful for each hand, under Balanced for the one held out."""
    put_in_force("careful")
    past = play_all(tuned, shop)
    for played in (past, play_all(held_out, shop)):
        require_all_wait(played)
        require_told_apart(played)
    require_as_predicted(past, held_out, shop, max_)


def test_some_wrong_plans_wait_are_marked_and_run_as_predicted(shop: Shop, max_: Person) -> None:
    require_all(some_of(tuned_plans(shop, SEED)), some_of(held_out_plans(shop, SEED)), shop, max_)


@pytest.mark.prove
def test_a_thousand_wrong_plans_wait_are_marked_and_run_as_predicted(shop: Shop, max_: Person) -> None:
    tuned, held_out = tuned_plans(shop, SEED), held_out_plans(shop, SEED)
    assert sum(not plan.is_right for plan in (*tuned, *held_out)) >= 1000
    require_all(tuned, held_out, shop, max_)
