"""The desk as a Django app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Nouns and plain operations of the desk; knows nothing of the gate or the agent."""

    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"
