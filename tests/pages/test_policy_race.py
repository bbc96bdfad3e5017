"""Two admins publish a policy, or the agent, at the same moment: one wins, the other is told so."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from agentdesk.runs.agent_versions import AgentMoved, agent_in_force, publish_agent
from approvals.drafts import DraftSettled, publish_draft, submit_policy
from approvals.models import PolicyDraft
from approvals.policies import PolicyMoved, policy_in_force, publish_policy
from tests.conftest import make_person
from tickets.models import Person

LONG_ENOUGH_TO_BE_WAITED_FOR = 0.4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("in_force", "publish", "refusal"),
    [(policy_in_force, publish_policy, PolicyMoved), (agent_in_force, publish_agent, AgentMoved)],
    ids=["policy", "agent"],
)
def test_who_waited_for_another_is_told_of_theirs(
    ada: Person,
    in_force: Callable[[], Any],
    publish: Callable[..., Any],
    refusal: type[PolicyMoved] | type[AgentMoved],
) -> None:
    base, is_in = in_force(), Event()

    def publish_base() -> None:
        publish(base, base_version=base.version, note="", by=ada, now=timezone.now())

    def publish_slowly() -> None:
        with transaction.atomic():
            publish_base()
            is_in.set()
            time.sleep(LONG_ENOUGH_TO_BE_WAITED_FOR)
        connection.close()

    with ThreadPoolExecutor(1) as other:
        slow = other.submit(publish_slowly)
        assert is_in.wait(60)
        with pytest.raises(refusal) as moved:
            publish_base()
        slow.result()
    newest: Any = getattr(moved.value, "newest", None)
    assert newest is not None and newest.version == base.version + 1
    assert in_force().version == base.version + 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_waited_for_another_version_is_outdated_by_it(ada: Person) -> None:
    eve, is_in, base = make_person("eve", "admin"), Event(), policy_in_force()
    careful = base.model_copy(update={"settings": base.settings.model_copy(update={"second_admin": True})})
    careful = publish_policy(careful, base_version=base.version, note="", by=ada, now=timezone.now())
    looser = careful.model_copy(update={"settings": careful.settings.model_copy(update={"always_review": ()})})
    draft = submit_policy(looser, base_version=careful.version, note="less", by=ada, now=timezone.now())
    assert isinstance(draft, PolicyDraft)
    other = careful.model_copy(update={"settings": careful.settings.model_copy(update={"daily_amount": Decimal(5)})})

    def publish_slowly() -> None:
        with transaction.atomic():
            publish_policy(other, base_version=careful.version, note="", by=eve, now=timezone.now())
            is_in.set()
            time.sleep(LONG_ENOUGH_TO_BE_WAITED_FOR)
        connection.close()

    with ThreadPoolExecutor(1) as slowly:
        slow = slowly.submit(publish_slowly)
        assert is_in.wait(60)
        with pytest.raises(DraftSettled):
            publish_draft(draft.pk, by=eve, now=timezone.now())
        slow.result()
    assert policy_in_force().settings.always_review == base.settings.always_review
