"""Reading files that may be broken: every refusal names the file and what is wrong with it, in one line."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

LONGEST_MESSAGE = 500


class BrokenFile(Exception):
    """A file cannot be loaded; the message names the file, the record and the field, in one printable line."""

    def __init__(self, message: str) -> None:
        printable = message.encode("utf-8", "backslashreplace").decode()
        super().__init__(" ".join(printable.split())[:LONGEST_MESSAGE])


def read_text(path: Path) -> str:
    """The file's text; a byte order mark is dropped and line ends become newlines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path.name}: byte {error.start} is not UTF-8") from error
    except OSError as error:
        raise BrokenFile(f"{path.name}: cannot be read: {error.strerror}") from error
    if "\0" in text:
        raise BrokenFile(f"{path.name}: holds a NUL character")
    return text.replace("\r\n", "\n")


def read_json(path: Path) -> Any:
    """The file's contents, numbers with a point as Decimal. NaN and keys that stand twice are refused."""
    return parse_json(read_text(path), path.name)


def parse_json(text: str, name: str) -> Any:
    """As `read_json`, of a text; `name` stands in the refusals."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_refuse_twice)
    except BrokenFile as error:
        raise BrokenFile(f"{name}: {error}") from error
    except json.JSONDecodeError as error:
        raise BrokenFile(f"{name}: not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise BrokenFile(f"{name}: nested too deeply") from error
    except (ValueError, ArithmeticError) as error:
        raise BrokenFile(f"{name}: holds a number too large to read") from error


def require_mapping(data: Any, name: str) -> Mapping[str, Any]:
    """The data, which must be a JSON object."""
    if not isinstance(data, dict):
        raise BrokenFile(f"{name}: must be an object of records by id, not {_word_for(data)}")
    return data


def _word_for(data: Any) -> str:
    words = {list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    return words.get(type(data), "a number")


def _refuse_constant(constant: str) -> NoReturn:
    raise BrokenFile(f"holds {constant}, which is not a number")


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BrokenFile(f'the key "{twice}" stands twice in one object')
    return record
