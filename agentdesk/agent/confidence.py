"""How sure the desk is of a proposal: what the model states, lowered by what the checks find and the reviewer says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from agentdesk.agent.findings import Finding

HUNDREDTH = Decimal("0.01")
GRAVE, SERIOUS, PLAIN_FAULT, SLIGHT = Decimal("0.2"), Decimal("0.4"), Decimal("0.6"), Decimal("0.9")
WEIGHTS: Mapping[str, Decimal] = {
    "contradicts_action": GRAVE,
    "claims_undone_action": GRAVE,
    "contradicts_record": GRAVE,
    "contradicts_source": GRAVE,
    "injection": GRAVE,
    "ungrounded_amount": SERIOUS,
    "ungrounded_promise": SERIOUS,
    "ungrounded_argument": SERIOUS,
    "ungrounded_link": SERIOUS,
    "other_order": SERIOUS,
    "other_deed": SERIOUS,
    "other_item": SERIOUS,
    "other_variant": SERIOUS,
    "other_method": SERIOUS,
    "other_address": SERIOUS,
    "other_amount": SERIOUS,
    "repaired_differently": SERIOUS,
    "uncited_claim": SLIGHT,
}
OTHERWISE = PLAIN_FAULT


def combine_confidence(
    stated: Decimal | None, findings: Sequence[Finding], reviewer: Decimal | None = None
) -> Decimal | None:
    """The confidence a policy sees, from 0 to 1 in hundredths, or None where the model stated none.

    The lower of what the model states and what the reviewer says (each cut to 0..1), times one factor for each
    finding, cut down to hundredths. Absent means none: neither a clean check nor a content reviewer makes up for a
    model that does not say how sure it is, and a policy that asks for a confidence then asks a person.

    | finding | factor |
    | --- | --- |
    | contradicts an action, a record or a source; claims an undone action; injection | 0.2 |
    | an amount, promise, argument or link without a source; another order, deed, item, variant, method, address or
      amount than asked for; repaired differently | 0.4 |
    | any other | 0.6 |
    | a claim that has a source but no citation | 0.9 |

    It is never above what was stated, and never rises with one more finding or with less confidence stated.
    """
    if stated is None:
        return None
    combined = min(within(stated), within(reviewer) if reviewer is not None else Decimal(1))
    for finding in findings:
        combined *= WEIGHTS.get(finding.check, OTHERWISE)
    return combined.quantize(HUNDREDTH, rounding=ROUND_DOWN)


def within(value: Decimal) -> Decimal:
    """A value cut to 0..1; what is no number counts as no confidence at all."""
    if not value.is_finite():
        return Decimal(0)
    return max(Decimal(0), min(Decimal(1), value))
