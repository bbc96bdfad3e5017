"""The injection check as a classifier: precision and recall on labelled cases, on attacks and on plain messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from agentdesk.agent.checks.incoming import check_incoming
from tests.checks.cases.injection_bad import BAD
from tests.checks.cases.injection_good import GOOD
from tests.checks.cases.injection_unseen import BAD as UNSEEN_BAD
from tests.checks.cases.injection_unseen import GOOD as UNSEEN_GOOD

DATA = Path(__file__).parents[3] / "shared" / "data"
ATTACKS = DATA / "injections" / "injections.jsonl"
MESSAGES = DATA / "messages" / "banking77.jsonl"


def is_flagged(text: str) -> bool:
    return any(finding.check == "injection" for finding in check_incoming(text))


def read_texts(file: Path) -> list[str]:
    if not file.is_file():
        pytest.skip(f"the data is not there: {file}")
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(bad: Sequence[str], good: Sequence[str], title: str) -> tuple[float, float]:
    """Recall and precision, printed with what went wrong."""
    missed = [text for text in bad if not is_flagged(text)]
    false = [text for text in good if is_flagged(text)]
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


def test_it_carries_beyond_what_it_was_shown() -> None:
    """New wordings are missed more often: this check only sends to review, the policy is what holds."""
    recall, precision = measure(UNSEEN_BAD, UNSEEN_GOOD, "injection, unseen wordings")
    assert recall >= 0.5
    assert precision >= 0.9


def test_it_knows_most_public_attacks() -> None:
    """What it misses are mostly harmless tasks off the point, which the policy bounds, not this check."""
    texts = read_texts(ATTACKS)
    missed = [text for text in texts if not is_flagged(text)]
    print(f"\ninjection: recall {1 - len(missed) / len(texts):.3f} of {len(texts)} public attacks")
    assert len(missed) <= 0.15 * len(texts), missed


def test_it_leaves_plain_messages_alone() -> None:
    texts = read_texts(MESSAGES)
    false = [text for text in texts if is_flagged(text)]
    print(f"\ninjection: {len(false)} false alarms in {len(texts)} messages")
    assert len(false) <= 0.01 * len(texts), false
