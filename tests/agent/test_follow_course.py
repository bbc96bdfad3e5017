"""A run's course is a fold over its transcript: read at once or as it grows, it is the same."""

from __future__ import annotations

import json

from agentdesk.agent.course import Course, CourseReader, key_of, read_course
from agentdesk.agent.language_model import Entry, ModelTurn, ToolAnswer, ToolCall, UserTurn

CALLS = (
    ToolCall("1", "get_order", {"order_id": "#W1"}),
    ToolCall("2", "cancel_order", {"order_id": 5}),
    ToolCall("3", "cancel_order", {"order_id": "#W1"}),
    ToolCall("4", "get_order", {"order_id": "#W1"}),
)
ANSWERS = (
    {"order_id": "#W1", "status": "pending"},
    {"error": "malformed call"},
    {"outcome": "proposed"},
    {"order_id": "#W1", "status": "cancelled"},
)
ENTRIES: list[Entry] = [UserTurn('The ticket\n{"ticket": {}}')]
for made, told in zip(CALLS, ANSWERS, strict=True):
    ENTRIES += [ModelTurn("", (made,)), ToolAnswer(made.tool_call_id, json.dumps(told))]
ENTRIES += [UserTurn("You are near a bound."), UserTurn("Decisions:\n[]")]


def shown(course: Course) -> tuple[object, ...]:
    return course.brief, course.calls, course.agenda, course.to_repair, course.same_reads(CALLS[3])


def test_it_is_the_same_read_at_once_or_as_it_grows() -> None:
    reader = CourseReader()
    for length in range(len(ENTRIES) + 1):
        assert shown(reader.read(ENTRIES[:length])) == shown(read_course(ENTRIES[:length]))


def test_what_is_done_with_it_stays_with_the_caller() -> None:
    reader = CourseReader()
    course = reader.read(ENTRIES[:3])
    course.note_turn("", CALLS[1:2])
    course.note_answer(CALLS[1], ANSWERS[1])
    course.note_proposal()
    assert shown(reader.read(ENTRIES[:3])) == shown(read_course(ENTRIES[:3]))


def test_another_or_a_shorter_transcript_is_read_from_its_start() -> None:
    reader = CourseReader()
    reader.read(ENTRIES)
    other = [UserTurn("Another"), *ENTRIES[1:3]]
    assert shown(reader.read(other)) == shown(read_course(other))
    assert shown(reader.read(other[:1])) == shown(read_course(other[:1]))


def test_only_decisions_of_the_houses_words_change_what_is_seen() -> None:
    near = read_course([*ENTRIES[:-2], ENTRIES[-2]])
    decided = read_course(ENTRIES)
    assert len(near.same_reads(CALLS[3])) == 1
    assert decided.same_reads(CALLS[3]) == []


def test_words_that_were_erased_are_an_empty_answer() -> None:
    course = read_course([*ENTRIES[:2], ToolAnswer("1", ""), ToolAnswer("unknown", "{}"), ToolAnswer("1", "[1]")])
    assert [one.value for one in course.calls] == [{}, {}]
    course.note_stored("5", "{}", tool="get_order", thread="call_9")
    assert (course.calls[-1].call.name, course.calls[-1].thread) == ("get_order", "call_9")


def test_what_is_left_out_and_what_is_null_are_one_question() -> None:
    null, left_out = ToolCall("1", "find_customer", {"email": None}), ToolCall("2", "find_customer", {})
    assert key_of(null) == key_of(left_out) != key_of(ToolCall("3", "find_customer", {"email": "x@example.com"}))
    assert key_of(ToolCall("4", "find_customer", "x")) != key_of(left_out)


def test_without_an_agenda_no_step_has_fallen() -> None:
    assert Course().fallen_step(CALLS[2]) is None
