"""What the browser tests take for an error of a page."""

from __future__ import annotations

from tests.consoles import Console

ENDED = "SyntaxError: Unexpected end of input"


def test_what_a_left_page_still_wanted_is_no_error() -> None:
    assert Console([ENDED], cut=["http://127.0.0.1/static/js/page.js"]).errors == []


def test_where_nothing_was_cut_off_it_is_one() -> None:
    assert Console([ENDED]).errors == [ENDED]


def test_any_other_error_is_one_whatever_was_cut_off() -> None:
    said = ["TypeError: x is not a function", "Failed to load resource: the server responded with a status of 500 ()"]
    assert Console(said, cut=["http://127.0.0.1/queue/"]).errors == said
