"""What reviews should not have to say: public things say what they are for, and no error is swallowed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.environment import BASE_DIR

ROOMS = ("tickets", "approvals", "agentdesk")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
WRITES = {"save", "update", "create", "bulk_create", "delete", "get_or_create", "update_or_create"}


def find_sources(*rooms: str) -> Iterator[Path]:
    for room in rooms or ROOMS:
        yield from (path for path in sorted((BASE_DIR / room).rglob("*.py")) if "migrations" not in path.parts)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(BASE_DIR)}:{getattr(node, 'lineno', 1)}"


def public_definitions(module: ast.Module) -> Iterator[Definition]:
    """Top-level functions and classes by which other files know a module; frameworks' hooks explain themselves."""
    for node in module.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_and_class_says_what_it_is(room: str) -> None:
    silent = [
        f"{place(path, node)} {node.name}"
        for path in find_sources(room)
        for node in public_definitions(parse(path))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_error_is_swallowed() -> None:
    swallowed = [
        place(path, node)
        for path in find_sources()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or swallows_everything(node))
    ]
    assert swallowed == []


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """`except Exception: pass`, or one that only returns nothing."""
    name = handler.type.id if isinstance(handler.type, ast.Name) else ""
    return name in ("Exception", "BaseException") and all(is_nothing(line) for line in handler.body)


def is_nothing(line: ast.stmt) -> bool:
    returns_nothing = isinstance(line, ast.Return) and line.value is None
    return isinstance(line, ast.Pass | ast.Continue) or returns_nothing


def test_no_clock_is_read_below_the_edge() -> None:
    """Time comes in as `now`: verbs and pure functions never ask for it (leases use the database's clock)."""
    readers = [
        place(path, node)
        for path in find_sources("tickets", "approvals")
        for node in ast.walk(parse(path))
        if path.name != "tasks.py" and "management" not in path.parts
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today", "localtime")
        if isinstance(node.value, ast.Name) and node.value.id in ("timezone", "datetime", "date")
    ]
    assert readers == []


def test_only_the_gate_writes_effects() -> None:
    """`tickets.writing` is imported by the gate and its outbox, and by nobody else."""
    importers = {
        str(path.relative_to(BASE_DIR))
        for path in find_sources()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and node.module == "tickets.writing"
    }
    assert importers == {"approvals/gate.py", "approvals/outbox.py"}


def test_kinds_and_the_policy_write_nothing() -> None:
    """A kind plans and the policy judges: neither holds a call that could change a row."""
    pure = [*find_sources("approvals/kinds"), BASE_DIR / "approvals/policy.py", BASE_DIR / "approvals/digest.py"]
    pure += [BASE_DIR / "tickets/records.py", BASE_DIR / "tickets/effects.py"]
    writers = [
        place(path, node)
        for path in pure
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute) and node.attr in WRITES and "objects" in ast.unparse(node)
    ]
    assert writers == []


def test_a_status_is_changed_by_a_move_alone() -> None:
    """No line of the gate assigns an action's status, except the row's own move and a new row's first status."""
    assignments = [
        place(path, node)
        for path in find_sources("approvals")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Assign)
        and any(ast.unparse(target).endswith("action.status") for target in node.targets)
    ]
    assert {line.partition(":")[0] for line in assignments} <= {"approvals/proposing.py"}
