"""The catalogue of action kinds: one file each, listed here by name."""

from collections.abc import Mapping

from approvals.kinds import (
    add_note,
    cancel_order,
    change_customer_address,
    change_order_address,
    change_order_items,
    change_order_payment,
    escalate,
    exchange_items,
    give_credit,
    return_items,
    send_reply,
    set_ticket,
    undo,
)
from approvals.kinds.catalogue_entry import ActionKind

CATALOGUE: Mapping[str, ActionKind] = {
    module.KIND.name: module.KIND
    for module in (
        cancel_order,
        change_order_items,
        change_order_address,
        change_order_payment,
        return_items,
        exchange_items,
        change_customer_address,
        give_credit,
        send_reply,
        add_note,
        set_ticket,
        escalate,
        undo,
    )
}

PROPOSABLE: Mapping[str, ActionKind] = {name: kind for name, kind in CATALOGUE.items() if kind.is_proposable}
"""What an agent or a person can ask for; `undo` has its own way in."""
