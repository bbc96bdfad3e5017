"""The handles of the policy page in a real browser: moving one counts what the server's backtest counts."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, enter, looks, play, require_fit, settle, take_look
from tests.running_server import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

A_WEEK = frozenset({"wrong", "wrong_low", "wrong_high", "at_stake", "waits_a_day", "hours_a_day"})
"""Figures per time: the server's two answers are some seconds apart, which may turn a half up or down."""
COUNT = """async ([selector, handles]) => {
    const { count, words } = await import("/static/js/policy.js");
    const part = document.querySelector(selector);
    const table = JSON.parse(part.dataset.table);
    const stops = (name) => JSON.parse(part.querySelector(`[data-name="${name}"]`).dataset.stops);
    const find = (all, value) => all.findIndex((stop) => Number(stop) === Number(value));
    const place = (name, value) => (value === null ? stops(name).length : find(stops(name), value));
    return handles.map(({ mode, min_confidence, max_amount }) =>
        words(count(table, mode, place("confidence", min_confidence), place("amount", max_amount)), table));
}"""


@pytest.fixture(scope="module", autouse=True)
def _past(server: RunningServer) -> None:
    play(server, "history", "81", "400")


def open_kind(page: Page, server: RunningServer, kind: str) -> Locator:
    """A kind's card on the policy page, with its histogram; Ada looks."""
    enter(page, server, "ada")
    page.goto(f"{server.url}/policy/")
    page.locator(f"#kind-{kind} > summary").click()
    part = page.locator(f"#under-{kind} .histogram-part")
    part.get_by_text("actions", exact=False).first.wait_for()
    settle(page)
    return part


def require_same(in_browser: dict[str, str], on_server: dict[str, str]) -> None:
    for name, words in in_browser.items():
        if name in A_WEEK and words != "not known":
            assert number_of(words) == pytest.approx(number_of(on_server[name]), abs=0.11), name
        else:
            assert words == on_server[name], name


def number_of(words: str) -> float:
    return float(words.replace(",", ""))


def test_wherever_they_stand_the_counts_are_the_backtest_s(
    browser_page: Page, server: RunningServer, stage: Stage
) -> None:
    open_kind(browser_page, server, "return_items")
    dice = random.Random(3)
    handles: list[dict[str, Any]] = [
        {
            "mode": dice.choice(["auto", "auto", "auto", "review", "off", "shadow"]),
            "min_confidence": dice.choice([None, "0", "1", *(f"{n / 100:.2f}" for n in range(48, 100))]),
            "max_amount": dice.choice([None, "0", "10", "20", "25", "50", "100", "150", "200"]),
        }
        for _ in range(40)
    ]
    said = browser_page.evaluate(COUNT, ["#under-return_items .histogram-part", handles])
    tried = stage("backtest", "return_items", handles)["said"]
    assert len(said) == len(tried) == len(handles)
    assert len({words["by_itself"] for words in said}) > 10
    for in_browser, on_server in zip(said, tried, strict=True):
        require_same(in_browser, on_server)


def test_a_handle_moves_its_field_and_the_counts_move_with_it(
    browser_page: Page, server: RunningServer, stage: Stage
) -> None:
    page, part = browser_page, open_kind(browser_page, server, "give_credit")
    page.locator('[name="give_credit.mode"]').select_option("auto")
    slider = part.get_by_role("slider", name="Least confidence")
    slider.focus()
    for _ in range(11):
        page.keyboard.press("ArrowLeft")
    expect(page.locator('[name="give_credit.min_confidence"]')).to_have_value("0.90")
    expect(slider).to_have_attribute("aria-valuetext", "0.90")
    part.get_by_role("slider", name="Largest amount").evaluate(
        "one => { one.value = 12; one.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    expect(page.locator('[name="give_credit.max_amount"]')).to_have_value("100")
    handles = [{"mode": "auto", "min_confidence": "0.90", "max_amount": "100"}]
    expected = stage("backtest", "give_credit", handles)["said"][0]
    for name in ("by_itself", "by_itself_share", "waits_share", "newly_approved", "newly_rejected", "no_longer"):
        expect(part.locator(f'[data-figure="{name}"]')).to_have_text(expected[name])
    page.get_by_role("button", name="30 days").click()
    row = page.locator("#backtest tbody tr", has=page.get_by_role("rowheader", name="Give credit")).first
    expect(row.locator('[data-label="By itself"]')).to_have_text(expected["by_itself"])
    expect(row.locator('[data-label="Review"]')).to_have_text(expected["waits"])


def test_what_is_typed_between_the_stops_is_counted_anew_by_the_server(
    browser_page: Page, server: RunningServer
) -> None:
    page, part = browser_page, open_kind(browser_page, server, "exchange_items")
    page.locator('[name="exchange_items.mode"]').select_option("auto")
    field = page.locator('[name="exchange_items.min_confidence"]')
    field.fill("0.7")
    expect(part.get_by_role("slider", name="Least confidence")).to_have_value("70")
    by_itself = part.locator('[data-figure="by_itself"]')
    expect(by_itself).not_to_have_text("0")
    field.fill("0.705")
    field.press("Tab")
    expect(part.locator('output[for="slide-exchange_items.min_confidence"]')).to_have_text("0.705")
    expect(part.get_by_role("slider", name="Least confidence")).to_have_attribute("max", "102")


@pytest.mark.parametrize(("theme", "width"), looks(("light", 1280)))
def test_the_policy_with_its_past_is_fit(browser_page: Page, server: RunningServer, theme: str, width: int) -> None:
    page = browser_page
    take_look(page, theme, width)
    open_kind(page, server, "return_items")
    page.get_by_role("button", name="30 days").click()
    page.locator("#backtest .backtest").wait_for()
    require_fit(page)
    page.goto(f"{server.url}/policy/histograms/give_credit/")
    page.get_by_text("As tables").click()
    require_fit(page)
