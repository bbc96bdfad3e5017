"""Handing work to roles: what the manager's two tools do, and what the reviewer said of a draft.

Run outside any transaction: a role asks models. All that passes between roles is rows of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from agentdesk.agent.fencing import fence
from agentdesk.agent.findings import Finding
from agentdesk.agent.language_model import ToolCall
from agentdesk.agent.roles import MOST_REWRITES, AskAnalyst, AskWriter, Draft, Review
from agentdesk.runs.agent_versions import agent_version
from agentdesk.runs.gathering import gather_evidence, load_course, read_ticket
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, EventKind, Text
from agentdesk.runs.open_turn import faults_in_words
from agentdesk.runs.role_threads import RoleFailed, Task, ask_for_text, ask_for_value, ticket_words, without_fence
from agentdesk.runs.work import OutOfBounds, Work
from approvals.models import Action

MOST_KNOWN = 60_000
"""Characters of what is known that a writer or a reviewer is given; the newest count."""
OBJECTED = Decimal("0.30")
"""The score of a draft the reviewer objects to is never above this."""
Answer = dict[str, Any]


def ask_analyst(call: ToolCall, work: Work) -> Answer:
    """What the analyst found, in words, and the names of what it looked up."""
    asked = AskAnalyst.model_validate(call.arguments)
    brief = f"{ticket_words(work)}\n\n{fence('question', asked.question)}\nAnswer the question."
    found = ask_for_text(Task("analyst", call.tool_call_id, brief), work)
    return {"found": found, "looked_up": looked_up(call.tool_call_id, work)}


def ask_writer(call: ToolCall, work: Work) -> Answer:
    """The writer's draft, and the reviewer's word on it where drafts are reviewed."""
    asked = AskWriter.model_validate(call.arguments)
    known = f"{ticket_words(work)}\n\n{known_words(work)}"
    brief = f"{known}\n\n{fence('what the reply is for', asked.brief)}\nWrite the reply."
    thread = call.tool_call_id
    draft = ask_for_value(Task("writer", thread, brief), work, Draft)
    if not draft.answerable or not drafts_are_reviewed(work):
        return draft_to_json(draft)
    return reviewed_draft(draft, known, thread, work)


def reviewed_draft(draft: Draft, known: str, thread: str, work: Work) -> Answer:
    """The draft, written anew while the reviewer objects, twice at most; after that a person decides."""
    review = review_draft(draft, known, thread, work)
    for rewrite in range(1, MOST_REWRITES + 1):
        if review.approved:
            break
        again = f"{fence('objections', list(review.objections))}\nA reviewer objects to your draft. Write it anew."
        draft = ask_for_value(Task("writer", thread, again, rewrite), work, Draft)
        if not draft.answerable:
            return draft_to_json(draft)
        review = review_draft(draft, known, thread, work, rewrite)
    return {**draft_to_json(draft), "review": review_to_json(review)}


def review_draft(draft: Draft, known: str, thread: str, work: Work, place: int = 0) -> Review:
    """What the reviewer says of a draft; kept under the draft's own hash."""
    brief = f"{fence('draft', draft.model_dump(mode='json'))}\nReview the draft."
    brief = f"{known}\n\n{brief}" if place == 0 else brief
    data = {"body_sha256": hash_body(draft.body)}
    return ask_for_value(Task("reviewer", f"{thread}:review", brief, place, data=data), work, Review)


def answer_handed(ask: Callable[[ToolCall, Work], Answer]) -> Callable[[ToolCall, Work], Answer]:
    """The tool, which answers in words where its arguments do not fit or the role has no answer."""

    def answer(call: ToolCall, work: Work) -> Answer:
        try:
            return ask(call, work)
        except ValidationError as error:
            return {
                "error": "malformed call",
                "what_was_wrong": faults_in_words(error),
                "what_to_try": "Call it again with the fields it takes.",
            }
        # At a bound of the run it is the manager who wraps up: its own next turn is told so.
        except (RoleFailed, OutOfBounds) as failure:
            what_to_try = "Go on with what is known without it, or escalate."
            return {"error": "no answer", "what_was_wrong": str(failure), "what_to_try": what_to_try}

    return answer


HANDED: Mapping[str, Callable[[ToolCall, Work], Answer]] = {
    "ask_analyst": answer_handed(ask_analyst),
    "ask_writer": answer_handed(ask_writer),
}
"""The tools that hand work to a role. Raises, besides: what `asking.ask` raises."""


# --- What a role is told ---


def known_words(work: Work) -> str:
    """What this run looked up and what it proposed, each under the name a citation gives it, fenced."""
    actions = list(Action.objects.filter(origin=work.run.pk).order_by("place"))
    evidence = gather_evidence(load_course(work.run.pk), read_ticket(ticket_words(work)), actions)
    known = [{"source": one.name, "value": one.value} for one in evidence.sources if one.kind != "ticket"]
    done = [{"kind": one.kind, "status": one.status, "effects": list(one.effects)} for one in evidence.actions]
    told = fence("what is known", known)
    while len(told) > MOST_KNOWN and known:
        known.pop(0)
        told = fence("what is known", known)
    return f"{told}\n{fence('what is proposed or done', done)}"


def looked_up(thread: str, work: Work) -> list[dict[str, Any]]:
    """What was looked up in a thread: the names a citation gives it, and the tool."""
    answered = Event.objects.filter(run=work.run, kind=EventKind.TOOL_ANSWERED).order_by("seq")
    own = [one.data for one in answered if one.data.get("thread") == thread]
    return [{"tool": data["tool"], "sources": sources_of(data)} for data in own]


def sources_of(answered: dict[str, Any]) -> list[str]:
    """The names under which a tool's answer, and the articles in it, are cited."""
    return [f"tool:{answered['tool_call_id']}", *(f"article:{name}" for name in answered.get("knowledge", ()))]


def draft_to_json(draft: Draft) -> Answer:
    """A draft as the manager reads it."""
    value = draft.model_dump(mode="json")
    if draft.answerable:
        return {"draft": {"body": value["body"], "citations": value["citations"]}, "confidence": value["confidence"]}
    return {"error": "not answerable", "what_was_wrong": draft.missing, "what_to_try": "Find out what is missing."}


def review_to_json(review: Review) -> Answer:
    """The reviewer's word as the manager reads it."""
    if review.approved:
        return {"verdict": "approved", "score": str(review.score)}
    said = "The reviewer still objects: a person reads it before it is sent. Send it so, or escalate."
    return {"verdict": "objects", "objections": list(review.objections), "what_to_try": said}


# --- What the reviewer said of a body ---


def drafts_are_reviewed(work: Work) -> bool:
    """Whether a reviewer reads what the writer drafts: where admins want it, and a real model writes."""
    return ":" in work.names()[0] and agent_version(work.run.agent_version).reviews_drafts


def hash_body(body: str) -> str:
    """The name of a draft's words, space around them not counted."""
    return hash_words(body.strip())


def find_review(run_id: UUID, body: str) -> Review | None:
    """The reviewer's last word on exactly these words; None where it has not read them, or its words were erased."""
    heard = Event.objects.filter(run_id=run_id, kind=EventKind.ROLE_ANSWERED).order_by("-seq")
    event = next((one for one in heard if one.data.get("body_sha256") == hash_body(body)), None)
    words = event and Text.objects.filter(run_id=run_id, sha256=event.data.get("answer")).first()
    return Review.model_validate_json(without_fence(words.body)) if words and words.body else None


def reviewer_score(run_id: UUID, body: str) -> Decimal | None:
    """How sure the reviewer is of these words, 0 to 1; None where it has not read them."""
    review = find_review(run_id, body)
    if review is None:
        return None
    return review.score if review.approved else min(review.score, OBJECTED)


def reviewer_findings(run_id: UUID, body: str) -> tuple[Finding, ...]:
    """`reviewer_objects` where the reviewer's last word on these words was an objection."""
    review = find_review(run_id, body)
    if review is None or review.approved:
        return ()
    said = " ".join(review.objections) or "It gives no reason."
    return (Finding("reviewer_objects", f"The reviewer objects after {MOST_REWRITES} rewrites. {said}"[:1000]),)
