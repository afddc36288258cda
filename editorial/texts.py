"""What becomes of HTML that an editor types: checked, and its links to topics kept by topic.

The editor sees addresses only. Which topic a link means follows from its address when the text is
saved: the topic to which the stored text bound it, else the one that stands there now.
"""

import re
from collections.abc import Iterable

from django.conf import settings

from topics import richtext
from topics.document import Section
from topics.live import path_of
from topics.models import TopicLanguage

from .finding import topic_at


def shown(text: str | None) -> str | None:
    """Stored HTML as an editor sees it: a link has its address, and no number beside it."""
    if not text:
        return text
    return richtext.rewrite_links(text, lambda address, _number: address, keep=True)


def bound_links(texts: Iterable[str | None]) -> dict[str, int]:
    """The topics to which links in stored HTML are bound, by their addresses.

    A topic that moved or was withdrawn is no longer found by the address, but still meant by it.
    """
    found: dict[str, int] = {}

    def note(address: str, number: int | None) -> str:
        if number is not None:
            found.setdefault(address, number)
        return address

    for text in texts:
        richtext.rewrite_links(text or "", note)
    return found


class Checker:
    """Cleans the texts of one page; `notes` says in sentences what was changed.

    `bound` are the links of the stored text that say which topic they mean.
    """

    def __init__(self, topic_language: TopicLanguage, bound: dict[str, int]):
        path = path_of(topic_language.language, topic_language.slug)
        self.base_url = f"{settings.SITE_URL}{path}"
        self.notes: list[str] = []
        self._numbers: dict[str, int | None] = dict(bound)

    def block(self, source: str) -> str:
        """The body of a section in its canonical form."""
        # A paragraph with an empty class at the end would be read back as the attribution.
        return self._checked(source, inline=False).replace('<p class="">', "<p>")

    def line(self, source: str) -> str:
        """A heading or the attribution in its canonical form."""
        return re.sub(r"\s+", " ", self._checked(source, inline=True)).strip()

    def sections(self, level: int | None, heading: str, body: str) -> list[Section]:
        """One section as typed; headings inside its text begin sections of their own."""
        first, *rest = richtext.split(self.block(body))[0] or (Section(None, None, ""),)
        if first.level is not None:
            rest = [first, *rest]
            first = Section(None, None, "")
        if level is None:
            return [Section(None, None, first.body), *rest] if first.body else rest
        return [Section(level, self.line(heading), first.body), *rest]

    def _checked(self, source: str, *, inline: bool) -> str:
        cleaned = richtext.clean(source, base_url=self.base_url, inline=inline, bound=True)
        self.notes += [note for note in cleaned.notes if note not in self.notes]
        # A number that was posted may belong to another address.
        return richtext.bind(shown(cleaned.html) or "", self._number_of).strip()

    def _number_of(self, address: str) -> int | None:
        if address not in self._numbers:
            topic = topic_at(address)
            self._numbers[address] = topic and topic.number
        return self._numbers[address]


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts differ in nothing but what a browser does to line ends."""
    return one_kind_of_line_end(one or "") == one_kind_of_line_end(other or "")


def one_kind_of_line_end(text: str) -> str:
    """The text with line feeds only: browsers post carriage returns too."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
