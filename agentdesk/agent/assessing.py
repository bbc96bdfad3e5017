"""Assessing an answer: what it changed, which assumption it confirms or breaks. Worked out, never asked of a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from agentdesk.agent.agenda import Agenda, Assumption, Step

NAMES = ("order_id", "item_id", "product_id", "customer_id", "slug", "number", "id")
"""The fields that name a record, the most telling first."""
HOUSE_KEYS = frozenset({"assumption_broken", "same_as", "cut"})
"""What the house adds to an answer; it is no fact of the records."""
MOST_RECORDS = 10
MISSING = object()

FAILED = Decimal("0")
REFUSED = Decimal("0.1")
NOTHING_NEW = Decimal("0.2")
BROKE = Decimal("0.4")
LEARNED = Decimal("0.8")
PROPOSED = Decimal("0.9")
FULL = Decimal("1")


@dataclass(frozen=True)
class Broken:
    """An assumption an answer contradicts, with what it holds instead, and the steps that fall with it."""

    assumption: Assumption
    found: Any
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Assessment:
    """How far an answer brought the run, 0 to 1, and why.

    `records` are the ids of the first records seen in it; `new_facts` counts the fields first seen, or seen changed.
    `confirmed` and `dropped` are ids of the agenda.
    """

    score: Decimal
    new_facts: int = 0
    records: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()

    @property
    def dropped(self) -> tuple[str, ...]:
        """The steps that fell, each once."""
        return tuple(dict.fromkeys(step.id for one in self.broken for step in one.steps))

    def to_data(self) -> dict[str, Any]:
        """The assessment as an event's data: ids and counts."""
        data: dict[str, Any] = {"score": str(self.score), "new_facts": self.new_facts}
        lists = {
            "records": self.records,
            "confirms": self.confirmed,
            "breaks": tuple(one.assumption.id for one in self.broken),
            "drops": self.dropped,
        }
        return data | {name: list(ids) for name, ids in lists.items() if ids}


def own_value(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without what the house added to it."""
    return {name: part for name, part in answer.items() if name not in HOUSE_KEYS}


def is_failed(answer: Mapping[str, Any]) -> bool:
    """Whether an answer says what was wrong instead of what was asked."""
    return "error" in answer


def name_of_record(node: Mapping[str, Any]) -> str:
    """The id of the record a JSON object stands for; empty where it stands for none."""
    return next((node[name] for name in NAMES if isinstance(node.get(name), str)), "")


def facts_in(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Every (record, field, scalar) in an answer; fields of nested objects have dots."""
    open_parts: list[tuple[Any, str, str]] = [(value, "", "")]
    # The list grows while it is gone through: what lies deeper comes later.
    for part, record, path in open_parts:
        if isinstance(part, Mapping):
            own = name_of_record(part)
            start = "" if own or not path else f"{path}."
            open_parts += [(inner, own or record, f"{start}{name}") for name, inner in part.items()]
        elif isinstance(part, list | tuple):
            open_parts += [(inner, record, f"{path}.{place}") for place, inner in enumerate(part)]
        else:
            yield record, path, part


def records_in(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every record in an answer under its plain name, and the customer under `customer` too."""
    open_parts = [value]
    for part in open_parts:
        if isinstance(part, Mapping):
            if name := name_of_record(part):
                yield plain_name(name), part
            if isinstance(part.get("customer_id"), str):
                yield "customer", part
            open_parts += part.values()
        elif isinstance(part, list | tuple):
            open_parts += part


def plain_name(record: str) -> str:
    """A record's id without its kind, `#` and case: `order:#W1` and `w1` are one."""
    return record.strip().rpartition(":")[2].lstrip("#").casefold()


def settle(assumption: Assumption, answer: Mapping[str, Any]) -> tuple[bool, Any] | None:
    """Whether an answer bears an assumption out, and what it holds there; None where it does not speak of it."""
    if not assumption.record or not assumption.field or assumption.expected is None:
        return None
    wanted = plain_name(assumption.record)
    for name, node in records_in(answer):
        found = field_of(node, assumption.field) if name == wanted else MISSING
        if found is not MISSING and not isinstance(found, Mapping | list | tuple):
            return is_same(assumption.expected, found), found
    return None


def field_of(node: Any, path: str) -> Any:
    """What lies at a dotted path; MISSING where there is nothing."""
    for name in path.split("."):
        if not isinstance(node, Mapping) or name not in node:
            return MISSING
        node = node[name]
    return node


def is_same(expected: Any, found: Any) -> bool:
    """Whether two scalars say the same: 12.5 and "12.50" do, and case and outer spaces say nothing."""
    try:
        return Decimal(str(expected)) == Decimal(str(found))
    except InvalidOperation:
        return str(expected).strip().casefold() == str(found).strip().casefold()


def assess_answer(
    answer: Mapping[str, Any], *, seen: set[str], agenda: Agenda | None = None, settled: Collection[str] = (),
    is_overlaid: bool = False, is_write: bool = False,
) -> Assessment:  # fmt: skip
    """What an answer brought; `seen` takes up its facts.

    An assumption is settled once (`settled` has the ids of those that are), and never by records that show what this
    run itself has proposed.
    """
    if is_failed(answer):
        return Assessment(FAILED)
    if is_write:
        scores = {"done": FULL, "proposed": PROPOSED}
        return Assessment(scores.get(str(answer.get("outcome")), REFUSED))
    value = own_value(answer)
    records, count = take_up(value, seen)
    confirmed, broken = weigh(agenda, value, settled) if agenda is not None and not is_overlaid else ((), ())
    score = BROKE if broken else FULL if confirmed else LEARNED if count else NOTHING_NEW
    return Assessment(score, count, records, confirmed, broken)


def take_up(value: Mapping[str, Any], seen: set[str]) -> tuple[tuple[str, ...], int]:
    """Adds an answer's facts to those seen. Returns: the first records first seen, and the count of new facts."""
    records: dict[str, None] = {}
    count = 0
    for record, path, scalar in facts_in(value):
        fact = f"{record}|{path}={scalar!r}"
        if record and f"{record}|" not in seen:
            records[record] = None
            seen.add(f"{record}|")
        count += fact not in seen
        seen.add(fact)
    return tuple(records)[:MOST_RECORDS], count


def weigh(
    agenda: Agenda, value: Mapping[str, Any], settled: Collection[str]
) -> tuple[tuple[str, ...], tuple[Broken, ...]]:
    """The open assumptions an answer confirms, and those it breaks."""
    confirmed, broken = [], []
    for assumption in agenda.assumptions:
        said = settle(assumption, value) if assumption.id not in settled else None
        if said is None:
            continue
        if said[0]:
            confirmed.append(assumption.id)
        else:
            fallen = agenda.resting_on([assumption.id])
            broken.append(Broken(assumption, said[1], tuple(step for step in agenda.steps if step.id in fallen)))
    return tuple(confirmed), tuple(broken)


def tell_broken(broken: Broken) -> dict[str, Any]:
    """A broken assumption as the model is told of it, in the answer that broke it."""
    assumption = broken.assumption
    return {
        "assumption": assumption.text,
        "record": assumption.record,
        "field": assumption.field,
        "expected": assumption.expected,
        "found": broken.found,
        "steps_dropped": [step.text for step in broken.steps],
        "what_to_try": "Take none of the dropped steps. Make a new agenda, ask the customer, or escalate.",
    }
