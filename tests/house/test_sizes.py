"""The house style's limits: a function is at most 50 lines, a file at most 400."""

import ast
from collections.abc import Iterator
from pathlib import Path

from agentdesk.environment import BASE_DIR

ROOMS = ("tickets", "approvals", "agentdesk")
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
VAGUE = {"utils.py", "helpers.py", "services.py", "managers.py", "common.py"}


def find_sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in (BASE_DIR / room).rglob("*.py") if "migrations" not in path.parts)


def test_no_file_is_too_long() -> None:
    too_long = [path for path in find_sources() if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    assert too_long == []


def test_no_function_is_too_long() -> None:
    too_long = []
    for path in find_sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long.append(f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name} {lines}")
    assert too_long == []


def test_no_file_has_a_vague_name() -> None:
    assert [path for path in find_sources() if path.name in VAGUE] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for path in find_sources():
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            silent.append(str(path.relative_to(BASE_DIR)))
    assert silent == []
