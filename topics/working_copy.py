"""Between the rows that editors change and a TopicDocument: `assemble` reads, `store` writes.

The two are inverse: what `store` was given is what `assemble` returns, bindings apart. Both work
on many topics at once with a number of queries that does not depend on how many.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F
from django.utils import timezone

from resources.models import (
    InformationCategory,
    ResourceOrganization,
    address_digest,
    other_language,
)

from .document import (
    GroupReference,
    Image,
    Institute,
    Link,
    OtherLanguageLink,
    Reference,
    TopicDocument,
    mesh_headings_from_plain,
    mesh_headings_to_plain,
)
from .groups import group_rows
from .linking import place_links
from .models import (
    LOCAL_NUMBER_BASE,
    HealthTopic,
    Membership,
    OtherLanguage,
    Placement,
    RelatedTopic,
    TopicLanguage,
    TopicName,
)
from .sections import assemble_sections, store_sections

Items = Sequence[tuple[TopicLanguage, TopicDocument]]


# --- Reading ----------------------------------------------------------------------------------------


def assemble(topic_languages: Sequence[TopicLanguage]) -> dict[int, TopicDocument]:
    """The documents of the working copies, keyed by primary key of the TopicLanguage."""
    keys = [topic_language.pk for topic_language in topic_languages]
    topics = HealthTopic.objects.in_bulk({tl.topic_id for tl in topic_languages})
    sections = assemble_sections(topics.keys())
    names = _by_topic_language(TopicName.objects.filter(topic_language__in=keys))
    memberships = _by_topic_language(
        Membership.objects.filter(topic_language__in=keys).select_related("group")
    )
    related = _by_topic_language(
        RelatedTopic.objects.filter(topic_language__in=keys).select_related("target__topic")
    )
    others = _by_topic_language(OtherLanguage.objects.filter(topic_language__in=keys))
    links = _links(topic_languages)
    documents = {}
    for tl in topic_languages:
        topic = topics[tl.topic_id]
        documents[tl.pk] = TopicDocument(
            language=tl.language,
            number=tl.number,
            slug=tl.slug,
            url=tl.upstream_url,
            date_created=tl.date_created,
            title=getattr(topic, f"title_{tl.language}") or "",
            meta_description=getattr(topic, f"meta_description_{tl.language}"),
            also_called=_names(names[tl.pk], TopicName.Kind.ALSO_CALLED),
            see_references=_names(names[tl.pk], TopicName.Kind.SEE_REFERENCE),
            summary=sections[tl.topic_id, tl.language] if tl.has_summary else None,
            attribution=getattr(topic, f"attribution_{tl.language}"),
            groups=tuple(_group_reference(row, tl.language) for row in memberships[tl.pk]),
            mapped=None if tl.mapped is None else Reference(**tl.mapped),
            mesh_headings=mesh_headings_from_plain(tl.mesh_headings),
            other_languages=tuple(
                OtherLanguageLink(row.name, row.vernacular_name, row.url) for row in others[tl.pk]
            ),
            institute=(
                Institute(tl.institute_name, tl.institute_url) if tl.institute_name else None
            ),
            related=tuple(_reference(row) for row in related[tl.pk]),
            links=tuple(links[tl.pk]),
            image=_image(topic, tl.language),
        )
    return documents


def _by_topic_language(rows: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.topic_language_id].append(row)
    return grouped


def _names(rows: list[TopicName], kind: str) -> tuple[str, ...]:
    return tuple(row.name for row in rows if row.kind == kind)


def _group_reference(row: Membership, language: str) -> GroupReference:
    if row.recorded is not None:
        return GroupReference(**row.recorded, group=row.group_id)
    group = row.group
    number = group.number or LOCAL_NUMBER_BASE + group.pk
    return GroupReference(number, getattr(group, f"name_{language}") or "", None, group.pk)


def _reference(row: RelatedTopic) -> Reference:
    if row.number is not None or row.target is None:
        return Reference(row.number, row.title, row.url)
    return Reference(row.target.number, row.target.title, row.target.upstream_url)


def _image(topic: HealthTopic, language: str) -> Image | None:
    if not topic.image:
        return None
    alternative = getattr(topic, f"image_alt_{language}") or ""
    return Image(topic.image.name, topic.image.width, topic.image.height, alternative)


def _links(topic_languages: Sequence[TopicLanguage]) -> dict[int, list[Link]]:
    languages = {tl.pk: tl.language for tl in topic_languages}
    placements = list(
        Placement.objects.filter(topic_language__in=languages).select_related("resource")
    )
    organizations: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = ResourceOrganization.objects.filter(
        resource__placements__topic_language__in=languages
    ).select_related("organization")
    for row in rows.distinct():
        name = getattr(row.organization, f"name_{row.language}") or ""
        organizations[row.resource_id, row.language].append(name)
    categories = {category.key: category for category in InformationCategory.objects.all()}
    links: dict[int, list[Link]] = defaultdict(list)
    for placement in placements:
        language = languages[placement.topic_language_id]
        links[placement.topic_language_id].append(
            _link(placement, language, organizations[placement.resource_id, language], categories)
        )
    return links


def _link(
    placement: Placement,
    language: str,
    organizations: list[str],
    categories: dict[str, InformationCategory],
) -> Link:
    resource = placement.resource
    shared = {
        "title": getattr(resource, f"title_{language}") or "",
        "url": getattr(resource, f"url_{language}") or "",
        "mapped_url": getattr(resource, f"url_{other_language(language)}") or None,
        "organizations": tuple(organizations),
        "descriptions": tuple(getattr(resource, f"descriptions_{language}") or ()),
    }
    own: dict[str, Any] = {}
    for name in shared:
        value = getattr(placement, f"own_{name}")
        if value is not None:
            own[name] = tuple(value) if isinstance(value, list) else value
    if "mapped_url" in own:
        own["mapped_url"] = own["mapped_url"] or None
    return Link(
        **{**shared, **own},
        categories=tuple(
            getattr(categories[key], f"name_{language}") or "" for key in placement.categories
        ),
        resource=resource.pk,
        own=tuple(own),
        category_keys=tuple(placement.categories),
    )


# --- Writing ----------------------------------------------------------------------------------------


def store(items: Items, *, by: AbstractBaseUser | None = None) -> list[TopicDocument]:
    """Replace the working copies of saved TopicLanguages by documents, in the caller's transaction.

    Returns the documents with their bindings filled in, in the order given. Groups, links,
    organisations and categories that are not here yet are made; a shared link that other topics
    use is never changed: what a document says differently is kept with its placement.
    """
    if not items:
        return []
    keys = [topic_language.pk for topic_language, _document in items]
    for model in (TopicName, Membership, RelatedTopic, Placement, OtherLanguage):
        model.objects.filter(topic_language__in=keys).delete()
    _store_fields(items, by)
    store_sections(items)
    _store_names(items)
    _store_related(items)
    OtherLanguage.objects.bulk_create(
        OtherLanguage(topic_language=tl, position=position, **asdict(other))
        for tl, document in items
        for position, other in enumerate(document.other_languages)
    )
    return _bound(items)


def _bound(items: Items) -> list[TopicDocument]:
    """Store groups and links, and return the documents that name their rows."""
    groups = group_rows(items)
    links = place_links(items)
    bound = []
    memberships = []
    for tl, document in items:
        rows = [groups[document.language, reference] for reference in document.groups]
        for position, (reference, row) in enumerate(zip(document.groups, rows, strict=True)):
            recorded = asdict(reference)
            del recorded["group"]
            memberships.append(
                Membership(topic_language=tl, group=row, position=position, recorded=recorded)
            )
        bound.append(
            replace(
                document,
                number=tl.number,
                groups=tuple(
                    replace(reference, group=row.pk)
                    for reference, row in zip(document.groups, rows, strict=True)
                ),
                links=tuple(links[tl.pk]),
            )
        )
    Membership.objects.bulk_create(memberships)
    return bound


def _store_fields(items: Items, by: AbstractBaseUser | None) -> None:
    now = timezone.now()
    topics = HealthTopic.objects.in_bulk({tl.topic_id for tl, _document in items})
    for tl, document in items:
        topic = topics[tl.topic_id]
        setattr(topic, f"title_{document.language}", document.title)
        setattr(topic, f"meta_description_{document.language}", document.meta_description)
        setattr(topic, f"attribution_{document.language}", document.attribution)
        institute = document.institute
        tl.slug = document.slug
        tl.number = document.number if document.number is not None else tl.number
        tl.upstream_url = document.url
        tl.upstream_digest = address_digest(document.url)
        tl.date_created = document.date_created
        tl.has_summary = document.summary is not None
        tl.institute_name = institute.name if institute else ""
        tl.institute_url = institute.url if institute else None
        tl.mesh_headings = mesh_headings_to_plain(document.mesh_headings)
        tl.mapped = None if document.mapped is None else asdict(document.mapped)
        tl.changed_at, tl.changed_by = now, by
    languages = {document.language for _tl, document in items}
    HealthTopic.objects.bulk_update(
        topics.values(),
        [
            f"{name}_{language}"
            for name in ("title", "meta_description", "attribution")
            for language in sorted(languages)
        ],
        batch_size=50,
    )
    TopicLanguage.objects.bulk_update(
        [tl for tl, _document in items],
        [
            *("slug", "number", "upstream_url", "upstream_digest", "date_created", "has_summary"),
            *("institute_name", "institute_url", "mesh_headings", "mapped"),
            *("changed_at", "changed_by"),
        ],
        batch_size=50,
    )
    # A form that an editor opened before this must not overwrite it unseen.
    TopicLanguage.objects.filter(pk__in=[tl.pk for tl, _document in items]).update(
        version=F("version") + 1, has_changes=True
    )


def _store_names(items: Items) -> None:
    TopicName.objects.bulk_create(
        TopicName(topic_language=tl, kind=kind, name=name, position=position)
        for tl, document in items
        for kind, names in (
            (TopicName.Kind.ALSO_CALLED, document.also_called),
            (TopicName.Kind.SEE_REFERENCE, document.see_references),
        )
        for position, name in enumerate(names)
    )


def _store_related(items: Items) -> None:
    numbers = {reference.number for _tl, document in items for reference in document.related}
    targets = dict(
        TopicLanguage.objects.filter(number__in=numbers - {None}).values_list("number", "pk")
    )
    RelatedTopic.objects.bulk_create(
        RelatedTopic(
            topic_language=tl,
            position=position,
            number=reference.number,
            title=reference.title,
            url=reference.url,
            target_id=targets.get(reference.number),
        )
        for tl, document in items
        for position, reference in enumerate(document.related)
    )
