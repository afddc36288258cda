"""The groups in which topics are live, and what stands in them."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import CharField, Count, QuerySet, Value

from topics.alphabet import sort_key
from topics.models import LiveMembership, LiveName

from . import ListedTopic


class ListedGroup(NamedTuple):
    """A group with live topics."""

    name: str
    slug: str
    family: str
    topics: int


def groups(language: str) -> list[ListedGroup]:
    """All groups that have live topics in a language, by name."""
    return _by_name(_groups(language))


def groups_and_letters(language: str) -> tuple[list[ListedGroup], set[str]]:
    """The groups of a language, and the pages of its A–Z list that have names on them."""
    nothing = Value("", output_field=CharField())
    names = LiveName.objects.filter(language=language).order_by().distinct()
    # A group has topics, so what counts none is a letter.
    letters = names.values_list("letter", nothing, nothing, Value(0))
    rows = list(_groups(language).union(letters, all=True))
    return _by_name(row for row in rows if row[3]), {row[0] for row in rows if not row[3]}


def _groups(language: str) -> QuerySet[LiveMembership]:
    return (
        LiveMembership.objects.filter(
            topic_language__language=language, group__addresses__language=language
        )
        .values_list(f"group__name_{language}", "group__addresses__slug", "group__family")
        .annotate(Count("id"))
        .order_by()
    )


def _by_name(rows: Iterable[tuple[str, str, str, int]]) -> list[ListedGroup]:
    listed = [ListedGroup(*row) for row in rows if row[0]]
    return sorted(listed, key=lambda group: sort_key(group.name))


def group_topics(language: str, key: int) -> list[ListedTopic]:
    """The live topics of a group in a language, by title."""
    rows = LiveMembership.objects.filter(group=key, topic_language__language=language).values_list(
        "topic_language__live_edition__title", "topic_language__address__slug"
    )
    return sorted((ListedTopic(*row) for row in rows), key=lambda topic: sort_key(topic.title))
