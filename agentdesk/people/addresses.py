"""Where a request comes from, as far as this installation can know."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def find_client_address(request: HttpRequest) -> str | None:
    """The client's address; behind a trusted proxy the one that the proxy itself added, never one a client wrote."""
    told = request.META.get("REMOTE_ADDR", "")
    if settings.ENVIRONMENT.trust_proxy:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or told
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None
