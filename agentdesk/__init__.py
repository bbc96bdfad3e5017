"""The house: settings, routes, the Celery and ASGI apps, and the agent that lives in it."""

from agentdesk.celery import app as celery_app

__version__ = "0.1.0"
__all__ = ["celery_app"]
