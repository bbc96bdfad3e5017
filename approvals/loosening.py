"""What of a new policy lets more happen, or lets it happen with less looking: pure, and field by field.

Where nothing loosens, the new policy answers every action at least as strictly as the old one did. A pause is a switch,
not a rule: lifting one is not counted, and neither is who is called when a ticket is given to people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from approvals.policy import LADDER, RANKS, KindPolicy, Policy, Rung

TIERS = ("low", "medium", "high")
CENT = Decimal("0.01")
INFINITE = Decimal("Infinity")
NEVER = Decimal(2)
"""Above any confidence: what `min_confidence` None stands for."""


def rises(before: Decimal | None, after: Decimal | None) -> bool:
    """A limit that is higher, or gone."""
    return (INFINITE if after is None else after) > (INFINITE if before is None else before)


def falls(before: Any, after: Any) -> bool:
    """A demand that is smaller."""
    return bool(after < before)


def asks_less(before: Decimal | None, after: Decimal | None) -> bool:
    """A least confidence that is lower, or there where none ever sufficed."""
    return (NEVER if after is None else after) < (NEVER if before is None else before)


LOOSER: Mapping[str, Callable[[Any, Any], bool]] = {
    "min_confidence": asks_less,
    "max_amount": rises,
    "daily_amount": rises,
    "tier": lambda before, after: TIERS.index(after) < TIERS.index(before),
    "audit_share": falls,
    "max_wrong": lambda before, after: bool(after > before),
    "undo_seconds": falls,
}
"""For each field of a kind that stands for itself: whether going from one value to the other loosens."""


def loosens(before: Policy, after: Policy) -> tuple[str, ...]:
    """The dotted names of the fields that loosen, in order: `give_credit.max_amount`, `settings.always_review`."""
    return tuple(dict.fromkeys([*looser_settings(before, after), *looser_kinds(before, after)]))


def looser_settings(before: Policy, after: Policy) -> Iterator[str]:
    """What loosens for all kinds; tier rules are counted with the kinds they hold for."""
    if set(before.settings.always_review) - set(after.settings.always_review):
        yield "settings.always_review"
    if rises(before.settings.daily_amount, after.settings.daily_amount):
        yield "settings.daily_amount"
    if before.settings.second_admin and not after.settings.second_admin:
        yield "settings.second_admin"


def looser_kinds(before: Policy, after: Policy) -> Iterator[str]:
    """What loosens for each kind; one the new policy does not name is off, which never loosens."""
    for kind, rules in after.kinds.items():
        was = before.of(kind)
        yield from (f"{kind}.{name}" for name in looser_rungs(was, rules))
        yield from (f"{kind}.{name}" for name, is_looser in LOOSER.items() if compare(name, was, rules, is_looser))
        if is_silence_looser(was, rules):
            yield f"{kind}.on_expiry"
        yield from looser_approvals(kind, before, after)


def compare(name: str, was: KindPolicy, rules: KindPolicy, is_looser: Callable[[Any, Any], bool]) -> bool:
    """One field before and after."""
    return is_looser(getattr(was, name), getattr(rules, name))


def looser_rungs(was: KindPolicy, rules: KindPolicy) -> Iterator[str]:
    """A higher rung, or a larger share in auto: of the kind, and of each category either of them names."""
    looser = looser_rung(was.rung(), rules.rung())
    if looser:
        yield looser
    for category in sorted(was.categories.keys() | rules.categories.keys()):
        looser = looser_rung(was.rung(category), rules.rung(category))
        if looser:
            yield f"categories.{category}.{looser}"


def looser_rung(was: Rung, rung: Rung) -> str:
    """Which part of a rung loosens, if any."""
    if LADDER.index(rung.mode) > LADDER.index(was.mode):
        return "mode"
    return "share" if was.mode == rung.mode == "auto" and rung.share > was.share else ""


def is_silence_looser(was: KindPolicy, rules: KindPolicy) -> bool:
    """Whether silence approves now, or approves sooner."""
    if rules.on_expiry != "approve":
        return False
    return was.on_expiry != "approve" or rules.expires_after < was.expires_after


def looser_approvals(kind: str, before: Policy, after: Policy) -> Iterator[str]:
    """Where fewer people, or people of a lower role, suffice for some amount; and where an author may approve now."""
    was, rules = before.of(kind), after.of(kind)
    amounts = {step.over + more for step in (*was.amount_steps, *rules.amount_steps) for more in (Decimal(0), CENT)}
    for amount in sorted({Decimal(0), *amounts}):
        (role, number), (role_now, number_now) = asks(kind, before, amount), asks(kind, after, amount)
        if RANKS[role_now] < RANKS[role]:
            yield blame(kind, "approver", before, after, amount)
        if number_now < number:
            yield blame(kind, "approvals", before, after, amount)
    if after.editor_may_approve(kind) and not before.editor_may_approve(kind):
        yield blame(kind, "editor_may_approve", before, after, Decimal(0))


def asks(kind: str, policy: Policy, amount: Decimal) -> tuple[str, int]:
    """The role and the number of people for an amount: the strictest of the kind, its tier and its steps."""
    rules = policy.of(kind)
    step = rules.step_for(amount)
    asked = [(one.approver, one.approvals) for one in (rules, policy.settings.tier(rules.tier))]
    asked += [(step.approver, step.approvals)] if step else []
    return max((role for role, _ in asked), key=RANKS.__getitem__), max(number for _, number in asked)


def blame(kind: str, name: str, before: Policy, after: Policy, amount: Decimal) -> str:
    """The field that asks for less: the kind's own, one of its steps, or the rule of its tier."""
    was, rules = before.of(kind), after.of(kind)
    if getattr(rules, name) != getattr(was, name):
        return f"{kind}.{name}"
    if amount > 0 and rules.amount_steps != was.amount_steps:
        return f"{kind}.amount_steps"
    return f"{kind}.tier" if rules.tier != was.tier else f"settings.tiers.{rules.tier}.{name}"
