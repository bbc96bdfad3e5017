"""A draft policy on the past: who would run, wait or be refused, what people had made of it, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.runs.lifecycle import start_run
from agentdesk.runs.queries import dry_run_origins
from approvals.amending import amend_action
from approvals.autonomy.estimates import clean_needed, share_of, weighted, wilson
from approvals.backtest.fates import Fate, Lesson, label_of
from approvals.backtest.figures import Backtest, Expected, Figures, add_expected
from approvals.backtest.past import Days, Past, Window, read_past
from approvals.backtest.rules import PastFacts
from approvals.backtest.tallies import Ceilings, Labels
from approvals.backtest.trying import try_policy
from approvals.deciding import Verdict
from approvals.judging import Facts, judge
from approvals.models import Action, AuditSample, Decision
from approvals.policy import KindPolicy, Policy
from approvals.presets import preset_policy
from tests.approvals.history import decisions_on, make_history, past_action
from tests.approvals.proof import search, searching
from tests.approvals.shop import NOW, Bench, publish
from tickets.models import Person, Ticket

pytestmark = pytest.mark.django_db

AUTO = {"mode": "auto", "min_confidence": Decimal("0.9")}


def draft(settings: dict[str, Any] | None = None, **kinds: dict[str, Any]) -> Policy:
    """*Careful*, with some rules changed."""
    start = preset_policy("careful")
    rules = {name: KindPolicy(**{**rule.model_dump(), **kinds.get(name, {})}) for name, rule in start.kinds.items()}
    return Policy(kinds=rules, settings=start.settings.model_copy(update=settings or {}))


def try_on(policy: Policy, days: Days = 30, now: datetime = NOW) -> Backtest:
    return try_policy(policy, Window(days, now, dry_run_origins()))


def of_kind(backtest: Backtest, kind: str) -> Figures:
    return next(figures for figures in backtest.kinds if figures.kind == kind)


class History:
    """A past that is written down action by action."""

    def __init__(self, ticket: Ticket, by: Person) -> None:
        self.ticket, self.by, self.place = ticket, by, 0

    def add(self, kind: str = "give_credit", fate: str = "approved", *, hours: float = 24, **facts: Any) -> Action:
        """One action, proposed so many hours ago; `seconds` people looked at it, `status` where the fate has none."""
        seconds = facts.pop("seconds", None)
        status = facts.pop("status", {"rejected": "rejected", "undone": "undone"}.get(fate, "executed"))
        self.place += 1
        at = NOW - timedelta(hours=hours)
        action = past_action(self.ticket, self.place, kind=kind, at=at, status=status, **facts)
        action.save(force_insert=True)
        Decision.objects.bulk_create(decisions_on(action, fate, self.by, seconds))
        return action


@pytest.fixture
def history(bench: Bench, max_: Person) -> History:
    return History(bench.ticket, max_)


def test_it_counts_what_would_run_wait_and_be_refused(history: History) -> None:
    for confidence in ("0.95", "0.90", "0.89"):
        history.add(confidence=Decimal(confidence))
    history.add("cancel_order")
    history.add("send_reply", confidence=None)
    history.add("return_items", category="return")
    backtest = try_on(
        draft(
            give_credit=AUTO, cancel_order={"mode": "off"}, return_items={"categories": {"return": {"mode": "shadow"}}}
        )
    )
    credit, total = of_kind(backtest, "give_credit"), backtest.all_kinds
    assert (credit.by_itself, credit.waits, credit.refused) == (2, 1, 0)
    assert (total.by_itself, total.waits, total.refused, total.shadow, total.counted) == (2, 2, 1, 1, 6)
    assert total.amount == Decimal("20.00")


def test_of_the_new_ones_it_tells_what_people_had_made_of_each(history: History) -> None:
    for fate in ("approved", "approved", "edited", "rejected", "undone"):
        history.add(fate=fate, amount=Decimal("7.00"))
    history.add(fate="expired", status="expired")
    history.add(fate="by_itself")
    newly = of_kind(try_on(draft(give_credit=AUTO)), "give_credit").newly
    assert (newly.approved, newly.edited, newly.rejected, newly.undone, newly.undecided) == (2, 1, 1, 1, 1)
    assert (newly.count, newly.without_outcome) == (6, 2)
    assert (newly.amount, newly.wrong_amount) == (Decimal("45.00"), Decimal("21.00"))


def test_a_stricter_draft_takes_back_what_ran_by_itself(history: History) -> None:
    history.add(fate="by_itself")
    figures = of_kind(try_on(draft()), "give_credit")
    assert (figures.by_itself, figures.waits, figures.no_longer, figures.newly.count) == (0, 1, 1, 0)


@pytest.mark.parametrize(("days", "counted"), [(7, 1), (30, 3), (90, 5)])
def test_the_window_ends_now_and_begins_after_its_first_moment(history: History, days: Days, counted: int) -> None:
    for day in (7, 30, 90):
        history.add(hours=24 * day)
        history.add(hours=24 * day, kind="add_note")
    for hours in (24 * 6.9, 24 * 29.9, 24 * 89.9):
        history.add(hours=hours)
    history.add(hours=-1)
    assert try_on(draft(), days).counted == counted


def test_dry_runs_and_what_people_began_and_what_the_rules_refused_are_left_out(history: History) -> None:
    run = start_run(history.ticket.pk, mode="dry_run", started_by="person:rita", now=NOW)
    planned = history.add(status="planned", fate="by_itself")
    Action.objects.filter(pk=planned.pk).update(origin=run.pk)
    history.add("undo")
    history.add("escalate")
    history.add(proposer="person")
    Action.objects.filter(pk=history.add(status="refused", fate="by_itself").pk).update(digest="")
    shadowed = history.add(status="planned", fate="by_itself")
    assert [UUID(past.action_id) for past in read_past(Window(30, NOW, dry_run_origins()))] == [shadowed.pk]


def test_a_days_ceiling_lets_through_in_order_of_time_and_begins_anew_each_day(history: History) -> None:
    for hours, amount in ((33, "60.00"), (32, "50.00"), (31, "40.00"), (30, "0.01"), (8, "100.00")):
        history.add(amount=Decimal(amount), hours=hours)
    limited = draft(give_credit={**AUTO, "daily_amount": Decimal("100.00")})
    figures = of_kind(try_on(limited), "give_credit")
    assert (figures.by_itself, figures.over_ceiling, figures.waits) == (3, 2, 2)
    assert figures.amount == Decimal("200.00")
    history.add("return_items", amount=Decimal("1.00"), hours=7)
    both = try_on(draft({"daily_amount": Decimal("100.00")}, give_credit=AUTO, return_items=AUTO))
    assert of_kind(both, "return_items").over_ceiling == 1


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 2), st.integers(0, 500)), max_size=40))
def check_ceilings(moves: list[tuple[str, int, int]]) -> None:
    ceilings = Ceilings({"a": Decimal(7)}, Decimal(9))
    moved: dict[tuple[str, int], Decimal] = {}
    for kind, day, cents in sorted(moves, key=lambda move: move[1]):
        amount = Decimal(cents) / 100
        facts = PastFacts(kind, "", amount, None, Decimal(0), False)
        of_kind, of_all = moved.get((kind, day), Decimal(0)) + amount, moved.get(("*", day), Decimal(0)) + amount
        fits = not amount or ((kind != "a" or of_kind <= 7) and of_all <= 9)
        assert ceilings.let_through(Past("", str(day), facts, None, None)) == fits  # type: ignore[arg-type]
        if fits:
            moved[kind, day], moved["*", day] = of_kind, of_all


@pytest.mark.parametrize("profile", searching(50, 2000))
def test_ceilings_are_never_exceeded_and_hold_nothing_back_that_fits(profile: settings) -> None:
    search(profile, check_ceilings)


def test_hours_are_measured_where_people_were_watched_and_the_median_of_the_kind_elsewhere(history: History) -> None:
    for seconds in (10.0, 30.0, 50.0, None):
        history.add(seconds=seconds)
    history.add("cancel_order")
    backtest = try_on(draft())
    review = of_kind(backtest, "give_credit").review
    assert (review.hours * 3600, review.measured, review.estimated, review.source) == (120.0, 3, 1, "median")
    assert of_kind(backtest, "cancel_order").review.source == "assumed"
    assert backtest.all_kinds.review.source == "assumed"
    assert backtest.all_kinds.review.hours * 3600 == pytest.approx(180.0)
    nothing_waits = of_kind(try_on(draft(give_credit=AUTO)), "give_credit").review
    assert (nothing_waits.hours, nothing_waits.source) == (0.0, "none")


def test_the_expected_wrong_a_week_is_wilsons_on_what_people_said(history: History) -> None:
    history.add(fate="rejected", hours=24 * 14, amount=Decimal("100.00"))
    for _ in range(19):
        history.add(amount=Decimal("10.00"))
    figures = of_kind(try_on(draft(give_credit=AUTO)), "give_credit")
    share = wilson(1, 20)
    assert figures.wrong == Expected(share.low * 10, share.estimate * 10, share.high * 10)
    assert figures.at_stake.estimate == pytest.approx(0.05 * 290 / 2)
    assert (figures.claim.labels, figures.claim.wrong, figures.claim.needed) == (20, 1, 149)
    assert figures.claim.more == clean_needed(1, 20, 0.02)


def test_what_ran_by_itself_is_known_by_its_audits_alone_weighed_by_their_chance(history: History) -> None:
    for finding in ("right", "right", "right", "wrong", "unclear", ""):
        action = history.add(fate="by_itself")
        AuditSample.objects.create(action=action, share=Decimal("0.2500"), drawn_at=NOW, finding=finding)
    history.add(fate="by_itself")
    history.add(fate="approved")
    figures = of_kind(try_on(draft(give_credit=AUTO)), "give_credit")
    assert (figures.claim.labels, figures.claim.wrong, figures.by_itself) == (5, 1, 8)
    assert figures.wrong.estimate == pytest.approx(4 / 17 * 8 * 7 / figures.days)


def test_a_kind_that_nobody_looked_at_is_not_known(history: History) -> None:
    history.add(fate="expired", status="expired")
    figures = of_kind(try_on(draft(give_credit=AUTO)), "give_credit")
    assert not figures.wrong.is_known and figures.wrong.high == pytest.approx(7.0)
    assert (figures.claim.labels, figures.claim.more) == (0, 149)


def test_the_worst_come_first(history: History) -> None:
    expected = [
        history.add(fate="rejected", amount=Decimal("90.00")), history.add(fate="undone", amount=Decimal("50.00")),
        history.add(fate="edited", amount=Decimal("99.00")),
        history.add(fate="expired", status="expired", amount=Decimal("5.00")),
        history.add(fate="approved", amount=Decimal("80.00")), history.add(fate="approved", amount=Decimal("1.00")),
    ]  # fmt: skip
    history.add(fate="by_itself", amount=Decimal("400.00"))
    worst = try_on(draft(give_credit=AUTO)).worst
    assert [UUID(past.action_id) for past in worst] == [action.pk for action in expected]
    assert worst[0].lesson.fate == Fate.REJECTED


def test_an_amended_action_is_tried_with_the_amount_the_agent_wanted(bench: Bench, max_: Person) -> None:
    publish()
    action = bench.propose("give_credit", {"amount": "80.00", "reason": "For the wait."})
    verdict = Verdict(action.pk, "amend", action.digest)
    amend_action(verdict, {"amount": "5.00", "reason": "For the wait."}, by=max_, now=NOW)
    small = draft(give_credit={**AUTO, "max_amount": Decimal("10.00")})
    assert of_kind(try_on(small, now=NOW + timedelta(hours=1)), "give_credit").by_itself == 0


def test_a_past_of_nothing_says_so(bench: Bench) -> None:
    backtest = try_on(draft())
    assert (backtest.counted, backtest.kinds, backtest.worst) == (0, [], [])
    assert backtest.all_kinds.wrong.is_known and backtest.all_kinds.review.hours == 0


def test_a_week_s_figures_are_of_the_days_the_desk_has_been_at_work(history: History) -> None:
    history.add(hours=48)
    assert try_on(draft(), 90).days == pytest.approx(2.0)


@pytest.mark.parametrize("preset", ["careful", "balanced", "shadow", "no_money"])
def test_a_rolled_past_is_counted_as_the_judge_judges_it(bench: Bench, max_: Person, preset: str) -> None:
    until = datetime(2026, 3, 31, tzinfo=UTC)
    make_history(bench.ticket, max_, size=300, until=until, days=30)
    policy = preset_policy(preset)
    free = Policy(kinds={name: rules.model_copy(update={"daily_amount": None}) for name, rules in policy.kinds.items()})
    backtest = try_on(free, now=until)
    outcomes = count_outcomes(free, Action.objects.exclude(digest=""))
    total = backtest.all_kinds
    assert (total.by_itself, total.waits + total.shadow, total.refused) == outcomes
    assert sum(outcomes) == backtest.counted == 300


def count_outcomes(policy: Policy, actions: Iterable[Action]) -> tuple[int, int, int]:
    judged = [judge(Facts.from_json(action.facts), policy).outcome for action in actions]
    return judged.count("allow"), judged.count("review"), judged.count("refuse")


def test_it_takes_the_same_few_statements_for_any_past(
    bench: Bench, max_: Person, django_assert_num_queries: Any
) -> None:
    make_history(bench.ticket, max_, size=60, until=NOW, days=5)
    with django_assert_num_queries(2):
        try_on(draft())


@given(st.lists(st.tuples(st.sampled_from(Fate), st.sampled_from(["right", "wrong", ""])), max_size=30))
def check_labels(seen: list[tuple[Fate, str]]) -> None:
    sums, labels = Labels(), []
    for fate, finding in seen:
        ran = fate == Fate.BY_ITSELF or (fate == Fate.UNDONE and bool(finding))
        lesson = Lesson(fate, ran, label_of(fate, finding, "0.2000"))
        sums.add(lesson)
        if lesson.label is not None:
            labels.append(Weighed(lesson.label[1], Decimal(lesson.label[0]), fate == Fate.UNDONE and ran))
    assert share_of(sums.drawn, sums.certain) == weighted(labels)
    assert (sums.count, sums.wrong) == (len(labels), sum(label.is_wrong for label in labels))


@pytest.mark.parametrize("profile", searching(30, 1000))
def test_sums_of_labels_estimate_as_the_labels_do(profile: settings) -> None:
    search(profile, check_labels)


@dataclass
class Weighed:
    """A label of the estimates."""

    is_wrong: bool
    weight: Decimal
    is_certain: bool


def test_expectations_add_up_with_a_narrower_interval_than_their_bounds() -> None:
    total = add_expected([Expected(1.0, 2.0, 5.0), Expected(1.0, 3.0, 7.0)])
    assert (total.estimate, total.is_known) == (5.0, True)
    assert 2.0 < total.low < 5.0 < total.high < 12.0
    assert total.high == pytest.approx(5.0 + 5.0)
