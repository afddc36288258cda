"""The index on SQLite: one FTS5 table for each language, filled by triggers on the entries.

The tables are made by a migration and hold no text of their own. Words arrive cut and folded, so the
`ascii` tokenizer, to which every other character is part of a word, only has to split at the blanks.
What a reader typed never gets into MATCH but as quoted words of letters and digits.
"""

from collections import Counter

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from .readings import COLUMNS, Place, Query, Reading, reading_and_count

LANGUAGES = tuple(settings.PUBLIC_LANGUAGE_PREFIXES)
TABLES = {language: f"search_words_{language}" for language in LANGUAGES}
_WEIGHTS = "10.0, 6.0, 3.0, 1.0"
_PAGE = """
    SELECT {table}.rowid
      FROM {table}
     CROSS JOIN search_entry AS entry ON entry.topic_language_id = {table}.rowid
     WHERE {table} MATCH %s
     ORDER BY CASE WHEN instr(entry.title_words, %s) = 1 THEN 0
                   WHEN instr(entry.names_words, %s) > 0 THEN 1
                   WHEN instr(entry.title_words, %s) = 1 THEN 2
                   WHEN instr(entry.names_words, %s) > 0 THEN 3
                   {places}
                   ELSE 10 END,
              instr(entry.title_words, %s) = 1 DESC,
              bm25({table}, {weights}), entry.title, {table}.rowid
     LIMIT %s OFFSET %s
"""


def best(query: Query) -> tuple[Reading, int]:
    """The strictest reading that finds anything, and how many topics; one query."""
    table = TABLES[query.language]
    # A later reading is only counted where the earlier ones are NULL, that is, find nothing.
    counts = ", ".join(
        f"(SELECT {place} || ' ' || NULLIF(count(*), 0) FROM {table} WHERE {table} MATCH %s)"  # noqa: S608
        for place, _reading in enumerate(query.readings)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE({counts})",
            [_expression(query, query.found_in(reading)) for reading in query.readings],
        )
        return reading_and_count(cursor.fetchone()[0])


def keys(query: Query, reading: Reading, first: int, count: int) -> list[int]:
    """The keys of some of the topics that a reading finds, best first; one query."""
    table = TABLES[query.language]
    order = query.order(reading)
    lines = [line for line in query.lines for _title_then_name in range(2)]
    places = "\n".join(
        f"WHEN {table}.rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH %s) THEN {number}"  # noqa: S608
        for number, _place in enumerate(order, start=4)
    )
    statement = _PAGE.format(table=table, places=places, weights=_WEIGHTS)
    found = _expression(query, query.found_in(reading))
    looked_for = [_expression(query, place) for place in order]
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [found, *lines, *looked_for, query.start, count, first],
        )
        return [row[0] for row in cursor.fetchall()]


def _expression(query: Query, place: Place) -> str:
    quoted = [f'"{word}"' for word in query.telling]
    if place.reading is not Reading.WORDS:
        quoted[-1] += " *"
    words = (" OR " if place.reading is Reading.ANY else " AND ").join(quoted)
    return f"{{{' '.join(COLUMNS[: place.columns])}}} : ({words})"


# --- Keeping it -------------------------------------------------------------------------------------


def install_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Create the triggers that are missing (signal receiver for post_migrate).

    A migration that alters the entries makes SQLite build their table anew, without triggers.
    """
    if connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        if "search_entry" in connections[using].introspection.table_names(cursor):
            for statement in _triggers():
                cursor.execute(statement)


def _triggers() -> list[str]:
    columns = ", ".join(COLUMNS)
    statements = []
    for language, table in TABLES.items():
        old, new = (
            ", ".join([f"{row}.topic_language_id", *(f"{row}.{column}" for column in COLUMNS)])
            for row in ("OLD", "NEW")
        )
        add = f"INSERT INTO {table}(rowid, {columns}) VALUES ({new});"  # noqa: S608
        # Such a table has to be told what the words were that it is to forget.
        forget = f"INSERT INTO {table}({table}, rowid, {columns}) VALUES ('delete', {old});"  # noqa: S608
        for when, row, deed in (
            ("AFTER INSERT", "NEW", add),
            ("BEFORE UPDATE", "OLD", forget),
            ("AFTER UPDATE", "NEW", add),
            ("AFTER DELETE", "OLD", forget),
        ):
            statements.append(
                f"CREATE TRIGGER IF NOT EXISTS {table}_{when.lower().replace(' ', '_')} {when} "
                f"ON search_entry WHEN {row}.language = '{language}' BEGIN {deed} END"
            )
    return statements


@transaction.atomic
def repair() -> None:
    """Derive the index from the entries anew."""
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        for language, table in TABLES.items():
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('delete-all')")  # noqa: S608
            cursor.execute(
                f"INSERT INTO {table}(rowid, {columns}) "  # noqa: S608
                f"SELECT topic_language_id, {columns} FROM search_entry WHERE language = %s",
                [language],
            )


def settle() -> None:
    """Bring the index into its best shape after much was written."""
    with connection.cursor() as cursor:
        for table in TABLES.values():
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608


def out_of_line() -> list[str]:
    """The languages whose index holds other words than their entries."""
    return [language for language in LANGUAGES if _held(language) != _written(language)]


def _held(language: str) -> Counter[str]:
    """In how many topics each word stands, as the index has it."""
    table = TABLES[language]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE temp.search_vocabulary USING fts5vocab(main, {table}, row)"
        )
        cursor.execute("SELECT term, doc FROM temp.search_vocabulary")
        held = Counter(dict(cursor.fetchall()))
        cursor.execute("DROP TABLE temp.search_vocabulary")
    return held


def _written(language: str) -> Counter[str]:
    """In how many topics each word stands, as the entries have it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {' || char(10) || '.join(COLUMNS)} FROM search_entry WHERE language = %s",  # noqa: S608
            [language],
        )
        return Counter(word for (words,) in cursor.fetchall() for word in set(words.split()))
