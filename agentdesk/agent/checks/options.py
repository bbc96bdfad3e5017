"""Sizes and colours in a reply: each has to be one that a source of the run names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentdesk.agent.checks.facts import Facts
from agentdesk.agent.checks.wording import Sentence, quoted
from agentdesk.agent.findings import Finding

SIZED = re.compile(
    r"\b(?:size[sd]? (?:is |to |of )?(?P<after>[a-z]{2,}|(?-i:[SML])\b)|(?!(?:to|in|into|for|the|of|as|from|and|"
    r"or|by)\b)(?P<before>[a-z]{2,})[- ]sized?\b)|"
    r"\b(?P<size>twin|queen|king|crib|XS|XL|XXL|XXXL|extra[- ](?:large|small)|single(?= (?:size|set|bed|one))|"
    r"(?<=in )(?:small|medium|large))\b",
    re.I,
)
COLOUR = re.compile(
    r"\b(?:red|blue|yellow|purple|pink|orange|violet|turquoise|beige|navy|teal|maroon|ivory|crimson|magenta|lilac|"
    r"burgundy|charcoal|khaki|olive|indigo|scarlet|white|black|green|brown|gr[ae]y|silver|gold|golden|bronze|copper)\b",
    re.I,
)
NO_SIZE = frozenset(
    re.findall(
        r"\w+",
        """
        the this that right wrong new old other another different bigger larger smaller same your our correct next first
        in and or for from is was of to it fits which what any each one full whole good double-check you we if so with
        """,
    )
)
"""What stands beside `size` without being one."""


def check_options_known(sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    """A size or a colour that no source of the run names is an option of nothing that is spoken of."""
    if sentence.is_attributed or sentence.is_negated or sentence.asks:
        return
    for match in (*SIZED.finditer(sentence.text), *COLOUR.finditer(sentence.text)):
        word = next(filter(None, match.groups()), match.group()).lower()
        if word in NO_SIZE or is_option(word, facts) or word.replace("grey", "gray") in facts.words:
            continue
        yield quoted("ungrounded_name", match.group(), "is an option that no source of this run names.")


def is_option(word: str, facts: Facts) -> bool:
    """Whether a word stands in a source; a letter alone only as an option's value."""
    if len(word) > 1:
        return word in facts.words
    return any(word == value.lower() for line in facts.lines for value in line.options.values())
