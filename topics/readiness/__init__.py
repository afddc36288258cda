"""What stands against publishing a topic in one language: blocking reasons, and advice.

Functions over documents, without a database. The blocking reasons hold in every way to publish,
because `publishing.publish` itself asks for them; advice is shown to whoever is about to publish.
"""

from collections.abc import Collection
from itertools import chain

from django.utils.translation import gettext as _

from resources.models import Language, other_language
from topics.document import TopicDocument

from . import both_languages, structure
from .reading import ReadingLevel, reading_level
from .reason import Reason

__all__ = ["ReadingLevel", "Reason", "advice", "blocking_reasons", "reading_level"]


def blocking_reasons(document: TopicDocument) -> list[Reason]:
    """Why a document must not go live; empty when it may.

    `editorial.listing.ready` asks the database the same of many working copies at once: a rule that
    is added here is added there, and to the changes of the test that holds the two together.
    """
    return list(structure.blocking(document))


def advice(
    document: TopicDocument,
    other: TopicDocument | None,
    *,
    is_translation: bool = False,
    dead: Collection[str] = (),
) -> list[Reason]:
    """What an editor had better look at before a document goes live.

    `other` is the topic in the other language, None when it has not been started, and the original of
    what `is_translation`; `dead` are the addresses that the link check found broken.
    """
    found = chain(
        structure.missing_parts(document),
        structure.sections(document),
        structure.dead_links(document, dead),
        both_languages.foreign_text(document, other if is_translation else None),
        both_languages.numbers(document, other) if other else (),
        both_languages.picture(document, other) if other else (),
    )
    reasons = list(found)
    level = reading_level(document)
    if level and level.is_hard:
        reasons.append(Reason("reading", _("The summary is hard to read for most people.")))
    if other is None or not other.summary:
        language = Language(other_language(document.language)).label
        sentence = _("There is no text in %(language)s yet.") % {"language": language}
        reasons.append(Reason("other-language", sentence))
    return reasons
