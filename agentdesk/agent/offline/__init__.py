"""A language model without a model: it plans by rules, works offline, and is labelled so wherever it acts."""

from agentdesk.agent.offline.model import OfflineModel

__all__ = ["OfflineModel"]
