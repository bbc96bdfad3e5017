"""Put a credit on the customer's account."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from approvals.kinds.catalogue_entry import ActionKind, Arguments, Refusal
from tickets.effects import Effect, MoveMoney
from tickets.records import CENT, DeskView

LARGEST_CREDIT = Decimal("1000.00")
"""Above this a credit is taken for a mistake, whoever asks."""


class GiveCredit(Arguments):
    """How much, and why."""

    amount: Decimal
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


def plan(arguments: GiveCredit, view: DeskView) -> list[Effect]:
    """Credits the amount to the account of the ticket's customer."""
    amount = require_sensible(arguments.amount)
    customer_id = view.customer.customer_id
    return [MoveMoney("new:payment:1", "credit", amount, "USD", None, customer_id)]


def require_sensible(amount: Decimal) -> Decimal:
    """A positive amount in whole cents, within what a credit can be."""
    if not amount.is_finite() or amount <= 0:
        raise Refusal("A credit must be more than 0.00.")
    if amount > LARGEST_CREDIT:
        raise Refusal(f"A credit can be at most {LARGEST_CREDIT}.")
    if amount != amount.quantize(CENT):
        raise Refusal("A credit is given in whole cents.")
    return amount.quantize(CENT)


def amount(arguments: GiveCredit, view: DeskView) -> Decimal:
    """The credit itself."""
    return require_sensible(arguments.amount)


def summary(arguments: GiveCredit, view: DeskView) -> str:
    """One sentence for the queue."""
    return f"Give {arguments.amount:.2f} credit: {arguments.reason}"


KIND = ActionKind(
    name="give_credit",
    title="Give credit",
    description="Put a credit on the customer's account, with the reason.",
    arguments=GiveCredit,
    plan=plan,
    amount=amount,
    summary=summary,
    moves_money=True,
    changes_records=True,
    undo_while="the credit has not been used",
)
