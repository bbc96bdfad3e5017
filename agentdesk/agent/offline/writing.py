"""Writing: the reply to the customer, the result for colleagues. Plain text, short, and only what the tools said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from agentdesk.agent.offline.case import Case
from agentdesk.agent.offline.outcomes import Citation, Outcome, Proposal, Remark, join_words

SIGNED = "The support team"
MOST_CITATIONS = 40
AMOUNT = re.compile(r"\d+\.\d{2}(?= USD)")


def greet(first_name: str) -> str:
    """The opening line."""
    return f"Hi {first_name}," if first_name else "Hello,"


def first_name_of(customer: Mapping[str, Any], stated: Mapping[str, Any]) -> str:
    """The first name on record; else the first word of the name the ticket carries."""
    name = customer.get("name")
    if isinstance(name, Mapping) and name.get("first_name"):
        return str(name["first_name"])
    words = str(stated.get("name") or "").split()
    return words[0] if words else ""


def write_reply(first_name: str, outcomes: Sequence[Outcome], *, is_angry: bool) -> str:
    """One reply that covers everything, written for the moment after the proposed actions have happened."""
    asks = any(isinstance(outcome, Remark) and outcome.asks for outcome in outcomes)
    acted = any(isinstance(outcome, Proposal) for outcome in outcomes)
    opening = "I am sorry for the trouble this has caused you." if is_angry else "Thank you for your message."
    closing = (
        "Just answer this message, and we will take it from there."
        if asks
        else "If there is anything else, just answer this message."
    )
    told = [outcome.told for outcome in outcomes if isinstance(outcome, Proposal)]
    said = [outcome.told for outcome in outcomes if isinstance(outcome, Remark) and outcome.told]
    if acted and said and asks:
        said[0] = f"One thing is still open. {said[0]}" if len(said) == 1 else said[0]
    return "\n\n".join([greet(first_name), opening, *told, *said, closing, SIGNED])


def write_mended_reply(first_name: str, done: Sequence[str], not_done: Sequence[str]) -> str:
    """The reply after people decided otherwise: what happened, what did not, and no reasons of ours."""
    parts = [greet(first_name), "Thank you for your patience.", *done]
    parts.append(
        f"I am sorry: we were not able to {join_words(not_done, 'or')}. Nothing has changed there. "
        "If you would like us to look for another way, just answer this message."
    )
    return "\n\n".join([*parts, SIGNED])


def gather_citations(body: str, outcomes: Sequence[Outcome], case: Case) -> list[dict[str, str]]:
    """What the reply rests on, each once: what its parts cite, then the look-ups that told its amounts."""
    stated = [citation for outcome in outcomes for citation in outcome.citations]
    found = dict.fromkeys((*stated, *cite_amounts(body, case)))
    return [citation.to_json() for citation in list(found)[:MOST_CITATIONS]]


def cite_amounts(body: str, case: Case) -> Iterator[Citation]:
    """For each amount, the first look-up that told it."""
    answers = [
        (answered.call.tool_call_id, json.dumps(answered.answer)) for answered in case.answered if answered.is_read
    ]
    for amount in dict.fromkeys(AMOUNT.findall(body)):
        sources = (call_id for call_id, words in answers if re.search(rf"(?<![\d.]){re.escape(amount)}(?!\d)", words))
        yield from (Citation(f"tool:{call_id}", amount) for call_id in islice(sources, 1))


def write_result(outcomes: Sequence[Outcome], unanswered: Sequence[str], flags: Sequence[str]) -> str:
    """Two or three sentences for staff: what was found, what was proposed, what is open."""
    proposed = [outcome.failed for outcome in outcomes if isinstance(outcome, Proposal)]
    notes = [outcome.note for outcome in outcomes if isinstance(outcome, Remark)]
    parts = [f"Proposed: {join_words(proposed)}." if proposed else "Proposed no action on records."]
    if notes:
        parts.append(f"Found: {'; '.join(notes)}.")
    if unanswered:
        parts.append(f"Open: no article answers {join_words([f'“{question[:120]}”' for question in unanswered])}.")
    return " ".join([*parts, *flags])


def write_summary(outcomes: Sequence[Outcome], words: str) -> str:
    """What was understood of a ticket that goes to people."""
    understood = [outcome.failed for outcome in outcomes if isinstance(outcome, Proposal)]
    notes = [outcome.note for outcome in outcomes if isinstance(outcome, Remark) and outcome.note]
    parts = [f"The customer writes: “{' '.join(words.split())[:600]}”."]
    if understood:
        parts.append(f"Understood as: {join_words(understood)}; nothing of it was done.")
    if notes:
        parts.append(f"Found: {'; '.join(notes)}.")
    return " ".join(parts)
