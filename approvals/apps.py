"""The gate as a Django app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Listens to the desk's news; knows nothing of the agent."""

    name = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects the receivers of the desk's signals."""
        from approvals import receivers  # noqa: F401
        from approvals.autonomy import receivers as autonomy_receivers  # noqa: F401
