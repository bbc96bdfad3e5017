"""Policies on their way: published with a note, or, where they loosen and the policy says so, by a second admin."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from approvals import audit
from approvals.loosening import loosens
from approvals.models import DraftStatus, PolicyDraft, PolicyVersion
from approvals.policies import (
    PolicyUnfit,
    differences,
    kinds_to_json,
    policy_in_force,
    policy_version,
    publish_policy,
    require_fit,
    take_policy_lock,
)
from approvals.policy import Policy
from tickets.models import Person, Role

NO_NOTE = "Say in a sentence why; the note stays with the version."
SWITCHES = frozenset({"settings.paused", "settings.paused_kinds"})
"""What a pause changes; a draft outlives it."""


class DraftSettled(Exception):
    """This draft does not wait any more."""


class NeedsAnotherAdmin(Exception):
    """You wrote this; another admin decides about it."""


def submit_policy(policy: Policy, *, base_version: int, note: str, by: Person, now: datetime) -> Policy | PolicyDraft:
    """Publishes a policy, or, where it loosens and a second admin is asked for, stores it for another to publish.

    Raises: PolicyUnfit (a missing note among its fields), PolicyMoved.
    """
    require_noted(policy, note)
    in_force = policy_in_force()
    require_second_admin_exists(policy, in_force)
    if in_force.version == base_version and in_force.settings.second_admin and loosens(in_force, policy):
        return store_draft(policy, in_force, note=note, by=by, now=now)
    return publish_policy(policy, base_version=base_version, note=note, by=by, now=now)


def require_noted(policy: Policy, note: str) -> None:
    """Every fault there is, a missing note among them. Raises: PolicyUnfit."""
    faults = {} if note.strip() else {"note": NO_NOTE}
    try:
        require_fit(policy)
    except PolicyUnfit as unfit:
        raise PolicyUnfit(faults | unfit.fields) from None
    if faults:
        raise PolicyUnfit(faults)


def require_second_admin_exists(policy: Policy, in_force: Policy) -> None:
    """Nobody locks himself in: who asks for a second admin has one. Raises: PolicyUnfit."""
    is_new = policy.settings.second_admin and not in_force.settings.second_admin
    if is_new and Person.objects.filter(role=Role.ADMIN, is_active=True).count() < 2:
        raise PolicyUnfit({"settings.second_admin": "there is no second admin yet"})


@transaction.atomic
def store_draft(policy: Policy, in_force: Policy, *, note: str, by: Person, now: datetime) -> PolicyDraft:
    """A policy that is in force only once another admin says so."""
    draft = PolicyDraft.objects.create(
        base_version=in_force.version,
        kinds=kinds_to_json(policy),
        settings=policy.settings.model_dump(mode="json"),
        note=note,
        author=by,
        at=now,
    )
    audit.record(
        "policy.drafted",
        actor=f"person:{by.username}",
        subject=f"policy_draft:{draft.pk}",
        at=now,
        note=note,
        base_version=in_force.version,
        changed=differences(in_force, policy),
        loosens=list(loosens(in_force, policy)),
    )
    return draft


def policy_of_draft(draft: PolicyDraft) -> Policy:
    """A draft as a value; its version is none yet."""
    return Policy(kinds=draft.kinds, settings=draft.settings)


@transaction.atomic
def publish_draft(draft_id: int, *, by: Person, now: datetime) -> Policy:
    """Another admin's word: the draft is in force as the next version, its author's and its note's.

    Raises: NeedsAnotherAdmin, DraftSettled, PolicyMoved, PolicyUnfit, PolicyDraft.DoesNotExist.
    """
    # Before the draft's row: whoever publishes outdates drafts under this lock.
    take_policy_lock("pg_advisory_xact_lock")
    draft = lock_waiting(draft_id)
    if draft.author_id == by.pk:
        raise NeedsAnotherAdmin(NeedsAnotherAdmin.__doc__)
    published = publish_policy(
        policy_of_draft(draft), base_version=draft.base_version, note=draft.note, by=draft.author, now=now
    )
    row = PolicyVersion.objects.get(pk=published.version)
    settle_draft(draft, DraftStatus.PUBLISHED, by=by, now=now, published=row)
    actor, subject = f"person:{by.username}", f"policy:{published.version}"
    audit.record("policy.confirmed", actor=actor, subject=subject, at=now, draft=draft.pk, author=draft.author.username)
    return published


@transaction.atomic
def refuse_draft(draft_id: int, *, by: Person, note: str, now: datetime) -> PolicyDraft:
    """Another admin refuses it, or its author takes it back. Raises: DraftSettled, PolicyDraft.DoesNotExist."""
    draft = lock_waiting(draft_id)
    status = DraftStatus.WITHDRAWN if draft.author_id == by.pk else DraftStatus.REFUSED
    settle_draft(draft, status, by=by, now=now)
    actor, subject = f"person:{by.username}", f"policy_draft:{draft.pk}"
    audit.record("policy.refused", actor=actor, subject=subject, at=now, status=status, note=note)
    return draft


def lock_waiting(draft_id: int) -> PolicyDraft:
    """The draft, locked, while it waits."""
    draft = PolicyDraft.objects.select_for_update().get(pk=draft_id)
    if draft.status != DraftStatus.WAITING:
        raise DraftSettled(f"{DraftSettled.__doc__} ({draft.get_status_display()})")
    return draft


def settle_draft(
    draft: PolicyDraft, status: DraftStatus, *, by: Person, now: datetime, published: PolicyVersion | None = None
) -> None:
    """What became of a draft, and through whom."""
    draft.status, draft.decided_by, draft.decided_at, draft.published = status, by, now, published
    draft.save(update_fields=["status", "decided_by", "decided_at", "published"])


def overtake_drafts(version: int, *, now: datetime) -> None:
    """Drafts on the version before are outdated by this one; one that only pauses or resumes they take along."""
    waiting = PolicyDraft.objects.filter(status=DraftStatus.WAITING)
    if version < 2 or not waiting.exists():
        return
    before, after = policy_version(version - 1), policy_version(version)
    if {change["field"] for change in differences(before, after)} - SWITCHES:
        waiting.update(status=DraftStatus.OUTDATED, decided_at=now)
        return
    switches = after.settings.model_dump(mode="json", include={"paused", "paused_kinds"})
    for draft in waiting.select_for_update():
        draft.base_version, draft.settings = version, draft.settings | switches
        draft.save(update_fields=["base_version", "settings"])
