"""Work in threads beside a run's transcript: what a role is asked, its turns, and its answer, all as rows.

Whatever a killed worker leaves of a thread is taken up where it stood: what was asked is not asked again, and what
was answered is not paid for twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from agentdesk.agent.failures import TURN_FAILURES, Failure, Recovery, Remedy
from agentdesk.agent.language_model import ModelFailed, ModelTurn, Request, Turn
from agentdesk.agent.loop import AnswerCalls, AskModel, Setting, run_loop
from agentdesk.agent.roles import ROLES, answer_schema, tools_of_role
from agentdesk.runs.answering import answer_calls
from agentdesk.runs.asking import ask, fact_of_turn, store_facts, usage_of
from agentdesk.runs.instructing import instruct, parameters_of, read_prompt
from agentdesk.runs.log import Fact, hash_words
from agentdesk.runs.models import Event, EventKind, Text
from agentdesk.runs.open_turn import faults_in_words
from agentdesk.runs.pins import pinned
from agentdesk.runs.recovering import fact_of_recovery
from agentdesk.runs.transcript import fold_thread
from agentdesk.runs.work import Work

MOST_UNFIT = 2
"""Unfit answers to one question after which a role is not asked again."""
SHARED = ("input_tokens", "output_tokens", "cost")
COUNTED = (EventKind.MODEL_ANSWERED, EventKind.RECOVERY_CHOSEN)
AGAIN = Remedy(Recovery.RETRY, "again, with the error, at temperature 0 where the API has one")
NO_MORE = Remedy(Recovery.ESCALATE, "the role is not asked again")

Reader = Callable[[str], Any]
Value = TypeVar("Value", bound=BaseModel)


@dataclass(frozen=True)
class Task:
    """One question to a role: the `place`-th of its thread, from 0. `data` is kept with its answer.

    `models` are asked in place of the role's own; after so many `tries` that were unfit the role has no answer.
    """

    role: str
    thread: str
    brief: str
    place: int = 0
    models: str = ""
    tries: int = MOST_UNFIT
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> dict[str, Any]:
        """How its events are known."""
        return {"thread": self.thread, "role": self.role, "place": self.place}


class RoleFailed(Exception):
    """A role gave no usable answer; the message says why."""


class Unfit(Exception):
    """A role's words do not fit what was asked for; the message says how."""


def ask_for_text(task: Task, work: Work) -> str:
    """What a role says once it asks for no more tools. Raises: RoleFailed, and what `ask` raises."""
    text: str = ask_role(task, work, read_text, {})
    return text


def ask_for_value(task: Task, work: Work, model: type[Value]) -> Value:
    """What a role answers, as a value of the model; unfit, it is asked once more with the error.

    Raises: RoleFailed, and what `ask` raises.
    """

    def read(text: str) -> Value:
        try:
            return model.model_validate_json(without_fence(text))
        except ValidationError as error:
            raise Unfit(faults_in_words(error)[:2000]) from error

    value: Value = ask_role(task, work, read, {"answer_schema": answer_schema(model)})
    return value


def read_text(text: str) -> str:
    """Any words will do, none will not. Raises: Unfit."""
    if not text.strip():
        raise Unfit("The answer is empty.")
    return text.strip()


def without_fence(text: str) -> str:
    """JSON without the Markdown fence some models put around it."""
    stripped = text.strip()
    if stripped.startswith("```") and stripped.endswith("```"):
        return stripped.partition("\n")[2].rpartition("```")[0]
    return stripped


def ask_role(task: Task, work: Work, read: Reader, parameters: dict[str, Any]) -> Any:
    """The role's answer as `read` makes it, from the rows where it was given before."""
    known = find_answer(task, work)
    if known is not None:
        return read(known)
    if not asked_at(task, work):
        store_facts(work, [Fact(EventKind.ROLE_ASKED, task.labels, {"brief": task.brief})])
    while (unfit := count_unfit(task, work)) < task.tries:
        repair = {"temperature": 0} if unfit else {}
        with suppress(Unfit):
            return try_once(task, work, read, {**parameters, **repair})
    return give_up(task, work, f"The {task.role} gave no usable answer, asked {count_times(unfit)}.")


def try_once(task: Task, work: Work, read: Reader, parameters: dict[str, Any]) -> Any:
    """One try at an answer; an unfit one stands in the rows with what is wrong. Raises: Unfit, RoleFailed."""
    try:
        turn, request = follow_role(task, setting_of(task, work, parameters), work)
    except ModelFailed as failure:
        # A turn that could not be read is in the rows by now; a provider that is down ends more than this.
        if failure.failure not in TURN_FAILURES:
            raise
        raise Unfit(str(failure)) from failure
    return take_answer(task, work, read, turn, request)


def count_times(number: int) -> str:
    """`once`, `2 times`."""
    return "once" if number == 1 else f"{number} times"


def take_answer(task: Task, work: Work, read: Reader, turn: Turn, request: Request) -> Any:
    """Stores a role's last turn with its answer, or with what is wrong with it. Raises: Unfit."""
    fact = fact_of_turn(request, turn, work, thread=task.thread, role=task.role)
    try:
        value = read(turn.text)
    except Unfit as error:
        store_facts(work, [fact, fact_of_unfit(task, work, str(error))], **usage_of(turn))
        raise
    data, actor = {**task.labels, **task.data}, f"agent:{task.role}"
    store_facts(work, [fact, Fact(EventKind.ROLE_ANSWERED, data, {"answer": turn.text}, actor=actor)], **usage_of(turn))
    return value


def find_answer(task: Task, work: Work) -> str | None:
    """What the role answered before, from the rows. Raises: RoleFailed, where there is none to be had."""
    event = next((one for one in events_of(task, work, EventKind.ROLE_ANSWERED) if is_of(one, task)), None)
    if event is None:
        return None
    name = event.data.get("reason") or event.data["answer"]
    words = Text.objects.filter(run=work.run, sha256=name).values_list("body", flat=True).first()
    if "reason" in event.data or not words:
        raise RoleFailed(words or f"What the {task.role} answered was erased.")
    return words


def give_up(task: Task, work: Work, reason: str) -> NoReturn:
    """The role has no answer, for good. Raises: RoleFailed."""
    store_facts(work, [Fact(EventKind.ROLE_ANSWERED, task.labels, {"reason": reason}, actor=f"agent:{task.role}")])
    raise RoleFailed(reason)


def fact_of_unfit(task: Task, work: Work, error: str, failure: Failure = Failure.TURN_INVALID) -> Fact:
    """That an answer was unfit, and what the role is told of it."""
    remedy = AGAIN if count_unfit(task, work) + 1 < task.tries else NO_MORE
    told = f"Your answer does not fit what was asked for. {error} Answer again, in full."
    return fact_of_recovery(failure, remedy, error=error, told=told, thread=task.thread, role=task.role)


def asked_at(task: Task, work: Work) -> int:
    """The seq at which the role was asked this question; 0 where no worker has asked it."""
    return next((event.seq for event in events_of(task, work, EventKind.ROLE_ASKED) if is_of(event, task)), 0)


def count_unfit(task: Task, work: Work) -> int:
    """How often the role has answered this question unfit: the recoveries of its thread since it was asked."""
    since = asked_at(task, work)
    chosen = events_of(task, work, EventKind.RECOVERY_CHOSEN)
    return sum(event.seq > since and event.data["failure"] in TURN_FAILURES for event in chosen)


def events_of(task: Task, work: Work, *kinds: EventKind) -> list[Event]:
    """The events of these kinds in the task's thread, in order."""
    events = Event.objects.filter(run=work.run, kind__in=kinds).order_by("seq")
    return [event for event in events if event.data.get("thread") == task.thread]


def is_of(event: Event, task: Task) -> bool:
    """Whether an event is of this very question."""
    return bool(event.data.get("place") == task.place and event.data.get("role") == task.role)


# --- The role's own loop ---


def follow_role(task: Task, setting: Setting, work: Work) -> tuple[Turn, Request]:
    """Goes on in the thread until a turn asks for no tool. Raises: Unfit, RoleFailed, and what `ask` raises."""
    transcript = fold_thread(work.run.pk, task.thread)
    answer = partial(answer_calls, work=work, thread=task.thread, tools=tuple(tool.name for tool in setting.tools))
    left = answer(transcript.unanswered, before=[]) if transcript.unanswered else ()
    loop = run_loop((*transcript.entries, *left), setting)
    need = next(loop)
    while True:
        try:
            if isinstance(need, AskModel):
                need = loop.send(ask_in_share(need.request, task, work))
            else:
                fact = fact_of_turn(need.request, need.turn, work, thread=task.thread, role=task.role)
                require_calls(need, fact, task, work)
                need = loop.send(answer(need.turn.tool_calls, before=[fact], **usage_of(need.turn)))
        except StopIteration as stop:
            return stop.value.turn, stop.value.request


def require_calls(need: AnswerCalls, fact: Fact, task: Task, work: Work) -> None:
    """A turn with neither calls nor words is unfit, and so is a refusal or a cut one. Raises: Unfit."""
    if need.fault not in (None, Failure.TOO_MANY_CALLS):
        error = f"The turn was of no use: {need.fault.replace('_', ' ')}."
        store_facts(work, [fact, fact_of_unfit(task, work, error, need.fault)], **usage_of(need.turn))
        raise Unfit(error)


def setting_of(task: Task, work: Work, parameters: dict[str, Any]) -> Setting:
    """A role's instructions with the house's guidance behind them, its tools, and parameters."""
    role, guidance = ROLES[task.role], work.run.versions.get("guidance")
    system = instruct(read_prompt(role.prompt), pinned(guidance) if guidance else "")
    shared = parameters_of(work.run, work.bounds, work.names(task.models or role.model))
    tools = tools_of_role(task.role, work.bounds)
    own = {"cache_key": f"{shared['cache_key']}:{task.role}", **parameters}
    if "allowed" in shared:
        own["allowed"] = [tool.name for tool in tools]
    return Setting(system, tools, shared | own)


def ask_in_share(request: Request, task: Task, work: Work) -> Turn:
    """The turn of the role's model, its calls under ids that are the thread's alone: two may number theirs alike."""
    require_share(task, work)
    turn = ask(request, work, models=task.models or ROLES[task.role].model, thread=task.thread, role=task.role)
    step = sum(isinstance(entry, ModelTurn) for entry in request.transcript) + 1
    prefix = f"{task.role}_{hash_words(task.thread)[:8]}_{step}"
    calls = (replace(call, tool_call_id=f"{prefix}_{place}") for place, call in enumerate(turn.tool_calls, 1))
    return replace(turn, tool_calls=tuple(calls))


def require_share(task: Task, work: Work) -> None:
    """A piece of work takes no more than its role's share of the run's bounds. Raises: RoleFailed."""
    bounds, share = work.bounds, ROLES[task.role].budget
    taken = events_of(task, work, *COUNTED)
    spent: dict[str, Decimal] = {
        name: sum((Decimal(event.data.get(name, 0)) for event in taken), Decimal(0)) for name in SHARED
    }
    spent["steps"] = Decimal(sum(event.kind == EventKind.MODEL_ANSWERED for event in taken))
    limits: dict[str, Decimal] = {
        "input_tokens": bounds.input_tokens * share,
        "output_tokens": bounds.output_tokens * share,
        "cost": bounds.money * share,
        "steps": max(Decimal(MOST_UNFIT), bounds.steps * share),
    }
    reached = next((name for name, limit in limits.items() if spent[name] and spent[name] >= limit), None)
    if reached is not None:
        give_up(task, work, f"The {task.role} used up its share of the run: {reached.replace('_', ' ')}.")


def ticket_words(work: Work) -> str:
    """The ticket as this run was told of it, fenced and masked."""
    started = Event.objects.filter(run=work.run, kind=EventKind.RUN_STARTED).first()
    name = started.data.get("brief", "") if started else ""
    return Text.objects.filter(run=work.run, sha256=name).values_list("body", flat=True).first() or ""
