"""Every field of the policy: what people call it, how it is typed, and what its values are in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from agentdesk.agent.categories import CATEGORY_TITLES
from agentdesk.pages.setting_fields import Spec, title_of
from approvals.kinds import CATALOGUE

ROLES = (("support", "Support, or above"), ("manager", "Manager, or above"), ("admin", "Admin"))
MODES = (
    ("off", "Off: refused"),
    ("shadow", "Shadow: planned, people do not see it"),
    ("draft", "Draft: a person looks at each one"),
    ("review", "Review: always waits for a person"),
    ("auto", "By itself, within the limits"),
)
MODE_TITLES = {"off": "Off", "shadow": "Shadow", "draft": "Draft", "review": "Review", "auto": "By itself"}
TIERS = (("low", "Low"), ("medium", "Medium"), ("high", "High: seen before approved"))
TIER_TITLES = {"low": "Low risk", "medium": "Medium risk", "high": "High risk"}
ENDINGS = (
    ("escalate", "Escalate to people"),
    ("reject", "Reject"),
    ("approve", "Approve (harmless low-tier kinds only)"),
)
DEADLINES = (
    ("raise", "Call the next higher role"),
    ("urgent", "Make the ticket urgent"),
    ("close", "Close the escalation"),
)
PEOPLE = (("1", "One person"), ("2", "Two people"))

LADDER_FIELDS = (
    Spec("mode", "Rung", "select", choices=MODES),
    Spec("share", "Share by itself", hint="of the traffic, 0 to 1; 0.25 is one in four"),
)
LIMIT_FIELDS = (
    Spec("min_confidence", "Least confidence", hint="to run by itself, 0 to 1; empty: never by itself"),
    Spec("max_amount", "Largest amount", hint="by itself; empty: no limit"),
    Spec("daily_amount", "Amount a day", hint="by itself; empty: no limit"),
    Spec("undo_seconds", "Undo window", hint="seconds before a message leaves, 0 to 3600"),
)
PEOPLE_FIELDS = (
    Spec("tier", "Risk tier", "select", choices=TIERS),
    Spec("approver", "Who may approve", "select", choices=ROLES),
    Spec("approvals", "How many approve", "select", choices=PEOPLE),
    Spec("editor_may_approve", "Who proposed or edited it may approve it", "check"),
)
WAITING_FIELDS = (
    Spec("expires_after", "Waits at most", hint="such as 3 days, 12 hours, 30 minutes"),
    Spec("on_expiry", "And then", "select", choices=ENDINGS),
)
RECORD_FIELDS = (
    Spec("audit_share", "Audit share", hint="looked at afterwards, 0 to 1; 0.05 is one in twenty"),
    Spec("max_wrong", "Wrong at most", hint="of what ran by itself, 0.001 to 0.2; more sends the kind back to review"),
)
KIND_FIELDS = (*LADDER_FIELDS, *LIMIT_FIELDS, *PEOPLE_FIELDS, *WAITING_FIELDS, *RECORD_FIELDS)
RUNG_FIELDS = (
    Spec("mode", "Rung", "select", choices=(("", "As all tickets"), *MODES)),
    Spec("share", "Share by itself"),
)
STEP_FIELDS = (
    Spec("over", "Over"),
    Spec("approver", "Who may approve", "select", choices=ROLES),
    Spec("approvals", "How many", "select", choices=PEOPLE),
)
SETTINGS_FIELDS = (
    Spec("always_review", "Always a person", "findings"),
    Spec("daily_amount", "Amount a day", hint="by itself, all kinds together; empty: no limit"),
    Spec("second_admin", "What loosens takes a second admin", "check"),
    Spec("paused", "The whole agent is paused", "check"),
    Spec("paused_kinds", "Kinds that are paused", "kinds"),
)
TIER_FIELDS = (
    Spec("approver", "Who may approve", "select", choices=ROLES),
    Spec("approvals", "How many approve", "select", choices=PEOPLE),
    Spec("editor_may_approve", "Its author may approve", "check"),
)
ESCALATION_FIELDS = (
    Spec("role", "Goes to", "select", choices=ROLES),
    Spec("deadline", "Within", hint="such as 8 hours; at half time they are reminded by mail"),
    Spec("on_deadline", "And then", "select", choices=DEADLINES),
)
FINDINGS = {
    "legal": "Legal steps, an authority, a public complaint",
    "safety": "A product that may be unsafe or has hurt somebody",
    "account_access": "Account access: fraud, an account in other hands, its data",
    "talk_to_a_person": "A person is asked for",
    "injection": "Words that give the agent orders",
    "self_harm": "The writer may be in danger",
}
"""What checks of incoming words find and admins mostly choose from; any other check can be named as well."""

LABELS = {spec.name: spec.label for spec in (*SETTINGS_FIELDS, *KIND_FIELDS)} | {
    "amount_steps": "Steps by amount",
    "categories": "Rungs by category",
    "paused": "Paused",
    "paused_kinds": "Paused kinds",
    "second_admin": "Second admin for what loosens",
    "editor_may_approve": "Its author may approve",
    "over": "Over",
}
OWNERS = {"settings": "All kinds", "tiers": "All kinds", "escalation": "Escalations"}


def label_of(field: str) -> str:
    """What people call a dotted field: `give_credit.categories.return.mode` is "Give credit, return: rung"."""
    owner, *path = field.split(".")
    where = OWNERS.get(owner) or title_of(owner)
    match path:
        case []:
            return where
        case ["categories", category, *rest]:
            where += f", {CATEGORY_TITLES.get(category, category).lower()}"  # type: ignore[call-overload]
        case ["tiers", tier, *rest]:
            where = TIER_TITLES.get(tier, tier)
        case ["escalation", *rest]:
            where = OWNERS["escalation"]
        case ["amount_steps", number, *rest]:
            where += f", step {number}"
        case rest:
            pass
    name = rest[-1] if rest else path[0]
    return f"{where}: {name_of(path[0], name).lower()}"


def name_of(group: str, name: str) -> str:
    """The label of one field; escalations have names of their own."""
    own = {spec.name: spec.label for spec in ESCALATION_FIELDS} if group == "escalation" else {}
    return own.get(name) or LABELS.get(name, name.replace("_", " "))


def show_list(name: str, values: list[Any]) -> str:
    """A stored list in words: kinds, findings, or steps by amount."""
    if name == "amount_steps":
        return "; ".join(f"over {Decimal(step['over']):.2f}: {show_asked(step)}" for step in values)
    return ", ".join(title_of(value) if value in CATALOGUE else value.replace("_", " ") for value in values)


def show_asked(step: dict[str, Any]) -> str:
    """Who approves from a step on, and how many."""
    return f"two people, {step['approver']} or above" if step["approvals"] == 2 else f"{step['approver']} or above"
