"""A policy is published with a note; what loosens waits for another admin where the policy in force asks for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from approvals.drafts import DraftSettled, NeedsAnotherAdmin, publish_draft, refuse_draft, submit_policy
from approvals.models import AuditEntry, PolicyDraft, PolicyVersion
from approvals.policies import PolicyMoved, PolicyUnfit, kinds_to_json, policy_in_force, publish_policy
from approvals.policy import KindPolicy, Policy, PolicySettings
from tests.approvals.shop import MOMENTS, NOW, publish
from tests.conftest import make_person
from tickets.models import Person

pytestmark = pytest.mark.django_db


def changed(settings: dict[str, Any] | None = None, **rules: Any) -> Policy:
    """The policy in force with credits, and what holds for all kinds, changed."""
    now = policy_in_force()
    credit = KindPolicy(**{**now.of("give_credit").model_dump(), **rules})
    stated = PolicySettings(**{**now.settings.model_dump(), **(settings or {})})
    return Policy(kinds={**now.kinds, "give_credit": credit}, settings=stated)


def moment() -> datetime:
    """A version is known by its number and its moment; each test's has one of its own."""
    return NOW + timedelta(microseconds=next(MOMENTS))


def submit(policy: Policy, by: Person, note: str = "because") -> Policy | PolicyDraft:
    return submit_policy(policy, base_version=policy_in_force().version, note=note, by=by, now=moment())


@pytest.fixture
def eve(db: None) -> Person:
    """Another admin."""
    return make_person("eve", "admin")


@pytest.fixture
def make_draft(ada: Person, eve: Person) -> Callable[[], PolicyDraft]:
    """Ada's draft under a policy that asks for a second admin: credits run by themselves."""
    publish(ada, {"second_admin": True})

    def make() -> PolicyDraft:
        draft = submit(changed(mode="auto", min_confidence="0.9"), ada)
        assert isinstance(draft, PolicyDraft)
        return draft

    return make


def kinds_of_entries() -> list[str]:
    return list(AuditEntry.objects.filter(kind__startswith="policy.").order_by("pk").values_list("kind", flat=True))


def test_without_a_second_admin_it_is_in_force_at_once(ada: Person) -> None:
    submitted = submit(changed(mode="auto", min_confidence="0.9"), ada)
    assert isinstance(submitted, Policy) and submitted == policy_in_force()


def test_it_needs_a_note_and_names_all_that_is_wrong(ada: Person) -> None:
    with pytest.raises(PolicyUnfit) as unfit:
        submit(changed(max_amount="9", daily_amount="8"), ada, note=" ")
    assert set(unfit.value.fields) == {"note", "give_credit.daily_amount"}


def test_nobody_asks_for_a_second_admin_who_is_not_there(ada: Person) -> None:
    with pytest.raises(PolicyUnfit, match="no second admin"):
        submit(changed({"second_admin": True}), ada)
    make_person("eve", "admin")
    assert isinstance(submit(changed({"second_admin": True}), ada), Policy)


def test_what_loosens_waits_and_is_written_down(make_draft: Callable[[], PolicyDraft], ada: Person) -> None:
    before = policy_in_force()
    draft = make_draft()
    assert policy_in_force() == before
    entry = AuditEntry.objects.get(kind="policy.drafted")
    assert (entry.actor, entry.subject) == ("person:ada", f"policy_draft:{draft.pk}")
    assert entry.data["loosens"] == ["give_credit.mode", "give_credit.min_confidence"]


def test_asking_for_nobody_else_is_itself_a_loosening(make_draft: Callable[[], PolicyDraft], ada: Person) -> None:
    assert isinstance(submit(changed({"second_admin": False}), ada), PolicyDraft)
    assert isinstance(submit(changed({"paused": True}), ada), Policy)
    assert isinstance(submit(changed({"paused": False}), ada), Policy)


def test_another_admin_publishes_it_as_its_authors(
    make_draft: Callable[[], PolicyDraft], ada: Person, eve: Person
) -> None:
    draft = make_draft()
    with pytest.raises(NeedsAnotherAdmin):
        publish_draft(draft.pk, by=ada, now=moment())
    published = publish_draft(draft.pk, by=eve, now=moment())
    assert policy_in_force() == published and published.of("give_credit").mode == "auto"
    draft.refresh_from_db()
    assert (draft.status, draft.decided_by, draft.published_id) == ("published", eve, published.version)
    assert draft.published is not None and (draft.published.author, draft.published.note) == (ada, "because")
    assert kinds_of_entries()[-2:] == ["policy.published", "policy.confirmed"]
    with pytest.raises(DraftSettled):
        refuse_draft(draft.pk, by=eve, note="", now=moment())


@pytest.mark.parametrize(("who", "status"), [("eve", "refused"), ("ada", "withdrawn")])
def test_it_is_refused_or_taken_back(
    make_draft: Callable[[], PolicyDraft], request: pytest.FixtureRequest, who: str, status: str
) -> None:
    draft, before = make_draft(), policy_in_force()
    settled = refuse_draft(draft.pk, by=request.getfixturevalue(who), note="no", now=moment())
    assert (settled.status, policy_in_force()) == (status, before)
    assert kinds_of_entries()[-1] == "policy.refused"
    with pytest.raises(DraftSettled):
        publish_draft(draft.pk, by=make_person("zoe", "admin"), now=moment())


def test_another_version_outdates_it(make_draft: Callable[[], PolicyDraft], eve: Person) -> None:
    draft = make_draft()
    publish(eve, send_reply={"undo_seconds": 60})
    draft.refresh_from_db()
    assert draft.status == "outdated"
    with pytest.raises(DraftSettled, match="published meanwhile"):
        publish_draft(draft.pk, by=eve, now=moment())


def test_a_pause_leaves_it_waiting_and_stays(make_draft: Callable[[], PolicyDraft], eve: Person) -> None:
    draft = make_draft()
    publish(eve, {"paused": True, "paused_kinds": ("send_reply",)})
    published = publish_draft(draft.pk, by=eve, now=moment())
    assert published.settings.paused and published.settings.paused_kinds == ("send_reply",)
    assert published.of("give_credit").mode == "auto"


def test_a_stale_base_is_told_before_anything_else(make_draft: Callable[[], PolicyDraft], ada: Person) -> None:
    with pytest.raises(PolicyMoved):
        submit_policy(changed(mode="auto"), base_version=1, note="late", by=ada, now=moment())
    assert not PolicyDraft.objects.exists()


def test_a_fault_that_is_in_force_already_holds_up_no_pause(ada: Person) -> None:
    now = policy_in_force()
    old = Policy(kinds={**now.kinds, "give_credit": KindPolicy(max_amount="9", daily_amount="8")})
    PolicyVersion.objects.create(
        version=2, kinds=kinds_to_json(old), settings=old.settings.model_dump(mode="json"), at=moment()
    )
    paused = old.model_copy(update={"settings": PolicySettings(paused=True)})
    assert publish_policy(paused, base_version=2, note="stop", by=None, now=moment()).is_paused()
    with pytest.raises(PolicyUnfit):
        submit(changed({"paused": False}), ada)
