"""What a page marks as gone or new."""

from __future__ import annotations

import re


def words_marked(page: str, tag: str) -> set[str]:
    """The texts within all elements of a tag, such as `ins`."""
    return {words.strip() for words in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)}
