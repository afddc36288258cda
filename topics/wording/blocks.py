"""What canonical HTML says, block by block, as plain text."""

import re
from html import unescape
from typing import NamedTuple

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:\s+[a-z-]+=\"[^\"]*\")*\s*/?>")
_INLINE = {"a", "strong", "em", "img"}
_KINDS = {"li": "item", "td": "cell", "th": "cell", "caption": "caption"}


class Block(NamedTuple):
    """A paragraph, list item (“item”), table cell or caption; `text` has single spaces only."""

    kind: str
    text: str


def blocks(html: str) -> list[Block]:
    """The blocks of canonical HTML in their order, empty ones left out.

    A paragraph inside a list item belongs to the item; text outside of any block is a paragraph.
    """
    found: list[Block] = []
    around: list[str] = []
    words: list[str] = []

    def end_block() -> None:
        text = " ".join("".join(words).split())
        if text:
            found.append(Block(around[-1] if around else "paragraph", text))
        words.clear()

    at = 0
    for tag in _TAG.finditer(html):
        words.append(unescape(html[at : tag.start()]))
        at = tag.end()
        name = tag[2]
        if name == "br":
            words.append(" ")
        elif name not in _INLINE:
            end_block()
            if name in _KINDS and not tag[1]:
                around.append(_KINDS[name])
            elif name in _KINDS and around:
                around.pop()
    words.append(unescape(html[at:]))
    end_block()
    return found


def plain(html: str | None) -> str:
    """The text of canonical HTML in one line, as for a heading."""
    return " ".join(block.text for block in blocks(html or ""))
