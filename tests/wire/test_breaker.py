"""A provider that keeps failing is skipped for a while; then one caller looks whether it is back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import ModelFailed
from agentdesk.agent.providers.breaker import Breaker
from tests.wire.conftest import PATIENCE, Connect
from tests.wire.replies import Answer, answer_prose, fail, say, stall


def opened(now: float = 100.0) -> Breaker:
    """A breaker that three failures have opened."""
    breaker = Breaker(limit=3, pause=30, longest=100)
    for _ in range(3):
        breaker.fail(now)
    return breaker


def test_it_stays_closed_below_the_limit() -> None:
    breaker = Breaker(limit=3)
    breaker.fail(0)
    breaker.fail(1)
    assert breaker.admit(2)


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(limit=3)
    for now in range(10):
        breaker.fail(now)
        breaker.fail(now)
        breaker.succeed()
    assert breaker.admit(10)


def test_at_the_limit_it_refuses_for_a_while() -> None:
    breaker = opened(100)
    assert not breaker.admit(100)
    assert not breaker.admit(129.9)
    assert breaker.admit(130)


def test_one_caller_probes_and_the_others_are_refused() -> None:
    breaker = opened(100)
    assert [breaker.admit(131) for _ in range(3)] == [True, False, False]


def test_of_many_threads_one_probes() -> None:
    breaker = opened(100)
    together = threading.Barrier(16)

    def ask(_number: int) -> bool:
        together.wait()
        return breaker.admit(131)

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(ask, range(16))) == 1


def test_a_probe_that_succeeds_closes_it() -> None:
    breaker = opened(100)
    breaker.admit(131)
    breaker.succeed()
    assert [breaker.admit(131) for _ in range(3)] == [True, True, True]
    breaker.fail(132)
    assert breaker.admit(132)


def test_a_probe_that_fails_opens_it_for_twice_as_long_up_to_the_longest() -> None:
    breaker, now = opened(100), 100.0
    for pause in (30, 60, 100, 100):
        assert not breaker.admit(now + pause - 1)
        assert breaker.admit(now + pause)
        now += pause
        breaker.fail(now)


def test_a_probe_that_says_nothing_leaves_it_to_the_next() -> None:
    breaker = opened(100)
    assert breaker.admit(131)
    breaker.release()
    assert breaker.admit(131)


def test_a_late_failure_of_an_older_call_does_not_prolong_it() -> None:
    breaker = opened(100)
    breaker.fail(120)
    assert breaker.admit(130)


def test_a_model_that_failed_three_times_is_not_asked(connect: Connect) -> None:
    provider = connect([answer_prose()] * 3)
    for _ in range(3):
        with pytest.raises(ModelFailed):
            provider.ask()
    with pytest.raises(ModelFailed, match="skipped") as raised:
        provider.ask()
    assert raised.value.failure == Failure.PROVIDER_DOWN
    assert len(provider.server.received) == 3


def test_it_is_asked_again_once_it_answers_a_probe(connect: Connect) -> None:
    provider = connect([answer_prose()] * 3 + [say("back"), say("again")])
    provider.model.breaker.pause = 0
    for _ in range(3):
        with pytest.raises(ModelFailed):
            provider.ask()
    assert [provider.ask().text, provider.ask().text] == ["back", "again"]


@pytest.mark.parametrize(("answer", "seconds"), [(fail(400), PATIENCE), (stall(), 0.1)])
def test_a_rejected_request_or_a_hurried_call_says_nothing_of_the_provider(
    connect: Connect, answer: Answer, seconds: float
) -> None:
    provider = connect(lambda _body: answer)
    for _ in range(4):
        with pytest.raises(ModelFailed):
            provider.ask(seconds=seconds)
    provider.server.follow([say("ok")])
    assert provider.ask().text == "ok"
