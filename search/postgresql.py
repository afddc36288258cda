"""The index on PostgreSQL: generated tsvectors on each entry, with GIN indexes for each language.

A migration makes them. `vector` has all words, `heads` those of title, names and headings. The
configuration is `simple`, because words arrive cut and folded. What a reader typed never gets into
a tsquery but as quoted words of letters and digits.
"""

from django.conf import settings
from django.db import connection

from .readings import HEADINGS, TEXT, Place, Query, Reading, reading_and_count

# The language stands in the statement, as it does in the conditions of its indexes.
_FROM = {
    language: f"FROM search_entry WHERE language = '{language}' AND {{found}}"
    for language in settings.PUBLIC_LANGUAGE_PREFIXES
}
_WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"
_BY_LOGARITHM_OF_LENGTH = 1
_PAGE = """
    SELECT topic_language_id
      {found}
     ORDER BY CASE WHEN strpos(title_words, %s) = 1 THEN 0
                   WHEN strpos(names_words, %s) > 0 THEN 1
                   WHEN strpos(title_words, %s) = 1 THEN 2
                   WHEN strpos(names_words, %s) > 0 THEN 3
                   {places}
                   ELSE 10 END,
              strpos(title_words, %s) = 1 DESC,
              ts_rank('{weights}', vector, %s::tsquery, {normalization}) DESC,
              title, topic_language_id
     LIMIT %s OFFSET %s
"""


def best(query: Query) -> tuple[Reading, int]:
    """The strictest reading that finds anything, and how many topics; one query."""
    found = [query.found_in(reading) for reading in query.readings]
    # A later reading is only counted where the earlier ones are NULL, that is, find nothing.
    counts = ", ".join(
        f"(SELECT '{place} ' || NULLIF(count(*), 0) {_FROM[query.language].format(found=_holds(where))})"
        for place, where in enumerate(found)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE({counts})",
            [_words(query, where) for where in found],
        )
        return reading_and_count(cursor.fetchone()[0])


def keys(query: Query, reading: Reading, first: int, count: int) -> list[int]:
    """The keys of some of the topics that a reading finds, best first; one query."""
    where = query.found_in(reading)
    found = _words(query, where)
    order = query.order(reading)
    statement = _PAGE.format(
        found=_FROM[query.language].format(found=_holds(where)),
        places="\n".join(
            f"WHEN {_holds(place)} THEN {number}" for number, place in enumerate(order, start=4)
        ),
        weights=_WEIGHTS,
        normalization=_BY_LOGARITHM_OF_LENGTH,
    )
    lines = [line for line in query.lines for _title_then_name in range(2)]
    looked_for = [_words(query, place) for place in order]
    with connection.cursor() as cursor:
        cursor.execute(statement, [found, *lines, *looked_for, query.start, found, count, first])
        return [row[0] for row in cursor.fetchall()]


def _holds(place: Place) -> str:
    """The condition that a place holds the words that `_words` makes for it."""
    column = "vector" if place.columns == TEXT else "heads"
    return f"{column} @@ %s::tsquery"


def _words(query: Query, place: Place) -> str:
    # Without weights where a column is searched whole: the index alone can answer then.
    weights = "" if place.columns >= HEADINGS else "AB"[: place.columns]
    quoted = [f"'{word}':{weights}" for word in query.telling]
    if place.reading is not Reading.WORDS:
        quoted[-1] = f"'{query.telling[-1]}':*{weights}"
    return (" | " if place.reading is Reading.ANY else " & ").join(quoted)


# --- Keeping it -------------------------------------------------------------------------------------


def repair() -> None:
    """Nothing to do: a generated column cannot differ from what it is generated from."""


def settle() -> None:
    """Tell the planner about the entries after much was written."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")


def out_of_line() -> list[str]:
    """The languages whose index holds other words than their entries: none, see `repair`."""
    return []
