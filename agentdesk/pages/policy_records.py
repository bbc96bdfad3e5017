"""A kind's record on the policy page: calibration, error, what its next rung still takes; a page of its own as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from approvals.autonomy.calibrating import Band, record_of
from approvals.kinds import CATALOGUE
from approvals.policies import policy_in_force
from approvals.policy import ALWAYS_ALLOWED

UNRECORDED = ALWAYS_ALLOWED | {"undo"}
"""Kinds that stand on no ladder."""
COLUMN, HEIGHT = 40, 100


@dataclass(frozen=True)
class Point:
    """One band in the drawing: where it stands, what was stated there, what came of it; 0 is at the top."""

    x: int
    left: int
    right: int
    stated: float
    estimate: float
    top: float
    bottom: float


@require_safe
def show_record(request: HttpRequest, kind: str) -> HttpResponse:
    """The record of one kind; for htmx the part alone."""
    if kind not in CATALOGUE or kind in UNRECORDED:
        raise Http404
    record = record_of(kind, policy_in_force(), now=timezone.now())
    context = {
        "record": record,
        "title": CATALOGUE[kind].title,
        "points": draw(record.bands),
        "width": COLUMN * len(record.bands),
    }
    page = "policy/_record.html" if getattr(request, "htmx", None) else "policy/record.html"
    return render(request, page, context)


def draw(bands: Sequence[Band]) -> list[Point]:
    """The bands that hold anything, side by side."""
    return [
        Point(
            x=COLUMN * place + COLUMN // 2,
            left=COLUMN * place + 6,
            right=COLUMN * (place + 1) - 6,
            stated=height_of(band.stated),
            estimate=height_of(band.right.estimate),
            top=height_of(band.right.high),
            bottom=height_of(band.right.low),
        )
        for place, band in enumerate(bands)
        if band.labels
    ]


def height_of(share: float) -> float:
    """A share as a distance from the top."""
    return round(HEIGHT * (1 - share), 1)
