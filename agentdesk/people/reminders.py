"""Reminders: at half of an escalation's time, people of the role that was called get a letter with a link.

A letter leaves at most once for each person: the reminder is taken by a conditional UPDATE and committed before the
first call. A process that dies in between leaves a letter unsent, and the deadline does the rest; where it is certain
that none left, the reminder is given back and the next sweep tries again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from agentdesk.people.links import end_links, make_link
from agentdesk.people.roles import PLURALS
from approvals.escalations import claim_reminder, due_reminders, give_reminder_back, people_called
from approvals.models import Escalation
from approvals.outbox import CERTAINLY_NOT_SENT
from tickets.models import Person, Role

LONGEST_SUBJECT = 120

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One person's reminder and the link it carries."""

    link_id: int
    mail: EmailMessage


def send_due_reminders(*, now: datetime) -> int:
    """Reminds everyone who is due, where mail can leave at all. Returns: how many letters left."""
    if not settings.MAIL_CONFIGURED:
        return 0
    return sum(try_to_remind(row, now) for row in due_reminders(now=now))


def try_to_remind(row: Escalation, now: datetime) -> int:
    """One escalation's letters; an unexpected error is logged and leaves the others their turn."""
    try:
        return remind(row, now)
    except Exception:
        logger.exception("nobody could be reminded of escalation %s", row.pk)
        return 0


def remind(row: Escalation, now: datetime) -> int:
    """Takes the reminder, then sends its letters; with none sent it is given back. Returns: how many left."""
    letters = take_letters(row, now)
    unsent = [letter for letter in letters if not send(letter)]
    end_links([letter.link_id for letter in unsent], now=now)
    if letters and len(unsent) == len(letters):
        give_reminder_back(row, "no letter could be sent", now=now)
    return len(letters) - len(unsent)


@transaction.atomic
def take_letters(row: Escalation, now: datetime) -> list[Letter]:
    """The letters to send, each with a link of its own; none where another sweep was here first."""
    people = people_called(row.role)
    if not claim_reminder(row, people, now=now):
        return []
    return [write_letter(row, person, now) for person in people]


def write_letter(row: Escalation, person: Person, now: datetime) -> Letter:
    """What one person gets: which ticket, until when, and a link that signs in and leads there."""
    link, raw = make_link(person, reverse("ticket", args=[row.ticket_id]), expires_at=row.due_at, now=now)
    ticket = row.ticket
    context = {
        "person": person,
        "ticket": ticket,
        "called": PLURALS[Role(row.role)],
        "due_at": row.due_at,
        "address": f"{settings.BASE_URL}{reverse('sign_in_by_link', args=[raw])}",
    }
    subject = " ".join(f"{ticket.number} waits for {context['called']}: {ticket.subject}".split())[:LONGEST_SUBJECT]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    # Other programs must not answer it, and nobody's mail program shows it twice.
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<link.{link.pk}.{row.pk}@{domain}>"}
    body = render_to_string("people/reminder.txt", context)
    return Letter(link.pk, EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email], headers=headers))


def send(letter: Letter) -> bool:
    """One call to the mail backend; False only where the letter certainly never left."""
    try:
        letter.mail.send(fail_silently=False)
    except (*CERTAINLY_NOT_SENT, ValueError) as error:
        logger.warning("a reminder was not sent: %s", error)
        return False
    except Exception:
        logger.exception("not known whether a reminder was sent")
    return True
