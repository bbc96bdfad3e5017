"""Every error the API answers with has one shape: `{"error": {"code", "message", "fields"?, …}}`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from agentdesk.api.refusals import describe_refusal

logger = logging.getLogger(__name__)

CODES = {
    400: "unreadable",
    401: "unauthenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
}
SOURCES = frozenset({"body", "query", "path", "header", "cookie", "form"})


class ApiError(Exception):
    """The call cannot be answered; says with which status, code and words."""

    def __init__(
        self, status: int, message: str, *, code: str = "", fields: Mapping[str, str] | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code or CODES[status]
        self.fields = dict(fields or {})
        self.details = details


class TooManyCalls(ApiError):
    """This token has called too often; `seconds` until it may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, f"Too many calls; try again in {seconds} s.")
        self.seconds = seconds


def answer_error(
    status: int, message: str, *, code: str = "", fields: Mapping[str, str] | None = None, **details: Any
) -> HttpResponse:
    """An error as every client finds it."""
    error: dict[str, Any] = {"code": code or CODES[status], "message": message}
    if fields:
        error["fields"] = dict(fields)
    return JsonResponse({"error": {**error, **details}}, status=status)


def invalid(**fields: str) -> ApiError:
    """The error that names wrong fields."""
    return ApiError(422, "; ".join(f"{name}: {why}" for name, why in fields.items()), fields=fields)


def name_fields(error: ValidationError) -> dict[str, str]:
    """Each wrong field by its path in what was sent, with what is wrong."""
    fields: dict[str, str] = {}
    for fault in error.errors:
        fields.setdefault(name_field(fault["loc"]), say_fault(fault))
    return fields


def name_field(place: tuple[Any, ...]) -> str:
    """`("body", "payload", "subject")` is the field `subject`; the whole body is `body`."""
    source, *rest = place
    if source == "body":
        rest = rest[1:]
    return ".".join(map(str, rest)) or str(source)


def say_fault(fault: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words."""
    words = {"missing": "is required", "extra_forbidden": "is not a field of this call"}
    return words.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))


def handle_api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    """An anticipated refusal, in the shape all errors have."""
    response = answer_error(error.status, str(error), code=error.code, fields=error.fields, **error.details)
    if isinstance(error, TooManyCalls):
        response["Retry-After"] = str(error.seconds)
    return response


def handle_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422, with each field that does not fit and why."""
    fields = name_fields(error)
    return answer_error(422, "; ".join(f"{name}: {why}" for name, why in fields.items()), fields=fields)


def handle_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses by itself: unreadable bodies, missing sign-in."""
    if isinstance(error, AuthenticationError):
        response = answer_error(401, "Sign in, or send a token: Authorization: Bearer …")
        response["WWW-Authenticate"] = "Bearer"
        return response
    if error.status_code == 400:
        return answer_error(400, "The body is not readable JSON.")
    return answer_error(error.status_code, error.message, code=CODES.get(error.status_code, "error"))


def handle_any(request: HttpRequest, error: Exception) -> HttpResponse:
    """What a verb refuses is an answer; anything else is our fault, logged here and not shown."""
    refusal = describe_refusal(error)
    if refusal is not None:
        return answer_error(
            refusal.status, refusal.message, code=refusal.code, fields=refusal.fields, **refusal.details
        )
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer_error(500, "Something went wrong here; it was logged.")


def install_handlers(api: NinjaAPI) -> None:
    """All the API's errors in one shape."""
    handlers: dict[type[Exception], Any] = {
        ApiError: handle_api_error,
        ValidationError: handle_invalid,
        HttpError: handle_http_error,
        Exception: handle_any,
    }
    for sort, handler in handlers.items():
        api.add_exception_handler(sort, handler)
