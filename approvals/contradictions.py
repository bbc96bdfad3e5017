"""What no policy may say of a kind because one of its fields belies another. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from approvals.policy import RANKS, KindPolicy, Policy


def contradictions(policy: Policy) -> dict[str, str]:
    """Each field that contradicts another, with why; by dotted name.

    That something stricter wins is no contradiction but precedence: two approvals over a threshold, a tier over a kind.
    """
    return {f"{kind}.{name}": why for kind, rules in policy.kinds.items() for name, why in faults_of(rules, policy)}


def faults_of(rules: KindPolicy, policy: Policy) -> Iterator[tuple[str, str]]:
    """The faults of one kind."""
    for faults in (faults_of_ceilings(rules, policy), faults_of_steps(rules), faults_of_silence(rules)):
        yield from faults.items()


def faults_of_ceilings(rules: KindPolicy, policy: Policy) -> dict[str, str]:
    """One action may never be let by itself past what a whole day may bring; a day of 0 is how a day is closed."""
    if not rules.max_amount:
        return {}
    if rules.daily_amount and rules.daily_amount < rules.max_amount:
        return {"daily_amount": f"is below the {rules.max_amount:.2f} that one action may move by itself"}
    everything = policy.settings.daily_amount
    if everything and everything < rules.max_amount:
        return {"max_amount": f"is over the {everything:.2f} a day that all kinds together may move by themselves"}
    return {}


def faults_of_steps(rules: KindPolicy) -> dict[str, str]:
    """A step asks for no less than the kind, and what two people approve does not run by itself."""
    for step in rules.amount_steps:
        if RANKS[step.approver] < RANKS[rules.approver] or step.approvals < rules.approvals:
            return {"amount_steps": f"over {step.over:.2f} asks for less than the kind itself does"}
        if step.approvals == 2 and rules.max_amount is not None and rules.max_amount > step.over:
            return {"max_amount": f"is over {step.over:.2f}, from where on two people approve"}
    return {}


def faults_of_silence(rules: KindPolicy) -> dict[str, str]:
    """Silence approves neither what two people must, nor what is looked at one by one; a share needs a threshold."""
    if rules.on_expiry == "approve" and rules.approvals == 2:
        return {"on_expiry": "nobody's silence approves what two people must approve"}
    if rules.on_expiry == "approve" and rules.mode == "draft":
        return {"on_expiry": "nobody's silence approves what a person looks at one by one"}
    partial = any(rung.mode == "auto" and rung.share < 1 for rung in (rules.rung(), *rules.categories.values()))
    if partial and rules.min_confidence is None:
        return {"min_confidence": "is empty, so nothing runs by itself, not even for a share of the traffic"}
    return {}
