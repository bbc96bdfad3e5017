"""A policy compiled for many actions of the past: the same answers as `judging.judge`, without the words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from approvals.policy import ALWAYS_ALLOWED, HARD_LIMITS, KindPolicy, Mode, Policy

Outcome = Literal["allow", "review", "refuse"]


decimal_of = lru_cache(maxsize=32_768)(Decimal)
"""A number that was written down; confidences, lots and many amounts come again and again."""


class PastFacts(NamedTuple):
    """The facts of an action as they decide its outcome: see `judging.Facts`.

    `is_held`: something brings it to a person under every policy (a finding, a person's own wish, an identity that is
    only claimed where money or records are at stake).
    """

    kind: str
    category: str
    amount: Decimal
    confidence: Decimal | None
    draw: Decimal
    is_held: bool


def facts_from_json(value: Mapping[str, Any]) -> PastFacts:
    """What `judging.Facts.to_json` wrote, as far as it decides; where it was amended, with the agent's own amount."""
    stated = value["confidence"]
    at_stake = value["moves_money"] or value["changes_records"]
    return PastFacts(
        value["kind"],
        value.get("category", ""),
        decimal_of(value.get("amount_proposed") or value["amount"]),
        None if stated is None else decimal_of(stated),
        decimal_of(value.get("draw", "0")),
        bool(value["findings"]) or value["proposer"] == "person" or (value["identity"] == "claimed" and at_stake),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """What a policy says of one kind for tickets of one category.

    `fixed` is the outcome where no action's own facts matter; otherwise what runs by itself is at least
    `min_confidence`, drawn below `share`, at most `max_amount`, and not held.
    """

    mode: Mode
    fixed: Outcome | None
    min_confidence: Decimal
    share: Decimal
    max_amount: Decimal | None

    def judge(self, facts: PastFacts) -> Outcome:
        """The outcome, as `judging.judge` has it."""
        if self.fixed is not None:
            return self.fixed
        if facts.is_held or facts.confidence is None or facts.confidence < self.min_confidence:
            return "review"
        if facts.draw >= self.share or (self.max_amount is not None and facts.amount > self.max_amount):
            return "review"
        return "allow"


def compile_rule(policy: Policy, kind: str, category: str) -> Rule:
    """The rule of a kind and category."""
    rules = policy.of(kind)
    rung = rules.rung(category)
    fixed = fixed_outcome(policy, kind, rung.mode)
    return Rule(rung.mode, fixed, rules.min_confidence or Decimal(0), rung.share, largest_by_itself(rules))


def fixed_outcome(policy: Policy, kind: str, mode: Mode) -> Outcome | None:
    """The outcome that holds for every action of a kind on this rung, if there is one."""
    rules = policy.of(kind)
    if kind in HARD_LIMITS or mode == "off":
        return "refuse"
    if kind in ALWAYS_ALLOWED:
        return "allow"
    takes_two = rules.approvals == 2 or policy.settings.tier(rules.tier).approvals == 2
    if mode != "auto" or rules.min_confidence is None or takes_two or policy.is_paused(kind):
        return "review"
    return None


def largest_by_itself(rules: KindPolicy) -> Decimal | None:
    """The amount over which a kind waits: its own limit, or where two people begin to be asked."""
    limits = [step.over for step in rules.amount_steps if step.approvals == 2][:1]
    limits += [] if rules.max_amount is None else [rules.max_amount]
    return min(limits, default=None)
