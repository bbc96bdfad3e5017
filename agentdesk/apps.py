"""The house as an installed app: it brings the commands that span the rooms."""

from django.apps import AppConfig


class AgentdeskConfig(AppConfig):
    """The house as a Django app: its commands are found through it."""

    name = "agentdesk"
    label = "agentdesk"
    verbose_name = "AgentDesk"
