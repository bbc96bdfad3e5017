"""The nouns of the desk."""

from tickets.models.attention import Claim, Presence
from tickets.models.desk import (
    Direction,
    Message,
    Priority,
    Ticket,
    TicketEvent,
    TicketStatus,
)
from tickets.models.knowledge import Article, ArticleRevision
from tickets.models.people import Person, Role
from tickets.models.shop import (
    Customer,
    LedgerLine,
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    Product,
    Source,
    Variant,
)

__all__ = [
    "Article",
    "ArticleRevision",
    "Claim",
    "Customer",
    "Direction",
    "LedgerLine",
    "Message",
    "Order",
    "OrderLine",
    "OrderStatus",
    "PaymentMethod",
    "Person",
    "Presence",
    "Priority",
    "Product",
    "Role",
    "Source",
    "Ticket",
    "TicketEvent",
    "TicketStatus",
    "Variant",
]
