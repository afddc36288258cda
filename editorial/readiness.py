"""How ready a topic is in one language, as the desk shows it."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from resources.linkcheck.standing import broken
from resources.models import other_language
from topics.document import TopicDocument
from topics.models import TopicLanguage
from topics.readiness import ReadingLevel, Reason, advice, blocking_reasons, reading_level
from topics.richtext import outside_addresses
from topics.working_copy import assemble


class Readiness(NamedTuple):
    """What forbids publishing, what had better be looked at, and how hard the text is to read."""

    blocking: list[Reason]
    advice: list[Reason]
    level: str
    method: str


def readiness_of(topic_language: TopicLanguage, document: TopicDocument) -> Readiness:
    """The readiness of a working copy, compared with the other language as the public sees it.

    While the other language is not public, its working copy takes its place.
    """
    level = reading_level(document)
    return Readiness(
        blocking_reasons(document),
        advice(
            document,
            other_document(topic_language),
            is_translation=topic_language.language != topic_language.topic.source_language,
            dead=broken(_addresses(document)),
        ),
        level_line(level),
        method(document.language),
    )


def counts(topic_languages: Sequence[TopicLanguage]) -> dict[int, tuple[int, int]]:
    """Of the languages of one topic, how much blocks publishing and how much is advice, by key."""
    documents = assemble(topic_languages)
    dead = broken(set().union(*map(_addresses, documents.values())))
    live = {
        row.language: TopicDocument.from_json(row.live_edition.document)
        for row in topic_languages
        if row.live_edition is not None
    }
    seen = {row.language: documents[row.pk] for row in topic_languages} | live
    return {
        row.pk: (
            len(blocking_reasons(documents[row.pk])),
            len(
                advice(
                    documents[row.pk],
                    seen.get(other_language(row.language)),
                    is_translation=row.language != row.topic.source_language,
                    dead=dead,
                )
            ),
        )
        for row in topic_languages
    }


def _addresses(document: TopicDocument) -> set[str]:
    """Where the lists of links and the texts lead readers."""
    return {link.url for link in document.links} | outside_addresses(document.rich_text())


def other_document(topic_language: TopicLanguage) -> TopicDocument | None:
    """The other language of a topic: what is live, else the working copy, None when there is none."""
    other = (
        TopicLanguage.objects.filter(
            topic=topic_language.topic_id, language=other_language(topic_language.language)
        )
        .select_related("topic", "live_edition")
        .first()
    )
    if other is None:
        return None
    if other.live_edition is not None:
        return TopicDocument.from_json(other.live_edition.document)
    return assemble([other])[other.pk]


def level_line(level: ReadingLevel | None) -> str:
    """How hard the summary is to read, in a sentence."""
    if level is None:
        return _("The summary is too short to tell how hard it is to read.")
    if level.grade is not None:
        measured = _("Reading level: grade %(grade)s (Flesch–Kincaid).") % {
            "grade": number_format(round(level.grade, 1), 1)
        }
        aim = _("This is hard to read: aim at grade 8 or lower.")
    else:
        measured = _(
            "Reading level: %(huerta).0f (Fernández Huerta); %(szigriszt).0f on the INFLESZ scale, "
            "“%(band)s”."
        ) % {"huerta": level.huerta, "szigriszt": level.szigriszt, "band": level.band}
        aim = _("This is hard to read: aim at “normal” or easier, above 55.")
    verdict = aim if level.is_hard else _("This is not hard to read.")
    return f"{measured} {verdict}"


def method(language: str) -> str:
    """How the reading level of a language is found, for who wants to know."""
    counted = _(
        "Counted are the paragraphs and lists of the summary; each list item is a sentence of its "
        "own. Headings, tables, numbers and the attribution are left out. A formula measures the "
        "length of words and sentences, not sense."
    )
    if language == "es":
        formula = _(
            "Fernández Huerta: 206.84 − 60 × syllables per word − 1.02 × words per sentence. "
            "Szigriszt-Pazos: 206.835 − 62.3 × syllables per word − words per sentence, named on the "
            "INFLESZ scale: up to 40 very difficult, 55 somewhat difficult, 65 normal, 80 fairly "
            "easy, above that very easy."
        )
    else:
        formula = _(
            "Flesch–Kincaid: 0.39 × words per sentence + 11.8 × syllables per word − 15.59, in "
            "years of school. Syllables are counted by rule."
        )
    return f"{formula} {counted}"
