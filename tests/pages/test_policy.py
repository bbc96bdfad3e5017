"""The policy page: read by all, published with a note by admins, paused in one click, taken back to any version."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.agent.categories import Category
from agentdesk.pages.policy_fields import read_duration, values_of, write_duration
from approvals.kinds import CATALOGUE
from approvals.models import PolicyVersion
from approvals.policies import policy_in_force, publish_policy
from approvals.policy import AmountStep, EscalationRule, KindPolicy, Policy, PolicySettings, Rung, TierRule
from approvals.presets import PRESETS, preset_policy
from tickets.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, ada: Person) -> Client:
    client.force_login(ada)
    return client


def form(**changes: str) -> dict[str, object]:
    """Everything the page would send, as it stands, with `__` for the dot in a field's name."""
    in_force = policy_in_force()
    values: dict[str, object] = {name: value for name, value in values_of(in_force).items() if value}
    values |= {"base_version": str(in_force.version), "note": "because"}
    return values | {name.replace("__", "."): value for name, value in changes.items()}


def publish_looked_at(admin: Client, values: dict[str, object]) -> Any:
    """Publishes as the page does: what it would do is shown first."""
    shown = re.search(r'name="looked_at" value="(\w+)"', admin.post("/policy/compare/", values).content.decode())
    return admin.post("/policy/publish/", values | ({"looked_at": shown[1]} if shown else {}))


@pytest.mark.parametrize("who", ["rita", "max_", "auditor"])
def test_everyone_reads_and_only_admins_publish(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who))
    page = client.get("/policy/")
    assert page.status_code == 200
    assert "Publish as version" not in page.content.decode()
    before = PolicyVersion.objects.count()
    for address in ("publish/", "pause/", "versions/1/return/"):
        assert client.post(f"/policy/{address}", form(give_credit__max_amount="1")).status_code == 403
    assert PolicyVersion.objects.count() == before


def test_the_page_says_what_comes_first_and_every_kind_and_field(admin: Client) -> None:
    page = admin.get("/policy/").content.decode()
    assert page.index("<li>hard limits</li>") < page.index("<li>thresholds</li>") < page.index("<li>by itself</li>")
    for kind, entry in CATALOGUE.items():
        assert entry.title in page
        for field in KindPolicy.model_fields.keys() - {"categories", "amount_steps"}:
            assert f'name="{kind}.{field}"' in page
        assert all(f'name="{kind}.amount_steps.1.{field}"' in page for field in AmountStep.model_fields)
    for category in Category:
        assert all(f'name="give_credit.categories.{category}.{field}"' in page for field in Rung.model_fields)
    for field in PolicySettings.model_fields.keys() - {"tiers", "escalation"}:
        assert f'name="settings.{field}"' in page
    assert all(f'name="settings.tiers.high.{field}"' in page for field in TierRule.model_fields)
    assert all(f'name="settings.escalation.{field}"' in page for field in EscalationRule.model_fields)


def test_what_is_not_touched_stays_as_it_is(admin: Client, ada: Person) -> None:
    """Steps, rungs of categories, tier rules: publishing from the form drops none of them."""
    first = policy_in_force()
    credit = KindPolicy(
        mode="auto", share="0.25", min_confidence="0.9", tier="high", categories={"return": {"mode": "review"}},
        amount_steps=({"over": "20"}, {"over": "50", "approvals": 2}), max_wrong="0.05",
    )  # fmt: skip
    settings = PolicySettings(
        tiers={"high": {"approver": "admin"}}, escalation={"role": "admin", "deadline": 900}, second_admin=False
    )
    rich = Policy(kinds={**first.kinds, "give_credit": credit}, settings=settings)
    publish_policy(rich, base_version=first.version, note="rich", by=ada, now=timezone.now())
    assert publish_looked_at(admin, form(send_reply__undo_seconds="30")).status_code == 302
    now = policy_in_force()
    assert (now.of("give_credit"), now.settings) == (credit, settings)
    assert now.of("send_reply").undo_seconds == 30


def test_nothing_is_published_that_was_not_looked_at_as_it_stands(admin: Client) -> None:
    before, typed = policy_in_force().version, form(give_credit__max_amount="12.50")
    first = admin.post("/policy/publish/", typed)
    second = admin.post("/policy/publish/", typed | {"looked_at": "0" * 64})
    assert first.status_code == second.status_code == 200
    assert "Nothing is published yet" in first.content.decode()
    shown = re.search(r'name="looked_at" value="(\w+)"', second.content.decode())
    assert shown and policy_in_force().version == before
    other = admin.post("/policy/publish/", form(give_credit__max_amount="99.50") | {"looked_at": shown[1]})
    assert other.status_code == 200 and policy_in_force().version == before
    assert admin.post("/policy/publish/", typed | {"looked_at": shown[1]}).status_code == 302
    assert policy_in_force().version == before + 1


def test_it_publishes_what_was_typed_as_the_next_version(admin: Client, ada: Person) -> None:
    before = policy_in_force()
    changes = {
        "give_credit__mode": "auto", "give_credit__min_confidence": "0.9", "give_credit__max_amount": "12.50",
        "give_credit__daily_amount": "100", "give_credit__approvals": "2", "give_credit__expires_after": "12 hours",
        "give_credit__on_expiry": "reject", "give_credit__audit_share": "0.05", "give_credit__undo_seconds": "30",
        "settings__daily_amount": "1000", "settings__always_review": "legal, safety",
    }  # fmt: skip
    assert publish_looked_at(admin, form(**changes)).status_code == 302
    now = policy_in_force()
    assert now.version == before.version + 1
    assert now.of("give_credit") == KindPolicy(
        mode="auto", tier="high", min_confidence="0.9", max_amount="12.50", daily_amount="100", approver="manager",
        approvals=2, editor_may_approve=False, expires_after=43200, on_expiry="reject", audit_share="0.05",
        undo_seconds=30,
    )  # fmt: skip
    assert now.settings.always_review == ("legal", "safety")
    others = {name: rules for name, rules in before.kinds.items() if name != "give_credit"}
    assert {name: rules for name, rules in now.kinds.items() if name != "give_credit"} == others
    row = PolicyVersion.objects.get(pk=now.version)
    assert (row.author, row.note) == (ada, "because")


def test_ladder_steps_and_rules_by_risk_are_typed_row_by_row(admin: Client) -> None:
    changes = {
        "give_credit.categories.return.mode": "auto", "give_credit.categories.return.share": "0.1",
        "give_credit.min_confidence": "0.95", "give_credit.amount_steps.1.over": "20",
        "give_credit.amount_steps.3.over": "50", "give_credit.amount_steps.3.approver": "admin",
        "give_credit.amount_steps.3.approvals": "2", "settings.tiers.high.approver": "admin",
        "settings.escalation.deadline": "2 hours", "settings.escalation.on_deadline": "urgent",
        "settings.always_review": ["legal", "self_harm", "tone, wording"],
    }  # fmt: skip
    assert publish_looked_at(admin, form() | changes).status_code == 302
    now = policy_in_force()
    credit = now.of("give_credit")
    assert credit.categories == {"return": Rung(mode="auto", share="0.1")}
    steps = [AmountStep(over="20"), AmountStep(over="50", approver="admin", approvals=2)]
    assert list(credit.amount_steps) == steps
    assert now.settings.tiers == {"high": TierRule(approver="admin")}
    assert now.settings.escalation == EscalationRule(deadline=7200, on_deadline="urgent")
    assert now.settings.always_review == ("legal", "self_harm", "tone", "wording")
    page = admin.get("/policy/versions/2/").content.decode()
    for words in ("Give credit, return or exchange: rung", "over 20.00: manager or above", "Escalations: within"):
        assert words in page
    emptied = {"give_credit.amount_steps.1.over": "", "give_credit.amount_steps.2.over": ""}
    back = form() | emptied | {"give_credit.categories.return.mode": "", "settings.tiers.high.approver": "support"}
    assert publish_looked_at(admin, back).status_code == 302
    assert policy_in_force().of("give_credit").amount_steps == ()
    assert policy_in_force().of("give_credit").categories == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("give_credit.mode", "sometimes"),
        ("give_credit.min_confidence", "1.5"),
        ("give_credit.min_confidence", "NaN"),
        ("give_credit.max_amount", "-1"),
        ("give_credit.max_amount", "12.345"),
        ("give_credit.max_amount", "a lot"),
        ("give_credit.daily_amount", "Infinity"),
        ("give_credit.approver", "auditor"),
        ("give_credit.approvals", "3"),
        ("give_credit.expires_after", "soon"),
        ("give_credit.expires_after", "30 s"),
        ("give_credit.on_expiry", "approve"),
        ("give_credit.undo_seconds", "3601"),
        ("give_credit.share", "1.1"),
        ("give_credit.max_wrong", "0.5"),
        ("give_credit.daily_amount", "9"),
        ("give_credit.categories.return.mode", "sometimes"),
        ("give_credit.categories.return.share", "2"),
        ("give_credit.amount_steps.1.approvals", "7"),
        ("give_credit.amount_steps.2.over", "dear"),
        ("settings.tiers.low.approvals", "0"),
        ("settings.escalation.deadline", "5 s"),
        ("settings.second_admin", "on"),
        ("escalate.mode", "off"),
        ("settings.paused_kinds", "no_such_kind"),
        ("settings.daily_amount", "-5"),
        ("note", ""),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(admin: Client, field: str, value: str) -> None:
    before = policy_in_force().version
    others = {"give_credit.max_amount": "10", "give_credit.amount_steps.1.over": "10"}
    others |= {"give_credit.categories.return.mode": "auto", "give_credit.audit_share": "0.25"}
    response = publish_looked_at(admin, form() | others | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="0.25"' in page
    assert 'class="fault"' in page
    faults = response.context["draft"].faults
    assert list(faults) == [field]
    assert policy_in_force().version == before


def test_a_field_that_was_not_sent_stays_as_it_is(admin: Client) -> None:
    before = policy_in_force()
    sent = {"base_version": before.version, "note": "only this", "send_reply.min_confidence": "0.8"}
    sent |= {"send_reply.editor_may_approve": "on"}
    assert publish_looked_at(admin, sent).status_code == 302
    now = policy_in_force()
    assert str(now.of("send_reply").min_confidence) == "0.8"
    assert now.of("send_reply").model_copy(update={"min_confidence": None}) == before.of("send_reply")
    assert now.settings == before.settings


def test_a_stale_base_shows_the_differences_and_keeps_what_was_typed(admin: Client, ada: Person) -> None:
    typed = form(give_credit__max_amount="12.50")
    first = policy_in_force()
    theirs = {**first.kinds, "cancel_order": first.of("cancel_order").model_copy(update={"approvals": 2})}
    publish_policy(Policy(kinds=theirs), base_version=first.version, note="two of you", by=ada, now=timezone.now())
    response = publish_looked_at(admin, typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert policy_in_force().version == first.version + 1
    assert "was published meanwhile" in page
    assert "two of you" in page
    assert 'value="12.50"' in page
    assert "Cancel order: how many approve" in page
    assert f'name="base_version" value="{first.version + 1}"' in page


def test_publishing_again_after_that_leaves_what_they_did(admin: Client) -> None:
    typed = form(give_credit__max_amount="12.50")
    admin.post("/policy/pause/", {"kind": "send_reply", "paused": "1"})
    page = publish_looked_at(admin, typed)
    again = {**page.context["draft"].values, "base_version": page.context["in_force"].version, "note": "again"}
    again["settings.paused_kinds"] = again["settings.paused_kinds"].split()
    assert publish_looked_at(admin, again).status_code == 302
    now = policy_in_force()
    assert now.settings.paused_kinds == ("send_reply",)
    assert str(now.of("give_credit").max_amount) == "12.50"


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_fills_the_form_and_publishes_nothing(admin: Client, name: str) -> None:
    before = policy_in_force().version
    response = admin.get(f"/policy/?preset={name}")
    assert policy_in_force().version == before
    values = response.context["draft"].values
    assert publish_looked_at(admin, {**values, "base_version": before, "note": name}).status_code == 302
    assert policy_in_force().kinds == preset_policy(name).kinds


def test_every_preset_survives_the_form(admin: Client) -> None:
    assert admin.get("/policy/?preset=nonsense").status_code == 200


def test_one_click_pauses_and_resumes_the_agent(admin: Client) -> None:
    admin.post("/policy/pause/", {"paused": "1"})
    assert policy_in_force().is_paused()
    assert PolicyVersion.objects.order_by("-version")[0].note == "The agent paused"
    assert "The agent is paused" in admin.get("/policy/").content.decode()
    admin.post("/policy/pause/", {"paused": "0"})
    assert not policy_in_force().is_paused()


def test_pausing_twice_makes_one_version(admin: Client) -> None:
    for _ in range(2):
        admin.post("/policy/pause/", {"paused": "1"})
    assert PolicyVersion.objects.filter(note="The agent paused").count() == 1


def test_one_click_pauses_and_resumes_a_kind(admin: Client) -> None:
    admin.post("/policy/pause/", {"kind": "send_reply", "paused": "1"})
    admin.post("/policy/pause/", {"kind": "give_credit", "paused": "1"})
    assert policy_in_force().settings.paused_kinds == ("give_credit", "send_reply")
    admin.post("/policy/pause/", {"kind": "send_reply", "paused": "0"})
    assert policy_in_force().settings.paused_kinds == ("give_credit",)


def test_one_click_returns_to_an_earlier_version_and_leaves_the_pause(admin: Client) -> None:
    first = policy_in_force()
    publish_looked_at(admin, form(give_credit__max_amount="12.50"))
    admin.post("/policy/pause/", {"paused": "1"})
    page = admin.get(f"/policy/versions/{first.version}/").content.decode()
    assert "Give credit: largest amount" in page
    assert admin.post(f"/policy/versions/{first.version}/return/").status_code == 302
    now = policy_in_force()
    assert (now.kinds, now.version) == (first.kinds, first.version + 3)
    assert now.is_paused()


def test_the_versions_are_listed_and_others_are_not_there(admin: Client) -> None:
    publish_looked_at(admin, form(give_credit__max_amount="12.50"))
    assert "because" in admin.get("/policy/versions/").content.decode()
    assert admin.get("/policy/versions/999/").status_code == 404
    assert admin.post("/policy/versions/999/return/").status_code == 404


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(259200, "3 days"), (86400, "1 day"), (5400, "90 minutes"), (61, "61 seconds"), (3600, "1 hour")],
)
def test_a_duration_is_said_exactly(seconds: int, words: str) -> None:
    assert write_duration(seconds) == words
    assert read_duration(words) == seconds


def test_the_room_a_page_lies_in_is_the_one_that_is_open(admin: Client) -> None:
    room = '<a href="/policy/" aria-current="{}">'
    assert room.format("page") in admin.get("/policy/").content.decode()
    assert room.format("true") in admin.get("/policy/versions/1/").content.decode()
    assert '<a href="/policy/">' in admin.get("/agent/").content.decode()
