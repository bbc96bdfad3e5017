"""`run_agent TICKET`."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from agentdesk.agent import providers
from agentdesk.agent.language_model import UNHURRIED, CallLimits, ModelFailed, Request, ToolCall, Turn
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.models import Event, Run
from approvals.policies import policy_in_force, publish_policy
from tickets.models import Customer, Person, Ticket
from tickets.operations import Letter, open_ticket, take_over_ticket

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = [
    Turn(tool_calls=(ToolCall("call_1", "list_orders", {}),)),
    Turn(tool_calls=(ToolCall("call_2", "send_reply", {"body": "Dear Carla", "confidence": 0.9}),)),
    Turn("Greeted her."),
]


@pytest.fixture
def ticket(carla: Customer) -> Ticket:
    return open_ticket(Letter(carla.email, "Hello", "Just saying hello."), now=timezone.now())[0]


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offline model's place is taken by a script; only the choice of model is replaced."""
    for module in ("agentdesk.runs.work.find_model", "agentdesk.management.commands.run_agent.find_model"):
        monkeypatch.setattr(module, find_scripted)


def find_scripted(name: str) -> object:
    if name == "offline":
        return ScriptedModel(SCRIPT)
    return Broken() if name == "broken" else providers.find_model(name)


class Broken:
    """A model that never answers."""

    name = "broken"

    def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
        raise ModelFailed("it is down")


def run_agent(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("run_agent", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_takes_the_queued_run_and_prints_every_event_once(ticket: Ticket) -> None:
    lines = run_agent(str(ticket.pk))
    run = Run.objects.get()
    assert run.status == "waiting"
    assert lines[-1] == "waiting: Greeted her."
    printed = [line.split()[:2] for line in lines[:-1]]
    assert printed == [[str(event.seq), event.kind] for event in Event.objects.filter(run=run)]
    assert any("kind=send_reply" in line for line in lines)


def test_a_dry_run_is_a_run_of_its_own(ticket: Ticket) -> None:
    assert run_agent(f"T-{ticket.pk}", "--dry-run")[-1] == "done: Greeted her."
    assert sorted(Run.objects.values_list("mode", "status")) == [("dry_run", "done"), ("live", "queued")]


def test_a_run_that_fails_is_a_command_that_fails(ticket: Ticket) -> None:
    with pytest.raises(CommandError, match="it is down"):
        run_agent(str(ticket.pk), "--dry-run", "--model", "broken")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["999"], "no ticket 999"), (["hello"], "no ticket hello"), (["T-1", "--dry-run", "--model", "x"], "no model")],
)
def test_what_it_does_not_know_it_refuses(ticket: Ticket, arguments: list[str], words: str) -> None:
    arguments = [argument.replace("T-1", str(ticket.pk)) for argument in arguments]
    with pytest.raises(CommandError, match=words):
        run_agent(*arguments)


def test_it_keeps_off_what_a_person_has_taken_over(ticket: Ticket, rita: Person) -> None:
    take_over_ticket(ticket.pk, by=rita, now=timezone.now())
    with pytest.raises(CommandError, match="taken this ticket over"):
        run_agent(str(ticket.pk))


def test_it_does_not_wait_for_a_pause_to_end(ticket: Ticket) -> None:
    policy = policy_in_force()
    settings = policy.settings.model_copy(update={"paused": True})
    paused = policy.model_copy(update={"settings": settings})
    publish_policy(paused, base_version=policy.version, note="", by=None, now=timezone.now())
    with pytest.raises(CommandError, match="paused"):
        run_agent(str(ticket.pk))
