"""Leave an internal note on the ticket."""

from __future__ import annotations

from approvals.kinds.catalogue_entry import ActionKind, Arguments, Words
from tickets.effects import AddRecord, Effect
from tickets.records import DeskView


class AddNote(Arguments):
    """The words of the note."""

    body: Words


def plan(arguments: AddNote, view: DeskView) -> list[Effect]:
    """One note that never leaves the house."""
    fields = {"ticket_id": view.ticket.ticket_id, "direction": "note", "body": arguments.body}
    return [AddRecord("new:note:1", fields)]


def summary(arguments: AddNote, view: DeskView) -> str:
    """One sentence for the queue."""
    words = " ".join(arguments.body.split())
    return f"Note: {words[:120]}{'…' if len(words) > 120 else ''}"


KIND = ActionKind(
    name="add_note",
    title="Add note",
    description="Leave an internal note for colleagues; the customer never sees it.",
    arguments=AddNote,
    plan=plan,
    summary=summary,
    takes_closed_tickets=True,
    reversed_by="add_note",
)
