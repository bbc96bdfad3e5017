"""The agent's page: read by all, published with a note by admins, compared word by word, taken back to any version."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.bounds import ALL_TOOLS, DEFAULT_BOUNDS
from agentdesk.agent.categories import CATEGORY_TITLES, Category
from agentdesk.agent.roles import ROLES
from agentdesk.pages.agent_fields import values_of
from agentdesk.runs.agent_versions import AgentMoved, agent_in_force, publish_agent
from agentdesk.runs.instructing import read_prompt
from agentdesk.runs.models import AgentVersion, ModelDay
from approvals.models import AuditEntry
from tests.pages.comparing_texts import words_marked
from tickets.models import Person

pytestmark = pytest.mark.django_db

IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def admin(client: Client, ada: Person) -> Client:
    client.force_login(ada)
    return client


def form(**changes: object) -> dict[str, object]:
    """Everything the page would send, as it stands, with `__` for the dot in a field's name."""
    in_force = agent_in_force()
    values: dict[str, object] = {name: value for name, value in values_of(in_force).items() if value}
    for category in Category:
        tools = str(values[f"{category}.tools"]).split()
        values[f"{category}.tools"] = tools
        ranked = dict.fromkeys((*tools, *ALL_TOOLS))
        values |= {f"{category}.place.{name}": str(place) for place, name in enumerate(ranked, 1)}
    values |= {"base_version": str(in_force.version), "note": "because"}
    return values | {name.replace("__", "."): value for name, value in changes.items()}


def publish(**changes: object) -> AgentSettings:
    """Somebody else publishes."""
    base = agent_in_force()
    wanted = base.model_copy(update=changes)
    return publish_agent(wanted, base_version=base.version, note="theirs", by=None, now=timezone.now())


@pytest.mark.parametrize("who", ["rita", "max_", "auditor"])
def test_everyone_reads_and_only_admins_publish(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    publish(guidance="Say hello first.")
    client.force_login(request.getfixturevalue(who))
    page = client.get("/agent/")
    assert page.status_code == 200
    assert "Say hello first." in page.content.decode() and "Publish as version" not in page.content.decode()
    for address in ("publish/", "compare/", "versions/0/return/"):
        assert client.post(f"/agent/{address}", form(settings__guidance="Say nothing.")).status_code == 403
    assert AgentVersion.objects.count() == 1


def test_the_page_shows_the_core_prompt_and_every_category_field_and_tool(admin: Client) -> None:
    page = admin.get("/agent/").content.decode()
    assert read_prompt().splitlines()[0] in page and "The core prompt" in page
    assert all(f'id="prompt-{role}"' in page for role in ROLES)
    for category in Category:
        assert CATEGORY_TITLES[category] in page
        for name in ("steps", "input_tokens", "output_tokens", "money", "wall_clock_seconds", "reserve", "way"):
            assert f'name="{category}.{name}"' in page
        for tool in ALL_TOOLS:
            assert f'name="{category}.place.{tool}"' in page


def test_it_publishes_what_was_typed_as_the_next_version_with_an_entry_in_the_audit(admin: Client, ada: Person) -> None:
    changes = {
        "settings__guidance": "Say hello first.\r\nNever promise a date.", "settings__daily_money": "25.50",
        "question__steps": "8", "question__input_tokens": "50000", "question__output_tokens": "4000",
        "question__money": "0.2500", "question__wall_clock_seconds": "2 minutes", "question__reserve": "0.20",
        "question__way": "loop",
    }  # fmt: skip
    answer = admin.post("/agent/publish/", form(**changes))
    assert answer.status_code == 302
    now = agent_in_force()
    assert (now.version, now.guidance) == (1, "Say hello first.\nNever promise a date.")
    assert (now.daily_money, now.reviews_drafts) == (Decimal("25.50"), True)
    question = now.bounds_of("question")
    assert question == DEFAULT_BOUNDS[Category.QUESTION].model_copy(
        update={
            "steps": 8, "input_tokens": 50000, "output_tokens": 4000, "money": Decimal("0.2500"),
            "wall_clock_seconds": 120, "reserve": Decimal("0.20"), "way": "loop",
        }
    )  # fmt: skip
    assert {name: now.bounds[name] for name in Category if name != "question"} == {
        name: DEFAULT_BOUNDS[name] for name in Category if name != "question"
    }
    row, entry = AgentVersion.objects.get(), AuditEntry.objects.get(kind="agent.published")
    assert (row.author, row.note) == (ada, "because")
    assert (entry.actor, entry.subject, entry.data["note"]) == ("person:ada", "agent:1", "because")
    assert "settings.guidance" in entry.data["changed"] and "question.steps" in entry.data["changed"]


def test_tools_are_disallowed_and_ranked(admin: Client) -> None:
    tools = [name for name in DEFAULT_BOUNDS[Category.RETURN].tools if name != "give_credit"]
    changes = {"return__tools": tools, "return__place.exchange_items": "1"}
    assert admin.post("/agent/publish/", form(**changes)).status_code == 302
    now = agent_in_force().bounds_of("return").tools
    assert now[:2] == ("exchange_items", "get_order") and set(now) == set(tools)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question.steps", "0"),
        ("question.steps", "many"),
        ("mixed.input_tokens", "12"),
        ("mixed.output_tokens", "1e9"),
        ("account.money", "-1"),
        ("account.money", "NaN"),
        ("account.money", "0.12345"),
        ("return.wall_clock_seconds", "2 hours"),
        ("return.wall_clock_seconds", "soon"),
        ("return.reserve", "0.6"),
        ("people.way", "by_magic"),
        ("question.tools", ["send_reply", "escalate", "read_minds"]),
        ("question.tools", ["get_order", "escalate"]),
        ("question.tools", ["get_order", "send_reply"]),
        ("settings.daily_money", "-5"),
        ("settings.guidance", "x" * 8001),
        ("note", ""),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(admin: Client, field: str, value: object) -> None:
    response = admin.post("/agent/publish/", form(order_change__steps="17") | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'name="order_change.steps" value="17"' in page and "fault" in page
    assert list(response.context["draft"].faults) == [field]
    assert agent_in_force().version == 0


def test_a_field_that_was_not_sent_stays_as_it_is(admin: Client) -> None:
    sent = {"base_version": "0", "note": "only this", "mixed.steps": "5"}
    assert admin.post("/agent/publish/", sent).status_code == 302
    now = agent_in_force()
    assert now.bounds_of("mixed") == DEFAULT_BOUNDS[Category.MIXED].model_copy(update={"steps": 5})
    assert now.reviews_drafts
    admin.post("/agent/publish/", {"base_version": "1", "note": "no reviewer", "settings.daily_money": ""})
    assert not agent_in_force().reviews_drafts


def test_differences_are_shown_word_by_word_before_anything_is_published(admin: Client) -> None:
    publish(guidance="Say hello first.")
    typed = form(settings__guidance="Say goodbye first.", mixed__steps="9")
    for headers in ({}, IN_PLACE):
        page = admin.post("/agent/compare/", typed, headers=headers).content.decode()
        assert words_marked(page, "del") >= {"hello", "20"} and words_marked(page, "ins") >= {"goodbye", "9"}
        assert ("<html" in page) == (not headers)
    assert agent_in_force().version == 1
    assert "say what is in force" in admin.post("/agent/compare/", form(), headers=IN_PLACE).content.decode()
    wrong = admin.post("/agent/compare/", form(mixed__steps="0"), headers=IN_PLACE).content.decode()
    assert "Nothing was published." in wrong and "steps" in wrong


def test_a_stale_base_shows_the_differences_and_keeps_what_was_typed(admin: Client) -> None:
    typed = form(mixed__steps="9")
    theirs = {**agent_in_force().bounds, Category.RETURN: DEFAULT_BOUNDS[Category.RETURN].model_copy(
        update={"steps": 33}
    )}  # fmt: skip
    publish(guidance="Say hello first.", bounds=theirs)
    response = admin.post("/agent/publish/", typed)
    page = response.content.decode()
    assert response.status_code == 409 and agent_in_force().version == 1
    assert "was published meanwhile" in page and "theirs" in page
    assert words_marked(page, "ins") >= {"33", "Say hello first."}
    assert 'name="mixed.steps" value="9"' in page and 'name="return.steps" value="33"' in page
    assert "Say hello first.</textarea>" in page and 'name="base_version" value="1"' in page


def test_one_click_returns_to_an_earlier_version(admin: Client) -> None:
    publish(guidance="Say hello first.")
    publish(guidance="Say nothing.", daily_money=Decimal("3.00"))
    page = admin.get("/agent/versions/1/").content.decode()
    assert words_marked(page, "del") >= {"nothing.", "3.00"} and "Return to version 1" in page
    assert admin.post("/agent/versions/1/return/").status_code == 302
    assert (agent_in_force().version, agent_in_force().guidance) == (3, "Say hello first.")
    assert "Returned to version 1" in admin.get("/agent/versions/").content.decode()
    admin.post("/agent/versions/0/return/")
    assert agent_in_force().model_copy(update={"version": 0}) == AgentSettings()
    admin.post("/agent/versions/0/return/")
    assert agent_in_force().version == 4


def test_versions_that_are_not_there(admin: Client) -> None:
    assert admin.get("/agent/versions/").status_code == 200
    assert admin.get("/agent/versions/0/").status_code == 200
    assert admin.get("/agent/versions/999/").status_code == 404
    assert admin.post("/agent/versions/999/return/").status_code == 404


def test_what_was_built_on_another_version_is_refused(ada: Person) -> None:
    publish(guidance="Say hello first.")
    with pytest.raises(AgentMoved) as moved:
        publish_agent(AgentSettings(guidance="Mine."), base_version=0, note="mine", by=ada, now=timezone.now())
    assert [change["field"] for change in moved.value.differences] == ["settings.guidance"]
    assert agent_in_force().version == 1


def test_the_models_figures_are_those_of_seven_days(admin: Client) -> None:
    publish(daily_money=Decimal("10.00"))
    today = timezone.now().date()
    figures = {"calls": 10, "malformed": 2, "failed": 1, "input_tokens": 1000, "cached_tokens": 250, "seconds": 15.0}
    for days_ago in (0, 6, 7):
        day = today - timedelta(days=days_ago)
        ModelDay.objects.create(model="openai:small", day=day, cost=Decimal("0.5"), output_tokens=70, **figures)
    page = admin.get("/agent/").content.decode()
    row = page[page.index("openai:small") :]
    row = row[: row.index("</tr>")]
    cells = [cell.partition(">")[2].partition("</td")[0] for cell in row.split("<td")[1:]]
    assert cells == ["20", "20 %", "10 %", "2000", "25 %", "140", "1.0000", "1.5 s"]
    assert "0.5000 USD" in page and "of 10.00" in page


def test_guidance_is_never_markup(admin: Client) -> None:
    publish(guidance="<script>alert(1)</script>")
    publish(guidance="<b>Hello</b>")
    for address in ("/agent/", "/agent/versions/1/", "/agent/versions/2/"):
        page = admin.get(address).content.decode()
        assert "<script>alert" not in page and "<b>Hello" not in page
