"""From which edition of the original a translation was made, and whether the original moved on.

A topic has one language in which it is written first, English or Spanish; the other one is its
translation. A translation is outdated while both are live and the words of the live original are
not those of the edition from which the live translation was made (docs/adr/0015).
"""

import hashlib
from dataclasses import dataclass

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from topics.document import TopicDocument
from topics.models import Edition, TopicLanguage
from topics.wording import blocks, plain


class NewerOriginal(Exception):
    """The edition that was compared with is not the newest any more; says so to the translator."""


def text_digest(document: TopicDocument) -> str:
    """SHA-256 over the words that a translator translates, as 64 hexadecimal digits.

    Title, description, headings, text and attribution, without markup and addresses. Links, groups
    and names are chosen for each language by itself and make no translation out of date.
    """
    words = [
        document.title,
        document.meta_description,
        [
            [section.level, plain(section.heading), *blocks(section.body)]
            for section in document.summary or ()
        ],
        plain(document.attribution),
    ]
    return hashlib.sha256(msgspec.json.encode(words)).hexdigest()


def outdated() -> Q:
    """The condition for TopicLanguages that are translations behind their original."""
    newest = TopicLanguage.objects.filter(
        topic=OuterRef("topic"),
        language=OuterRef("topic__source_language"),
        live_edition__isnull=False,
    ).exclude(pk=OuterRef("pk"))
    same_words = newest.filter(
        pk=OuterRef("live_edition__made_from__topic_language"),
        live_edition__text_digest=OuterRef("live_edition__made_from__text_digest"),
    )
    return Q(live_edition__isnull=False) & Exists(newest) & ~Exists(same_words)


@dataclass(frozen=True, slots=True)
class Descent:
    """A translation and its original. `newest` is what is live of the original, if anything.

    `made_from` is the edition of the original that the last edition of the translation was
    compared with; None where nobody said.
    """

    original: TopicLanguage
    newest: Edition | None
    made_from: Edition | None
    is_live: bool

    @property
    def is_current(self) -> bool:
        """Whether the translation says what the live original says, as far as anybody confirmed."""
        return self.newest is None or (
            self.made_from is not None and self.made_from.text_digest == self.newest.text_digest
        )

    @property
    def is_outdated(self) -> bool:
        """Whether readers see a translation that is behind its original."""
        return self.is_live and not self.is_current


def descent_of(topic_language: TopicLanguage) -> Descent | None:
    """How a translation stands to its original; None for the original itself, or without one."""
    source_language = topic_language.topic.source_language
    if source_language == topic_language.language:
        return None
    original = (
        TopicLanguage.objects.filter(topic=topic_language.topic_id, language=source_language)
        .select_related("live_edition")
        .first()
    )
    if original is None:
        return None
    last = (
        topic_language.live_edition
        or _without_documents(topic_language.editions.order_by("-number")).first()
    )
    made_from = None
    if last is not None and last.made_from_id is not None:
        made_from = Edition.objects.filter(pk=last.made_from_id, topic_language=original).first()
    return Descent(
        original, original.live_edition, made_from, topic_language.live_edition_id is not None
    )


def _without_documents(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    return editions.defer("document")


def next_made_from(topic_language: TopicLanguage, confirmed: int | None) -> Edition | None:
    """The edition of the original to record with the next edition of a translation.

    `confirmed` is the number of the edition with which a person has compared the text; without it
    the last edition's stays. Raises NewerOriginal when it is not what is live by now.
    """
    descent = descent_of(topic_language)
    if descent is None:
        return None
    if confirmed is None:
        return descent.made_from
    if descent.newest is None or descent.newest.number != confirmed:
        raise NewerOriginal(
            _(
                "The original changed after you opened this page. Compare again with what is live "
                "of it now."
            )
        )
    return descent.newest
