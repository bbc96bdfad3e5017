"""Change the customer's own address on record; orders keep theirs."""

from __future__ import annotations

from approvals.kinds.addresses import Address, changed_address, one_line
from approvals.kinds.catalogue_entry import ActionKind, Arguments
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView


class ChangeCustomerAddress(Arguments):
    """Where the customer lives now."""

    address: Address


def plan(arguments: ChangeCustomerAddress, view: DeskView) -> list[Effect]:
    """Changes the address of the ticket's customer, and nobody else's."""
    customer = view.customer
    after = changed_address(customer.address, arguments.address)
    return [ChangeField(f"customer:{customer.customer_id}", "address", dict(customer.address), after)]


def summary(arguments: ChangeCustomerAddress, view: DeskView) -> str:
    """One sentence for the queue."""
    return f"Change the customer's address to {one_line(arguments.address)}"


KIND = ActionKind(
    name="change_customer_address",
    title="Change customer address",
    description="Change the address on the customer's own record. Orders already placed keep their address.",
    arguments=ChangeCustomerAddress,
    plan=plan,
    summary=summary,
    reads=lambda arguments: frozenset(),
    changes_records=True,
    undo_while="the customer still has this address",
    reversed_by="change_customer_address",
)
