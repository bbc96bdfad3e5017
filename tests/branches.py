"""Which branches of the path from a model's words to a proposal no test takes: a plugin for pytest.

`pytest -p tests.branches tests/runs tests/agent/test_agenda.py …` watches every conditional jump of the rooms below and
prints those of which only one way, or none, was taken.
"""

from __future__ import annotations

import dis
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent / "agentdesk"
ROOMS = (
    "agent/agenda.py", "agent/assessing.py", "agent/course.py", "agent/repairing.py", "agent/storable.py",
    "runs/answer_facts.py", "runs/answering.py", "runs/cutting.py", "runs/gathering.py", "runs/open_turn.py",
    "runs/outside.py", "runs/tool_calls.py", "runs/tool_running.py", "runs/verifying.py", "runs/write_calls.py",
)  # fmt: skip
WATCHED = {str(ROOT / room) for room in ROOMS}

taken: dict[CodeType, set[tuple[int, int]]] = defaultdict(set)


def watch(frame: FrameType, event: str, arg: object) -> Any:
    """Follows the opcodes of a frame of the watched rooms; any other is left alone."""
    if frame.f_code.co_filename not in WATCHED:
        return None
    frame.f_trace_opcodes = True
    frame.f_trace_lines = False
    last = -1

    def step(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal last
        if event == "opcode":
            taken[frame.f_code].add((last, frame.f_lasti))
            last = frame.f_lasti
        return step

    return step


@dataclass(frozen=True)
class Jump:
    """A conditional jump: where it stands in the code and in the source, and where it leads if it is true, or not."""

    offset: int
    position: tuple[int | None, ...]
    if_true: int
    if_false: int


def jumps_of(code: CodeType) -> Iterator[Jump]:
    """Each conditional jump of a code."""
    steps = [one for one in dis.get_instructions(code) if one.opname not in ("CACHE", "EXTENDED_ARG")]
    for place, one in enumerate(steps[:-1]):
        # Whether an exception is caught here, or by what is entered by `with`, is no branch of ours.
        if place and steps[place - 1].opname in ("CHECK_EXC_MATCH", "WITH_EXCEPT_START"):
            continue
        if one.opcode in dis.hasjrel and ("_IF_" in one.opname or one.opname == "FOR_ITER"):
            ways = (int(one.argval), steps[place + 1].offset)
            jumps_if_true = one.opname.endswith(("_TRUE", "_NOT_NONE", "TRUE_OR_POP"))
            yield Jump(one.offset, tuple(one.positions or ()), *(ways if jumps_if_true else ways[::-1]))


def branches_of(code: CodeType, steps: set[tuple[int, int]]) -> dict[tuple[int | None, ...], set[bool]]:
    """Each branch of a code by its place in the source, with the ways that were taken; a loop's test stands twice."""
    found: dict[tuple[int | None, ...], set[bool]] = defaultdict(set)
    for jump in jumps_of(code):
        ways = {True: jump.if_true, False: jump.if_false}
        found[jump.position] |= {way for way, place in ways.items() if (jump.offset, place) in steps}
    return found


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in a module's, that of annotations and class bodies too."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes_in(constant)


def find_branches() -> Iterator[tuple[str, set[bool]]]:
    """Every branch of the rooms in words, with the ways that were taken."""
    seen = {(code.co_filename, code.co_qualname, code.co_firstlineno): steps for code, steps in taken.items()}
    for path in sorted(WATCHED):
        module = compile(Path(path).read_text(encoding="utf-8"), path, "exec")
        for code in codes_in(module):
            steps = seen.get((path, code.co_qualname, code.co_firstlineno), set())
            for position, ways in branches_of(code, steps).items():
                yield f"{Path(path).relative_to(ROOT)}:{position[0]} {code.co_qualname}", ways


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Begins to watch once everything is imported."""
    threading.settrace(watch)
    sys.settrace(watch)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says what was never taken."""
    sys.settrace(None)
    found = list(find_branches())
    missed = [f"{words}: only {sorted(ways)} taken" for words, ways in found if len(ways) < 2]
    terminalreporter.write_line(f"branches: {len(found) - len(missed)} of {len(found)} taken both ways")
    for words in missed:
        terminalreporter.write_line(words)
