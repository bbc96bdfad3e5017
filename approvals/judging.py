"""The pure function that answers ALLOW, REVIEW or REFUSE, and the facts it answers by.

Precedence: hard limits > refuse > always review > two approvals > thresholds > by itself. Less confidence, more money
or one more finding never turns REVIEW into ALLOW.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from approvals.policy import (
    ALWAYS_ALLOWED,
    HARD_LIMITS,
    RANKS,
    KindPolicy,
    Mode,
    Policy,
    PolicySettings,
    RoleName,
    Rung,
)


@dataclass(frozen=True)
class Facts:
    """All a policy may judge by, frozen with the action. `confidence` None counts as none at all.

    `draw` is the action's lot, from 0 to below 1: it runs by itself only where the policy's share is above it.
    """

    kind: str
    amount: Decimal
    confidence: Decimal | None
    findings: tuple[str, ...]
    identity: str
    proposer: Literal["agent", "outside", "person", "system"]
    moves_money: bool
    reaches_customer: bool
    changes_records: bool
    category: str = ""
    draw: Decimal = Decimal(0)

    def to_json(self) -> dict[str, Any]:
        """The facts as they are stored: money and confidence as strings."""
        return {
            "kind": self.kind,
            "amount": f"{self.amount:.2f}",
            "confidence": None if self.confidence is None else str(self.confidence),
            "findings": list(self.findings),
            "identity": self.identity,
            "proposer": self.proposer,
            "moves_money": self.moves_money,
            "reaches_customer": self.reaches_customer,
            "changes_records": self.changes_records,
            "category": self.category,
            "draw": str(self.draw),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Facts:
        """The facts an action was judged by; the opposite of `to_json`. What older rows lack is as if never asked."""
        names = ("kind", "identity", "proposer", "moves_money", "reaches_customer", "changes_records")
        stated = value["confidence"]
        return cls(
            amount=Decimal(value["amount"]),
            confidence=None if stated is None else Decimal(stated),
            findings=tuple(value["findings"]),
            category=value.get("category", ""),
            draw=Decimal(value.get("draw", "0")),
            **{name: value[name] for name in names},
        )


def draw_lot(origin: object, kind: str) -> Decimal:
    """The lot of an action, four decimals from 0 to below 1: the same for all actions of a kind in one run."""
    first = hashlib.sha256(f"{origin}:{kind}".encode()).digest()[:4]
    return Decimal(int.from_bytes(first) * 10_000 // 2**32) / 10_000


@dataclass(frozen=True)
class Judgement:
    """A policy's answer: the outcome, why in words, whose approvals suffice, and the rung it was judged on."""

    outcome: Literal["allow", "review", "refuse"]
    reasons: tuple[str, ...]
    approver: RoleName
    approvals: int
    mode: Mode

    @property
    def reason_key(self) -> str:
        """The first reason without its particulars: what groups actions that wait for the same."""
        return key_of_reason(self.reasons[0])


def judge(facts: Facts, policy: Policy) -> Judgement:
    """What the policy says of an action with these facts; pure, and total over all facts."""
    rules = policy.of(facts.kind)
    rung = rules.rung(facts.category)
    approver, approvals = approval_asked(facts, rules, policy.settings)
    refused = reasons_to_refuse(facts, rung)
    if refused:
        return Judgement("refuse", refused, approver, approvals, rung.mode)
    if facts.kind in ALWAYS_ALLOWED:
        reason = "Runs by itself: calling people and leaving a note is always allowed."
        return Judgement("allow", (reason,), approver, approvals, rung.mode)
    waits = (
        *reasons_always(facts, policy),
        *reasons_of_two(facts, rules, policy.settings),
        *reasons_of_thresholds(facts, rules, policy.settings),
        *reasons_of_pause(facts, policy),
    )
    if waits:
        return Judgement("review", waits, approver, approvals, rung.mode)
    return Judgement("allow", (reason_by_itself(facts, rules),), approver, approvals, rung.mode)


def approval_asked(facts: Facts, rules: KindPolicy, settings: PolicySettings) -> tuple[RoleName, int]:
    """The role that may approve and how many people must: the strictest of the kind, its tier and its amount steps."""
    tier, step = settings.tier(rules.tier), rules.step_for(facts.amount)
    asked = [(rules.approver, rules.approvals), (tier.approver, tier.approvals)]
    asked += [(step.approver, step.approvals)] if step else []
    return max((role for role, _ in asked), key=RANKS.__getitem__), max(number for _, number in asked)


def reasons_to_refuse(facts: Facts, rung: Rung) -> tuple[str, ...]:
    """Hard limits, then kinds that are switched off."""
    if facts.kind in HARD_LIMITS:
        return (f"Refused: {HARD_LIMITS[facts.kind]}",)
    if rung.mode == "off":
        return ("Refused: this kind of action is switched off.",)
    return ()


def reasons_always(facts: Facts, policy: Policy) -> tuple[str, ...]:
    """Findings that bring an action to a person whatever else holds."""
    listed = [finding for finding in facts.findings if check_of(finding) in policy.settings.always_review]
    return tuple(always_waits_for(finding) for finding in listed)


def check_of(finding: str) -> str:
    """The check that found it: what stands before the colon of a finding, which is `check: reason` or a check alone."""
    return finding.partition(":")[0]


def waits_for(finding: str) -> str:
    """The reason a finding is to wait; what it quotes stays as it is."""
    return f"Waits: {check_of(finding).replace('_', ' ')}{ending_of(finding)}"


def always_waits_for(finding: str) -> str:
    """The reason a finding is to wait that the policy lists among what is always reviewed."""
    return f"Waits: {check_of(finding).replace('_', ' ')} is always reviewed{ending_of(finding)}"


def ending_of(finding: str) -> str:
    """What a check found, to stand behind its name."""
    reason = finding.partition(":")[2].strip().removesuffix(".")
    return f": {reason}." if reason else "."


def reasons_of_two(facts: Facts, rules: KindPolicy, settings: PolicySettings) -> tuple[str, ...]:
    """Kinds, tiers and amounts that take two people."""
    step = rules.step_for(facts.amount)
    if rules.approvals == 2:
        return ("Waits: two people must approve this.",)
    if settings.tier(rules.tier).approvals == 2:
        return (f"Waits: two people must approve what is of {rules.tier} risk.",)
    if step and step.approvals == 2:
        return (f"Waits: two people must approve what is over {step.over:.2f}.",)
    return ()


def reasons_of_thresholds(facts: Facts, rules: KindPolicy, settings: PolicySettings) -> tuple[str, ...]:
    """Why the action may not run by itself: who proposed it, its rung, confidence, amount, identity, other findings."""
    if facts.proposer == "person":
        return ("Waits: a person proposed it, a person approves it.",)
    reasons = [*reasons_of_rung(facts, rules)]
    if rules.max_amount is not None and facts.amount > rules.max_amount:
        reasons.append(f"Waits: amount {facts.amount:.2f} over {rules.max_amount:.2f}.")
    if facts.identity == "claimed" and (facts.moves_money or facts.changes_records):
        reasons.append("Waits: the customer's identity is only claimed.")
    others = [finding for finding in facts.findings if check_of(finding) not in settings.always_review]
    return (*reasons, *(waits_for(finding) for finding in others))


def reasons_of_rung(facts: Facts, rules: KindPolicy) -> tuple[str, ...]:
    """Where the kind stands on the ladder; in auto, whether this one is sure enough and within the share."""
    rung = rules.rung(facts.category)
    if rung.mode != "auto":
        return (MODE_REASONS[rung.mode],)
    if rules.min_confidence is None:
        return ("Waits: this kind never runs by itself.",)
    if facts.confidence is None:
        return ("Waits: no confidence was stated.",)
    if facts.confidence < rules.min_confidence:
        return (f"Waits: confidence {facts.confidence:.2f} below {rules.min_confidence:.2f}.",)
    if facts.draw >= rung.share:
        return (f"Waits: outside the {show_share(rung.share)} that runs by itself.",)
    return ()


def show_share(share: Decimal) -> str:
    """A share as per cent without needless decimals: 0.05 is "5 %"."""
    return f"{(share * 100).normalize():f} %"


MODE_REASONS: Mapping[str, str] = {
    "review": "Waits: this kind is always reviewed.",
    "draft": "Waits: this kind is only drafted; a person looks at each one.",
    "shadow": "Planned only: this kind works in the shadow.",
}


def reasons_of_pause(facts: Facts, policy: Policy) -> tuple[str, ...]:
    """Nothing runs by itself while the agent, or the kind, is paused."""
    return ("Waits: paused by an admin.",) if policy.is_paused(facts.kind) else ()


def reason_by_itself(facts: Facts, rules: KindPolicy) -> str:
    """Why an action ran without a person."""
    parts = [f"confidence {facts.confidence:.2f} of at least {rules.min_confidence:.2f}"]
    if rules.max_amount is not None:
        parts.append(f"amount {facts.amount:.2f} within {rules.max_amount:.2f}")
    return f"Runs by itself: {', '.join(parts)}."


REASON_KEYS: tuple[tuple[str, str], ...] = (
    ("Refused:", "refused"),
    ("Runs by itself", "by_itself"),
    ("Planned only", "shadow"),
    ("Waits: two people", "two_people"),
    ("Waits: a person proposed", "person"),
    ("Waits: this kind is always reviewed", "kind_reviewed"),
    ("Waits: this kind is only drafted", "drafted"),
    ("Waits: this kind never", "never_by_itself"),
    ("Waits: no confidence", "no_confidence"),
    ("Waits: confidence", "low_confidence"),
    ("Waits: outside the", "outside_share"),
    ("Waits: amount", "amount"),
    ("Waits: the customer's identity", "identity"),
    ("Waits: paused", "paused"),
    ("Waits: the policy now lets", "looser"),
)
"""How reasons begin, and what they are grouped by; a finding is grouped by its check."""

LONGEST_KEY = 40


def key_of_reason(reason: str) -> str:
    """A reason without its particulars, for grouping: at most 40 characters of a to z, 0 to 9 and _."""
    for start, key in REASON_KEYS:
        if reason.startswith(start):
            return key
    check = re.split(r" is always reviewed|[:.]", reason.removeprefix("Waits: "), maxsplit=1)[0]
    return re.sub(r"[^a-z0-9]+", "_", check.lower()).strip("_")[:LONGEST_KEY] or "other"
