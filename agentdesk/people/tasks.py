"""The people's task: safe to run twice at once, and as often as one likes."""

from celery import shared_task
from django.utils import timezone

from agentdesk.people.reminders import send_due_reminders


@shared_task(name="agentdesk.people.tasks.send_reminders")
def send_reminders() -> None:
    """Reminds people of tickets that wait for them."""
    send_due_reminders(now=timezone.now())
