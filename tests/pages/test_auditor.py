"""Auditors read everything and decide nothing: every page of the house, as its routes name them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.pages.test_sign_in import closed_pages, walk
from tickets.models import Customer, Person

pytestmark = pytest.mark.django_db

THEIR_OWN = {"/password/", "/sign-out/"}
NOT_FOR_READERS = {"/write/", "/knowledge/new/", "/reports/make/", "/reports/schedules/"}
"""Nothing stands there to be read: an empty form each."""
READ_BY_POST = ("/preview/", "/policy/backtest/", "/policy/histograms/", "/audit/export.")
"""Questions, whatever the method: a preview (the POST notes that it was seen), a draft policy tried on the past, the
runs under a handle, an export. Who asks for one that does not exist is told so."""


@pytest.fixture
def theirs(client: Client, auditor: Person) -> Client:
    client.force_login(auditor)
    return client


def test_they_read_every_page_that_has_no_gap_in_its_address(theirs: Client, carla: Customer) -> None:
    whole = {f"/{pattern.pattern}" for pattern in walk(get_resolver().url_patterns) if "<" not in str(pattern.pattern)}
    pages = sorted(set(closed_pages()) & whole - THEIR_OWN - NOT_FOR_READERS)
    answers = {page: theirs.get(page).status_code for page in pages}
    assert {page: status for page, status in answers.items() if status not in (200, 302, 405)} == {}
    assert {"/queue/", "/tickets/", "/policy/", "/audit/", "/people/", "/tokens/"} <= {
        page for page, status in answers.items() if status == 200
    }


def test_they_press_nothing_anywhere(theirs: Client) -> None:
    answers = {page: theirs.post(page).status_code for page in closed_pages() if is_deed(page)}
    assert {page: status for page, status in answers.items() if status not in (403, 405)} == {}


def is_deed(page: str) -> bool:
    return page not in THEIR_OWN and not any(question in page for question in READ_BY_POST)


def test_they_are_shown_no_way_to_change_people_or_tokens(theirs: Client, rita: Person) -> None:
    for page in ("/people/", "/tokens/"):
        text = theirs.get(page).content.decode().partition("<main")[2].partition("</main>")[0]
        assert "<form" not in text and "<button" not in text
