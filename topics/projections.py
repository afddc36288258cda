"""The tables that public lists read, rewritten with every edition: addresses, names, groups."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from .alphabet import letter, sort_key
from .document import TopicDocument
from .models import Address, LiveMembership, LiveName, TopicLanguage


class AddressTaken(Exception):
    """A public address is in use by something else; the message says by what."""


def project(published: Sequence[tuple[TopicLanguage, TopicDocument]]) -> None:
    """Bring addresses, live names and live groups in line with newly live documents."""
    _project_addresses(published)
    keys = [topic_language.pk for topic_language, _document in published]
    LiveName.objects.filter(topic_language__in=keys).delete()
    LiveName.objects.bulk_create(
        name for topic_language, document in published for name in _names(topic_language, document)
    )
    LiveMembership.objects.filter(topic_language__in=keys).delete()
    LiveMembership.objects.bulk_create(
        LiveMembership(topic_language=topic_language, group_id=group)
        for topic_language, document in published
        for group in {reference.group for reference in document.groups if reference.group}
    )


def unproject(topic_language: TopicLanguage) -> None:
    """Take a withdrawn topic out of every list; its address stays and answers “gone”."""
    LiveName.objects.filter(topic_language=topic_language).delete()
    LiveMembership.objects.filter(topic_language=topic_language).delete()


def _names(topic_language: TopicLanguage, document: TopicDocument) -> list[LiveName]:
    named = [
        (LiveName.Kind.TITLE, document.title),
        *((LiveName.Kind.ALSO_CALLED, name) for name in document.also_called),
        *((LiveName.Kind.SEE_REFERENCE, name) for name in document.see_references),
    ]
    return [
        LiveName(
            topic_language=topic_language,
            language=document.language,
            kind=kind,
            name=name,
            letter=letter(name),
            sort_key=sort_key(name),
        )
        for kind, name in named
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
            _move(topic_language, document, current, taken)
    Address.objects.bulk_create(new)


def _move(
    topic_language: TopicLanguage,
    document: TopicDocument,
    current: Address | None,
    taken: Address | None,
) -> None:
    """Let a topic answer at another address; the one it leaves redirects there from now on."""
    if taken is not None and not _may_take(topic_language, taken, current):
        raise AddressTaken(
            _("The address “%(address)s” is in use by something else. Choose another one.")
            % {"address": str(taken)}
        )
    if current is not None:
        current.topic_language = None
        current.gone_reason = ""
        current.save()
    if taken is None:
        taken = Address(language=document.language, slug=document.slug)
    taken.topic_language, taken.redirect_to, taken.gone_reason = topic_language, None, None
    taken.save()
    if current is not None:
        current.gone_reason, current.redirect_to = None, taken
        current.save()
        Address.objects.filter(redirect_to=current).update(redirect_to=taken)


def _may_take(topic_language: TopicLanguage, taken: Address, current: Address | None) -> bool:
    """A topic may go back to an address of its own that only redirects to it by now."""
    return taken.redirect_to_id is not None and (
        current is not None and taken.redirect_to_id == current.pk
    )
