"""Live topics for tests, in a line each."""

from itertools import count

from topics.document import Section, TopicDocument
from topics.models import HealthTopic, Origin, TopicLanguage
from topics.publishing import Publication, append_editions
from topics.tests.documents import saved

_numbers = count(1)


def document(
    title: str,
    text: str = "",
    *,
    language: str = "en",
    also: tuple[str, ...] = (),
    see: tuple[str, ...] = (),
    heading: str = "",
) -> TopicDocument:
    """A document of a title, names, one heading and one paragraph of HTML."""
    sections = [Section(None, None, f"<p>{text}</p>")]
    if heading:
        sections.append(Section(3, heading, "<p>.</p>"))
    return TopicDocument(
        language=language,
        number=None,
        slug=f"topic{next(_numbers)}",
        url="",
        date_created=None,
        title=title,
        also_called=also,
        see_references=see,
        summary=tuple(sections),
    )


def publish(*documents: TopicDocument, topic: HealthTopic | None = None) -> list[TopicLanguage]:
    """Make documents live in one go, as an import does."""
    rows = [saved(one, topic) for one in documents]
    append_editions(
        [Publication(row, one) for row, one in zip(rows, documents, strict=True)],
        by=None,
        origin=Origin.IMPORT,
    )
    return rows


def published(title: str, text: str = "", **details) -> TopicLanguage:
    """One live topic."""
    return publish(document(title, text, **details))[0]
