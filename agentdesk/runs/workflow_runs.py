"""Running a workflow: each step is an event with where it leads, so a killed worker's run goes on at the next one.

What a workflow looks up, has decided and proposes lies in a thread of its own. Where the agent's own loop goes on, one
user turn tells it what the workflow did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agentdesk.agent.agenda import Agenda
from agentdesk.agent.agenda import Step as AgendaStep
from agentdesk.agent.fencing import fence
from agentdesk.agent.findings import Finding
from agentdesk.agent.language_model import ToolAnswer, ToolCall
from agentdesk.agent.roles import Draft
from agentdesk.agent.workflows import WORKFLOWS
from agentdesk.agent.workflows.definition import Ending, Step, StepKind, Workflow
from agentdesk.agent.workflows.functions import ACTIONS, CONDITIONS, DECISIONS, ENDS_RUN, VERIFICATIONS
from agentdesk.runs.answer_facts import fact_of_agenda, in_thread
from agentdesk.runs.answering import answer_calls
from agentdesk.runs.asking import store_facts
from agentdesk.runs.endings import give_up, stop_asking
from agentdesk.runs.handing import known_words
from agentdesk.runs.log import Fact, to_words
from agentdesk.runs.models import Event, EventKind, RunStatus
from agentdesk.runs.role_threads import RoleFailed, Task, ask_for_value, ticket_words
from agentdesk.runs.work import OutOfBounds, Paused, Work
from agentdesk.runs.workflow_rows import bodies_of, drafts_of, gather_facts, looked_up, steps_taken, thread_of
from approvals.models import Action
from approvals.policies import policy_in_force

LONGEST_TOLD = 40_000
"""Characters of what a workflow looked up that the loop is told; the newest count."""
ENDINGS = frozenset(ending.value for ending in Ending)
REFUSED = "refused"


def run_workflow(work: Work, name: str) -> bool:
    """Takes a fresh run through a workflow, from the step it had come to.

    Returns: whether it brought the run to rest; else the loop goes on, and its transcript has grown by what it is told.
    Raises: what `asking.ask` raises.
    """
    workflow = WORKFLOWS.get(name)
    if workflow is None or (workflow.asks_model and not asks_real_model(work)):
        return False
    place = find_place(workflow, work)
    while place not in ENDINGS:
        step = workflow.step(place)
        place = step.next[take_step(step, workflow, work)]
        if work.run.status != RunStatus.RUNNING:
            return True
    return come_to_rest(Ending(place), workflow, work)


def asks_real_model(work: Work) -> bool:
    """Whether a provider's model does the work: what is scripted, or offline, knows no structured answers."""
    return ":" in work.names()[0]


def find_place(workflow: Workflow, work: Work) -> str:
    """The step or ending a workflow has come to in this run; begun, its steps are the agenda."""
    taken = steps_taken(work)
    if not taken:
        store_facts(work, [in_thread(fact_of_agenda(agenda_of(workflow)), thread_of(workflow))])
        return workflow.steps[0].name
    last = taken[-1]
    if last.data["next"] not in ENDINGS and last.data["version"] != workflow.version:
        note_step(step_of(last), "changed", Ending.LOOP, workflow, work)
        return Ending.LOOP
    return str(last.data["next"])


def come_to_rest(ending: Ending, workflow: Workflow, work: Work) -> bool:
    """Ends as the last step leads; a run that people sent on after that is the loop's."""
    last = steps_taken(work)[-1]
    resumed = Event.objects.filter(run=work.run, kind=EventKind.RUN_RESUMED, seq__gt=last.seq)
    if ending == Ending.LOOP or any("decisions" in event.data for event in resumed):
        return False
    if ending == Ending.PEOPLE:
        give_up(work, f"The workflow {workflow.title} could not finish: {in_words(workflow, work)}")
    else:
        stop_asking(work, f"{workflow.title}: {in_words(workflow, work)}", [])
    return True


# --- Steps ---


def take_step(step: Step, workflow: Workflow, work: Work) -> str:
    """Takes one step and stores what it came to. Returns: the outcome."""
    if policy_in_force().is_paused():
        raise Paused(Paused.__doc__)
    if step.kind == StepKind.ACTION:
        return take_action(step, workflow, work)
    details: dict[str, Any] = {}
    if step.kind == StepKind.CONDITION:
        outcome = CONDITIONS[step.does].decide(gather_facts(workflow, work))
    elif step.kind == StepKind.VERIFY:
        findings = VERIFICATIONS[step.does](gather_facts(workflow, work))
        outcome, details = ("failed" if findings else "passed"), {"findings": findings}
    else:
        outcome = "fits" if decide(step, workflow, work) else "unfit"
    note_step(step, outcome, step.next[outcome], workflow, work, **details)
    return outcome


def take_action(step: Step, workflow: Workflow, work: Work) -> str:
    """Makes a step's calls, those left that no worker had answered before."""
    ends_run = step.does in ENDS_RUN
    calls = [
        ToolCall(f"{workflow.name}_{step.name}_{number}", call.tool, dict(call.arguments))
        for number, call in enumerate(ACTIONS[step.does](gather_facts(workflow, work)), 1)
    ]
    known = {one.tool_call_id: one.answer for one in looked_up(workflow, work)}
    left = [call for call in calls if call.tool_call_id not in known]
    # Once people are called the run is over, and takes no more events of this worker: its step is noted with the call.
    before = [fact_of_step(step, "done", step.next["done"], workflow)] if ends_run else []
    if left:
        known |= {told.tool_call_id: read_answer(told) for told in answer_left(left, before, workflow, work)}
    failed = any(has_failed(known[call.tool_call_id]) for call in calls)
    outcome = "failed" if failed else "done"
    if failed or not ends_run:
        note_step(step, outcome, step.next[outcome], workflow, work)
    return outcome


def answer_left(
    calls: Sequence[ToolCall], before: Sequence[Fact], workflow: Workflow, work: Work
) -> tuple[ToolAnswer, ...]:
    """The answers to a step's calls, in the workflow's thread."""
    return answer_calls(calls, work, list(before), thread=thread_of(workflow))


def read_answer(told: ToolAnswer) -> Mapping[str, Any]:
    """A tool's answer as a value."""
    value = json.loads(told.content)
    return value if isinstance(value, dict) else {"error": "no answer"}


def has_failed(answer: Mapping[str, Any]) -> bool:
    """Whether a call came to nothing."""
    return "error" in answer or answer.get("outcome") == REFUSED


def decide(step: Step, workflow: Workflow, work: Work) -> bool:
    """Has the step's role draft. Returns: whether its answer fits."""
    decision = DECISIONS[step.does]
    purpose = fence("what the reply is for", decision.purpose)
    brief = f"{ticket_words(work)}\n\n{known_words(work)}\n\n{purpose}\nWrite the reply."
    try:
        ask_for_value(Task(decision.role, thread_of(workflow), brief, place_of(step, workflow)), work, Draft)
    # At a bound of the run the loop goes on, and wraps up.
    except (RoleFailed, OutOfBounds):
        return False
    return True


def place_of(step: Step, workflow: Workflow) -> int:
    """Where a step stands in its workflow, from 0."""
    return workflow.steps.index(step)


def step_of(event: Event) -> Step:
    """A step as its event tells of it, where the definition has changed since."""
    return Step(event.data["step"], StepKind(event.data["kind"]), "", "", {})


# --- What is told ---


def agenda_of(workflow: Workflow) -> Agenda:
    """A workflow's steps are its run's agenda."""
    steps = tuple(AgendaStep(id=f"s{place}", text=step.title) for place, step in enumerate(workflow.steps, 1))
    return Agenda(steps=steps, source="derived")


def note_step(
    step: Step, outcome: str, target: str, workflow: Workflow, work: Work, findings: Sequence[Finding] = ()
) -> None:
    """Stores a step; the last one with what the loop is told, should it go on."""
    fact = fact_of_step(step, outcome, target, workflow, findings)
    if target in ENDINGS:
        fact.words["told"] = tell_loop(step, outcome, workflow, work, findings)
    store_facts(work, [fact])


def fact_of_step(step: Step, outcome: str, target: str, workflow: Workflow, findings: Sequence[Finding] = ()) -> Fact:
    """The event of a step."""
    data: dict[str, Any] = {
        "workflow": workflow.name,
        "version": workflow.version,
        "step": step.name,
        "kind": str(step.kind),
        "outcome": outcome,
        "next": str(target),
    }
    if findings:
        data["failed"] = list(dict.fromkeys(finding.check for finding in findings))
    words = {"findings": to_words([str(finding) for finding in findings])} if findings else {}
    return Fact(EventKind.WORKFLOW_STEPPED, data, words)


def tell_loop(step: Step, outcome: str, workflow: Workflow, work: Work, findings: Sequence[Finding]) -> str:
    """What the loop is told, should it go on: the steps, and as data what was looked up, drafted and proposed."""
    looked = looked_up(workflow, work)
    facts = {
        "drafted": [draft.model_dump(mode="json") for draft in drafts_of(workflow, work, bodies_of(work)).values()],
        "found_wrong": [str(finding) for finding in findings],
        "proposed": [
            proposed_to_json(action) for action in Action.objects.filter(origin=work.run.pk).order_by("place")
        ],
    }
    reads = [{"source": f"tool:{one.tool_call_id}", "tool": one.tool, "answer": one.answer} for one in looked]
    reads = [one for one in reads if "outcome" not in one["answer"]]
    told = fence("what the workflow did", {**facts, "looked_up": reads})
    while len(told) > LONGEST_TOLD and reads:
        reads.pop(0)
        told = fence("what the workflow did", {**facts, "looked_up": reads})
    steps = "; ".join([*(step_in_words(event) for event in steps_taken(work)), f"{step.name}: {outcome}"])
    return (
        f"A fixed workflow, “{workflow.title}”, worked on this ticket before you: {steps}. Do not repeat what it "
        f"did; what it found may be cited. As data:\n{told}"
    )


def proposed_to_json(action: Action) -> dict[str, Any]:
    """A proposal of the run, for the model."""
    return {"action_id": str(action.pk), "kind": action.kind, "arguments": action.arguments, "status": action.status}


def step_in_words(event: Event) -> str:
    """A step and what it came to."""
    return f"{event.data['step']}: {event.data['outcome']}"


def in_words(workflow: Workflow, work: Work) -> str:
    """The steps taken, for staff: what each does, and what it came to."""
    titles = {step.name: step.title for step in workflow.steps}
    taken = (
        f"{titles.get(event.data['step'], event.data['step'])}: {event.data['outcome']}" for event in steps_taken(work)
    )
    return "; ".join(taken) + "."
