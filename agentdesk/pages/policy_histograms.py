"""The histogram of our own runs under a kind's handles, with the counts for wherever the handles are moved."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentdesk.pages import policy as policy_page
from agentdesk.pages.policy_backtest import read_days, read_fit
from agentdesk.pages.policy_figures import FATE_WORDS, say_claim, say_hours, say_unknown, words_of
from agentdesk.pages.policy_specs import label_of
from agentdesk.pages.setting_fields import title_of
from agentdesk.runs.queries import dry_run_origins
from approvals.backtest.fates import Fate
from approvals.backtest.handles import Cell, Fixed, Handles, count_for_handles
from approvals.backtest.past import LEFT_OUT_KINDS, WINDOWS, Days, Window
from approvals.kinds import CATALOGUE
from approvals.policies import PolicyUnfit, policy_in_force
from approvals.policy import KindPolicy, Policy

BARS = 20
"""Bars of the confidence histogram: each a twentieth wide."""
HEIGHT = 48
"""Of the drawing, in its own units; a bar is ten wide."""
NEWLY = (Fate.APPROVED, Fate.EDITED, Fate.REJECTED, Fate.UNDONE, Fate.UNDECIDED)


@dataclass(frozen=True)
class Part:
    """One fate's piece of a bar."""

    fate: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """One bar: what it holds by fate, drawn from the bottom; `first` and `last` are the stops it lies between."""

    label: str
    x: int
    first: int
    last: int
    counts: list[int]
    parts: list[Part]

    @property
    def total(self) -> int:
        """How many actions it holds."""
        return sum(self.counts)


@dataclass(frozen=True)
class Handle:
    """One handle of a kind: the field it moves, the stops it stands on, where it stands, and the bars over it."""

    field: str
    name: str
    label: str
    beyond: str
    stops: list[Decimal]
    place: int
    bars: list[Bar]
    below_passes: bool

    @property
    def width(self) -> int:
        """Of the drawing."""
        return 10 * len(self.bars)

    @property
    def most(self) -> int:
        """The last place the handle can stand on: beyond every stop."""
        return len(self.stops)

    @property
    def stands(self) -> str:
        """Where it stands, in words."""
        return self.beyond if self.place >= len(self.stops) else f"{self.stops[self.place]}"

    @property
    def stops_json(self) -> str:
        """The stops as they are typed."""
        return json.dumps([str(stop) for stop in self.stops])


@require_http_methods(["GET", "HEAD", "POST"])
def show_histogram(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's past under its handles: as the fields say, or, for those who come by the link, as is in force."""
    if kind not in CATALOGUE or kind in LEFT_OUT_KINDS:
        raise Http404
    in_force = policy_in_force()
    days = read_days(request.POST.get("days", "") or request.GET.get("days", ""))
    if request.method != "POST":
        return render(request, "policy/histogram.html", histogram_context(in_force, kind, days))
    try:
        policy = read_fit(policy_page.read_draft(request, in_force), in_force)
    except PolicyUnfit as unfit:
        faults = {label_of(name): why for name, why in unfit.fields.items()}
        return render(request, "policy/_histogram.html", {"histogram_faults": faults}, status=422)
    return render(request, "policy/_histogram.html", histogram_context(policy, kind, days))


def histogram_context(policy: Policy, kind: str, days: Days) -> dict[str, Any]:
    """What `policy/_histogram.html` shows."""
    handles = count_for_handles(policy, kind, Window(days, timezone.now(), dry_run_origins()))
    return {
        "kind_name": kind,
        "kind_title": title_of(kind),
        "window_days": days,
        "windows": WINDOWS,
        "handles": handles,
        "figures": handles.figures,
        "words": words_of(handles.figures),
        "claim": say_claim(handles.figures),
        "unknown": say_unknown(handles.figures),
        "hours_from": say_hours(handles.figures.review),
        "mode": policy.of(kind).mode,
        "drawn": draw_handles(handles, policy.of(kind)),
        "fates": [(fate.word, FATE_WORDS[fate]) for fate in Fate],
        "table": table_json(handles),
    }


def draw_handles(handles: Handles, rules: KindPolicy) -> list[Handle]:
    """The confidence handle, and the amount handle where anything is at stake."""
    drawn = [
        Handle(
            field=f"{handles.kind}.min_confidence",
            name="confidence",
            label="Least confidence",
            beyond="never by itself",
            stops=handles.confidences,
            place=place_of(handles.confidences, rules.min_confidence),
            bars=draw_bars(confidence_bins(handles)),
            below_passes=False,
        )
    ]
    if handles.moves_money:
        drawn.append(
            Handle(
                field=f"{handles.kind}.max_amount",
                name="amount",
                label="Largest amount",
                beyond="no limit",
                stops=handles.amounts,
                place=place_of(handles.amounts, rules.max_amount),
                bars=draw_bars(amount_bins(handles)),
                below_passes=True,
            )
        )
    return drawn


def place_of(stops: Sequence[Decimal], value: Decimal | None) -> int:
    """The place of a stop; beyond the last where there is no value."""
    return len(stops) if value is None else stops.index(value)


Bin = tuple[str, int, int, Counter[Fate]]


def confidence_bins(handles: Handles) -> list[Bin]:
    """What was stated, in twentieths; certainty itself stands in the last. What stated none is in the table only."""
    bins: list[Bin] = []
    for number in range(BARS):
        low, high = Decimal(number) / BARS, Decimal(number + 1) / BARS
        is_last = number == BARS - 1
        places = [n for n, stop in enumerate(handles.confidences) if low <= stop < high or (is_last and stop == high)]
        counts = sum((handles.by_confidence.get(place, Counter()) for place in places), Counter[Fate]())
        bins.append((f"{low:.2f} to {high:.2f}", places[0], places[-1], counts))
    return bins


def amount_bins(handles: Handles) -> list[Bin]:
    """What was at stake, one bin up to each stop, and one over the last where there is any."""
    counts, stops = handles.by_amount, handles.amounts
    labels = ["0", *(f"over {low} to {high}" for low, high in pairwise(stops))]
    bins: list[Bin] = [(label, n, n, counts.get(n, Counter())) for n, label in enumerate(labels)]
    if len(stops) in counts:
        bins.append((f"over {stops[-1]}", len(stops), len(stops), counts[len(stops)]))
    return bins


def draw_bars(bins: list[Bin]) -> list[Bar]:
    """Stacked bars, the tallest as high as the drawing."""
    tallest = max((sum(counts.values()) for *_, counts in bins), default=0) or 1
    return [
        Bar(label, 10 * n, first, last, [counts[fate] for fate in Fate], stack(counts, HEIGHT / tallest))
        for n, (label, first, last, counts) in enumerate(bins)
    ]


def stack(counts: Counter[Fate], scale: float) -> list[Part]:
    """The pieces of one bar, one on the other."""
    parts, top = [], float(HEIGHT)
    for fate in Fate:
        if counts[fate]:
            height = counts[fate] * scale
            top -= height
            parts.append(Part(fate.word, round(top, 2), round(height, 2)))
    return parts


def table_json(handles: Handles) -> str:
    """All that the page's script needs to count for wherever the handles stand; numbers only, see `policy.js`."""
    cells = [[int(own), at, upto, *cell_numbers(cell)] for (own, at, upto), cell in sorted(handles.cells.items())]
    fixed = [[int(own), word, *fixed_numbers(one)] for (own, word), one in sorted(handles.fixed.items())]
    each = {"days": handles.days, "secondsEach": handles.seconds_each, "cells": cells, "fixed": fixed}
    return json.dumps(each, separators=(",", ":"))


def cell_numbers(cell: Cell) -> list[float]:
    """A cell's numbers, in the order the script reads them."""
    labels = cell.labels
    newly = [cell.newly[fate] for fate in NEWLY]
    sums = [labels.drawn.weight, labels.drawn.squares, labels.drawn.wrong, labels.certain.weight]
    return [cell.count, cell.ran, *newly, cell.cents, cell.seconds, cell.times, *sums]


def fixed_numbers(fixed: Fixed) -> list[float]:
    """The numbers of what no handle lets through."""
    return [fixed.count, fixed.ran, fixed.seconds, fixed.times]
