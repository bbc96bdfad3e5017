"""The timers: every periodic task exists, and a broker in trouble does not end them."""

import pytest

from agentdesk import serving
from agentdesk.celery import app


def test_every_periodic_task_is_known() -> None:
    serving.load_tasks()
    assert [entry["task"] for entry in app.conf.beat_schedule.values() if entry["task"] not in app.tasks] == []


def test_a_task_that_cannot_be_enqueued_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    serving.enqueue({"task": "nobody.knows.this", "options": {}})
    assert "nobody.knows.this" in caplog.text
