"""Trying a policy on the past: one pass over the window, in order of time."""

from __future__ import annotations

from dataclasses import dataclass, field

from approvals.backtest.figures import Backtest, add_up, figures_of
from approvals.backtest.past import Past, Window, days_of, read_past
from approvals.backtest.rules import Rule, compile_rule
from approvals.backtest.tallies import Ceilings, Tally, Worst
from approvals.kinds import CATALOGUE
from approvals.policy import Policy

SHOWN_WORST = 25


@dataclass
class Trial:
    """A policy on its way through the past."""

    policy: Policy
    ceilings: Ceilings
    rules: dict[tuple[str, str], Rule] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    worst: Worst = field(default_factory=lambda: Worst(SHOWN_WORST))

    def take(self, past: Past) -> None:
        """One action of the past: judged, held against the day's ceilings, counted."""
        facts = past.facts
        rule = self.rules.get((facts.kind, facts.category)) or self.compile(facts.kind, facts.category)
        tally = self.tally(facts.kind)
        tally.happened[past.lesson.fate] += 1
        outcome = rule.judge(facts)
        if outcome == "allow" and self.ceilings.let_through(past):
            tally.looking.note(past.seconds, waits=False)
            tally.add_allowed(past)
            if not past.lesson.ran_by_itself:
                self.worst.note(past)
            return
        tally.over_ceiling += outcome == "allow"
        is_refused, is_shadow = outcome == "refuse", rule.mode == "shadow"
        tally.looking.note(past.seconds, waits=not is_refused and not is_shadow)
        tally.add_other(past, is_refused=is_refused, is_shadow=is_shadow)

    def tally(self, kind: str) -> Tally:
        """What is counted of a kind."""
        return self.tallies.get(kind) or self.tallies.setdefault(kind, Tally())

    def compile(self, kind: str, category: str) -> Rule:
        """The rule of a kind and category, made once."""
        rule = self.rules[kind, category] = compile_rule(self.policy, kind, category)
        return rule


def try_policy(policy: Policy, window: Window) -> Backtest:
    """What this policy would have made of every action that agents wanted in the window, with the facts as judged then.

    Nothing is written. The memory it takes does not grow with the window.
    """
    trial = Trial(
        policy,
        Ceilings({name: rules.daily_amount for name, rules in policy.kinds.items()}, policy.settings.daily_amount),
    )
    for past in read_past(window):
        trial.take(past)
    days = days_of(window)
    kinds = [
        figures_of(kind, trial.tallies[kind], days=days, max_wrong=float(policy.of(kind).max_wrong))
        for kind in sorted(trial.tallies, key=place_of)
    ]
    total = add_up(kinds, days=days)
    return Backtest(window.days, days, total.counted, total, kinds, trial.worst.in_order())


def place_of(kind: str) -> tuple[int, str]:
    """Kinds stand in the catalogue's order; one that it no longer has comes last."""
    names = list(CATALOGUE)
    return (names.index(kind) if kind in names else len(names), kind)
