"""The nouns of the gate."""

from approvals.models.actions import Action, ActionStatus, Decision, DecisionVerdict, SeenPreview, Tier, Verdict
from approvals.models.audit import AuditEntry, AuditSeal
from approvals.models.autonomy import AuditSample, Finding
from approvals.models.bulks import BulkDecision
from approvals.models.escalations import Escalation
from approvals.models.outbox import OutboxMessage, OutboxStatus
from approvals.models.policies import DayTotal, DraftStatus, PolicyDraft, PolicyVersion

__all__ = [
    "Action",
    "ActionStatus",
    "AuditEntry",
    "AuditSample",
    "AuditSeal",
    "BulkDecision",
    "DayTotal",
    "Decision",
    "DecisionVerdict",
    "DraftStatus",
    "Escalation",
    "Finding",
    "OutboxMessage",
    "OutboxStatus",
    "PolicyDraft",
    "PolicyVersion",
    "SeenPreview",
    "Tier",
    "Verdict",
]
