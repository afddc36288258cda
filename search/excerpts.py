"""The piece of a text that shows best why it was found, with the words asked for marked."""

from collections import Counter
from collections.abc import Iterable
from html import escape
from re import Match

from django.utils.safestring import SafeString

from .readings import Query, Reading
from .words import WORD, forms

WORDS_SHOWN = 36
# So many words stand before the first marked one, that the eye finds its way in.
WORDS_BEFORE = 6


class Marker:
    """Knows the words of a search in a text that was found by it."""

    def __init__(self, query: Query, reading: Reading):
        self.telling = frozenset(query.telling)
        goes_on = reading is not Reading.WORDS or query.tells_beginnings
        self.goes_on_from = query.telling[-1] if goes_on else None

    def meant(self, word: str) -> str | None:
        """Which word of the search a word of the text stands for."""
        for form in forms(word):
            if form in self.telling:
                return form
            if self.goes_on_from and form.startswith(self.goes_on_from):
                return self.goes_on_from
        return None

    def words_in(self, text: str) -> set[str | None]:
        """Which words of the search are in a text."""
        return {self.meant(match[0]) for match in WORD.finditer(text)} - {None}

    def holds_all(self, text: str) -> bool:
        """Whether every word of the search is in a text."""
        return self.telling == self.words_in(text)

    def marked(self, text: str) -> SafeString:
        """The text as HTML, the words of the search in <mark>."""
        parts = []
        end = 0
        for match in WORD.finditer(text):
            if self.meant(match[0]):
                parts.append(f"{escape(text[end : match.start()])}<mark>{escape(match[0])}</mark>")
                end = match.end()
        return SafeString("".join(parts) + escape(text[end:]))

    def name(self, title: str, names: Iterable[str]) -> str:
        """The other name that says most of what the title does not; empty when there is none."""
        said = self.words_in(title)
        telling = [name for name in names if self.words_in(name) - said]
        return max(telling, key=lambda name: len(self.words_in(name)), default="")

    def excerpt(self, text: str) -> SafeString:
        """The stretch of the text that has most of the words asked for, else its beginning, as HTML."""
        matches = list(WORD.finditer(text))
        return self._stretch(text, matches, _best_stretch([self.meant(m[0]) for m in matches]))

    def beginning(self, text: str) -> SafeString:
        """The beginning of the text as HTML, for a topic whose title or name says why it was found."""
        return self._stretch(text, list(WORD.finditer(text)), 0)

    def _stretch(self, text: str, matches: list[Match[str]], first: int) -> SafeString:
        if not matches:
            return SafeString("")
        last = min(first + WORDS_SHOWN, len(matches)) - 1
        start = matches[first].start() if first else 0
        end = matches[last].end() if last + 1 < len(matches) else len(text)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return SafeString(f"{before}{self.marked(text[start:end])}{after}")


def _best_stretch(found: list[str | None]) -> int:
    """Where to begin so that most of the words asked for, and most often, are shown."""
    places = [place for place, word in enumerate(found) if word]
    best, start = (0, 0), 0
    for place in places:
        stretch = Counter(filter(None, found[place : place + WORDS_SHOWN - WORDS_BEFORE]))
        if (score := (len(stretch), stretch.total())) > best:
            best, start = score, max(0, place - WORDS_BEFORE)
    return start
