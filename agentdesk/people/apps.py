"""People as a Django app of the house."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Tokens are its rows; the user model itself belongs to the desk."""

    name = "agentdesk.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
