"""Which step comes next: look up, propose, reply, set the ticket, or end with a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agentdesk.agent.checks.alarms import INJECTION, Alarm
from agentdesk.agent.offline.answers import is_about_shop
from agentdesk.agent.offline.case import Answered, Case
from agentdesk.agent.offline.letters import read_thread
from agentdesk.agent.offline.lookups import Lookups
from agentdesk.agent.offline.outcomes import Outcome, Proposal, Remark, join_words
from agentdesk.agent.offline.planning import Plan, make_plan
from agentdesk.agent.offline.wishes import Reading
from agentdesk.agent.offline.writing import first_name_of, gather_citations, write_reply, write_result, write_summary

MOST_CALLS = 10
UNSURE = Alarm("unsure", "It is not clear what the customer wants.", "normal")
LEFT_ALONE = Remark("I have left everything as it is; nothing has been changed.", "the customer wants nothing changed")
UNDECIDED = Remark(
    "I have not changed anything. If you decide to go ahead, just tell us which order it is about and what you would "
    "like us to do.",
    "the customer has not decided yet",
    asks=True,
)


@dataclass(frozen=True)
class Step:
    """A turn to be: what it says, and the calls it makes as (tool, arguments)."""

    text: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def next_step(case: Case) -> Step:
    """The next step of a case nobody has decided on yet."""
    if case.written and case.written[-1].call.name == "escalate":
        return Step(result_of_escalation(case.written[-1]))
    reading = read_thread(case)
    if reading.alarm is not None:
        return escalate(reading.alarm, (), reading)
    if reading.is_thanks and not reading.wishes:
        return close_without_reply(case)
    lookups = Lookups(case)
    plan = make_plan(harmless(reading), lookups)
    if plan.missing:
        return Step(agenda(reading, plan), plan.missing[:MOST_CALLS])
    if reading.is_steered and not plan.outcomes:
        return escalate(INJECTION, (), reading)
    return act(case, reading, settle_plan(plan, reading))


def harmless(reading: Reading) -> Reading:
    """What may be followed: where hidden text tried to steer the agent, only questions are answered."""
    return replace(reading, wishes=()) if reading.hidden_orders else reading


def settle_plan(plan: Plan, reading: Reading) -> Plan:
    """A plan that comes to nothing asks back where that can help; otherwise it stays empty and people are called."""
    if plan.outcomes or reading.hidden_orders:
        return plan
    if reading.is_withdrawn and not reading.wishes:
        return replace(plan, outcomes=(LEFT_ALONE,))
    if reading.is_hedged:
        return replace(plan, outcomes=(UNDECIDED,))
    can_help = reading.orders or (not plan.unanswered and (reading.wishes or is_about_shop(reading.text)))
    return replace(plan, outcomes=(ask_what(reading),)) if can_help else plan


def ask_what(reading: Reading) -> Remark:
    """The question for someone whose wish stays unclear."""
    about = f" about order {join_words(reading.orders)}" if reading.orders else ""
    which = "" if reading.orders else "which order this is about (its number starts with #W) and "
    return Remark(
        f"I am not sure I understand what we can do for you{about}. Could you please tell us {which}what you would "
        "like us to do?",
        "no clear wish; asked back",
        asks=True,
    )


def act(case: Case, reading: Reading, plan: Plan) -> Step:
    """Proposals first, then the reply, then the ticket, then the result."""
    if asks_again(case, plan):
        return escalate(
            Alarm("asked twice", "The customer's answer left the question open.", "normal"), plan.outcomes, reading
        )
    person = next((remark for remark in plan.remarks if remark.needs_person), None)
    if person is not None:
        return escalate(Alarm("person", person.needs_person, "normal"), plan.outcomes, reading)
    if not plan.outcomes:
        return escalate(UNSURE, (), reading)
    refused = refused_actions(case, plan)
    if refused:
        return escalate(Alarm("refused", "A proposed action was refused.", "normal"), plan.outcomes, reading, refused)
    due = [proposal for proposal in plan.proposals if made(case, proposal) is None]
    if due:
        names = "; ".join(proposal.failed for proposal in due)
        return Step(f"Proposing: {names}.", tuple((proposal.kind, proposal.to_call()) for proposal in due[:MOST_CALLS]))
    return reply_and_close(case, reading, plan)


def asks_again(case: Case, plan: Plan) -> bool:
    """Whether the reply would only ask what an earlier one has asked already."""
    said = " ".join(message.body for message in case.messages if message.direction == "outbound")
    asked = [remark.told for remark in plan.remarks if remark.asks]
    return bool(asked) and not plan.proposals and all(told in said for told in asked)


def made(case: Case, proposal: Proposal) -> Answered | None:
    """The call that made this proposal, if it was made."""
    return case.find(proposal.kind, proposal.to_call())


def refused_actions(case: Case, plan: Plan) -> list[Answered]:
    """The proposals that were refused."""
    calls = [made(case, proposal) for proposal in plan.proposals]
    return [call for call in calls if call is not None and call.outcome == "refused"]


def reply_and_close(case: Case, reading: Reading, plan: Plan) -> Step:
    """The reply, then the ticket's status, then the result for staff."""
    replies = [answered for answered in case.written if answered.call.name == "send_reply"]
    if not replies:
        return Step("Writing the reply.", (("send_reply", reply_call(case, reading, plan.outcomes)),))
    if replies[-1].outcome == "refused":
        return escalate(Alarm("refused", "The reply was refused.", "normal"), plan.outcomes, reading, replies[-1:])
    is_noted = any(answered.call.name == "add_note" for answered in case.written)
    if (reading.hidden_orders or reading.is_steered) and not is_noted:
        return Step("Noting the attempt.", (("add_note", note_of_attempt(reading)),))
    status = "pending" if any(remark.asks for remark in plan.remarks) else "solved"
    if needs_status(case, status):
        return Step(f"Setting the ticket to {status}.", (("set_ticket", status_call(status)),))
    flags = [f"{attempt_at(reading)} It was not followed."] if reading.hidden_orders or reading.is_steered else []
    return Step(write_result(plan.outcomes, plan.unanswered, flags))


def reply_call(case: Case, reading: Reading, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The arguments of `send_reply`."""
    found = case.find("find_customer", {})
    name = first_name_of(found.answer if found else {}, case.customer)
    sure = min([outcome.confidence for outcome in outcomes if isinstance(outcome, Proposal)] or [0.9])
    body = write_reply(name, outcomes, is_angry=reading.is_angry)
    return {
        "body": body,
        "citations": gather_citations(body, outcomes, case),
        "rationale": "Tells the customer what was done and what is still open.",
        "confidence": sure,
        "alternatives": [],
    }


def attempt_at(reading: Reading) -> str:
    """What was tried, for colleagues."""
    where = "Text that is hidden from view" if reading.hidden_orders else "Part of the message"
    return f"{where} tries to give the agent instructions."


def note_of_attempt(reading: Reading) -> dict[str, Any]:
    """The note for colleagues about words that tried to steer the agent."""
    rest = "only the visible question was answered" if reading.hidden_orders else "only what stands before was read"
    return {
        "body": f"{attempt_at(reading)} It was not followed; {rest}.",
        "rationale": "Colleagues should know of the attempt.",
        "confidence": 0.9,
        "alternatives": ["Escalating the ticket."],
    }


def needs_status(case: Case, status: str) -> bool:
    """Whether the ticket has yet to be set to this status."""
    is_set = any(answered.call.name == "set_ticket" for answered in case.written)
    return not is_set and case.ticket.get("status") != status and "set_ticket" in case.tools


def status_call(status: str) -> dict[str, Any]:
    """The arguments of `set_ticket`."""
    why = "Everything asked for is done." if status == "solved" else "The customer has to answer first."
    return {"status": status, "rationale": why, "confidence": 0.9, "alternatives": []}


def close_without_reply(case: Case) -> Step:
    """A thank-you needs no answer."""
    if needs_status(case, "solved"):
        return Step("The customer says thank you; no reply is needed.", (("set_ticket", status_call("solved")),))
    return Step("The customer said thank you. No reply was needed, and nothing is open.")


def escalate(alarm: Alarm, outcomes: Sequence[Outcome], reading: Reading, refused: Sequence[Answered] = ()) -> Step:
    """Giving the ticket to people with what was understood."""
    summary = write_summary(outcomes, reading.words)
    for answered in refused:
        summary += (
            f" Refused: {answered.call.name}, "
            f"{answered.answer.get('reason') or answered.answer.get('what_was_wrong') or ''}"
        )
    return Step(
        alarm.reason,
        (
            (
                "escalate",
                {
                    "reason": alarm.reason,
                    "summary": summary[:5000],
                    "urgency": alarm.urgency,
                    "rationale": alarm.reason,
                    "confidence": 0.9,
                    "alternatives": [],
                },
            ),
        ),
    )


def result_of_escalation(answered: Answered) -> str:
    """The result for staff after an escalation."""
    arguments = answered.call.arguments
    return f"Given to people ({arguments.get('urgency')}): {arguments.get('reason')} {arguments.get('summary')}"[:2000]


def agenda(reading: Reading, plan: Plan) -> str:
    """What the planner has understood and looks up next."""
    wishes = ", ".join(dict.fromkeys(wish.kind.value for wish in reading.wishes)) or "a question"
    looked = ", ".join(dict.fromkeys(name for name, _ in plan.missing[:MOST_CALLS]))
    return f"Understood: {wishes}. Looking up: {looked}."
