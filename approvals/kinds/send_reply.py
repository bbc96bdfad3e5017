"""Send a plain-text reply to the customer; the plan holds the exact recipient and words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from approvals.kinds.catalogue_entry import ActionKind, Arguments, Words
from tickets.effects import Effect, SendMessage
from tickets.records import DeskView


class Citation(Arguments):
    """What a sentence of the reply rests on: `article:SLUG@REVISION` or `tool:TOOL_CALL_ID`, and the words used."""

    source: Annotated[str, Field(min_length=1, max_length=300)]
    quote: Annotated[str, Field(max_length=4000)] = ""


class SendReply(Arguments):
    """The words, and what they rest on."""

    body: Words
    citations: Annotated[tuple[Citation, ...], Field(max_length=50)] = ()


def plan(arguments: SendReply, view: DeskView) -> list[Effect]:
    """One e-mail to the ticket's customer and to nobody else."""
    citations = tuple(citation.model_dump() for citation in arguments.citations)
    return [
        SendMessage(
            record="new:message:1",
            channel="email",
            to=view.customer.email,
            subject=reply_subject(view),
            body=arguments.body,
            ticket_id=view.ticket.ticket_id,
            citations=citations,
        )
    ]


def reply_subject(view: DeskView) -> str:
    """`Re:` and the ticket's subject in one line, with its number, so that an answer finds its way back."""
    subject = " ".join(view.ticket.subject.split())[:200]
    return f"Re: {subject} [{view.ticket.number}]"


def summary(arguments: SendReply, view: DeskView) -> str:
    """One sentence for the queue."""
    words = " ".join(arguments.body.split())
    return f"Reply to {view.customer.email}: {words[:120]}{'…' if len(words) > 120 else ''}"


KIND = ActionKind(
    name="send_reply",
    title="Send reply",
    description=(
        "Send the customer a plain-text reply. It is sent only after the actions proposed before it have happened, so "
        "write it for that moment. Cite articles and tool results that its claims rest on."
    ),
    arguments=SendReply,
    plan=plan,
    summary=summary,
    reaches_customer=True,
    cannot_undo="A message that has left cannot be called back.",
    reversed_by="send_reply",
)
