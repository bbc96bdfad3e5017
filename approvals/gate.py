"""The gate: the only place that executes an action. One action per transaction, in a bulk too.

Under the customer's lock it claims the action, asks the policy, plans again, compares digests, applies the effects and
nothing else, and writes receipt, outbox and events. Whatever does not match sends the action back to people.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction

from approvals import audit, signals
from approvals.amending import renew
from approvals.deciding import approvers, authors, decisions_on, lock_action
from approvals.judging import Facts, Judgement, judge, key_of_reason
from approvals.kinds.catalogue_entry import Refusal
from approvals.models import Action, ActionStatus, SeenPreview
from approvals.outbox import post_messages
from approvals.planning import Plan, kind_named, make_plan, read_arguments, view_for
from approvals.policies import hold_policy, policy_in_force
from approvals.policy import ALWAYS_ALLOWED, Policy, suffices
from approvals.receipts import make_receipt
from approvals.settling import open_dependants, ring_for, settle
from approvals.totals import CeilingReached, raise_day_total
from tickets.effects import SendMessage, effect_to_json
from tickets.writing import Deed, StaleEffect, write_effects

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a deadlock or a serialization failure is tried again."""


def execute_action(action_id: UUID, *, now: datetime) -> Action:
    """Carries out an approved action, at most once; safe to call at any time and any number of times.

    Returns: the action as it then is: executed, executing (a message is on its way), still approved (blocked, or within
    its grace), back to waiting (stale, or a stricter policy), refused, superseded or failed.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return pass_or_give_back(action_id, now)
        except OperationalError:
            if attempt == ATTEMPTS:
                logger.exception("action %s: the database gave up %s times", action_id, ATTEMPTS)
        except Exception:
            logger.exception("action %s failed in the gate; nothing was changed", action_id)
            return mark_failed(action_id, now)
    return Action.objects.get(pk=action_id)


def pass_or_give_back(action_id: UUID, now: datetime) -> Action:
    """Through the gate, or back to people where the gate changed nothing."""
    try:
        return pass_gate(action_id, now)
    except (StaleEffect, CeilingReached) as withheld:
        return give_back(action_id, withheld, now)


@transaction.atomic
def pass_gate(action_id: UUID, now: datetime) -> Action:
    """The gate's one transaction. Raises: StaleEffect, CeilingReached, and has then changed nothing."""
    action = lock_action(action_id)
    if action.status != ActionStatus.APPROVED or (action.execute_after and now < action.execute_after):
        return action
    if is_blocked(action, now):
        return action
    hold_policy()
    policy = policy_in_force()
    if is_stopped_by_policy(action, policy, now):
        return action
    plan = plan_again(action, now)
    if plan is not None:
        write_all(action, plan, policy, Deed(action.ticket_id, action.pk, action.proposer, now))
    return action


@transaction.atomic
def give_back(action_id: UUID, withheld: StaleEffect | CeilingReached, now: datetime) -> Action:
    """After a record that moved in between, or the day's ceiling, rolled everything back: people decide again.

    A savepoint within the gate's transaction would cost every execution two statements for what hardly ever happens.
    """
    action = lock_action(action_id)
    hold_policy()
    policy = policy_in_force()
    if action.status != ActionStatus.APPROVED or is_stopped_by_policy(action, policy, now):
        return action
    plan = plan_again(action, now)
    if plan is None:
        return action
    if isinstance(withheld, StaleEffect):
        renew(action, plan, now=now, keep_previous=True, status_reason=str(withheld), verdict="review")
    else:
        judgement = judge(Facts.from_json(action.facts), policy)
        send_back(action, judgement, policy, now, reason=str(withheld))
    return action


def is_blocked(action: Action, now: datetime) -> bool:
    """Whether something it depends on is not executed; where one ended otherwise, it is overtaken."""
    for other in Action.objects.filter(pk__in=action.depends_on) if action.depends_on else ():
        if other.is_settled and not other.is_executed:
            reason = f"{other.kind.replace('_', ' ')} it depended on was {other.status}"
            settle(action, ActionStatus.APPROVED, ActionStatus.SUPERSEDED, actor="gate", now=now, reason=reason)
            return True
        if not other.is_executed:
            return True
    return False


def is_stopped_by_policy(action: Action, policy: Policy, now: datetime) -> bool:
    """Whether the policy in force now refuses the action, or asks for more than it was given."""
    judgement = judge(Facts.from_json(action.facts), policy)
    if judgement.outcome == "refuse":
        settle(action, ActionStatus.APPROVED, ActionStatus.REFUSED, actor="gate", now=now, reason=judgement.reasons[0])
        return True
    missing = what_is_missing(action, judgement, policy)
    if not missing or is_agreed_by_silence(action, policy, now):
        return False
    send_back(action, judgement, policy, now, reason=missing)
    return True


def is_agreed_by_silence(action: Action, policy: Policy, now: datetime) -> bool:
    """Whether nobody objected in time to what the policy in force lets happen then; never while paused."""
    is_over = action.expires_at is not None and now >= action.expires_at
    return is_over and policy.of(action.kind).on_expiry == "approve" and not policy.is_paused(action.kind)


def what_is_missing(action: Action, judgement: Judgement, policy: Policy) -> str:
    """What the policy asks for beyond the approvals given, in words; empty when they suffice.

    An undo is decided by whoever may approve the original: its own rules name who, when it is proposed.
    """
    decisions = decisions_on(action)
    given = approvers(action, decisions)
    if not given:
        return "" if judgement.outcome == "allow" else judgement.reasons[0]
    people = {decision.person_id: decision.person for decision in decisions}
    if not action.undoes_id and not policy.editor_may_approve(action.kind):
        given = given - authors(action, decisions)
    role = action.approver if action.undoes_id else judgement.approver
    fit = [person for person in given if people[person].is_active and suffices(people[person].role, role)]
    needed = max(judgement.approvals, action.approvals_needed) if action.undoes_id else judgement.approvals
    if len(fit) < needed:
        return f"The policy now asks for {needed} approval(s) by a {role}."
    if policy.of(action.kind).tier == "high" and not action.undoes_id and not is_seen_by(action, fit, needed):
        return "The policy now asks that it is opened before it is approved: it is high risk."
    return ""


def is_seen_by(action: Action, people: list[int], needed: int) -> bool:
    """Whether so many of these people had this very preview open."""
    return SeenPreview.objects.filter(action=action, digest=action.digest, person__in=people).count() >= needed


def send_back(action: Action, judgement: Judgement, policy: Policy, now: datetime, *, reason: str) -> None:
    """Back to waiting under a stricter policy; approvals so far count for the same digest."""
    rules = policy.of(action.kind)
    action.move(
        ActionStatus.APPROVED,
        ActionStatus.WAITING,
        verdict="review",
        reasons=list(judgement.reasons) if judgement.outcome == "review" else [f"Waits: {reason}"],
        reason_key=judgement.reason_key if judgement.outcome == "review" else key_of_reason(reason),
        status_reason=reason,
        approver=action.approver if action.undoes_id else judgement.approver,
        approvals_needed=judgement.approvals,
        tier=rules.tier,
        policy_version=policy.version,
        expires_at=now + rules.lifetime,
    )
    audit.record("action.sent_back", actor="gate", subject=f"action:{action.pk}", at=now, reason=reason)
    signals.action_changed.send(sender=Action, action=action, now=now)


def plan_again(action: Action, now: datetime) -> Plan | None:
    """The plan as it is now, if it is the approved one; otherwise the action goes where it belongs."""
    kind = kind_named(action.kind)
    arguments = read_arguments(kind, action.arguments)
    receipt = action.undoes.receipt if action.undoes else None
    try:
        plan = make_plan(kind, arguments, view_for(arguments, action.ticket_id, receipt=receipt))
    except Refusal as refusal:
        settle(action, ActionStatus.APPROVED, ActionStatus.REFUSED, actor="gate", now=now, reason=str(refusal))
        return None
    if plan.digest == action.digest:
        return plan
    if action.kind in ALWAYS_ALLOWED:
        take_new_plan(action, plan, now)
        return plan
    go_stale(action, plan, now)
    return None


def take_new_plan(action: Action, plan: Plan, now: datetime) -> None:
    """Calling people and leaving a note is never held up: nobody approved the old plan, and nobody need the new one."""
    fields = {
        "revision": action.revision + 1,
        "effects": [effect_to_json(effect) for effect in plan.effects],
        "previous_effects": action.effects,
        "digest": plan.digest,
        "summary": plan.summary,
    }
    subject = f"action:{action.pk}"
    audit.record("action.replanned", actor="gate", subject=subject, at=now, was=action.digest, is_now=plan.digest)
    Action.objects.filter(pk=action.pk).update(**fields)
    for name, value in fields.items():
        setattr(action, name, value)


def go_stale(action: Action, plan: Plan, now: datetime) -> None:
    """Back to people with old and new effects side by side; approvals are void."""
    reason = "What would change is no longer what was approved."
    subject = f"action:{action.pk}"
    audit.record("action.stale", actor="gate", subject=subject, at=now, was=action.digest, is_now=plan.digest)
    renew(action, plan, now=now, keep_previous=True, status_reason=reason, verdict="review")


def write_all(action: Action, plan: Plan, policy: Policy, deed: Deed) -> None:
    """Everything an execution writes, in the order of locks: customer's records, action, run, counters."""
    created = write_effects(plan.effects, deed)
    messages = [effect for effect in plan.effects if isinstance(effect, SendMessage)]
    receipt = make_receipt(action, created, now=deed.at)
    if messages:
        window = policy.of(action.kind).undo_seconds
        post_messages(action, messages, actor=deed.actor, undo_seconds=window, now=deed.at)
        action.move(ActionStatus.APPROVED, ActionStatus.EXECUTING, receipt=receipt)
        audit.record("action.executing", actor="gate", subject=f"action:{action.pk}", at=deed.at, digest=action.digest)
        signals.action_changed.send(sender=Action, action=action, now=deed.at)
    else:
        finish(action, ActionStatus.APPROVED, receipt=receipt, now=deed.at)
    raise_day_total(action, policy, deed.at)


def finish(action: Action, source: ActionStatus, *, receipt: dict[str, object], now: datetime) -> None:
    """Marks an action executed, tells, takes the original of an undo with it, and wakes what waited for it."""
    settle(action, source, ActionStatus.EXECUTED, actor="gate", now=now, receipt=receipt)
    if action.undoes_id is not None:
        original = Action.objects.get(pk=action.undoes_id)
        settle(original, ActionStatus.EXECUTED, ActionStatus.UNDONE, actor="gate", now=now, reason="undone by a person")
    ring_for([dependant.pk for dependant in open_dependants(action) if dependant.status == ActionStatus.APPROVED])


@transaction.atomic
def mark_failed(action_id: UUID, now: datetime) -> Action:
    """After an unexpected error rolled everything back: tried, nothing changed, no machine tries again."""
    action = lock_action(action_id)
    if action.status == ActionStatus.APPROVED:
        reason = "An unexpected error; nothing was changed."
        settle(action, ActionStatus.APPROVED, ActionStatus.FAILED, actor="gate", now=now, reason=reason)
    return action
