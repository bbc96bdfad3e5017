"""News that travels up from the desk. Each is sent inside the transaction of what it tells."""

from django.dispatch import Signal

customer_wrote = Signal()
"""`ticket` (its row locked through the customer), `message_id`, `now`: the customer's first or next message."""

person_took_over = Signal()
"""`ticket`, `person`, `now`: from here on the agent keeps off."""

handed_back = Signal()
"""`ticket`, `person`, `now`: the agent may work on the ticket again."""

escalation_closed = Signal()
"""`ticket`, `person`, `now`: a person says that what the ticket was given to people for is taken care of."""

attention_changed = Signal()
"""`ticket_id`: who is at work on a ticket or looking at it, or until when it was put off, is another matter now."""
