"""The outbox: messages leave through Django's mail backend, each at most once.

A message is committed as `sending`, under a lease, before the call. Whatever dies in between ends as `unknown`, and a
person settles it: SMTP is not idempotent. Its Message-ID is fixed, so that a person can look for it.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now

from approvals import audit, signals
from approvals.bells import ring_after_commit
from approvals.models import Action, ActionStatus, OutboxMessage, OutboxStatus
from approvals.receipts import idempotency_key
from approvals.settling import open_dependants, ring_for, settle
from tickets.effects import SendMessage, effect_from_json, effect_to_json
from tickets.models import Person
from tickets.queries import lock_customer
from tickets.writing import Deed, write_sent_message

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than any mail call may take; after it a message that is still `sending` is unknown."""

CERTAINLY_NOT_SENT = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
    ConnectionRefusedError,
)


def post_messages(
    action: Action, messages: Sequence[SendMessage], *, actor: str, undo_seconds: int, now: datetime
) -> None:
    """Puts an action's messages in the outbox, in the gate's transaction; they wait out their undo window."""
    due_at = now + timedelta(seconds=undo_seconds)
    rows = [
        OutboxMessage(
            action=action,
            revision=action.revision,
            place=message.record,
            idempotency_key=idempotency_key(action, message.record),
            effect=effect_to_json(message),
            actor=actor,
            due_at=due_at,
        )
        for message in messages
    ]
    OutboxMessage.objects.bulk_create(rows)
    ring_delivery(undo_seconds)


def ring_delivery(delay: int) -> None:
    """After commit, wakes whoever delivers when the undo window is over; the sweep finds what a lost bell forgot."""
    from approvals.tasks import deliver_messages_task

    ring_after_commit(deliver_messages_task, seconds=delay)


def deliver_due(*, now: datetime) -> int:
    """Sends every message whose undo window is over. Returns: how many were tried."""
    if not settings.MAIL_CONFIGURED:
        return 0
    due = OutboxMessage.objects.filter(status=OutboxStatus.QUEUED, due_at__lte=now).order_by("due_at")
    tried = 0
    for message in due.select_related("action"):
        if claim(message):
            tried += 1
            deliver(message, now)
    return tried


def claim(message: OutboxMessage) -> bool:
    """Takes a message for sending, committed before the call; of several that try, one gets it.

    The lease runs by the database's clock from this moment: a long sweep began long ago.
    """
    rows = OutboxMessage.objects.filter(pk=message.pk, status=OutboxStatus.QUEUED)
    return bool(rows.update(status=OutboxStatus.SENDING, leased_until=Now() + LEASE))


def deliver(message: OutboxMessage, now: datetime) -> None:
    """One call to the mail backend, and what came of it."""
    try:
        letter = compose(message_of(message), message.idempotency_key)
        letter.message()
    except ValueError as error:
        close_message(message.pk, OutboxStatus.FAILED, now, error=f"No e-mail can be made of it: {error}")
        return
    try:
        letter.send(fail_silently=False)
    except CERTAINLY_NOT_SENT as error:
        close_message(message.pk, OutboxStatus.FAILED, now, error=f"{type(error).__name__}: {error}")
    except Exception as error:
        logger.exception("message %s: not known whether it was sent", message.idempotency_key)
        close_message(message.pk, OutboxStatus.UNKNOWN, now, error=f"{type(error).__name__}: {error}")
    else:
        close_message(message.pk, OutboxStatus.SENT, now)


def message_of(message: OutboxMessage) -> SendMessage:
    """The effect an outbox row carries."""
    effect = effect_from_json(message.effect)
    if not isinstance(effect, SendMessage):
        raise TypeError(f"outbox row {message.pk} carries no message")
    return effect


def compose(effect: SendMessage, key: str) -> EmailMessage:
    """The e-mail exactly as its effect has it, under a Message-ID that its key fixes."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    headers = {"Message-ID": f"<{key.replace(':', '.')}@{domain}>"}
    return EmailMessage(effect.subject, effect.body, settings.DEFAULT_FROM_EMAIL, [effect.to], headers=headers)


@transaction.atomic
def close_message(message_id: int, status: OutboxStatus, now: datetime, *, error: str = "") -> None:
    """Records what came of sending, on the message, the thread and the action; once."""
    message = OutboxMessage.objects.select_related("action").get(pk=message_id)
    lock_customer(message.action.customer_id)
    rows = OutboxMessage.objects.filter(pk=message_id, status=OutboxStatus.SENDING)
    if not rows.update(status=status, sent_at=now if status == OutboxStatus.SENT else None, error=error):
        return
    action = Action.objects.select_for_update().get(pk=message.action_id)
    if status == OutboxStatus.SENT:
        record_sent(action, message, now)
    elif status == OutboxStatus.FAILED:
        settle(action, ActionStatus.EXECUTING, ActionStatus.FAILED, actor="outbox", now=now, reason=error)
    else:
        action.move(ActionStatus.EXECUTING, ActionStatus.UNKNOWN, status_reason=error)
        audit.record("action.unknown", actor="outbox", subject=f"action:{action.pk}", at=now, error=error)
        signals.action_changed.send(sender=Action, action=action, now=now)


def record_sent(action: Action, message: OutboxMessage, now: datetime, *, source: str = ActionStatus.EXECUTING) -> None:
    """The message on the thread, and the action executed once all its messages have left."""
    effect = message_of(message)
    name = write_sent_message(effect, Deed(action.ticket_id, action.pk, message.actor, now))
    receipt = action.receipt or {}
    receipt = {**receipt, "created": {**receipt.get("created", {}), message.place: name}, "sent_at": now.isoformat()}
    others = OutboxMessage.objects.filter(action=action).exclude(pk=message.pk).exclude(status=OutboxStatus.SENT)
    if others.exists():
        Action.objects.filter(pk=action.pk).update(receipt=receipt)
        return
    settle(action, ActionStatus(source), ActionStatus.EXECUTED, actor="outbox", now=now, receipt=receipt)
    ring_for([other.pk for other in open_dependants(action) if other.status == ActionStatus.APPROVED])


def find_lost(*, now: datetime) -> int:
    """Marks messages whose sender died as unknown: never retried blindly. Returns: how many."""
    lost = OutboxMessage.objects.filter(status=OutboxStatus.SENDING, leased_until__lt=Now())
    count = 0
    for message in lost:
        close_message(message.pk, OutboxStatus.UNKNOWN, now, error="the sender stopped while sending")
        count += 1
    return count


class NotUnknown(Exception):
    """What became of this is known already."""


@transaction.atomic
def settle_unknown(action_id: UUID, *, was_sent: bool, by: Person, now: datetime) -> Action:
    """A person says whether a message was sent after all. Raises: NotUnknown."""
    customer_id = Action.objects.values_list("customer_id", flat=True).get(pk=action_id)
    lock_customer(customer_id)
    action = Action.objects.select_for_update().get(pk=action_id)
    if action.status != ActionStatus.UNKNOWN:
        raise NotUnknown(NotUnknown.__doc__)
    message = OutboxMessage.objects.get(action=action, status=OutboxStatus.UNKNOWN)
    status = OutboxStatus.SENT if was_sent else OutboxStatus.FAILED
    OutboxMessage.objects.filter(pk=message.pk).update(status=status, sent_at=now if was_sent else None)
    actor = f"person:{by.username}"
    audit.record("outbox.settled", actor=actor, subject=f"action:{action.pk}", at=now, was_sent=was_sent)
    if was_sent:
        record_sent(action, message, now, source=ActionStatus.UNKNOWN)
    else:
        reason = f"{by} found that it was not sent"
        settle(action, ActionStatus.UNKNOWN, ActionStatus.FAILED, actor=actor, now=now, reason=reason)
    return action
