"""Cells of a CSV file that no spreadsheet takes for a formula."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may read as the beginning of a formula, the full-width forms included (OWASP, CSV Injection)."""


def safe_cell(value: object) -> str:
    """A value as the text of one cell; an apostrophe keeps what would begin a formula, also behind spaces, as text.

    None is an empty cell. Quoting commas, quotes and line ends is left to the `csv` module.
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text
