"""The SQL behind a topic page, written out.

Django composes a query anew for every request, which for these takes 1.7 ms and the database
0.1 ms; PostgreSQL plans each of them anew for another millisecond, unless it is prepared. So the
statements are the same for every page. Only live/ uses this module; every other query of the
project goes through models.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, NotSupportedError, OperationalError, connection

Rows = list[tuple[Any, ...]]

# Elsewhere psycopg is never loaded: an eighth of the time in which a command starts.
if connection.vendor == "postgresql":
    from . import prepared

LANGUAGES = tuple(settings.PUBLIC_LANGUAGE_PREFIXES)

NAMES_MARK = "SELECT names_mark FROM topics_generation WHERE id = 1"
FRAME = "SELECT frame_mark, names_mark, frame FROM topics_generation WHERE id = 1"

# What tells a stored document from every other one, after a backup was restored too.
_DOCUMENT_KEY = "(edition.digest || edition.id || CAST(edition.created_at AS text))"

# The origin of the last edition that was taken in from a file: editing does not change it.
_TAKEN_FROM = """
           (SELECT taken.origin
              FROM topics_edition AS taken
             WHERE taken.topic_language_id = topic.id AND taken.origin IN ('import', 'demo')
             ORDER BY taken.number DESC
             LIMIT 1)
"""

# One row always; without an address it holds nothing but the marks. The frame, the document and where
# its text was taken from are left out where the caller has those of this mark and of this key.
_FIND = """
    SELECT generation.frame_mark, generation.names_mark,
           CASE WHEN generation.frame_mark = %s THEN NULL ELSE generation.frame END,
           address.id, {document_key},
           CASE WHEN {document_key} = %s THEN NULL ELSE edition.document END,
           CASE WHEN {document_key} = %s THEN NULL ELSE {taken_from} END,
           edition.content_changed_at,
           topic.last_reviewed, topic.next_review,
           {other_slugs}
      FROM (SELECT 1 AS id) AS one
      LEFT JOIN topics_generation AS generation ON generation.id = one.id
      LEFT JOIN topics_address AS address ON address.language = %s AND address.slug = %s
      LEFT JOIN topics_topiclanguage AS topic ON topic.id = address.topic_language_id
      LEFT JOIN topics_edition AS edition ON edition.id = topic.live_edition_id
      {other_joins}
"""
_OTHER_JOIN = """
      LEFT JOIN topics_topiclanguage AS other_{language}
             ON other_{language}.topic_id = topic.topic_id
            AND other_{language}.language = '{language}'
            AND other_{language}.live_edition_id IS NOT NULL
      LEFT JOIN topics_address AS there_{language}
             ON there_{language}.topic_language_id = other_{language}.id
"""
FIND = {
    language: _FIND.format(
        document_key=_DOCUMENT_KEY,
        taken_from=_TAKEN_FROM,
        other_slugs=",".join(f"there_{other}.slug" for other in LANGUAGES if other != language),
        other_joins="".join(
            _OTHER_JOIN.format(language=other) for other in LANGUAGES if other != language
        ),
    )
    for language in LANGUAGES
}

# Where a group has live topics, and a name, in another language; or where an about page is live.
_THERE = """
           COALESCE(
             (SELECT there.slug
                FROM topics_address AS there
               WHERE there.language = '{language}' AND there.group_id = address.group_id
                 AND shelf.name_{language} <> ''
                 AND EXISTS (SELECT 1
                               FROM topics_livemembership AS member
                               JOIN topics_topiclanguage AS one ON one.id = member.topic_language_id
                              WHERE member.group_id = there.group_id
                                AND one.language = '{language}')),
             (SELECT there.slug
                FROM topics_address AS there
               WHERE there.language = '{language}' AND there.page_id = address.page_id
                 AND EXISTS (SELECT 1
                               FROM topics_pageedition AS edition
                              WHERE edition.page_id = there.page_id
                                AND edition.language = '{language}')))
"""

# What stands at an address, by its key, where no topic is live; first, whether one is by now. Topics
# are by far the most of what is asked for, and joining all this took PostgreSQL longer than finding
# them.
_INSTEAD = """
    SELECT topic.live_edition_id IS NOT NULL,
           topic.withdrawn_at IS NOT NULL, topic.withdrawn_reason,
           address.group_id, shelf.name_{language}, address.page_id,
           COALESCE(target.language, instead.language), COALESCE(target.slug, instead.slug),
           address.gone_reason,
           {other_slugs}
      FROM topics_address AS address
      LEFT JOIN topics_topiclanguage AS topic ON topic.id = address.topic_language_id
      LEFT JOIN topics_topicgroup AS shelf ON shelf.id = address.group_id
      LEFT JOIN topics_address AS target ON target.id = address.redirect_to_id
      LEFT JOIN topics_address AS instead ON instead.id = topic.withdrawn_to_id
     WHERE address.id = %s
"""
INSTEAD = {
    language: _INSTEAD.format(
        language=language,
        other_slugs=",".join(_THERE.format(language=x) for x in LANGUAGES if x != language),
    )
    for language in LANGUAGES
}


def rows(statement: str, parameters: Sequence[Any] = ()) -> Rows:
    """All rows of a statement, as the database's driver gives them.

    A connection that broke since the last request, or that prepared the statement before a
    migration, is opened anew once: that is cheaper than asking each time whether it is still good,
    and reading twice harms nothing.
    """
    try:
        return _rows(statement, parameters)
    except (InterfaceError, OperationalError, NotSupportedError) as error:
        prepared_before = isinstance(error, NotSupportedError)
        if connection.in_atomic_block or (not prepared_before and connection.is_usable()):
            raise
        connection.close()
        return _rows(statement, parameters)


def _rows(statement: str, parameters: Sequence[Any]) -> Rows:
    if connection.vendor != "postgresql":
        return _of_sqlite(statement, parameters)
    connection.ensure_connection()
    with connection.wrap_database_errors:
        prepares = connection.connection.prepare_threshold is not None
        if prepares and not connection.in_atomic_block and not connection.queries_logged:
            return prepared.rows(connection.connection, statement, parameters)
        # Not Django's own cursor, which puts the values into the text.
        with connection.Database.Cursor(connection.connection) as cursor:
            counted = connection.make_debug_cursor(cursor) if connection.queries_logged else cursor
            counted.execute(statement, parameters)
            return cursor.fetchall()


def _of_sqlite(statement: str, parameters: Sequence[Any]) -> Rows:
    """Django's cursor looks through the whole text for parameters each time, sqlite3 prepares it once."""
    if connection.queries_logged:
        with connection.cursor() as cursor:
            return cursor.execute(statement, parameters).fetchall()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection.connection.execute(_with_marks(statement), parameters).fetchall()


@cache
def _with_marks(statement: str) -> str:
    return statement.replace("%s", "?")


def moment(value: datetime | None) -> datetime | None:
    """A moment as a driver gives it; SQLite's has no time zone and is in UTC."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def day(value: date | str | None) -> date | None:
    """A date as a driver gives it; SQLite's is text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
