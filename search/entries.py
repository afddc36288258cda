"""The entries of the search, kept in line with what is live."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from topics.document import TopicDocument
from topics.models import TopicLanguage
from topics.richtext import plain

from .index import of_this_database
from .models import Entry
from .words import indexed

KEYS_A_TRANSACTION = 100
# PostgreSQL refuses a tsvector of more than a megabyte. The longest real summary has 20,000
# characters; what lies beyond is shown, but not found.
LONGEST_TEXT = 100_000
LONGEST_LIST = 20_000


def index(keys: Collection[int]) -> None:
    """Bring the entries of some topics in line with what is live (listener of publishing).

    Runs in the caller's transaction; three queries, however many the topics.
    """
    Entry.objects.filter(pk__in=keys).delete()
    Entry.objects.bulk_create(_wanted(keys).values())


def _wanted(keys: Collection[int]) -> dict[int, Entry]:
    """The entries that the live editions of some topics call for."""
    live = TopicLanguage.objects.filter(pk__in=keys, live_edition__isnull=False)
    rows = live.values_list("pk", "live_edition__document")
    return {key: entry(key, TopicDocument.from_json(text)) for key, text in rows}


def entry(key: int, document: TopicDocument) -> Entry:
    """What results show of a live document, and the words by which it is found."""
    sections = document.summary or ()
    names = [*document.also_called, *document.see_references]
    headings = [section.heading for section in sections if section.heading]
    text = plain("".join(f"<h2>{section.heading or ''}</h2>{section.body}" for section in sections))
    return Entry(
        topic_language_id=key,
        language=document.language,
        title=document.title,
        names=names,
        text=text[:LONGEST_TEXT],
        title_words=indexed([document.title]),
        names_words=indexed(names)[:LONGEST_LIST],
        headings_words=indexed(map(plain, headings))[:LONGEST_LIST],
        text_words=indexed([text])[:LONGEST_TEXT],
    )


# --- All of them ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the index does not say what is live: topics by key, and languages."""

    topics: list[int]
    languages: list[str]

    def __bool__(self) -> bool:
        return bool(self.topics or self.languages)


def rebuild() -> int:
    """Derive everything anew, without keeping editors or readers waiting; how many topics were wrong."""
    of_this_database().repair()
    wrong = 0
    for keys in _batches():
        with transaction.atomic():
            # As publishing locks them, so that nothing goes live between reading and writing.
            list(TopicLanguage.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
            drifted = _drifted(keys)
            index(drifted)
        wrong += len(drifted)
    of_this_database().settle()
    return wrong


def drift() -> Drift:
    """Compare all entries with what is live, and the index with the entries."""
    topics = [key for keys in _batches() for key in _drifted(keys)]
    return Drift(topics, of_this_database().out_of_line())


def _batches() -> Iterator[list[int]]:
    keys = list(TopicLanguage.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), KEYS_A_TRANSACTION):
        yield keys[start : start + KEYS_A_TRANSACTION]


def _drifted(keys: Collection[int]) -> list[int]:
    wanted, stored = _wanted(keys), Entry.objects.in_bulk(keys)
    return [key for key in keys if _values(wanted.get(key)) != _values(stored.get(key))]


def _values(row: Model | None) -> dict[str, object] | None:
    return row and {field.attname: getattr(row, field.attname) for field in row._meta.fields}
