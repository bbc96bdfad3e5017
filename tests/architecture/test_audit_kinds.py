"""One log: what is written to it has words on its page, and every word there is written by somebody."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from approvals.audit_kinds import KINDS
from approvals.models import ActionStatus
from tests.architecture.test_house_rules import find_sources, parse

WRITERS = frozenset({"record", "note", "tell"})
"""Functions that write an entry, or are a room's own short word for it."""
FAMILIES = {"action": set(ActionStatus.values), "schedule": {"added", "on", "off"}}
"""Kinds that end in a status or a deed which the code fills in."""


def kinds_written() -> Iterator[str]:
    """The kinds that stand in the sources: as an argument of a writer, or as a constant with a name of its own."""
    for path in find_sources():
        if path.name == "audit_kinds.py":
            continue
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call) and name_of(node.func) in WRITERS:
                yield from (kind for argument in node.args for kind in kinds_in(argument))
            elif (
                isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
            ):
                yield from (kind for kind in kinds_in(node.value) if kind in KINDS)


def name_of(function: ast.expr) -> str:
    """The last part of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def kinds_in(node: ast.expr) -> Iterator[str]:
    """The kinds an expression can be: dotted, in the past tense; either part of a choice; a family's all."""
    if isinstance(node, ast.IfExp):
        yield from (*kinds_in(node.body), *kinds_in(node.orelse))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        family = str(node.values[0].value).rstrip(".")
        yield from (f"{family}.{end}" for end in FAMILIES.get(family, ()))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_kind(node.value):
        yield node.value


def is_kind(text: str) -> bool:
    """Whether a text is put like a kind."""
    first, dot, rest = text.partition(".")
    return text == "sign_out" or bool(dot and first.isidentifier() and rest.isidentifier() and text.islower())


def test_all_that_is_written_has_words() -> None:
    unknown = {kind for kind in kinds_written() if kind not in KINDS and kind.partition(".")[0] not in FAMILIES}
    assert unknown == set()


def test_every_word_is_written_by_somebody() -> None:
    assert set(KINDS) - set(kinds_written()) == set()
