"""The policy page tries what is typed on the past, and draws a kind's own runs under its handles."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.pages.policy_fields import values_of
from agentdesk.pages.policy_figures import rounded, show_amount, show_few, show_share
from approvals.models import Action, Decision, PolicyVersion
from approvals.policies import policy_in_force
from tests.approvals.history import decisions_on, make_history, past_action
from tests.approvals.shop import make_ticket
from tickets.models import Customer, Person, Ticket

pytestmark = pytest.mark.django_db

AUTO = {"give_credit.mode": "auto", "give_credit.min_confidence": "0.9"}
PART = {"HX-Request": "true"}


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return make_ticket(carla)


@pytest.fixture
def reader(client: Client, rita: Person) -> Client:
    client.force_login(rita)
    return client


@pytest.fixture
def rejected(ticket: Ticket, max_: Person) -> Action:
    """A credit of 90.00 that Max rejected yesterday; beside it two that he approved."""
    for place, (fate, amount) in enumerate((("approved", 5), ("approved", 6), ("rejected", 90))):
        status = "rejected" if fate == "rejected" else "executed"
        at = timezone.now() - timedelta(days=1)
        action = past_action(ticket, place, kind="give_credit", at=at, status=status, amount=Decimal(amount))
        action.save(force_insert=True)
        Decision.objects.bulk_create(decisions_on(action, fate, max_, 30.0))
    return Action.objects.get(status="rejected")


def typed(**changes: str) -> dict[str, str]:
    """Everything the page would send, with some fields changed."""
    in_force = policy_in_force()
    values = {name: value for name, value in values_of(in_force).items() if value}
    return {**values, "base_version": str(in_force.version), **changes}


def words_on(page: str) -> str:
    """The page's text, spaces made one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_it_tells_what_the_typed_fields_would_have_done(reader: Client, rejected: Action) -> None:
    answer = reader.post("/policy/backtest/", typed(days="30", **AUTO), headers=PART)
    page = answer.content.decode()
    said = words_on(page)
    assert answer.status_code == 200 and "<html" not in page
    assert "by itself 100 % ( 3 ) · review 0 %" in said
    assert "Newly by itself: 3 , of which people had approved 2 unedited, edited 0 , rejected 1" in said
    assert "1 was rejected, expired, overtaken or still open: nobody knows what would have come of them." in said
    assert "3 labels, 1 of them wrong: “at most 2 % wrong” needs 149 clean ones" in said
    assert page.index(f"/actions/{rejected.pk}/") < page.index("approved unedited</span>")
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(("days", "counted"), [("7", "3 actions"), ("90", "4 actions"), ("12", "3 actions")])
def test_the_window_is_one_of_three(reader: Client, rejected: Action, days: str, counted: str) -> None:
    older = past_action(rejected.ticket, 9, kind="give_credit", at=timezone.now() - timedelta(days=60))
    older.save(force_insert=True)
    page = reader.post("/policy/backtest/", typed(days=days), headers=PART).content.decode()
    assert counted in words_on(page)


def test_without_scripts_the_whole_page_comes_back_with_it(client: Client, ada: Person, rejected: Action) -> None:
    client.force_login(ada)
    page = client.post("/policy/backtest/", typed(days="30", **AUTO)).content.decode()
    assert "<html" in page and "Newly by itself: 3" in words_on(page)
    assert re.search(r'name="give_credit.min_confidence" value="0.9"', page)
    assert PolicyVersion.objects.count() == 1


def test_fields_that_say_no_policy_are_named(client: Client, ada: Person) -> None:
    client.force_login(ada)
    wrong = typed(days="30", **{"give_credit.min_confidence": "7"})
    for headers in (PART, {}):
        answer = client.post("/policy/backtest/", wrong, headers=headers)
        assert answer.status_code == 422 and "Give credit: least confidence" in words_on(answer.content.decode())
    part = client.post("/policy/histograms/give_credit/", wrong, headers=PART)
    assert part.status_code == 422 and "Not counted:" in part.content.decode()


def test_a_past_of_nothing_says_so(reader: Client, ticket: Ticket) -> None:
    page = reader.post("/policy/backtest/", typed(days="30"), headers=PART).content.decode()
    assert "No actions in these 30 days" in page and "Publish with care." in page
    assert "Publish with care." in reader.get("/policy/histograms/give_credit/").content.decode()


def test_each_kind_s_card_asks_for_its_past_when_it_is_opened(reader: Client) -> None:
    page = reader.get("/policy/").content.decode()
    assert 'hx-post="/policy/histograms/give_credit/"' in page and 'href="/policy/histograms/give_credit/"' in page
    for kind in ("add_note", "escalate", "undo"):
        assert f"/policy/histograms/{kind}/" not in page
        assert reader.get(f"/policy/histograms/{kind}/").status_code == 404


def test_the_histogram_counts_every_action_by_what_became_of_it(reader: Client, ticket: Ticket, max_: Person) -> None:
    make_history(ticket, max_, size=200, until=timezone.now(), days=20)
    page = reader.get("/policy/histograms/give_credit/?days=30").content.decode()
    counted = Action.objects.filter(kind="give_credit").count()
    assert f"{counted} actions" in words_on(page)
    amounts = page[page.index("<caption>Largest amount</caption>") :]
    assert sum(map(int, re.findall(r'<td class="number">(\d+)</td>', amounts))) == counted
    table = json.loads(html.unescape(re.search(r'data-table="([^"]+)"', page)[1]))  # type: ignore[index]
    assert sum(cell[3] for cell in table["cells"]) + sum(one[2] for one in table["fixed"]) == counted
    assert "aria-label" in page and "style=" not in page


def test_a_present_value_between_the_usual_stops_is_a_stop(reader: Client, rejected: Action) -> None:
    odd = typed(**AUTO | {"give_credit.min_confidence": "0.955", "give_credit.max_amount": "5.50"})
    page = html.unescape(reader.post("/policy/histograms/give_credit/", odd, headers=PART).content.decode())
    assert '"0.95", "0.955", "0.96"' in page and '"5.50"' in page
    assert "by itself 0 % ( 0 )" in words_on(page)


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0.0"), (9.94, "9.9"), (9.96, "10"), (47.6, "48"), (1234.2, "1,234"), (0.25, "0.3")]
)
def test_a_few_are_told_finer_than_many(value: float, words: str) -> None:
    assert show_few(value) == words


def test_figures_are_rounded_half_up() -> None:
    assert (show_share(0.125), show_share(0.625), show_amount(1234.5)) == ("13 %", "63 %", "1,234.50")
    assert str(rounded(0.05, 1)) == "0.1"
