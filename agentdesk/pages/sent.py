"""What leaves the house: each message with its exact recipient and words, and where it stands."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agentdesk.pages.keyset import page_by_id
from approvals.models import OutboxMessage, OutboxStatus

PAGE = 30


@require_safe
def list_sent(request: HttpRequest) -> HttpResponse:
    """The newest first, those of one status where one is asked for."""
    status = request.GET.get("status", "")
    messages = OutboxMessage.objects.select_related("action__ticket__customer")
    if status in OutboxStatus.values:
        messages = messages.filter(status=status)
    page = page_by_id(messages, request.GET.get("cursor", ""), PAGE)
    counts = dict(OutboxMessage.objects.values_list("status").annotate(Count("pk")).order_by())
    context = {
        "page": page,
        "status": status,
        "statuses": [(value, label, counts.get(value, 0)) for value, label in OutboxStatus.choices],
        "many": sum(counts.values()),
        "now": timezone.now(),
        "is_configured": settings.MAIL_CONFIGURED,
        "is_file": settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"),
        "older": urlencode({"status": status, "cursor": page.next}),
    }
    return render(request, "sent/sent.html", context)
