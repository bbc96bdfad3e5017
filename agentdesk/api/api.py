"""The HTTP API at /api/v1/: its routers, and what holds for every call."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.operation import Operation

from agentdesk import __version__
from agentdesk.api import (
    actions,
    attention,
    audit_log,
    audits,
    backtest,
    batches,
    decisions,
    policy,
    reports,
    runs,
    schedules,
    shop,
    tickets,
)
from agentdesk.api.errors import answer_error, install_handlers
from agentdesk.api.json_parser import StrictParser
from approvals.deciding import LARGEST_BULK

LARGEST_BODY = 1024 * 1024
"""Bytes a call's body may have."""

View = Callable[..., HttpResponseBase]

DESCRIPTION = """\
What the pages do, for programs. Send a token (`Authorization: Bearer ad_…`) or the session with `X-CSRFToken`.
Lists are pages: `{"items": […], "next": cursor|null}`. Errors are `{"error": {"code", "message", "fields"?}}`.
Times are RFC 3339 in UTC, money is a string. docs/api.md tells more.
"""


class Api(NinjaAPI):
    """django-ninja, with every answer in our shape: also 404, 405 and 413, which routing gives."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's own name: what generated clients call their methods."""
        return operation.view_func.__name__

    def _get_urls(self) -> list[Any]:
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = answer_unknown if pattern.name == "api-root" else guard(pattern.callback)
        return [*patterns, re_path(r"[\s\S]*", answer_unknown)]


def guard(view: View) -> View:
    """A view whose body is measured before it is read into values, and whose 405 has a body."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = measure_body(request)
        if refused is not None:
            return refused
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        answer = answer_error(405, f"{request.method} is not a method of this address.")
        answer["Allow"] = response.get("Allow", "")
        return answer

    return guarded


def measure_body(request: HttpRequest) -> HttpResponse | None:
    """The answer to a body that is too large, whatever its Content-Length says, or that broke off."""
    try:
        size = len(request.body)
    except RequestDataTooBig:
        size = LARGEST_BODY + 1
    except UnreadablePostError:
        return answer_error(400, "The body broke off.")
    return refuse_size(request) if size > LARGEST_BODY else None


def refuse_size(request: HttpRequest) -> HttpResponse:
    """413; but a bulk of that size has more items than it may have, which is what its sender needs to know."""
    if request.path.endswith("/decisions") and "/actions/" not in request.path:
        fault = f"a bulk takes at most {LARGEST_BULK} items"
        return answer_error(422, f"items: {fault}", fields={"items": fault})
    return answer_error(413, f"A body may have {LARGEST_BODY} bytes.")


@csrf_exempt
def answer_unknown(request: HttpRequest) -> HttpResponse:
    """No call has this address."""
    return answer_error(404, "There is no such address.")


api = Api(
    title="AgentDesk",
    version=__version__,
    description=DESCRIPTION,
    openapi_url="/openapi.json",
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)
install_handlers(api)
for room in (
    tickets,
    attention,
    runs,
    reports,
    schedules,
    actions,
    audits,
    batches,
    decisions,
    policy,
    backtest,
    audit_log,
    shop,
):
    api.add_router("", room.router)
