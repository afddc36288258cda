"""What two languages of one topic say differently: numbers, and text left in the other language."""

from collections.abc import Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from resources.models import Language, other_language
from topics.document import Section, TopicDocument
from topics.wording import blocks, plain

from .foreign_words import is_foreign, says_something
from .quantities import Quantity, quantities, unmatched
from .reason import Reason

SHOWN = 60


def foreign_text(document: TopicDocument, original: TopicDocument | None) -> Iterator[Reason]:
    """Paragraphs and headings that are still in the other language.

    Of a translation so are those that stand in its original as they are. None for an original.
    """
    language = document.language
    said = set(filter(says_something, _texts(original))) if original else ()
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
        texts = _texts_of(section)
        for text in texts:
            if is_foreign(text, language) or text in said:
                sentence = _("Still in %(language)s, in “%(section)s”: “%(text)s”")
                values = {"language": other, "section": texts[0], "text": shortened(text)}
                yield Reason("foreign", sentence % values, section=place)


def _texts(document: TopicDocument) -> Iterator[str]:
    return chain.from_iterable(map(_texts_of, document.summary or ()))


def _texts_of(section: Section) -> list[str]:
    """The heading of a section and its paragraphs, as plain text."""
    return [plain(section.heading), *(block.text for block in blocks(section.body))]


def shortened(text: str) -> str:
    """The beginning of a text, enough to find it by."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]}…"


def picture(document: TopicDocument, other: TopicDocument) -> Iterator[Reason]:
    """Whose the picture is and on what terms it is shown, where only the other language says it."""
    mine, theirs = document.image, other.image
    if not mine or not theirs:
        return
    language = {"language": Language(other.language).label}
    if theirs.credit and not mine.credit:
        sentence = _("The picture's credit is given in %(language)s only.")
        yield Reason("picture", sentence % language)
    if theirs.license and not mine.license:
        sentence = _("The picture's license is given in %(language)s only.")
        yield Reason("picture", sentence % language)


def numbers(document: TopicDocument, other: TopicDocument) -> Iterator[Reason]:
    """Numbers, units and doses of which one language has no counterpart.

    Section by section where both summaries have the same headings' levels. Else nothing says which
    section belongs to which, and a number may have its counterpart in any.
    """
    mine, theirs = document.summary or (), other.summary or ()
    if not mine or not theirs:
        return
    ours = [_numbers_of(section, document.language) for section in mine]
    others = [_numbers_of(section, other.language) for section in theirs]
    if [section.level for section in mine] == [section.level for section in theirs]:
        for place, section in enumerate(mine):
            yield from _of_a_pair(section, place, ours[place], others[place], other.language)
        return
    for place, section in enumerate(mine):
        for quantity in unmatched(ours[place], list(chain(*others))):
            yield _difference(section, place, quantity, None, other.language)
    for section, found in zip(theirs, others, strict=True):
        for quantity in unmatched(found, list(chain(*ours))):
            yield _missing(section, None, quantity, other.language)


def _of_a_pair(
    section: Section,
    place: int,
    ours: Sequence[Quantity],
    others: Sequence[Quantity],
    language: str,
) -> Iterator[Reason]:
    """The numbers of a section and its counterpart; `language` is the counterpart's."""
    extra = unmatched(others, ours)
    for quantity in unmatched(ours, others):
        twin = _same_number(quantity, extra)
        if twin:
            extra.remove(twin)
        yield _difference(section, place, quantity, twin, language)
    for quantity in extra:
        yield _missing(section, place, quantity, language)


def _same_number(quantity: Quantity, among: Sequence[Quantity]) -> Quantity | None:
    return next((one for one in among if one.values & quantity.values), None)


def _difference(
    section: Section, place: int, quantity: Quantity, twin: Quantity | None, other: str
) -> Reason:
    values = {
        "number": quantity.text,
        "section": _name(section),
        "language": Language(other).label,
        "other": twin.text if twin else "",
    }
    if twin:
        sentence = _(
            "“%(section)s” says “%(number)s” where the %(language)s text says “%(other)s”."
        )
    else:
        sentence = _("“%(section)s” says “%(number)s”; the %(language)s text does not.")
    return Reason("numbers", sentence % values, section=place)


def _missing(section: Section, place: int | None, quantity: Quantity, other: str) -> Reason:
    """A number that is not here. Without a `place`, the section is one of the other language's."""
    if place is None:
        sentence = _(
            "The %(language)s text says “%(number)s” in “%(section)s”; this text does not."
        )
    else:
        sentence = _("“%(section)s” lacks “%(number)s”, which the %(language)s text says there.")
    values = {
        "number": quantity.text,
        "section": _name(section),
        "language": Language(other).label,
    }
    return Reason("numbers", sentence % values, section=place)


def _name(section: Section) -> str:
    return plain(section.heading) or _("opening text")


def _numbers_of(section: Section, language: str) -> list[Quantity]:
    texts = (plain(section.heading), *(block.text for block in blocks(section.body)))
    return [quantity for text in texts for quantity in quantities(text, language)]
