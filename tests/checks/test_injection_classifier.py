"""The injection check as a classifier: precision and recall on labelled cases, on attacks and on plain messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from agentdesk.agent.checks.injection import looks_injected
from tests.checks.cases.injection_bad import BAD
from tests.checks.cases.injection_good import GOOD
from tests.checks.cases.injection_held_out import BAD as HELD_OUT_BAD
from tests.checks.cases.injection_held_out import GOOD as HELD_OUT_GOOD
from tests.checks.cases.injection_tuned import BAD as TUNED_BAD
from tests.checks.cases.injection_tuned import GOOD as TUNED_GOOD
from tests.checks.cases.injection_unseen import BAD as UNSEEN_BAD
from tests.checks.cases.injection_unseen import GOOD as UNSEEN_GOOD

DATA = Path(__file__).parents[3] / "shared" / "data"
ATTACKS = DATA / "injections" / "injections.jsonl"
MESSAGES = DATA / "messages" / "banking77.jsonl"


def read_texts(file: Path) -> list[str]:
    if not file.is_file():
        pytest.skip(f"the data is not there: {file}")
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(bad: Sequence[str], good: Sequence[str], title: str) -> tuple[float, float]:
    """Recall and precision, printed with what went wrong."""
    missed = [text for text in bad if not looks_injected(text)]
    false = [text for text in good if looks_injected(text)]
    hit = len(bad) - len(missed)
    recall, precision = hit / len(bad), hit / (hit + len(false))
    print(f"\n{title}: recall {recall:.3f} of {len(bad)}, precision {precision:.3f}, {len(false)} false of {len(good)}")
    print("missed:", missed, "false:", false)
    return recall, precision


def test_it_tells_attacks_from_letters() -> None:
    assert min(len(BAD), len(GOOD)) >= 60
    recall, precision = measure(BAD, GOOD, "injection")
    assert recall >= 0.98
    assert precision >= 0.98


def test_it_tells_attacks_from_letters_that_come_near() -> None:
    recall, precision = measure(TUNED_BAD, TUNED_GOOD, "injection, another pen, tuned on")
    assert recall >= 0.98
    assert precision >= 0.98


def test_it_knows_more_wordings_than_its_first() -> None:
    """These were unseen by the patterns, not by the signs."""
    recall, precision = measure(UNSEEN_BAD, UNSEEN_GOOD, "injection, unseen by the patterns")
    assert recall >= 0.9
    assert precision >= 0.95


def test_it_carries_beyond_what_it_was_shown() -> None:
    """New wordings are missed more often, and letters written to come near are marked: a person looks at those."""
    recall, precision = measure(HELD_OUT_BAD, HELD_OUT_GOOD, "injection, another pen, held out")
    assert recall >= 0.85
    assert precision >= 0.7


def test_it_knows_most_public_attacks() -> None:
    """What it misses are mostly harmless tasks off the point, which the policy bounds, not this check."""
    texts = read_texts(ATTACKS)
    missed = [text for text in texts if not looks_injected(text)]
    print(f"\ninjection: recall {1 - len(missed) / len(texts):.3f} of {len(texts)} public attacks")
    assert len(missed) <= 0.15 * len(texts), missed


def test_it_leaves_plain_messages_alone() -> None:
    texts = read_texts(MESSAGES)
    false = [text for text in texts if looks_injected(text)]
    print(f"\ninjection: {len(false)} false alarms in {len(texts)} messages")
    assert len(false) <= 0.01 * len(texts), false


@pytest.mark.parametrize("text", ["\n" * 60_000, "[system " * 6_000, "no one looks. " * 3_000])
def test_a_long_text_takes_no_longer_than_its_length(text: str) -> None:
    """A pattern that reads a text anew from each of its places would stand still here."""
    assert looks_injected(text) == ("looks" in text)
