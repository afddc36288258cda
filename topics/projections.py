"""The tables that public lists read, rewritten with every edition: addresses, names, groups, languages."""

from collections.abc import Sequence

from django.db.models import Q

from .addresses import AddressTaken, move
from .alphabet import letter, slug_of, sort_key
from .document import TopicDocument
from .models import (
    Address,
    LiveMembership,
    LiveName,
    LivePicture,
    LiveTongue,
    TopicLanguage,
)
from .tongues.names import is_ours
from .working_copy.rows import insert

__all__ = ["AddressTaken", "project", "unproject"]


def project(published: Sequence[tuple[TopicLanguage, TopicDocument]]) -> None:
    """Bring addresses, live names and live groups in line with newly live documents."""
    _project_addresses(published)
    keys = [topic_language.pk for topic_language, _document in published]
    LiveName.objects.filter(topic_language__in=keys).delete()
    insert(
        LiveName,
        ["topic_language", "language", "kind", "name", "letter", "sort_key"],
        (
            (topic_language.pk, document.language, kind.value, name, letter(name), sort_key(name))
            for topic_language, document in published
            for kind, name in _names(document)
        ),
    )
    LiveMembership.objects.filter(topic_language__in=keys).delete()
    insert(
        LiveMembership,
        ["topic_language", "group"],
        (
            (topic_language.pk, group)
            for topic_language, document in published
            for group in {reference.group for reference in document.groups if reference.group}
        ),
    )
    LiveTongue.objects.filter(topic_language__in=keys).delete()
    LiveTongue.objects.bulk_create(
        tongue
        for topic_language, document in published
        for tongue in _tongues(topic_language, document)
    )
    LivePicture.objects.filter(topic_language__in=keys).delete()
    LivePicture.objects.bulk_create(
        LivePicture(topic_language=topic_language, name=document.image.name)
        for topic_language, document in published
        if document.image
    )


def unproject(topic_language: TopicLanguage) -> None:
    """Take a withdrawn topic out of every list; its address stays and answers “gone”."""
    LiveName.objects.filter(topic_language=topic_language).delete()
    LiveMembership.objects.filter(topic_language=topic_language).delete()
    LiveTongue.objects.filter(topic_language=topic_language).delete()
    LivePicture.objects.filter(topic_language=topic_language).delete()


def _names(document: TopicDocument) -> list[tuple[LiveName.Kind, str]]:
    return [
        (LiveName.Kind.TITLE, document.title),
        *((LiveName.Kind.ALSO_CALLED, name) for name in document.also_called),
        *((LiveName.Kind.SEE_REFERENCE, name) for name in document.see_references),
    ]


def _tongues(topic_language: TopicLanguage, document: TopicDocument) -> list[LiveTongue]:
    """Material that has an address, in languages with a name of which an address can be made."""
    return [
        LiveTongue(
            topic_language=topic_language,
            language=document.language,
            slug=slug_of(other.name),
            name=other.name,
            vernacular_name=other.vernacular_name or "",
            url=other.url,
        )
        for other in document.other_languages
        if other.url and slug_of(other.name) and not is_ours(other.name)
    ]


def _project_addresses(published: Sequence[tuple[TopicLanguage, TopicDocument]]) -> None:
    slugs: dict[str, list[str]] = {}
    for _topic_language, document in published:
        slugs.setdefault(document.language, []).append(document.slug)
    wanted = Q(topic_language__in=[topic_language.pk for topic_language, _d in published])
    for language, ones in slugs.items():
        wanted |= Q(language=language, slug__in=ones)
    by_slug: dict[tuple[str, str], Address] = {}
    by_topic: dict[int, Address] = {}
    for address in Address.objects.filter(wanted):
        by_slug[address.language, address.slug] = address
        if address.topic_language_id:
            by_topic[address.topic_language_id] = address
    new = []
    for topic_language, document in published:
        current = by_topic.get(topic_language.pk)
        if current is not None and current.slug == document.slug:
            continue
        taken = by_slug.get((document.language, document.slug))
        if taken is None and current is None:
            new.append(
                Address(
                    language=document.language, slug=document.slug, topic_language=topic_language
                )
            )
        else:
            move(
                current,
                taken,
                language=document.language,
                slug=document.slug,
                topic_language=topic_language,
            )
    Address.objects.bulk_create(new)
