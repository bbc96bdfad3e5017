"""Comparing a repaired turn with the malformed one before it: what was repaired should be the form, not the deed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from agentdesk.agent.findings import Finding
from agentdesk.agent.language_model import ToolCall
from approvals.kinds import PROPOSABLE

CHECK = "repaired_differently"
KEYS = ("order_id", "item_ids", "item_id", "new_item_id", "amount", "address", "payment_method_id", "email")
"""The arguments that say whom and what a deed concerns; free text is none of them."""
HARMLESS = frozenset({"escalate", "add_note", "send_reply", "set_ticket"})
"""Calling people or writing instead of doing is no other deed."""
LONGEST_QUOTE = 80
ITEM = re.compile(r"(?<![#\w.])\d{4,}(?![\w.])")
IDS: Mapping[str, re.Pattern[str]] = {
    "order_id": re.compile(r"#W\d+|\bW\d{3,}"),
    "item_ids": ITEM,
    "item_id": ITEM,
    "new_item_id": ITEM,
    "payment_method_id": re.compile(r"\b(?:credit_card|gift_card|paypal)_\w+"),
    "email": re.compile(r"\b[\w.+-]+@[\w-]+\.\w[\w.-]*"),
}
"""What each key argument looks like in mere words."""


def find_differences(call: ToolCall, malformed: Sequence[ToolCall], tools: Iterable[str]) -> tuple[Finding, ...]:
    """What a sound write call names otherwise than the malformed calls it repairs.

    Args:
        malformed: the calls of the malformed turns just before that named a write tool, or no known one.
        tools: the write tools of the sound turn, so that a malformed call is repaired by its namesake where it has one.
    """
    namesakes = [one for one in malformed if one.name == call.name]
    if namesakes:
        found = [compare_keys(call, one) for one in namesakes]
        return min(found, key=len)
    if call.name in HARMLESS:
        return ()
    present = set(tools)
    other = [one for one in malformed if one.name not in present]
    named = next((one.name for one in other if one.name in PROPOSABLE and one.name not in HARMLESS), None)
    if named is not None:
        return (Finding(CHECK, f"The malformed turn called “{named}”, the repaired one “{call.name}”.", call.name),)
    # A tool that does not exist says nothing of what was to be done, but its arguments say to what.
    return min((compare_keys(call, one) for one in other if one.name not in PROPOSABLE), key=len, default=())


def compare_keys(sound: ToolCall, malformed: ToolCall) -> tuple[Finding, ...]:
    """The key arguments that both name, and name differently."""
    now = key_values(sound.arguments)
    if isinstance(malformed.arguments, str):
        before = key_values_in_text(malformed.arguments)
        return compare_values(before, now) if before else compare_ids(malformed.arguments, now)
    return compare_values(key_values(malformed.arguments), now)


def compare_values(before: Mapping[str, tuple[str, ...]], now: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """A finding for each key argument with other values than before; one that had none before is no difference."""
    return tuple(
        differs(name, " ".join(before[name]), " ".join(values))
        for name, values in now.items()
        if before.get(name) and plain_words(name, before[name]) != plain_words(name, values)
    )


def compare_ids(text: str, now: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """Where only ids can be read out of a malformed text: the key arguments that are not among those of their sort."""
    said = {name: IDS[name].findall(text) for name in now if name in IDS}
    return tuple(
        differs(name, " ".join(ids), " ".join(now[name]))
        for name, ids in said.items()
        if ids and not {plain(one) for one in now[name]} <= {plain(one) for one in ids}
    )


def differs(name: str, before: str, now: str) -> Finding:
    """The finding of one key argument, with both values."""
    reason = f"The malformed turn had {name} “{quote(before)}”, the repaired one has “{quote(now)}”."
    return Finding(CHECK, reason, quote(now))


def quote(words: str) -> str:
    """Words short enough to be quoted, without quotation marks of their own."""
    return re.sub("[“”]", '"', " ".join(words.split()))[:LONGEST_QUOTE]


def key_values(arguments: Any) -> dict[str, tuple[str, ...]]:
    """The key arguments anywhere in a call's arguments, each with its scalars as text, in order."""
    found: dict[str, tuple[str, ...]] = {}
    open_parts = [arguments]
    # The list grows while it is gone through.
    for part in open_parts:
        if isinstance(part, Mapping):
            for name, value in part.items():
                if name in KEYS:
                    found[name] = (*found.get(name, ()), *scalars_of(value))
                else:
                    open_parts.append(value)
        elif isinstance(part, list | tuple):
            open_parts += part
    return found


def scalars_of(value: Any) -> tuple[str, ...]:
    """The scalars of a JSON value as text."""
    if isinstance(value, Mapping):
        return tuple(one for part in value.values() for one in scalars_of(part))
    if isinstance(value, list | tuple):
        return tuple(one for part in value for one in scalars_of(part))
    return () if value is None else (str(value),)


def key_values_in_text(text: str) -> dict[str, tuple[str, ...]]:
    """The key arguments that can be read out of arguments that are no JSON: cut, or with stray commas and quotes."""
    found: dict[str, tuple[str, ...]] = {}
    for name in KEYS:
        for group in re.findall(rf"\b{name}\b[\"']?\s*[:=]\s*(\[[^\]]*|\{{[^}}]*|\"[^\"]*|'[^']*|[^\s,}}\]]+)", text):
            values = re.findall(r":\s*[\"']([^\"']+)", group) if group.startswith("{") else split_values(group)
            found[name] = (*found.get(name, ()), *values)
    return {name: values for name, values in found.items() if values}


def split_values(group: str) -> list[str]:
    """The values of a list or of a quoted or bare word."""
    if group.startswith("["):
        return [one for one in re.split(r"[\s,\"'\[]+", group) if one]
    return [group.strip("\"'")]


def plain_words(name: str, values: Sequence[str]) -> list[str]:
    """Values as they compare: an address word by word, whatever its form; the others in any order."""
    if name == "address":
        return sorted(word for value in values for word in re.findall(r"\w+", value.casefold()))
    return sorted(plain(value) for value in values)


def plain(value: str) -> str:
    """An id without `#` and case, an amount without needless zeros."""
    text = value.strip().lstrip("#").casefold()
    try:
        return str(Decimal(text).normalize()) if "." in text else text
    except InvalidOperation:
        return text
