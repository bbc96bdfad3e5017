"""Send a pending order to another address."""

from __future__ import annotations

from approvals.kinds.addresses import Address, changed_address, one_line
from approvals.kinds.catalogue_entry import ActionKind, Arguments, Id
from approvals.kinds.order_rules import order_in_state, reads_order
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView


class ChangeOrderAddress(Arguments):
    """The order and where it shall go."""

    order_id: Id
    address: Address


def plan(arguments: ChangeOrderAddress, view: DeskView) -> list[Effect]:
    """Changes the shipping address of the order."""
    order = order_in_state(view, arguments.order_id, "pending")
    after = changed_address(order.address, arguments.address)
    return [ChangeField(f"order:{order.order_id}", "address", dict(order.address), after)]


def summary(arguments: ChangeOrderAddress, view: DeskView) -> str:
    """One sentence for the queue."""
    return f"Send order {arguments.order_id} to {one_line(arguments.address)}"


KIND = ActionKind(
    name="change_order_address",
    title="Change order address",
    description="Change the shipping address of a pending order. All address fields are needed.",
    arguments=ChangeOrderAddress,
    plan=plan,
    summary=summary,
    reads=reads_order,
    changes_records=True,
    undo_while="the order is still pending and has this address",
    reversed_by="change_order_address",
)
