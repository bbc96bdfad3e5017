"""The tools a model is given: read tools with their arguments, and write tools derived from the action kinds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from agentdesk.agent.language_model import ToolSpec
from approvals.kinds import PROPOSABLE
from approvals.kinds.catalogue_entry import ActionKind


class ReadArguments(BaseModel):
    """What a read tool is asked for; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FindCustomer(ReadArguments):
    """The ticket's customer; an e-mail address other than theirs finds nobody."""

    email: str | None = None


class GetOrder(ReadArguments):
    """One order of the ticket's customer."""

    order_id: Annotated[str, Field(min_length=1, max_length=64)]


class ListOrders(ReadArguments):
    """All orders of the ticket's customer."""


class GetProduct(ReadArguments):
    """One product with its variants."""

    product_id: Annotated[str, Field(min_length=1, max_length=64)]


class SearchKnowledge(ReadArguments):
    """What to look for in the articles."""

    query: Annotated[str, Field(min_length=1, max_length=2000)]


class GetTicketHistory(ReadArguments):
    """The customer's earlier tickets."""


class Calculate(ReadArguments):
    """Arithmetic on decimals: + - * / and parentheses."""

    expression: Annotated[str, Field(min_length=1, max_length=200)]


READ_TOOLS: Mapping[str, tuple[type[ReadArguments], str]] = {
    "find_customer": (FindCustomer, "Look up the ticket's customer: address, payment methods, orders, credit."),
    "get_order": (GetOrder, "Look up one order of the ticket's customer: items, status, payments, address."),
    "list_orders": (ListOrders, "List the orders of the ticket's customer with status, items and total."),
    "get_product": (GetProduct, "Look up a product with all its variants: options, price, availability."),
    "search_knowledge": (SearchKnowledge, "Search the shop's articles for what holds and how long things take."),
    "get_ticket_history": (GetTicketHistory, "List the customer's earlier tickets and how they ended."),
    "calculate": (Calculate, "Work out an amount exactly."),
}


class Statement(BaseModel):
    """What a model says of a proposal besides its arguments; stripped before planning."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    rationale: Annotated[str, Field(max_length=5000)] = ""
    confidence: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    alternatives: Annotated[tuple[str, ...], Field(max_length=20)] = ()


STATED = tuple(Statement.model_fields)


def split_statement(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The kind's own arguments, and what the model stated about them."""
    own = {name: value for name, value in arguments.items() if name not in STATED}
    stated = {name: value for name, value in arguments.items() if name in STATED}
    return own, stated


def write_schema(kind: ActionKind) -> dict[str, Any]:
    """A write tool's schema: the kind's arguments plus what the model states."""
    fields: dict[str, Any] = {
        "rationale": (str, Field(description="why, in one sentence")),
        "confidence": (float | None, Field(default=None, ge=0, le=1, description="how sure you are, 0 to 1")),
        "alternatives": (list[str], Field(default_factory=list, description="what you passed over")),
    }
    model = create_model(f"{kind.arguments.__name__}Call", __base__=kind.arguments, **fields)
    return model.model_json_schema()


def list_tools() -> tuple[ToolSpec, ...]:
    """Every tool a model may call, in a fixed order."""
    reads = tuple(ToolSpec(name, text, model.model_json_schema()) for name, (model, text) in READ_TOOLS.items())
    writes = tuple(ToolSpec(kind.name, kind.description, write_schema(kind)) for kind in PROPOSABLE.values())
    return reads + writes


TOOLS = list_tools()
