"""Proposing: an action is planned, judged and stored. Nothing is executed here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from approvals import audit, signals
from approvals.digest import canonical_json
from approvals.judging import Judgement, judge, key_of_reason
from approvals.kinds.catalogue_entry import ActionKind, Arguments, Refusal
from approvals.models import Action, ActionStatus, Verdict
from approvals.planning import (
    Plan,
    arguments_to_json,
    find_dependencies,
    gather_facts,
    kind_named,
    make_plan,
    read_arguments,
    unexecuted,
    view_for,
)
from approvals.policies import policy_in_force
from approvals.policy import KindPolicy, Policy
from tickets.effects import effect_to_json
from tickets.models import Person
from tickets.prepared import prepared
from tickets.queries import lock_customer_of_ticket
from tickets.records import DeskView
from tickets.rows import insert_row


class KeyReused(Exception):
    """This idempotency key was used for another proposal."""


@dataclass(frozen=True)
class Proposal:
    """What somebody wants done on a ticket.

    `proposer` is `agent:MODEL`, `outside:WHO`, `person:USERNAME` or `system`; `person` is whose wish it is, by his own
    word or through a program of his: its author, where the policy keeps authors from approving.
    A dry run's proposals are only planned.
    """

    ticket_id: int
    kind: str
    arguments: Mapping[str, Any]
    proposer: str
    origin: UUID = field(default_factory=uuid4)
    person: Person | None = None
    confidence: Decimal | None = None
    rationale: str = ""
    alternatives: Sequence[str] = ()
    findings: Sequence[str] = ()
    tool_call_id: str = ""
    idempotency_key: str | None = None
    is_dry: bool = False
    copied_from: UUID | None = None
    undoes: Action | None = None


@dataclass(frozen=True)
class Held:
    """What a caller that proposes within a transaction of its own has read there, under the customer's lock."""

    customer_id: str
    earlier: Sequence[Action]
    policy: Policy


def propose_action(proposal: Proposal, *, now: datetime, held: Held | None = None) -> Action:
    """Plans, judges and stores an action; the answer says where it stands (waiting, approved, refused or planned).

    `held`: the customer of its ticket, whose lock the caller has; the earlier actions of its origin; whose policy
    judges it. Without it the lock is taken here, and the policy in force judges.
    Raises: UnknownKind, ArgumentsInvalid, KeyReused, Ticket.DoesNotExist.
    """
    kind = kind_named(proposal.kind)
    arguments = read_arguments(kind, proposal.arguments)
    # Within a run's own transaction a savepoint would only cost round trips: either all of a step is kept, or nothing.
    with transaction.atomic(savepoint=False):
        return store_proposal(proposal, kind, arguments, held or hold(proposal), now)


def hold(proposal: Proposal) -> Held:
    """The lock of the customer, the earlier actions of the origin, and the policy in force."""
    customer_id = lock_customer_of_ticket(proposal.ticket_id)
    return Held(customer_id, actions_of(proposal.origin), policy_in_force())


def store_proposal(proposal: Proposal, kind: ActionKind, arguments: Arguments, held: Held, now: datetime) -> Action:
    """Stores a proposal with sound arguments, under its customer's lock; an idempotent repeat is the known action."""
    known = find_by_key(proposal, arguments)
    if known is not None:
        return known
    action = new_action(proposal, kind, arguments, held.customer_id, place=len(held.earlier), now=now)
    judge_new(action, proposal, kind, arguments, held)
    insert_row(action)
    tell_proposed(action, proposal, now)
    return action


@prepared
def actions_of(origin: UUID) -> QuerySet[Action]:
    """The actions of an origin, in order."""
    return Action.objects.filter(origin=origin).order_by("place")


def find_by_key(proposal: Proposal, arguments: Arguments) -> Action | None:
    """The action already proposed under this key, if it is the same proposal. Raises KeyReused."""
    if proposal.idempotency_key is None:
        return None
    known = Action.objects.filter(idempotency_key=proposal.idempotency_key).first()
    if known is None:
        return None
    same = known.kind == proposal.kind and known.ticket_id == proposal.ticket_id
    asked = {"arguments": arguments_to_json(arguments), **stated(proposal)}
    if not same or known.facts.get("request") != fingerprint(asked):
        raise KeyReused(KeyReused.__doc__)
    return known


def stated(proposal: Proposal) -> dict[str, Any]:
    """What a proposal says besides its arguments."""
    confidence = None if proposal.confidence is None else f"{proposal.confidence:.3f}"
    return {"confidence": confidence, "rationale": proposal.rationale}


def fingerprint(value: Any) -> str:
    """A short hash to tell whether two proposals under one key say the same."""
    return hashlib.sha256(canonical_json(value)).hexdigest()[:16]


def new_action(
    proposal: Proposal, kind: ActionKind, arguments: Arguments, customer_id: str, *, place: int, now: datetime
) -> Action:
    """The action's row before it is planned and judged."""
    return Action(
        ticket_id=proposal.ticket_id,
        customer_id=customer_id,
        origin=proposal.origin,
        place=place,
        tool_call_id=proposal.tool_call_id,
        kind=kind.name,
        arguments=arguments_to_json(arguments),
        confidence=proposal.confidence,
        rationale=proposal.rationale,
        alternatives=list(proposal.alternatives),
        findings=list(proposal.findings),
        proposer=proposal.proposer,
        proposed_by=proposal.person,
        idempotency_key=proposal.idempotency_key,
        copied_from=proposal.copied_from,
        undoes=proposal.undoes,
        proposed_at=now,
    )


def judge_new(
    action: Action,
    proposal: Proposal,
    kind: ActionKind,
    arguments: Arguments,
    held: Held,
) -> None:
    """Fills in plan, facts, verdict and status."""
    earlier, policy = held.earlier, held.policy
    rules = policy.of(kind.name)
    receipt = proposal.undoes.receipt if proposal.undoes else None
    view = view_for(arguments, proposal.ticket_id, unexecuted(earlier), receipt)
    action.policy_version = policy.version
    action.tier = rules.tier
    plan, reason = plan_or_reason(kind, arguments, view)
    facts = gather_facts(
        kind,
        plan.amount if plan else Decimal("0.00"),
        confidence=proposal.confidence,
        findings=proposal.findings,
        ticket=view.ticket,
        proposer=proposal.proposer,
        origin=proposal.origin,
    )
    action.facts = facts.to_json()
    action.category = facts.category
    if proposal.is_dry:
        action.facts["is_dry"] = True
    if proposal.idempotency_key is not None:
        action.facts["request"] = fingerprint({"arguments": action.arguments, **stated(proposal)})
    if plan is None:
        refuse(action, (reason,))
        return
    put_plan(action, plan)
    action.depends_on = find_dependencies(kind, arguments, plan.effects, earlier)
    apply_judgement(action, judge(facts, policy), rules, earlier, is_dry=proposal.is_dry)


def plan_or_reason(kind: ActionKind, arguments: Arguments, view: DeskView) -> tuple[Plan | None, str]:
    """The plan, or in words why the rules do not allow it."""
    try:
        return make_plan(kind, arguments, view), ""
    except Refusal as refusal:
        return None, str(refusal)


def put_plan(action: Action, plan: Plan) -> None:
    """Stores what would happen, and what is at stake."""
    action.effects = [effect_to_json(effect) for effect in plan.effects]
    action.digest = plan.digest
    action.amount = plan.amount
    action.summary = plan.summary
    action.currency = plan.currency


def refuse(action: Action, reasons: Sequence[str]) -> None:
    """The rules or the policy say no; nothing was changed."""
    action.status = ActionStatus.REFUSED
    action.verdict = Verdict.REFUSE
    action.reasons = list(reasons)
    action.reason_key = key_of_reason("Refused:")
    action.status_reason = reasons[0]
    action.settled_at = action.proposed_at


def apply_judgement(
    action: Action, judgement: Judgement, rules: KindPolicy, earlier: Sequence[Action], *, is_dry: bool
) -> None:
    """Turns the policy's answer into a status."""
    action.verdict = Verdict(judgement.outcome)
    action.reasons = list(judgement.reasons)
    action.reason_key = judgement.reason_key
    action.approver = judgement.approver
    action.approvals_needed = judgement.approvals
    if judgement.outcome == "refuse":
        refuse(action, judgement.reasons)
    elif is_dry or judgement.mode == "shadow" or depends_on_planned(action, earlier):
        action.status = ActionStatus.PLANNED
    elif judgement.outcome == "allow":
        action.status = ActionStatus.APPROVED
    else:
        action.status = ActionStatus.WAITING
        action.expires_at = action.proposed_at + rules.lifetime


def depends_on_planned(action: Action, earlier: Sequence[Action]) -> bool:
    """What rests on an action that is only planned can only be planned itself."""
    planned = {str(other.pk) for other in earlier if other.status == ActionStatus.PLANNED}
    return not planned.isdisjoint(action.depends_on)


def tell_proposed(action: Action, proposal: Proposal, now: datetime) -> None:
    """The audit entry and the signals of a new action."""
    audit.record(
        "action.proposed",
        actor=action.proposer,
        subject=f"action:{action.pk}",
        at=now,
        kind=action.kind,
        ticket=action.ticket_id,
        digest=action.digest,
        verdict=action.verdict,
        status=action.status,
    )
    is_own_word = proposal.person is not None and proposal.proposer.startswith("person:")
    if action.kind == "send_reply" and is_own_word and action.status != ActionStatus.REFUSED:
        signals.person_replied.send(
            sender=Action, ticket_id=action.ticket_id, person=proposal.person, origin=action.origin, now=now
        )
    signals.action_proposed.send(sender=Action, action=action, now=now)
    signals.action_changed.send(sender=Action, action=action, now=now)
