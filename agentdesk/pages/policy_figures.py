"""Figures of a backtest in words. `static/js/policy.js` writes the same words when a handle is moved."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from agentdesk.pages.setting_fields import title_of
from approvals.backtest.fates import Fate
from approvals.backtest.figures import Figures, ReviewTime

FATE_WORDS: Mapping[Fate, str] = {
    Fate.BY_ITSELF: "ran by itself",
    Fate.APPROVED: "approved unedited",
    Fate.EDITED: "edited",
    Fate.REJECTED: "rejected",
    Fate.UNDONE: "undone",
    Fate.UNDECIDED: "not decided",
}
SOURCE_WORDS = {
    "measured": "as measured on their screens",
    "median": "measured on their screens where known, else by the median of the kind",
    "assumed": "partly assumed, at a minute each: of some kinds no time on screen is known",
    "none": "",
}


def rounded(value: float, places: int = 0) -> Decimal:
    """Half up, as people and the page's script do it."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def show_share(share: float) -> str:
    """A share in whole per cent."""
    return f"{rounded(share * 100)} %"


def show_amount(value: float | Decimal) -> str:
    """Money with two places and thin thousands."""
    return f"{rounded(float(value), 2):,.2f}"


def show_few(value: float) -> str:
    """A number with one place, and with none from ten on."""
    return f"{rounded(value, 1)}" if value < 9.95 else f"{rounded(value):,}"


def words_of(figures: Figures) -> dict[str, str]:
    """Every figure that stands on the page, by the name its element has there."""
    newly, wrong, stake = figures.newly, figures.wrong, figures.at_stake
    is_known = wrong.is_known or figures.claim.labels > 0
    return {
        "by_itself": f"{figures.by_itself:,}",
        "by_itself_share": show_share(figures.share(figures.by_itself)),
        "waits": f"{figures.waits:,}",
        "waits_share": show_share(figures.share(figures.waits)),
        "waits_a_day": show_few(figures.waits_a_day),
        "hours_a_day": f"{rounded(figures.hours_a_day, 1)}",
        "refused": f"{figures.refused:,}",
        "refused_share": show_share(figures.share(figures.refused)),
        "shadow": f"{figures.shadow:,}",
        "amount": show_amount(figures.amount),
        "wrong": f"{rounded(wrong.estimate, 1)}" if is_known else "not known",
        "wrong_low": f"{rounded(wrong.low, 1)}",
        "wrong_high": f"{rounded(wrong.high, 1)}",
        "at_stake": show_amount(stake.estimate) if is_known or not figures.amount else "not known",
        "newly": f"{newly.count:,}",
        "newly_approved": f"{newly.approved:,}",
        "newly_edited": f"{newly.edited:,}",
        "newly_rejected": f"{newly.rejected:,}",
        "newly_undone": f"{newly.undone:,}",
        "newly_undecided": f"{newly.undecided:,}",
        "no_longer": f"{figures.no_longer:,}",
        "labels": f"{figures.claim.labels:,}",
        "labels_wrong": f"{figures.claim.wrong:,}",
    }


def say_claim(figures: Figures) -> str:
    """How far the labels carry "at most so much is wrong", and what is missing."""
    claim = figures.claim
    least = f"“at most {show_claimed(claim.share)} wrong” needs {claim.needed} clean ones"
    if not figures.by_itself:
        return "Nothing would run by itself, so there is nothing to claim."
    if not claim.labels:
        return f"Nobody has looked at any of these: {least}."
    known = f"{claim.labels:,} label{'s' if claim.labels > 1 else ''}, {claim.wrong:,} of them wrong"
    if not claim.more:
        return f"{known}: enough for “at most {show_claimed(claim.share)} wrong”."
    return f"{known}: {least}; here {claim.more:,} more clean ones are missing."


def show_claimed(share: float) -> str:
    """A tolerated share without needless places."""
    return f"{(Decimal(repr(share)) * 100).normalize():f} %"


def say_unknown(figures: Figures) -> str:
    """What no past can tell, in words; empty where it all is known."""
    count = figures.newly.without_outcome
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return f"{count:,} {verb} rejected, expired, overtaken or still open: nobody knows what would have come of them."


def say_hours(review: ReviewTime) -> str:
    """Where the hours come from."""
    return SOURCE_WORDS[review.source]


def row_of(figures: Figures) -> dict[str, Any]:
    """One kind's row in the table of a backtest."""
    return {
        "kind": figures.kind,
        "title": title_of(figures.kind) if figures.kind else "All kinds",
        "figures": figures,
        "words": words_of(figures),
        "claim": say_claim(figures),
    }
