"""A kind's rules as one sentence."""

from __future__ import annotations

from decimal import Decimal

from agentdesk.pages.policy_fields import write_duration
from approvals.policy import KindPolicy

MODE_WORDS = {
    "off": "Switched off: refused",
    "shadow": "Planned in the shadow: people do not see it",
    "draft": "Drafted; a person looks at each one",
    "review": "Always waits for a person",
}
APPROVERS = {"support": "support", "manager": "a manager", "admin": "an admin"}


def describe_rules(rules: KindPolicy) -> str:
    """What happens to an action of this kind, who decides, and for how long it waits."""
    if rules.mode == "off":
        return f"{MODE_WORDS['off']}."
    who = f"{APPROVERS[rules.approver]} decides"
    if rules.approvals == 2:
        who = f"two people decide ({APPROVERS[rules.approver]} or above)"
    joint = "; otherwise " if rules.mode == "auto" and rules.min_confidence is not None else "; "
    others = len(rules.categories)
    apart = f" Otherwise for {others} {'category' if others == 1 else 'categories'}." if others else ""
    return f"{describe_mode(rules)}{joint}{who} within {write_duration(rules.expires_after)}.{apart}"


def describe_mode(rules: KindPolicy) -> str:
    """A kind's mode as one would say it."""
    if rules.mode != "auto":
        return MODE_WORDS[rules.mode]
    if rules.min_confidence is None:
        return "Never by itself"
    limits = [f"from confidence {rules.min_confidence}"] if rules.min_confidence else []
    limits += [f"up to {rules.max_amount:.2f}"] if rules.max_amount is not None else []
    limits += [f"{rules.daily_amount:.2f} a day"] if rules.daily_amount is not None else []
    partly = f" for {share_in_words(rules.share)} of the traffic" if rules.share < 1 else ""
    return f"By itself{partly}" + (f" {', '.join(limits)}" if limits else "")


def share_in_words(share: Decimal) -> str:
    """A share as per cent: 0.25 is "25 %"."""
    return f"{(share * 100).normalize():f} %"
