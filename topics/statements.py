"""The SQL behind a topic page, written out.

Django composes a query anew for every request, which for these three takes 1.7 ms and the database
0.1 ms. Only live.py uses this module; every other query of the project goes through models.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

LANGUAGES = tuple(settings.PUBLIC_LANGUAGE_PREFIXES)

FRAME = "SELECT frame FROM topics_generation WHERE id = 1"

_FIND = """
    SELECT edition.document, edition.content_changed_at,
           topic.last_reviewed, topic.next_review,
           topic.withdrawn_at IS NOT NULL, topic.withdrawn_reason,
           address.group_id, shelf.name_{language}, address.page_id,
           target.language, target.slug, address.gone_reason,
           {others}
      FROM topics_address AS address
      LEFT JOIN topics_topiclanguage AS topic ON topic.id = address.topic_language_id
      LEFT JOIN topics_edition AS edition ON edition.id = topic.live_edition_id
      LEFT JOIN topics_topicgroup AS shelf ON shelf.id = address.group_id
      LEFT JOIN topics_address AS target ON target.id = address.redirect_to_id
     WHERE address.language = %s AND address.slug = %s
"""
_OTHER = """
           (SELECT there.slug
              FROM topics_topiclanguage AS other
              JOIN topics_address AS there ON there.topic_language_id = other.id
             WHERE other.topic_id = topic.topic_id AND other.language = '{language}'
               AND other.live_edition_id IS NOT NULL)
"""
# The kind comes first. A topic that is here without being live has no title.
_TARGETS = """
    SELECT 'topic', topic.number, topic.upstream_digest, topic.language, edition.title,
           address.slug, topic.withdrawn_at IS NOT NULL
      FROM topics_topiclanguage AS topic
      LEFT JOIN topics_edition AS edition ON edition.id = topic.live_edition_id
      LEFT JOIN topics_address AS address ON address.topic_language_id = topic.id
     WHERE topic.number IN ({numbers}) OR topic.upstream_digest IN ({digests})
     UNION ALL
    SELECT 'group', shelf.id, NULL, address.language, shelf.name_{language}, address.slug, FALSE
      FROM topics_address AS address
      JOIN topics_topicgroup AS shelf ON shelf.id = address.group_id
     WHERE shelf.id IN ({groups}) AND address.language = %s
"""

FIND = {
    language: _FIND.format(
        language=language,
        others=",".join(_OTHER.format(language=other) for other in LANGUAGES if other != language),
    )
    for language in LANGUAGES
}


def targets(language: str, numbers: int, digests: int, groups: int) -> str:
    """The statement for so many numbers, digests and groups; each list needs at least one value."""
    return _TARGETS.format(
        language=language,
        numbers=", ".join(["%s"] * numbers),
        digests=", ".join(["%s"] * digests),
        groups=", ".join(["%s"] * groups),
    )


def rows(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement, as the database's driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def moment(value: datetime | None) -> datetime | None:
    """A moment as a driver gives it; SQLite's has no time zone and is in UTC."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def day(value: date | str | None) -> date | None:
    """A date as a driver gives it; SQLite's is text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
