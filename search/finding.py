"""Answering a search: which topics, in which order, and what is shown of each."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from topics import live

from .excerpts import Marker
from .index import of_this_database
from .models import Entry
from .readings import Query, Reading, query

RESULTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Result:
    """A topic as it stands in the results; `name` is the other name by which it was found."""

    title: str
    path: str
    name: SafeString
    excerpt: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found. Without results when there is no such page."""

    total: int
    reading: Reading
    page: int
    results: list[Result]

    @property
    def any(self) -> bool:
        """Whether no topic has all the words, so that these have one of them at least."""
        return self.reading is Reading.ANY

    @property
    def pages(self) -> int:
        """How many pages the results fill."""
        return -(-self.total // RESULTS_A_PAGE)

    @property
    def first(self) -> int:
        """The number of the first result shown."""
        return (self.page - 1) * RESULTS_A_PAGE + 1

    @property
    def last(self) -> int:
        """The number of the last result shown."""
        return self.first + len(self.results) - 1


def find(language: str, text: str, page: int = 1) -> Found:
    """Search the live topics of a language; at most three queries, whatever there is."""
    asked = query(language, text)
    reading, total = _best_reading(asked)
    if not 1 <= page <= -(-total // RESULTS_A_PAGE):
        return Found(total, reading, page, [])
    keys = of_this_database().keys(asked, reading, (page - 1) * RESULTS_A_PAGE, RESULTS_A_PAGE)
    return Found(total, reading, page, _results(asked, reading, keys))


def count(language: str, text: str) -> int:
    """How many topics the same words find in a language; one query."""
    return _best_reading(query(language, text))[1]


def _best_reading(asked: Query) -> tuple[Reading, int]:
    """The strictest reading that finds anything, and how much."""
    return of_this_database().best(asked) if asked.telling else (Reading.WORDS, 0)


def _results(asked: Query, reading: Reading, keys: list[int]) -> list[Result]:
    rows = Entry.objects.filter(pk__in=keys).values_list(
        "pk", "title", "names", "text", "topic_language__address__slug"
    )
    by_key = {key: rest for key, *rest in rows}
    marker = Marker(asked, reading)
    return [_result(marker, asked.language, *by_key[key]) for key in keys if key in by_key]


def _result(
    marker: Marker, language: str, title: str, names: list[str], text: str, slug: str
) -> Result:
    name = marker.name(title, names)
    said = name or marker.holds_all(title)
    return Result(
        title=title,
        path=live.path_of(language, slug),
        name=marker.marked(name),
        excerpt=marker.beginning(text) if said else marker.excerpt(text),
    )
