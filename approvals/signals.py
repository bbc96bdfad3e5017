"""News that travels up from the gate. Each is sent inside the transaction of what it tells; ring bells on commit."""

from django.dispatch import Signal

action_proposed = Signal()
"""`action`, `now`: an action was stored and judged."""

action_decided = Signal()
"""`action`, `decision`, `now`: a person said something of a waiting action."""

action_settled = Signal()
"""`action`, `now`: nothing more becomes of the action by itself (an undo of it may still follow)."""

action_changed = Signal()
"""`action`, `now`: any of the above, or a step between; for those who watch the queue."""

person_replied = Signal()
"""`ticket_id`, `person`, `now`: a person answers the customer, so the agent ends its work here."""

policy_published = Signal()
"""`version`, `now`: another policy is in force."""

bulk_progressed = Signal()
"""`progress`, `now`: a bulk has come further, or to its end. Sent outside a transaction, after what it tells."""
