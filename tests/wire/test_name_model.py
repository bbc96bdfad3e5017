"""A model is named on the command line; a wrong name is one clear line."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agentdesk.agent.providers import find_model, split_models
from agentdesk.agent.providers.provider_model import ProviderModel
from agentdesk.runs.models import Run
from tests.wire.conftest import Connect
from tickets.models import Customer, Ticket
from tickets.operations import Letter, open_ticket


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return open_ticket(Letter(carla.email, "Hello", "Just saying hello."), now=timezone.now())[0]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("clever", "There is no model 'clever'"),
        ("offline, clever", "There is no model 'clever'"),
        ("anthropic:claude-sonnet-5", "needs ANTHROPIC_API_KEY"),
        ("openai-chat:llama3:8b", "needs OPENAI_API_KEY"),
    ],
)
def test_a_wrong_one_is_one_line_and_starts_no_run(
    ticket: Ticket, model: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    before = Run.objects.count()
    with pytest.raises(CommandError, match=words) as raised:
        call_command("run_agent", str(ticket.pk), "--model", model)
    assert "\n" not in str(raised.value)
    assert Run.objects.count() == before


def test_a_list_is_split_at_commas() -> None:
    assert split_models(" offline,, openai:gpt-5.5 ,") == ("offline", "openai:gpt-5.5")


def test_one_model_is_shared_by_all_who_ask_for_it(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = connect([])
    assert find_model(provider.model.name) is provider.model
    for variable in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(variable, "another")
    other = find_model(provider.model.name)
    assert isinstance(other, ProviderModel)
    assert other is not provider.model
