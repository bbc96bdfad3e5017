"""What earned autonomy does at the gate's news: draws what ran by itself, looks again after an undo."""

from typing import Any

from django.dispatch import receiver

from approvals.autonomy.auditing import ring_sweep
from approvals.autonomy.sampling import draw_sample
from approvals.models import Action, ActionStatus
from approvals.policies import policy_in_force
from approvals.signals import action_settled


@receiver(action_settled)
def draw_when_executed(action: Action, now: Any, **rest: Any) -> None:
    """In the gate's transaction, so that nothing that happened escapes its lot."""
    if action.status == ActionStatus.EXECUTED:
        draw_sample(action, policy_in_force(), now=now)


@receiver(action_settled)
def look_again_when_it_was_wrong(action: Action, **rest: Any) -> None:
    """An undo counts against the kind at once; rejections, which come by the hundred, wait for the periodic sweep."""
    if action.status == ActionStatus.UNDONE:
        ring_sweep()
