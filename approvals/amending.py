"""Amending: a person changes what an action would do; it is planned and judged anew and waits again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from approvals import signals
from approvals.deciding import (
    Verdict,
    lock_action,
    require_digest,
    require_right,
    require_undecided,
    store_decision,
)
from approvals.judging import Facts, judge
from approvals.kinds.catalogue_entry import Arguments, Refusal
from approvals.models import Action, ActionStatus, Decision, DecisionVerdict
from approvals.models.actions import UNDECIDED
from approvals.planning import (
    Plan,
    arguments_to_json,
    find_dependencies,
    kind_named,
    make_plan,
    read_arguments,
    unexecuted,
    view_for,
)
from approvals.policies import policy_in_force
from approvals.settling import settle
from tickets.effects import effect_to_json
from tickets.models import Person


class AmendmentRefused(Exception):
    """The rules do not allow what the action was changed to; it stays as it was."""


@transaction.atomic
def amend_action(verdict: Verdict, arguments: Mapping[str, Any], *, by: Person, now: datetime) -> Action:
    """Changes an action's arguments, plans it anew under the same id, voids approvals; does not approve.

    Actions that depend on it are planned anew as well.
    Raises: DecisionLost, NotAllowed, ArgumentsInvalid, AmendmentRefused.
    """
    action = lock_action(verdict.action_id)
    decisions = list(Decision.objects.filter(action=action).select_related("person"))
    read = read_arguments(kind_named(action.kind), arguments)
    if already_amended(action, decisions, arguments_to_json(read), by):
        return action
    require_undecided(action, decisions, now)
    require_digest(action, verdict.digest)
    require_right(action, by)
    try:
        plan = make_plan(kind_named(action.kind), read, view_for(read, action.ticket_id, before(action)))
    except Refusal as refusal:
        raise AmendmentRefused(str(refusal)) from refusal
    store_decision(action, verdict, by=by, now=now, arguments=arguments_to_json(read))
    depends_on = rests_on(action, read, plan)
    renew(action, plan, now=now, arguments=arguments_to_json(read), depends_on=depends_on)
    replan_dependants(action, actor=f"person:{by.username}", now=now)
    return action


def already_amended(action: Action, decisions: list[Decision], arguments: dict[str, Any], by: Person) -> bool:
    """Whether the last word was this same amendment by this same person."""
    last = decisions[-1] if decisions else None
    return (
        last is not None
        and (last.verdict, last.person_id, last.arguments) == (DecisionVerdict.AMEND, by.pk, arguments)
        and action.arguments == arguments
    )


def before(action: Action) -> list[Action]:
    """The earlier actions of the same origin that are planned on but not executed."""
    return unexecuted(all_before(action))


def all_before(action: Action) -> list[Action]:
    """The earlier actions of the same origin, in order."""
    return list(Action.objects.filter(origin=action.origin, place__lt=action.place).order_by("place"))


def rests_on(action: Action, arguments: Arguments, plan: Plan) -> list[str]:
    """What must be executed before an action planned anew; what it rested on and has happened stays named."""
    earlier = all_before(action)
    happened = [str(other.pk) for other in earlier if other.is_executed and str(other.pk) in action.depends_on]
    return [*happened, *find_dependencies(kind_named(action.kind), arguments, plan.effects, earlier)]


def renew(action: Action, plan: Plan, *, now: datetime, keep_previous: bool = False, **fields: Any) -> None:
    """Puts a new plan in the old one's place: revision up, approvals void, waiting afresh.

    Args:
        keep_previous: keep the old effects, to be shown side by side with the new ones.
    """
    policy = policy_in_force()
    rules = policy.of(action.kind)
    first = action.facts.get("amount_proposed", action.facts["amount"])
    facts = {**action.facts, "amount": f"{plan.amount:.2f}", "amount_proposed": first}
    judgement = judge(Facts.from_json(facts), policy)
    action.move(
        ActionStatus(action.status),
        ActionStatus.WAITING,
        revision=action.revision + 1,
        effects=[effect_to_json(effect) for effect in plan.effects],
        previous_effects=action.effects if keep_previous else None,
        digest=plan.digest,
        amount=plan.amount,
        summary=plan.summary,
        facts=facts,
        reasons=list(judgement.reasons) if judgement.outcome == "review" else action.reasons,
        reason_key=judgement.reason_key if judgement.outcome == "review" else action.reason_key,
        approver=judgement.approver,
        approvals_needed=judgement.approvals,
        tier=rules.tier,
        policy_version=policy.version,
        expires_at=now + rules.lifetime,
        execute_after=None,
        **fields,
    )
    signals.action_changed.send(sender=Action, action=action, now=now)


def replan_dependants(action: Action, *, actor: str, now: datetime) -> None:
    """Plans what depends on an amended action, or does now, anew; where its effects changed, it waits again."""
    later = Action.objects.filter(origin=action.origin, place__gt=action.place, status__in=UNDECIDED)
    for dependant_id in list(later.order_by("place").values_list("pk", flat=True)):
        dependant = Action.objects.get(pk=dependant_id)
        if dependant.is_open:
            replan(dependant, str(action.pk), actor=actor, now=now)


def replan(action: Action, amended_id: str, *, actor: str, now: datetime) -> None:
    """Plans one action anew over what stands before it now, if it rested on the amended one or does now."""
    kind = kind_named(action.kind)
    arguments = read_arguments(kind, action.arguments)
    try:
        plan = make_plan(kind, arguments, view_for(arguments, action.ticket_id, before(action)))
    except Refusal as refusal:
        if amended_id in action.depends_on:
            reason = f"after a change before it: {refusal}"
            settle(action, ActionStatus(action.status), ActionStatus.REFUSED, actor=actor, now=now, reason=reason)
        return
    depends_on = rests_on(action, arguments, plan)
    if amended_id not in {*action.depends_on, *depends_on}:
        return
    if plan.digest == action.digest:
        Action.objects.filter(pk=action.pk).update(depends_on=depends_on)
        return
    reason = "what it depends on was amended"
    renew(action, plan, now=now, keep_previous=True, status_reason=reason, depends_on=depends_on)
