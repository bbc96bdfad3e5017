"""Taking disguises off a text: letters of other scripts, digits for letters, split words, encodings, unseen characters.

Every way is linear in the text's length, and a text that wears no disguise comes back as one form only.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from agentdesk.agent.checks.plain_text import plain

LONGEST = 20_000
"""Characters that are looked at for disguises; the text as it stands is looked at whole."""
TAGS = re.compile("[\U000e0020-\U000e007e]+")
PAIRS = (
    "аaвbгrеeзzіiкkмmнhоoрpсcтtуyхxѕsјjԁdԛqԝwһhѵvьbАAВBЕEЅSЗZІIЈJКKМMНHОOРP"
    "СCТTУYХXԚQԜWαaβbεeιiκkνvοoρpτtυuχxΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXıiłløođd"
)
"""Letters that look like Latin ones, each followed by that one."""
LOOKALIKES = {ord(PAIRS[place]): PAIRS[place + 1] for place in range(0, len(PAIRS), 2)}
DIGITS = str.maketrans("0134578@$!|", "oieastbasil")
SPELT_WORD = re.compile(r"(?<!\S)(?=\S*[A-Za-z])(?=\S*[0134578@$!|])[A-Za-z0134578@$!|]{3,30}(?=[\s.,;:?]|$)")
BETWEEN = r"[ .\-_*·/|,~+]"
SINGLES = re.compile(rf"(?<![^\W_])(?:[^\W\d_]{BETWEEN}){{3,60}}[^\W\d_](?![^\W_])")
BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{16,8000}={0,2}(?![\w+/])")
BINARY = re.compile(r"(?:[01]{8}\s){3,2000}[01]{8}\b")
HEXED = re.compile(r"\b(?:[0-9a-fA-F]{2}[\s:]?){12,4000}\b")
ESCAPED = re.compile(r"&#?\w{2,8};|%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}")
UNICODE_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
"""Letters written as numbers."""
BACKWARDS = re.compile(r"\b(?:eht|dna|ruoy|dnufer|erongi|tuohtiw|evorppa)\b", re.I)
ROTATED = re.compile(r"\b(?:gur|naq|lbhe|ershaq|vtaber|jvgubhg|nccebir)\b", re.I)
"""Frequent words as they look in a text that is turned about."""


def undisguise(text: str) -> Iterator[str]:
    """The text as a reader sees it, then what it says once each disguise is taken off."""
    seen = plain(text)
    yield seen
    text, seen = text[:LONGEST], seen[:LONGEST]
    folded = fold_letters(seen)
    joined = SINGLES.sub(lambda found: re.sub(BETWEEN, "", found.group()), folded)
    spelt = SPELT_WORD.sub(lambda found: found.group().translate(DIGITS), joined)
    for form in dict.fromkeys((folded, joined, spelt)):
        if form != seen:
            yield form
    yield from decoded(text, seen)


def decoded(text: str, seen: str) -> Iterator[str]:
    """What stands in a text in another code."""
    if BACKWARDS.search(seen):
        yield seen[::-1]
    if ROTATED.search(seen):
        yield codecs.encode(seen, "rot13")
    for found in TAGS.finditer(text):
        yield "".join(chr(ord(char) - 0xE0000) for char in found.group())
    if ESCAPED.search(seen):
        yield unquote(html.unescape(UNICODE_ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), seen)))
    for pattern, decode in ((BASE64, from_base64), (BINARY, from_binary), (HEXED, from_hex)):
        for found in pattern.finditer(seen):
            words = readable(decode(found.group()))
            if words:
                yield words


def squeezed(text: str) -> Iterator[str]:
    """The bare letters of a text in lower case: as it stands, read backwards, and turned by thirteen places."""
    seen = fold_letters(plain(text[:LONGEST])).translate(DIGITS).lower()
    bare = "".join(char for char in seen if char.isalpha())
    yield from (bare, bare[::-1], codecs.encode(bare, "rot13"))


def fold_letters(text: str) -> str:
    """The text without accents, and with Latin letters for those of other scripts that look the same."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return bare.translate(LOOKALIKES)


def from_base64(code: str) -> bytes:
    """The bytes of a base64 text, whatever its padding."""
    code = code.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        return b""


def from_binary(code: str) -> bytes:
    """The bytes of groups of eight binary digits."""
    return bytes(int(group, 2) for group in code.split())


def from_hex(code: str) -> bytes:
    """The bytes of pairs of hexadecimal digits."""
    digits = re.sub(r"[\s:]", "", code)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def readable(found: bytes) -> str:
    """The words of decoded bytes; empty where they are not a text."""
    try:
        words = found.decode("utf-8")
    except UnicodeDecodeError:
        words = found.decode("latin-1")
    letters = sum(char.isascii() and (char.isalpha() or char in " .,'\n") for char in words)
    return words if words and letters >= 0.8 * len(words) else ""
