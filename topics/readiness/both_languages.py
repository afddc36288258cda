"""What two languages of one topic say differently: numbers, and text left in the other language."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from resources.models import Language, other_language
from topics.document import Section, TopicDocument
from topics.wording import blocks, plain

from .foreign_words import is_foreign
from .quantities import Quantity, quantities, unmatched
from .reason import Reason

SHOWN = 60


class Passage(NamedTuple):
    """Sections that are compared with their counterpart; `name` and `place` are of the first."""

    name: str
    place: int | None
    sections: tuple[Section, ...]


def foreign_text(document: TopicDocument) -> Iterator[Reason]:
    """Paragraphs and headings that are still in the other language."""
    language = document.language
    other = Language(other_language(language)).label
    for name, text in (
        (_("title"), document.title),
        (_("description for search engines"), document.meta_description or ""),
    ):
        if is_foreign(text, language):
            sentence = _("Still in %(language)s (%(place)s): “%(text)s”")
            values = {"language": other, "place": name, "text": shortened(text)}
            yield Reason("foreign", sentence % values)
    for place, section in enumerate(document.summary or ()):
        texts = [plain(section.heading), *(block.text for block in blocks(section.body))]
        for text in texts:
            if is_foreign(text, language):
                sentence = _("Still in %(language)s, in “%(section)s”: “%(text)s”")
                values = {"language": other, "section": texts[0], "text": shortened(text)}
                yield Reason("foreign", sentence % values, section=place)


def shortened(text: str) -> str:
    """The beginning of a text, enough to find it by."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]}…"


def numbers(document: TopicDocument, other: TopicDocument) -> Iterator[Reason]:
    """Numbers, units and doses of which one language has no counterpart.

    Section by section where both summaries have the same headings' levels; else all at once,
    because nothing says which section belongs to which.
    """
    for mine, theirs in _side_by_side(document, other):
        ours = _numbers_of(mine.sections, document.language)
        others = _numbers_of(theirs.sections, other.language)
        missing, extra = unmatched(ours, others), unmatched(others, ours)
        for quantity in missing:
            twin = _same_number(quantity, extra)
            if twin:
                extra.remove(twin)
            yield _difference(mine, quantity, twin, other.language)
        for quantity in extra:
            yield _missing(mine, quantity, other.language)


def _same_number(quantity: Quantity, among: Sequence[Quantity]) -> Quantity | None:
    return next((one for one in among if one.values & quantity.values), None)


def _difference(mine: Passage, quantity: Quantity, twin: Quantity | None, other: str) -> Reason:
    values = {
        "number": quantity.text,
        "section": mine.name,
        "language": Language(other).label,
        "other": twin.text if twin else "",
    }
    if twin:
        sentence = _(
            "“%(section)s” says “%(number)s” where the %(language)s text says “%(other)s”."
        )
    else:
        sentence = _("“%(section)s” says “%(number)s”; the %(language)s text does not.")
    return Reason("numbers", sentence % values, section=mine.place)


def _missing(mine: Passage, quantity: Quantity, other: str) -> Reason:
    sentence = _("“%(section)s” lacks “%(number)s”, which the %(language)s text says there.")
    values = {
        "number": quantity.text,
        "section": mine.name,
        "language": Language(other).label,
    }
    return Reason("numbers", sentence % values, section=mine.place)


def _numbers_of(sections: Sequence[Section], language: str) -> list[Quantity]:
    return [
        quantity
        for section in sections
        for text in (plain(section.heading), *(block.text for block in blocks(section.body)))
        for quantity in quantities(text, language)
    ]


def _side_by_side(
    document: TopicDocument, other: TopicDocument
) -> Iterator[tuple[Passage, Passage]]:
    """The passages of two summaries that belong together."""
    mine, theirs = document.summary or (), other.summary or ()
    if not mine or not theirs:
        return
    if [section.level for section in mine] == [section.level for section in theirs]:
        for place, (one, counterpart) in enumerate(zip(mine, theirs, strict=True)):
            name = plain(one.heading) or _("opening text")
            yield Passage(name, place, (one,)), Passage(name, place, (counterpart,))
    else:
        yield Passage(_("summary"), None, mine), Passage(_("summary"), None, theirs)
