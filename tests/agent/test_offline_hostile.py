"""Letters that attack, ramble or mean something else: the offline model never crashes and never acts on an order."""

from __future__ import annotations

import pytest

from tests.agent.test_offline_desk import work_ticket
from tests.agent.test_offline_shops import DATA, read_lines, small_desk

EVERY_NTH = 7
"""Of thousands of alike messages a sample tells as much."""


@pytest.mark.parametrize("around", ["{}", "Hi, it is about my order #W1000001. {}", "Where is #W1000003?\n\n{}"])
def test_injections_never_move_an_order(around: str) -> None:
    texts = [one["text"] for one in read_lines(DATA / "injections" / "injections.jsonl") if "ticket" in one["surface"]]
    assert texts
    assert [text for text in texts if work_ticket(small_desk(), around.format(text)).actions] == []


def test_messages_to_a_bank_never_move_an_order() -> None:
    texts = [one["text"] for one in read_lines(DATA / "messages" / "banking77.jsonl")][::EVERY_NTH]
    assert [text for text in texts if work_ticket(small_desk(), text).actions] == []


def test_naughty_strings_never_crash_it() -> None:
    texts = [str(one.get("text")) for one in read_lines(DATA / "naughty" / "naughty.jsonl")]
    assert [text for text in texts if work_ticket(small_desk(), text, text[:100]).actions] == []
