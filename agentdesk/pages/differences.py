"""What differs between two texts, line by line and within a line word by word, as pieces a template can mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["same", "gone", "new", "left_out"]
CONTEXT = 2
MOST_WORDS = 4000


@dataclass(frozen=True)
class Piece:
    """Some words and what became of them."""

    mark: Mark
    words: str


@dataclass(frozen=True)
class Line:
    """One line of the comparison, in pieces; `left_out` stands for unchanged lines in between."""

    mark: Mark
    pieces: tuple[Piece, ...]


def compare_texts(before: str, after: str) -> list[Line]:
    """The changed lines with a little around them; nothing where the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    reached = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        if group[0][1] > reached:
            lines.append(Line("left_out", ()))
        reached = group[-1][2]
        for tag, *spans in group:
            lines.extend(compare_block(tag, old[spans[0] : spans[1]], new[spans[2] : spans[3]]))
    return [*lines, Line("left_out", ())] if lines and reached < len(old) else lines


def compare_block(tag: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """One block of equal or changed lines; lines that were replaced by as many are compared by words."""
    if tag == "equal":
        yield from (Line("same", (Piece("same", line),)) for line in old)
    elif tag == "replace" and len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield Line("new", compare_words(before, after))
    else:
        yield from (Line("gone", (Piece("gone", line),)) for line in old)
        yield from (Line("new", (Piece("new", line),)) for line in new)


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """One line against another, word by word."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    if len(old) + len(new) > MOST_WORDS:
        return (Piece("gone", before), Piece("new", after))
    pieces: list[Piece] = []
    for tag, *spans in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[spans[0] : spans[1]]), "".join(new[spans[2] : spans[3]])
        if tag == "equal":
            pieces.append(Piece("same", gone))
            continue
        pieces += [Piece("gone", gone)] if gone else []
        pieces += [Piece("new", came)] if came else []
    return tuple(pieces)
