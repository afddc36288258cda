"""Which live topics have material in languages that the site does not speak."""

from typing import NamedTuple

from django.db.models import Count, Max

from topics.models import LiveTongue

from . import languages_beside


class Tongue(NamedTuple):
    """A further language: its name in English and in itself, and how many topics have material in it."""

    slug: str
    name: str
    vernacular_name: str
    topics: int


class Material(NamedTuple):
    """Material on a live topic in a further language, with the topic it is about."""

    name: str
    vernacular_name: str
    url: str
    title: str
    slug: str


def tongues(language: str) -> list[Tongue]:
    """The languages in which the live topics of one language have material, in no order."""
    rows = (
        LiveTongue.objects.filter(language=language)
        .values_list("slug")
        .annotate(Max("name"), Max("vernacular_name"), Count("topic_language", distinct=True))
        .order_by()
    )
    return [Tongue(*row) for row in rows]


def material(language: str, slug: str) -> list[Material]:
    """What the live topics of one language have in the further language at `slug`, in no order."""
    rows = LiveTongue.objects.filter(language=language, slug=slug).values_list(
        "name",
        "vernacular_name",
        "url",
        "topic_language__live_edition__title",
        "topic_language__address__slug",
    )
    return [Material(*row) for row in rows]


def elsewhere(language: str, slug: str = "") -> list[str]:
    """The other languages of the site whose topics have material in the further language, or in any."""
    rows = LiveTongue.objects.filter(language__in=languages_beside(language))
    if slug:
        rows = rows.filter(slug=slug)
    return list(rows.values_list("language", flat=True).distinct())
