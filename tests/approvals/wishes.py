"""For every action kind: arguments that are allowed in the small shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.approvals.shop import DELIVERED, NEW_ADDRESS, PENDING

CHANGES = [{"item_id": "9101", "new_item_id": "9103"}]
WISHES: Mapping[str, dict[str, Any]] = {
    "cancel_order": {"order_id": PENDING, "reason": "no longer needed"},
    "change_order_items": {"order_id": PENDING, "changes": CHANGES, "payment_method_id": "gift_card_carla"},
    "change_order_address": {"order_id": PENDING, "address": NEW_ADDRESS},
    "change_order_payment": {"order_id": PENDING, "payment_method_id": "gift_card_carla"},
    "return_items": {"order_id": DELIVERED, "item_ids": ["9101"], "payment_method_id": "gift_card_carla"},
    "exchange_items": {"order_id": DELIVERED, "changes": CHANGES, "payment_method_id": "gift_card_carla"},
    "change_customer_address": {"address": NEW_ADDRESS},
    "give_credit": {"amount": "5.00", "reason": "late parcel"},
    "send_reply": {"body": "Dear Carla, it is done.", "citations": [{"source": "article:refunds@1", "quote": "q"}]},
    "add_note": {"body": "Be kind."},
    "set_ticket": {"status": "solved", "tags": ["done"]},
    "escalate": {"reason": "law", "summary": "A lawyer wrote.", "urgency": "high"},
}
UNDOABLE = tuple(kind for kind in WISHES if kind not in ("send_reply", "escalate"))
ON_OPEN_TICKETS_ONLY = tuple(kind for kind in WISHES if kind not in ("add_note", "set_ticket", "escalate"))
