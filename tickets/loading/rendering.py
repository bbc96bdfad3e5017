"""Readable text out of nested JSON: a mapping becomes headings, a list bullets, a record in a list one line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DEEPEST_HEADING = 6


def render_text(data: Any) -> str:
    """Markdown that says all the data says, in its order; a text stays as it is."""
    return "\n\n".join(_render_blocks(data, level=2)).strip()


def _render_blocks(data: Any, level: int) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _render_entry(_spell_key(key), value, level)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        yield "\n".join(_render_bullets(data, depth=0))
    else:
        yield _spell_value(data)


def _render_entry(key: str, value: Any, level: int) -> Iterator[str]:
    """A short value stands beside its key, a longer one beneath a heading."""
    if isinstance(value, Mapping | list):
        if value:
            yield f"{'#' * min(level, DEEPEST_HEADING)} {key}"
            yield from _render_blocks(value, level + 1)
    else:
        yield f"{key}: {_spell_value(value)}"


def _render_bullets(values: Sequence[Any], depth: int) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _render_record(value, depth)
        elif isinstance(value, list):
            yield from _render_bullets(value, depth + 1)
        else:
            yield f"{'  ' * depth}- {_spell_value(value)}"


def _render_record(record: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Its plain values in one bullet, its lists as bullets beneath."""
    plain = {key: value for key, value in record.items() if not isinstance(value, Mapping | list)}
    yield f"{'  ' * depth}- " + "; ".join(f"{_spell_key(key)}: {_spell_value(value)}" for key, value in plain.items())
    for value in record.values():
        if isinstance(value, Mapping):
            yield from _render_record(value, depth + 1)
        elif isinstance(value, list):
            yield from _render_bullets(value, depth + 1)


def _spell_key(key: str) -> str:
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _spell_value(value: Any) -> str:
    words = {None: "none", True: "yes", False: "no"}
    return value.strip() if isinstance(value, str) else words.get(value, str(value))
