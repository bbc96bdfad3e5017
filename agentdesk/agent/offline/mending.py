"""After people decided otherwise than proposed: a reply that fits what really happened, or the ticket to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentdesk.agent.checks.alarms import Alarm
from agentdesk.agent.offline.case import Answered, Case, Decision
from agentdesk.agent.offline.letters import read_thread
from agentdesk.agent.offline.lookups import Lookups
from agentdesk.agent.offline.outcomes import Proposal
from agentdesk.agent.offline.planning import make_plan
from agentdesk.agent.offline.steps import Step, escalate, result_of_escalation, status_call
from agentdesk.agent.offline.writing import first_name_of, gather_citations, write_mended_reply

KEEPING = frozenset({"send_reply", "set_ticket", "add_note", "escalate"})
MENDABLE = frozenset({"rejected", "refused"})


def mend(case: Case) -> Step:
    """The next step after decisions."""
    latest = [answered for answered in case.written if answered.round == len(case.rounds)]
    if latest and latest[-1].call.name == "escalate":
        return Step(result_of_escalation(latest[-1]))
    outcomes = settled_outcomes(case)
    undone = [answered for answered in case.written if is_undone(answered, outcomes)]
    if len(case.rounds) > 1 or not is_mendable(undone, outcomes, case.rounds[-1]):
        return hand_over(case, undone, outcomes)
    replies = [answered for answered in latest if answered.call.name == "send_reply"]
    if not replies:
        return Step("Writing a reply that fits what happened.", (("send_reply", mended_call(case, outcomes)),))
    if replies[-1].outcome == "refused":
        return hand_over(case, undone, outcomes)
    if not any(answered.call.name == "set_ticket" for answered in latest) and "set_ticket" in case.tools:
        return Step("The customer may answer.", (("set_ticket", status_call("pending")),))
    names = ", ".join(answered.call.name for answered in undone)
    return Step(
        f"Not done after decisions: {names}. The customer is told in neutral words and may answer; the rest "
        f"happened as proposed."
    )


def settled_outcomes(case: Case) -> dict[str, Decision]:
    """What became of each action, by its id; the newest word counts."""
    return {decision.action_id: decision for decisions in case.rounds for decision in decisions}


def outcome_of(answered: Answered, outcomes: Mapping[str, Decision]) -> str:
    """What became of one call in the end."""
    decided = outcomes.get(str(answered.answer.get("action_id")))
    return decided.outcome if decided else answered.outcome


def is_undone(answered: Answered, outcomes: Mapping[str, Decision]) -> bool:
    """Whether a proposed change of records did not happen."""
    return answered.call.name not in KEEPING and outcome_of(answered, outcomes) not in {"executed", "done"}


def is_mendable(undone: list[Answered], outcomes: Mapping[str, Decision], decided: tuple[Decision, ...]) -> bool:
    """Whether a plain reply can put things right: people said no to an action, and its reply went down with it."""
    if not undone:
        return False
    if any(decision.kind == "send_reply" and decision.outcome == "rejected" for decision in decided):
        return False
    return all(outcome_of(answered, outcomes) in {*MENDABLE, "superseded"} for answered in undone) and any(
        outcome_of(answered, outcomes) in MENDABLE for answered in undone
    )


def mended_call(case: Case, outcomes: Mapping[str, Decision]) -> dict[str, Any]:
    """The arguments of the reply that says what was done and what was not."""
    plan = make_plan(read_thread(case), Lookups(case))
    done: list[Proposal] = []
    failed: list[str] = []
    for proposal in plan.proposals:
        call = case.find(proposal.kind, proposal.to_call())
        if call is not None and outcome_of(call, outcomes) in {"executed", "done"}:
            done.append(proposal)
        else:
            failed.append(proposal.failed)
    found = case.find("find_customer", {})
    name = first_name_of(found.answer if found else {}, case.customer)
    body = write_mended_reply(name, [proposal.told for proposal in done], failed or ["do what you asked for"])
    return {
        "body": body,
        "citations": gather_citations(body, done, case),
        "rationale": "Tells the customer what happened and what did not.",
        "confidence": 0.8,
        "alternatives": ["Escalating the ticket."],
    }


def hand_over(case: Case, undone: list[Answered], outcomes: Mapping[str, Decision]) -> Step:
    """The ticket to people, with what happened and what did not."""
    happened = [
        answered.call.name for answered in case.written if outcome_of(answered, outcomes) in {"executed", "done"}
    ]
    not_done = [f"{answered.call.name} ({outcome_of(answered, outcomes)})" for answered in undone]
    reason = "The proposals were settled otherwise, and the reply needs a person."
    step = escalate(Alarm("mending", reason, "normal"), (), read_thread(case))
    arguments = dict(step.calls[0][1])
    arguments["summary"] = (
        f"{arguments['summary']} Happened: {', '.join(happened) or 'nothing'}. Did not: "
        f"{', '.join(not_done) or 'only the reply'}."
    )
    return Step(reason, (("escalate", arguments),))
