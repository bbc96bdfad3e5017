"""Runs as a Django app."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Listens to the desk's and the gate's news."""

    name = "agentdesk.runs"
    label = "runs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects the receivers."""
        from agentdesk.runs import receivers  # noqa: F401
