"""The index on PostgreSQL: a generated tsvector on each entry, with one GIN index for each language.

A migration makes both. The configuration is `simple`, because words arrive cut and folded. What a
reader typed never gets into a tsquery but as quoted words of letters and digits.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from .readings import Place, Query, Reading

# The language stands in the statement, as it does in the condition of its index.
_FROM = {
    language: f"FROM search_entry WHERE language = '{language}' AND vector @@ %s::tsquery"
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
                   ELSE 9 END,
              strpos(title_words, %s) = 1 DESC,
              ts_rank('{weights}', vector, %s::tsquery, {normalization}) DESC,
              title, topic_language_id
     LIMIT %s OFFSET %s
"""


def counts(query: Query, readings: Sequence[Reading]) -> list[int]:
    """How many topics each reading of a search finds; one query."""
    one = f"(SELECT count(*) {_FROM[query.language]})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([one] * len(readings))}",
            [_found(query, reading) for reading in readings],
        )
        return list(cursor.fetchone())


def keys(query: Query, reading: Reading, first: int, count: int) -> list[int]:
    """The keys of some of the topics that a reading finds, best first; one query."""
    order = query.order(reading)
    lines = [line for line in query.lines for _column in ("title", "names")]
    statement = _PAGE.format(
        found=_FROM[query.language],
        places="\n".join(
            f"WHEN vector @@ %s::tsquery THEN {number}"
            for number, _place in enumerate(order, start=4)
        ),
        weights=_WEIGHTS,
        normalization=_BY_LOGARITHM_OF_LENGTH,
    )
    found = _found(query, reading)
    looked_for = [_expression(query, place) for place in order]
    with connection.cursor() as cursor:
        cursor.execute(statement, [found, *lines, *looked_for, query.start, found, count, first])
        return [row[0] for row in cursor.fetchall()]


def _found(query: Query, reading: Reading) -> str:
    return " | ".join(f"({_expression(query, place)})" for place in query.found_in(reading))


def _expression(query: Query, place: Place) -> str:
    weights = "ABCD"[: place.columns]
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
