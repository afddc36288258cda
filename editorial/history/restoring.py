"""Taking an old edition of one language back into the working copy, as an edit like any other.

Nothing public changes. What the topic shares with others is not the topic's to take back: a shared
link, an organisation or the picture stays as it is today, and the editor is told where that differs
from the edition.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial import parts
from editorial.saving import Unchanged, one_save
from editorial.texts import Checker, bound_links, shown
from resources.models import InformationCategory, Resource
from topics.addresses import AddressTaken, refuse_taken, reserved
from topics.document import (
    GroupReference,
    Link,
    TopicDocument,
    mesh_headings_to_plain,
)
from topics.editions.embedding import embedded_anew
from topics.models import (
    LOCAL_NUMBER_BASE,
    Membership,
    OtherLanguage,
    Placement,
    RelatedTopic,
    TopicGroup,
    TopicLanguage,
    TopicName,
)
from topics.site import hold_shared_things
from topics.wording import plain, runs
from topics.working_copy import assemble

# As many titles of links are named in a note; more are counted.
NAMED = 5


def restorable(topic_language: TopicLanguage, document: TopicDocument) -> TopicDocument:
    """What the working copy will say once the document is restored: what is shared is of today."""
    now = assemble([topic_language])[topic_language.pk]
    fresh = embedded_anew(document)
    links, _gone = _present(fresh.links)
    return replace(
        fresh,
        number=now.number,
        url=now.url,
        date_created=now.date_created,
        slug=document.slug if _slug_trouble(topic_language, document.slug) is None else now.slug,
        links=tuple(links),
        image=now.image,
    )


def remarks(topic_language: TopicLanguage, document: TopicDocument) -> list[str]:
    """What restoring a document cannot bring back, in sentences."""
    trouble = _slug_trouble(topic_language, document.slug)
    links, gone = _present(document.links)
    fresh = _fresh(document, links)
    changed = [link for link, new in zip(links, fresh, strict=True) if link != new]
    now = assemble([topic_language])[topic_language.pk]
    said = [trouble] if trouble else []
    if changed:
        sentence = ngettext(
            "A link was changed for all pages since, and stays as it is today: %(titles)s",
            "%(count)d links were changed for all pages since, and stay as they are today: %(titles)s",
            len(changed),
        )
        said.append(sentence % {"count": len(changed), "titles": _titles(changed)})
    if gone:
        sentence = ngettext(
            "A link is not here any more, and is left out: %(titles)s",
            "%(count)d links are not here any more, and are left out: %(titles)s",
            len(gone),
        )
        said.append(sentence % {"count": len(gone), "titles": _titles(gone)})
    if document.image != now.image:
        said.append(_("The picture is shared by both languages, and stays as it is."))
    return said


def restore(
    topic_language: TopicLanguage, document: TopicDocument, *, version: int, by: Any
) -> list[str]:
    """Make the working copy of one language say what a document says.

    Returns what could not be brought back and what was taken out of the HTML, in sentences. Raises
    Stale, or Unchanged when the working copy says it already; nothing is written then.
    """
    said = remarks(topic_language, document)
    wanted = restorable(topic_language, document)
    checker = Checker(topic_language, bound_links(_html(wanted)))
    now = assemble([topic_language])[topic_language.pk]
    if now.content_digest() == wanted.content_digest():
        raise Unchanged
    with one_save(topic_language, version=version, by=by, **_columns(wanted)):
        hold_shared_things()
        attribution = wanted.attribution and checker.line(shown(wanted.attribution) or "")
        parts.store_texts(
            topic_language,
            title=wanted.title,
            meta_description=wanted.meta_description,
            attribution=attribution,
        )
        parts.store_names(topic_language, TopicName.Kind.ALSO_CALLED, wanted.also_called)
        parts.store_names(topic_language, TopicName.Kind.SEE_REFERENCE, wanted.see_references)
        parts.store_sections(topic_language, _keyed_sections(topic_language, wanted, checker))
        _restore_groups(topic_language, wanted.groups)
        _restore_related(topic_language, wanted)
        _restore_links(topic_language, wanted.links)
        OtherLanguage.objects.filter(topic_language=topic_language).delete()
        OtherLanguage.objects.bulk_create(
            OtherLanguage(topic_language=topic_language, position=position, **asdict(other))
            for position, other in enumerate(wanted.other_languages)
        )
    return said + checker.notes


def _columns(document: TopicDocument) -> dict[str, Any]:
    """The language's own columns as a document has them."""
    institute = document.institute
    return {
        "slug": document.slug,
        "institute_name": institute.name if institute else "",
        "institute_url": institute.url if institute else None,
        "mesh_headings": mesh_headings_to_plain(document.mesh_headings),
        "mapped": None if document.mapped is None else asdict(document.mapped),
        "has_summary": document.summary is not None,
    }


def _html(document: TopicDocument) -> list[str | None]:
    sections = document.summary or ()
    return [document.attribution, *(text for s in sections for text in (s.heading, s.body))]


def _slug_trouble(topic_language: TopicLanguage, slug: str) -> str | None:
    """Why the topic cannot have an address again; None when it can."""
    others = TopicLanguage.objects.filter(language=topic_language.language, slug=slug)
    try:
        refuse_taken(topic_language, slug)
    except AddressTaken:
        taken = True
    else:
        taken = reserved(slug) or others.exclude(pk=topic_language.pk).exists()
    if not taken:
        return None
    return _("The address “%(slug)s” is in use by something else; the present one stays.") % {
        "slug": slug
    }


def _titles(links: Sequence[Link]) -> str:
    titles = [link.title or link.url for link in links[:NAMED]]
    return "; ".join(titles) + (" …" if len(links) > NAMED else "")


def _present(links: Sequence[Link]) -> tuple[list[Link], list[Link]]:
    """The links whose shared link is still here, and the others."""
    here = set(Resource.objects.in_bulk({link.resource for link in links} - {None}))
    return (
        [link for link in links if link.resource in here],
        [link for link in links if link.resource not in here],
    )


def _fresh(document: TopicDocument, links: Sequence[Link]) -> tuple[Link, ...]:
    return embedded_anew(replace(document, links=tuple(links))).links


def _keyed_sections(
    topic_language: TopicLanguage, document: TopicDocument, checker: Checker
) -> list[parts.KeyedSection]:
    """The sections, each in the row that has its heading now, so that the pairs stay pairs."""
    rows = parts.in_order(parts.sections_of(topic_language.topic_id), topic_language.language)
    old = [plain(getattr(row, f"heading_{topic_language.language}")) for row in rows]
    sections = [
        piece
        for section in document.summary or ()
        for piece in checker.sections(
            section.level, shown(section.heading) or "", shown(section.body) or ""
        )
    ]
    new = [plain(section.heading) for section in sections]
    keys: dict[int, int] = {}
    for _same, (a, b), (c, d) in runs(old, new):
        for step in range(min(b - a, d - c)):
            keys[c + step] = rows[a + step].pk
    return [(keys.get(place), section) for place, section in enumerate(sections)]


def _restore_groups(topic_language: TopicLanguage, groups: Sequence[GroupReference]) -> None:
    here = TopicGroup.objects.in_bulk({group.group for group in groups} - {None})
    Membership.objects.filter(topic_language=topic_language).delete()
    Membership.objects.bulk_create(
        Membership(
            topic_language=topic_language,
            group=here[reference.group],
            position=position,
            recorded=_recorded(reference, here[reference.group]),
        )
        for position, reference in enumerate(groups)
        if reference.group in here
    )


def _recorded(reference: GroupReference, group: TopicGroup) -> dict[str, Any] | None:
    """What a record called the group; None where an editor chose it, and it follows the group."""
    if reference.url is None and reference.number in (group.number, LOCAL_NUMBER_BASE + group.pk):
        return None
    return {"number": reference.number, "name": reference.name, "url": reference.url}


def _restore_related(topic_language: TopicLanguage, document: TopicDocument) -> None:
    numbers = {reference.number for reference in document.related} - {None}
    targets = dict(TopicLanguage.objects.filter(number__in=numbers).values_list("number", "pk"))
    RelatedTopic.objects.filter(topic_language=topic_language).delete()
    RelatedTopic.objects.bulk_create(
        RelatedTopic(
            topic_language=topic_language,
            position=position,
            number=reference.number,
            title=reference.title,
            url=reference.url,
            target_id=targets.get(reference.number),
        )
        for position, reference in enumerate(document.related)
        if reference.number is not None or reference.url
    )


def _restore_links(topic_language: TopicLanguage, links: Sequence[Link]) -> None:
    known = set(InformationCategory.objects.values_list("key", flat=True))
    Placement.objects.filter(topic_language=topic_language).delete()
    Placement.objects.bulk_create(
        Placement(
            topic_language=topic_language,
            resource_id=link.resource,
            position=position,
            categories=[key for key in link.category_keys if key in known],
            **{f"own_{name}": _plain(getattr(link, name)) for name in link.own},
        )
        for position, link in enumerate(links)
    )


def _plain(value: str | tuple[str, ...] | None) -> str | list[str]:
    """An own field as columns hold it, where None would mean that the page says nothing own."""
    return list(value) if isinstance(value, tuple) else value or ""
