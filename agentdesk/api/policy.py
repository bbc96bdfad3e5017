"""The policy: the one in force, the versions before it, publishing the next, and what waits for a second admin."""

from __future__ import annotations

from functools import partial
from typing import Any

import pydantic
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from agentdesk.agent.categories import Category
from agentdesk.api.answers import show_time
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import invalid
from agentdesk.api.gate_shapes import PolicyDraftShape, PolicyShape
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.schemas import DraftWord, NewPolicy
from agentdesk.api.shapes import ERRORS, Page
from approvals.drafts import policy_of_draft, publish_draft, refuse_draft, submit_policy
from approvals.loosening import loosens
from approvals.models import DraftStatus, PolicyDraft, PolicyVersion
from approvals.policies import differences, kinds_to_json, policy_in_force, policy_of, policy_version
from approvals.policy import Policy

router = Router(tags=["policy"])

NAMES = frozenset(Category)


@router.get("/policy", auth=allow("read"), response={200: PolicyShape, **ERRORS})
def get_policy(request: HttpRequest) -> dict[str, Any]:
    """The policy in force."""
    newest = PolicyVersion.objects.select_related("author").order_by("-version").first()
    return show_unpublished(policy_in_force()) if newest is None else version_to_json(newest)


@router.put("/policy", auth=allow("policy"), response={200: PolicyShape, 202: PolicyDraftShape, **ERRORS})
def put_policy(request: HttpRequest, payload: NewPolicy) -> Status[dict[str, Any]]:
    """Publishes the next version, with a note. 202 where it loosens and a second admin is asked for: a draft waits.

    409 `policy_moved`, with the differences, where another was published meanwhile.
    """
    policy, by, now = read_policy(payload), caller_of(request).person, timezone.now()
    submit = partial(submit_policy, policy, base_version=payload.base_version, note=payload.note, by=by, now=now)
    try:
        submitted = submit()
    except IntegrityError:
        # Two published from the same base at the same moment; the second now finds the first.
        submitted = submit()
    if isinstance(submitted, PolicyDraft):
        return Status(202, draft_to_json(submitted))
    return Status(200, version_to_json(PolicyVersion.objects.select_related("author").get(pk=submitted.version)))


def read_policy(payload: NewPolicy) -> Policy:
    """The policy as a value. Raises a 422 that names what does not fit."""
    try:
        policy = Policy(kinds=payload.kinds, settings=payload.settings)
    except pydantic.ValidationError as error:
        raise invalid(
            **{".".join(map(str, fault["loc"])) or "kinds": fault["msg"] for fault in error.errors()}
        ) from error
    strangers = [(kind, name) for kind, rules in policy.kinds.items() for name in rules.categories if name not in NAMES]
    if strangers:
        raise invalid(**{f"kinds.{kind}.categories.{name}": "no such category" for kind, name in strangers})
    return policy


@router.get("/policy/drafts", auth=allow("read"), response={200: Page[PolicyDraftShape], **ERRORS})
def list_drafts(request: HttpRequest) -> dict[str, Any]:
    """What loosens and waits for a second admin, the newest first."""
    waiting = PolicyDraft.objects.filter(status=DraftStatus.WAITING).select_related("author")
    return {"items": [draft_to_json(draft) for draft in waiting], "next": None}


@router.post("/policy/drafts/{int:draft_id}", auth=allow("policy"), response={200: PolicyDraftShape, **ERRORS})
def decide_draft(request: HttpRequest, draft_id: int, payload: DraftWord) -> dict[str, Any]:
    """Another admin's word: the draft is published as the next version, or refused; its author may take it back."""
    by, now = caller_of(request).person, timezone.now()
    if payload.verdict == "publish":
        publish_draft(draft_id, by=by, now=now)
    else:
        refuse_draft(draft_id, by=by, note=payload.note, now=now)
    return draft_to_json(PolicyDraft.objects.select_related("author", "decided_by").get(pk=draft_id))


@router.get("/policy/versions", auth=allow("read"), response={200: Page[PolicyShape], **ERRORS})
def list_versions(request: HttpRequest, limit: Limit, cursor: Cursor) -> dict[str, Any]:
    """Every published version, newest first."""
    versions = PolicyVersion.objects.select_related("author").order_by("-version")
    if cursor is not None:
        versions = versions.filter(version__lt=read_version_cursor(cursor))
    page, more = split_page(list(versions[: limit + 1]), limit)
    return {
        "items": [version_to_json(row) for row in page],
        "next": write_cursor([page[-1].version]) if more else None,
    }


def read_version_cursor(cursor: str) -> int:
    """The version a page ended with."""
    match read_cursor(cursor):
        case [int(version)] if 0 < version < 2**31:
            return version
    raise bad_cursor()


def version_to_json(row: PolicyVersion) -> dict[str, Any]:
    """One published version, with every field a kind can have."""
    shown = show_unpublished(policy_of(row))
    author = row.author.username if row.author else None
    return {**shown, "note": row.note, "author": author, "at": show_time(row.at)}


def draft_to_json(draft: PolicyDraft) -> dict[str, Any]:
    """A policy that waits, or waited, for a second admin: what it changes of its base, and what of that loosens."""
    base, policy = policy_version(draft.base_version), policy_of_draft(draft)
    return {
        "draft": draft.pk,
        "status": draft.status,
        "waiting_for": "another admin" if draft.status == DraftStatus.WAITING else None,
        "base_version": draft.base_version,
        "differences": differences(base, policy),
        "loosens": list(loosens(base, policy)),
        "note": draft.note,
        "author": draft.author.username,
        "at": show_time(draft.at),
        "decided_by": draft.decided_by.username if draft.decided_by else None,
        "version": draft.published_id,
    }


def show_unpublished(policy: Policy) -> dict[str, Any]:
    """A policy's own fields."""
    return {
        "version": policy.version,
        "kinds": kinds_to_json(policy),
        "settings": policy.settings.model_dump(mode="json"),
        "note": "",
        "author": None,
        "at": None,
    }
