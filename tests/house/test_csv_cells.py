"""A cell of a CSV file is text, whatever a customer wrote into it."""

import csv
import io

import pytest

from agentdesk.csv_cells import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_it_keeps_what_would_begin_a_formula_as_text(start: str) -> None:
    assert safe_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("text", ["  =1+1", "\u00a0@SUM(A1)", " \t=cmd"])
def test_it_looks_behind_spaces(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["W1001", "12.50", "a=b", "", 'He said "no", twice'])
def test_it_leaves_other_text_as_it_is(value: str) -> None:
    assert safe_cell(value) == value


def test_it_writes_nothing_for_none_and_text_for_numbers() -> None:
    assert [safe_cell(None), safe_cell(3), safe_cell(-3)] == ["", "3", "'-3"]


def test_a_cell_is_read_back_as_one_cell() -> None:
    sheet = io.StringIO()
    csv.writer(sheet).writerow([safe_cell('=1,"2"\n3'), safe_cell("x")])
    assert list(csv.reader(io.StringIO(sheet.getvalue(), newline=""))) == [['\'=1,"2"\n3', "x"]]
