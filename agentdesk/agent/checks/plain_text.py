"""Text as a reader means it: straight quotes, no invisible characters. One way for all that judge words."""

from __future__ import annotations

import unicodedata

STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "″": '"', "–": "-", "—": "-", "‐": "-",
     "‑": "-", "−": "-", "\u00a0": " ", "\u202f": " ", "\t": " ", "…": "..."}
)  # fmt: skip


def plain(text: str) -> str:
    """Straight quotes and dashes, no invisible or direction-changing characters, lines ended by a newline alone."""
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n").translate(STRAIGHT))
    text = text.translate(STRAIGHT)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in {"Cf", "Cc", "Co", "Cn"})
