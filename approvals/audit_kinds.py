"""Every kind of entry that the audit log can hold, in words: what is not here is not written."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "action.proposed": "An action was proposed",
    "action.decided": "Somebody decided",
    "action.sent_back": "The gate asked people after all",
    "action.replanned": "It was planned anew",
    "action.stale": "The records had moved on",
    "action.rejudged": "A new policy judged it anew",
    "action.executing": "It is being carried out",
    "action.executed": "It was carried out",
    "action.approved": "It was approved",
    "action.rejected": "It was rejected",
    "action.expired": "Its time was over",
    "action.refused": "The rules or the policy refused it",
    "action.failed": "It failed",
    "action.unknown": "Nobody knows whether it happened",
    "action.superseded": "It was overtaken",
    "action.undone": "It was undone",
    "action.waiting": "It waits again",
    "preview.seen": "Somebody had this preview open",
    "outbox.settled": "Somebody said whether a message had left",
    "bulk.begun": "A bulk decision began",
    "bulk.ended": "A bulk decision ended",
    "policy.published": "A policy was published",
    "policy.drafted": "A policy was put forward",
    "policy.confirmed": "A second admin agreed to a policy",
    "policy.refused": "A policy put forward was not published",
    "sample.drawn": "An action that ran by itself was drawn to be looked at",
    "sample.found": "Somebody looked at a drawn action",
    "kind.demoted": "A kind went back to review",
    "kind.promotion_suggested": "A kind has earned its next rung",
    "escalation.opened": "A role was called",
    "escalation.reminded": "A role was reminded",
    "escalation.reminder_failed": "A reminder could not be sent",
    "escalation.lapsed": "Nobody came in time",
    "escalation.closed": "Somebody came",
    "report.made": "A report was made",
    "report.submitted": "Plans of a report were submitted",
    "report.worked_off": "Every submitted plan of a report was answered",
    "schedule.added": "A schedule of dry runs was added",
    "schedule.on": "A schedule of dry runs was switched on",
    "schedule.off": "A schedule of dry runs was switched off",
    "agent.published": "The agent was changed",
    "article.added": "An article was added",
    "article.revised": "An article was revised",
    "sign_in.succeeded": "Somebody signed in",
    "sign_in.failed": "A sign-in failed",
    "sign_in.locked": "A sign-in was locked",
    "sign_out": "Somebody signed out",
    "link.made": "A sign-in link was made",
    "link.used": "A sign-in link was used",
    "token.made": "A token was made",
    "token.revoked": "A token was revoked",
    "person.invited": "A person was invited",
    "person.role_changed": "A person got another role",
    "person.deactivated": "A person was let go",
    "person.reactivated": "A person was taken back",
    "person.password_renewed": "A person got a new one-time password",
    "person.password_chosen": "A person chose a password",
    "audit.exported": "The audit log was exported",
}

GROUPS: Mapping[str, str] = {
    "action": "Actions",
    "preview": "Previews",
    "bulk": "Bulk decisions",
    "policy": "Policy",
    "sample": "Audit samples",
    "kind": "Autonomy",
    "escalation": "Escalations",
    "report": "Reports",
    "schedule": "Schedules",
    "outbox": "Messages",
    "agent": "Agent",
    "article": "Articles",
    "sign": "Sign-ins",
    "link": "Sign-in links",
    "token": "Tokens",
    "person": "People",
    "audit": "Audit log",
}
"""What the kinds are chosen by, in this order; each holds those that begin with its word."""


def kinds_of(group: str) -> list[str]:
    """The kinds of a group."""
    return [kind for kind in KINDS if group_of(kind) == group]


def group_of(kind: str) -> str:
    """The group a kind belongs to."""
    return kind.partition(".")[0].partition("_")[0]
