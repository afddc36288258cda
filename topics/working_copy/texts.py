"""What lists and the link check know of the texts of working copies, kept in line by every save."""

from collections.abc import Mapping

from resources.models import ADDRESS_MAX_LENGTH, address_digest
from topics.document import TopicDocument
from topics.models import TextAddress, TopicLanguage
from topics.readiness import reading_level
from topics.richtext import outside_addresses


def note_texts(documents: Mapping[int, TopicDocument]) -> None:
    """Note to which addresses these texts lead, and how hard they are to read.

    `documents` are the working copies as they are now, by key of their TopicLanguage. Runs in the
    transaction that stored them.
    """
    _note_addresses(documents)
    levels = dict(TopicLanguage.objects.filter(pk__in=documents).values_list("pk", "reading_level"))
    changed = [
        TopicLanguage(pk=key, reading_level=level)
        for key, document in documents.items()
        if key in levels and (level := level_of(document)) != levels[key]
    ]
    TopicLanguage.objects.bulk_update(changed, ["reading_level"], batch_size=50)


def level_of(document: TopicDocument) -> float | None:
    """The number that is noted of a summary: English in years of school, Spanish as INFLESZ names it.

    None for a summary that is too short to tell.
    """
    level = reading_level(document)
    return level and (level.szigriszt if level.grade is None else level.grade)


def _note_addresses(documents: Mapping[int, TopicDocument]) -> None:
    addresses = {
        (key, address_digest(address)): address
        for key, document in documents.items()
        for address in outside_addresses(document.rich_text())
        if len(address) <= ADDRESS_MAX_LENGTH  # what is longer is no address that can be asked
    }
    noted = {
        (row.topic_language_id, row.digest): row.pk
        for row in TextAddress.objects.filter(topic_language__in=documents)
    }
    gone = [noted[place] for place in noted.keys() - addresses.keys()]
    if gone:
        TextAddress.objects.filter(pk__in=gone).delete()
    TextAddress.objects.bulk_create(
        TextAddress(topic_language_id=key, digest=digest, address=addresses[key, digest])
        for key, digest in sorted(addresses.keys() - noted.keys())
    )
