"""The words of a text, and which of them are new: for people who compare two versions."""

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

# Beyond this many words whole lines are compared: comparing takes time by the square of it.
WORDS_COMPARED = 4000
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Piece(NamedTuple):
    """A stretch of text: `mark` is "ins" for new words, "del" for those that are gone, else ""."""

    mark: str
    text: str


def readable(source: str) -> str:
    """HTML as plain text: one block a line, a link followed by its address in brackets."""
    text = re.sub(r'(?s)<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', r"\2 [\1]", source)
    text = re.sub(r"\s*<li\b[^>]*>", "\n• ", text)
    text = re.sub(
        r"\s*</?(?:p|ul|ol|div|table|tr|h\d|br|dl|dt|dd|blockquote)\b[^>]*>\s*", "\n", text
    )
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\n[ \n]+", "\n", text).strip()


def compared(before: str, after: str) -> list[Piece]:
    """`after` with what is gone since `before` and what is new marked."""
    pieces = re.compile(_WORDS if len(before) + len(after) < 6 * WORDS_COMPARED else _LINES)
    return list(_compared(pieces.findall(before), pieces.findall(after)))


def _compared(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, from_a, to_a, from_b, to_b in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            yield Piece("", "".join(after[from_b:to_b]))
            continue
        if to_a > from_a:
            yield Piece("del", "".join(before[from_a:to_a]))
        if to_b > from_b:
            yield Piece("ins", "".join(after[from_b:to_b]))
