"""A key leaves in the header of a call, and appears nowhere else: no log, no error, no repr, no traceback."""

from __future__ import annotations

import json
import logging
import traceback

import pytest

from agentdesk.agent.language_model import ModelFailed
from agentdesk.agent.providers import find_model
from agentdesk.agent.providers.naming import MissingKey, UnknownModel, check_model
from tests.wire.conftest import Connect, Provider
from tests.wire.replies import Answer, Fault, Reply, answer_prose, cut, fail, say
from tests.wire.server import KEY

ECHO = Fault(401, body=json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}."}}).encode())
LOGGERS = ("openai", "anthropic", "httpx2", "httpcore2", "httpx", "httpcore", "agentdesk")


@pytest.fixture
def told_everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger of the SDKs and of what is beneath them, at its most talkative."""
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def words_of(log: pytest.LogCaptureFixture) -> str:
    """All that was logged, with tracebacks and the records' own values."""
    return log.text + "".join(str(vars(record)) for record in log.records)


def ask_in_vain(provider: Provider) -> ModelFailed:
    with pytest.raises(ModelFailed) as raised:
        provider.ask(seconds=1.0)
    return raised.value


def test_the_key_goes_with_the_call(connect: Connect) -> None:
    provider = connect([say("ok")])
    provider.ask()
    assert provider.server.received[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in provider.server.received[0].raw.decode()


def test_a_call_that_goes_well_logs_no_key(connect: Connect, told_everything: pytest.LogCaptureFixture) -> None:
    connect([say("ok")]).ask()
    assert told_everything.records
    assert KEY not in words_of(told_everything)


@pytest.mark.parametrize("answer", [ECHO, fail(500), answer_prose(), cut(Reply("word " * 100))])
def test_a_failure_tells_no_key(
    connect: Connect, told_everything: pytest.LogCaptureFixture, answer: Answer, wire: str
) -> None:
    failed = ask_in_vain(connect([answer] * 3))
    logging.getLogger("agentdesk").error("it failed", exc_info=failed)
    assert KEY not in "".join(traceback.format_exception(failed))
    assert KEY not in repr(failed) + str(vars(failed))
    # The SDK's own exception holds the request, whose headers hold the key.
    assert failed.__cause__ is None
    assert failed.__context__ is None
    assert KEY not in words_of(told_everything)


def test_no_repr_holds_the_key(connect: Connect) -> None:
    provider = connect([])
    environment = provider.server.environment(provider.wire)
    assert KEY not in repr(provider.model) + repr(check_model(provider.model.name, environment))


def test_a_missing_key_is_named_and_not_guessed() -> None:
    with pytest.raises(MissingKey, match="ANTHROPIC_API_KEY"):
        check_model("anthropic:claude-sonnet-5", {"OPENAI_API_KEY": KEY})


@pytest.mark.parametrize(
    "name", ["", "gpt-5.5", "openai", "openai:", "openai: gpt", "azure:gpt", f"openai:{'x' * 200}"]
)
def test_an_unknown_name_says_what_there_is(name: str) -> None:
    with pytest.raises(UnknownModel, match="anthropic:NAME"):
        find_model(name)
