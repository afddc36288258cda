"""What machines that follow the site are told of: live topics with the day of their last change."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, OuterRef, Subquery

from topics.models import Address, TopicLanguage

from . import languages_beside, newest


class Update(NamedTuple):
    """The state of a live topic since its content changed last."""

    number: int
    slug: str
    content_changed_at: datetime
    document: str


class ListedAddress(NamedTuple):
    """The address of a live topic; `others` are its live addresses in other languages."""

    slug: str
    content_changed_at: datetime
    others: dict[str, str]


def updates(language: str, count: int, *, group: int | None = None) -> list[Update]:
    """The live topics whose content changed last, of the whole site or of one group."""
    rows = newest(language)
    if group is not None:
        rows = rows.filter(live_memberships__group=group)
    columns = ("number", "address__slug", "live_edition__content_changed_at")
    return [Update(*row) for row in rows.values_list(*columns, "live_edition__document")[:count]]


def addresses(language: str, start: int, count: int) -> list[ListedAddress]:
    """Addresses of live topics in an order that publishing does not disturb, from a place on."""
    beside = languages_beside(language)
    elsewhere = [
        Subquery(
            Address.objects.filter(
                topic_language__topic=OuterRef("topic"),
                topic_language__language=other,
                topic_language__live_edition__isnull=False,
            ).values("slug")
        )
        for other in beside
    ]
    rows = (
        TopicLanguage.objects.filter(language=language, live_edition__isnull=False)
        .order_by("pk")
        .values_list("address__slug", "live_edition__content_changed_at", *elsewhere)
    )
    return [
        ListedAddress(slug, changed, {x: o for x, o in zip(beside, others, strict=True) if o})
        for slug, changed, *others in rows[start : start + count]
    ]


def extents() -> dict[str, tuple[int, datetime]]:
    """How many topics are live in a language, and when the content of one of them changed last."""
    rows = (
        TopicLanguage.objects.filter(live_edition__isnull=False)
        .values_list("language")
        .annotate(Count("pk"), Max("live_edition__content_changed_at"))
        .order_by()
    )
    return {language: (count, changed) for language, count, changed in rows}
