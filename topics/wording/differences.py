"""Which words two texts differ in. Exchanging the texts exchanges “added” and “removed”."""

import re
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from topics.document import Section

from .blocks import blocks, plain

SAME, REMOVED, ADDED = "same", "removed", "added"
# A word keeps the hyphens, points and commas inside it (“1,000”, “follow-up”), and the blanks after it.
_WORD = re.compile(r"(\w+(?:[.,:/’'-]\w+)*|[^\w\s])(\s*)")
# Comparing takes the product of both lengths; beyond this a text is shown as replaced as a whole.
MOST_WORDS = 4000


class Piece(NamedTuple):
    """A run of words that both texts have (“same”), or only the first or the second has."""

    kind: str
    text: str


class SectionChange(NamedTuple):
    """A section that differs. `before` and `after` are its places, None where it is missing.

    `heading` and each entry of `body` (one a paragraph or list item) are words with what became
    of them. `words` is False when only markup or the address of a link differs.
    """

    before: int | None
    after: int | None
    heading: list[Piece]
    body: list[list[Piece]]

    @property
    def words(self) -> bool:
        return any(piece.kind != SAME for line in [self.heading, *self.body] for piece in line)


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts in one, as runs of words."""
    if before == after:
        return [Piece(SAME, before)] if before else []
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return [Piece(kind, text) for kind, text in ((REMOVED, before), (ADDED, after)) if text]
    found: list[Piece] = []
    for same, (a, b), (c, d) in runs([word for word, _ in old], [word for word, _ in new]):
        if same:
            found.append(Piece(SAME, _text(new[c:d])))
        else:
            found += [Piece(REMOVED, _text(old[a:b]))] if a < b else []
            found += [Piece(ADDED, _text(new[c:d]))] if c < d else []
    return found


def section_changes(before: Sequence[Section], after: Sequence[Section]) -> list[SectionChange]:
    """The sections that differ, in the order of `after`.

    Sections of the same heading are compared with each other; between those, the n-th with the n-th.
    """
    changes = []
    headings = [[_heading(section) for section in side] for side in (before, after)]
    for a, b in paired(*headings):
        old = before[a] if a is not None else None
        new = after[b] if b is not None else None
        if old != new:
            heading = pieces(_heading(old), _heading(new))
            changes.append(SectionChange(a, b, heading, _lines(old, new)))
    return changes


def _heading(section: Section | None) -> str:
    return plain(section.heading) if section else ""


def _lines(old: Section | None, new: Section | None) -> list[list[Piece]]:
    """The paragraphs and list items of two sections, compared with each other."""
    texts = [[block.text for block in blocks(side.body)] if side else [] for side in (old, new)]
    return [
        pieces(texts[0][a] if a is not None else "", texts[1][b] if b is not None else "")
        for a, b in paired(*texts)
    ]


def paired(
    old: Sequence[Hashable], new: Sequence[Hashable]
) -> Iterator[tuple[int | None, int | None]]:
    """Places in both lists that belong together: equal entries, and between them the n-th ones."""
    for _same, (a, b), (c, d) in runs(old, new):
        for step in range(max(b - a, d - c)):
            yield (a + step if a + step < b else None, c + step if c + step < d else None)


def runs(
    old: Sequence[Hashable], new: Sequence[Hashable]
) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """Runs of equal and of different entries. The matcher prefers one side, so the order is fixed."""
    swap = tuple(new) < tuple(old)
    sides = (new, old) if swap else (old, new)
    for tag, a, b, c, d in SequenceMatcher(None, *sides, autojunk=False).get_opcodes():
        one, other = (a, b), (c, d)
        yield (tag == "equal", other, one) if swap else (tag == "equal", one, other)


def _text(words: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{word}{space}" for word, space in words)
