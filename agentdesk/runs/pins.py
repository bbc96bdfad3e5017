"""Texts kept by content, so that what made a run can be shown long after the files have changed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from agentdesk.runs.log import hash_words
from agentdesk.runs.models import PinnedText

_known: set[str] = set()


def pin(body: str) -> str:
    """Stores a text once, ever; known ones cost this process no statement. Returns: its SHA-256, in hex."""
    sha256 = hash_words(body)
    if sha256 not in _known:
        PinnedText.objects.bulk_create([PinnedText(sha256=sha256, body=body)], ignore_conflicts=True)
        transaction.on_commit(lambda: _known.add(sha256))
    return sha256


@lru_cache(maxsize=256)
def pinned(sha256: str) -> str:
    """The text of this name, read once per process: its row never changes. Raises: PinnedText.DoesNotExist."""
    return PinnedText.objects.values_list("body", flat=True).get(pk=sha256)


@receiver(post_migrate)
def forget_known(**rest: Any) -> None:
    """A database that was just made, or flushed, holds none of them."""
    _known.clear()
