"""What a step can do, by name: conditions and actions as Python functions over a run's facts, checks, AI decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentdesk.agent.checks.grounding import check_grounding
from agentdesk.agent.checks.output import check_output
from agentdesk.agent.checks.reviewing import review_draft
from agentdesk.agent.findings import Finding
from agentdesk.agent.offline.letters import read_with_subject
from agentdesk.agent.workflows.definition import Step, StepKind
from agentdesk.agent.workflows.facts import Call, Facts

MOST_SEARCHES = 3
LONGEST_QUERY = 600
LONGEST_READ = 8000
LONGEST_SUMMARY = 4000
OVER = frozenset({"delivered", "cancelled"})
WORD = re.compile(r"[a-z]{4,}")
COMMON = frozenset(
    WORD.findall(
        "about after also anything been before could does doing from have hello help here into just know like much "
        "need only order please question should some tell than thank thanks that them then there these they this "
        "those time very want what when where which will with would your"
    )
)
LEAST_SHARED = 2
"""Words of the question that a passage must hold to be worth reading."""


@dataclass(frozen=True)
class Decision:
    """An AI decision: which role makes it, and what its draft is for."""

    role: str
    purpose: str


@dataclass(frozen=True)
class Condition:
    """A condition and all it can come to."""

    outcomes: tuple[str, ...]
    decide: Callable[[Facts], str]


# --- Actions: the tool calls a step makes ---


def search_articles(facts: Facts) -> tuple[Call, ...]:
    """Looks for the customer's words in the articles, and for the questions among them by themselves."""
    reading = read_with_subject(facts.subject, facts.newest_words[:LONGEST_READ])
    asked = [question for question in reading.questions if meaning_words(question)]
    queries = dict.fromkeys(query[:LONGEST_QUERY].strip() for query in (facts.newest_words, *asked))
    return tuple(Call("search_knowledge", {"query": query}) for query in queries if query)[:MOST_SEARCHES]


def list_orders(facts: Facts) -> tuple[Call, ...]:
    """Looks at the customer's orders in short."""
    return (Call("list_orders", {}),)


def look_up_order(facts: Facts) -> tuple[Call, ...]:
    """Looks at the order that is meant, and at what the articles say of deliveries."""
    order_id = order_meant(facts)
    looks = [Call("get_order", {"order_id": order_id})] if order_id else []
    return (*looks, Call("search_knowledge", {"query": "where is my order, status, shipping and delivery times"}))


def propose_reply(facts: Facts) -> tuple[Call, ...]:
    """Proposes the draft as the reply."""
    draft = facts.draft
    if draft is None:
        return ()
    arguments = {
        "body": draft.body,
        "citations": [citation.model_dump() for citation in draft.citations],
        "rationale": "It answers what was asked, from what was looked up.",
        "confidence": float(draft.confidence),
        "alternatives": ["Leave the ticket to the agent's own judgement.", "Give it to people."],
    }
    return (Call("send_reply", arguments),)


def propose_solved(facts: Facts) -> tuple[Call, ...]:
    """Proposes that the ticket is solved, where it is not."""
    if (facts.ticket.get("ticket") or {}).get("status") == "solved":
        return ()
    sure = float(facts.draft.confidence) if facts.draft else None
    why = {"rationale": "The reply answers all that was asked.", "alternatives": ["Wait for an answer."]}
    return (Call("set_ticket", {"status": "solved", "confidence": sure, **why}),)


def propose_escalation(facts: Facts) -> tuple[Call, ...]:
    """Calls people, with triage's reasons and the customer's words."""
    reason = " ".join(facts.reasons) or "Triage found that people must see to this."
    words = " ".join(facts.newest_words.split())
    summary = f"Nothing was drafted or changed. The customer writes: {words}"[:LONGEST_SUMMARY]
    arguments = {
        "reason": reason[:2000],
        "summary": summary,
        "urgency": facts.urgency,
        "rationale": reason[:2000],
        "confidence": 1.0,
        "alternatives": ["Draft an answer first: not for a ticket of this sort."],
    }
    return (Call("escalate", arguments),)


# --- Conditions ---


def passage_was_found(facts: Facts) -> str:
    """`yes` where a passage shares words with what was asked, else `no`."""
    asked = meaning_words(facts.newest_words)
    least = min(LEAST_SHARED, len(asked))
    for answer in facts.answers("search_knowledge"):
        for hit in objects_in(answer.get("hits")):
            words = meaning_words(f"{hit.get('title', '')} {hit.get('passage', '')}")
            if least and len(asked & words) >= least:
                return "yes"
    return "no"


def order_is_clear(facts: Facts) -> str:
    """`yes` where one order is meant: the only one named, else the only open one. Else `no`."""
    return "yes" if order_meant(facts) else "no"


def draft_answers(facts: Facts) -> str:
    """`yes` where the draft says that it answers all that was asked, and says something. Else `no`."""
    draft = facts.draft
    return "yes" if draft is not None and draft.answerable and draft.body else "no"


def order_meant(facts: Facts) -> str | None:
    """The id of the order the customer means; None where it is not clear or not theirs."""
    orders = {
        str(order.get("order_id")): order.get("status")
        for answer in facts.answers("list_orders")
        for order in objects_in(answer.get("orders"))
    }
    words = facts.newest_words
    spoken = set(re.findall(r"#?\b[A-Z]\d{5,}\b", words))
    named = {order_id for order_id in orders if order_id.lstrip("#") in words}
    if len(named) == 1 and len({one.lstrip("#") for one in spoken}) <= 1:
        return named.pop()
    if named or spoken:
        return None
    open_ones = [order_id for order_id, status in orders.items() if status not in OVER]
    return open_ones[0] if len(open_ones) == 1 else None


def objects_in(value: object) -> list[Mapping[str, Any]]:
    """The JSON objects of a list; none where a tool gave something else."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def meaning_words(text: str) -> set[str]:
    """The words of a text that carry its meaning, cut to their first five letters so that endings count little."""
    return {word[:5] for word in WORD.findall(text.lower()) if word not in COMMON}


# --- Checks of a draft ---


def draft_is_grounded(facts: Facts) -> tuple[Finding, ...]:
    """What is wrong with the draft, by the checks of any reply."""
    draft = facts.draft
    if draft is None:
        return (Finding("no_draft", "There is no draft."),)
    citations = [citation.model_dump() for citation in draft.citations]
    return (
        *check_grounding(draft.body, citations, facts.evidence),
        *check_output(draft.body, facts.evidence),
        *review_draft(draft.body, facts.evidence),
    )


ACTIONS: Mapping[str, Callable[[Facts], tuple[Call, ...]]] = {
    function.__name__: function
    for function in (
        search_articles,
        list_orders,
        look_up_order,
        propose_reply,
        propose_solved,
        propose_escalation,
    )
}
CONDITIONS: Mapping[str, Condition] = {
    function.__name__: Condition(("yes", "no"), function)
    for function in (passage_was_found, order_is_clear, draft_answers)
}
VERIFICATIONS: Mapping[str, Callable[[Facts], tuple[Finding, ...]]] = {"draft_is_grounded": draft_is_grounded}
DECISIONS: Mapping[str, Decision] = {
    "answer_question": Decision("writer", "Answer the customer's question from the articles. Nothing is to be done."),
    "tell_order_status": Decision(
        "writer", "Tell the customer where the order stands, from its record and the articles. Nothing is to be done."
    ),
}
ENDS_RUN = frozenset({"propose_escalation"})
"""Actions after which a run is over: people have been called."""
OUTCOMES: Mapping[StepKind, tuple[str, ...]] = {
    StepKind.ACTION: ("done", "failed"),
    StepKind.VERIFY: ("passed", "failed"),
    StepKind.DECISION: ("fits", "unfit"),
}
TABLES: Mapping[StepKind, Mapping[str, object]] = {
    StepKind.ACTION: ACTIONS,
    StepKind.CONDITION: CONDITIONS,
    StepKind.VERIFY: VERIFICATIONS,
    StepKind.DECISION: DECISIONS,
}


def outcomes_of(step: Step) -> tuple[str, ...]:
    """All a step can come to. Raises: KeyError, for a condition that is not in the table."""
    return CONDITIONS[step.does].outcomes if step.kind == StepKind.CONDITION else OUTCOMES[step.kind]
