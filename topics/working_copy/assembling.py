"""Reading: from the rows that editors change to documents."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from resources.models import (
    InformationCategory,
    ResourceOrganization,
    other_language,
)
from topics.document import (
    GroupReference,
    Image,
    Institute,
    Link,
    OtherLanguageLink,
    Reference,
    TopicDocument,
    mesh_headings_from_plain,
)
from topics.models import (
    LOCAL_NUMBER_BASE,
    HealthTopic,
    Membership,
    OtherLanguage,
    Placement,
    RelatedTopic,
    TopicLanguage,
    TopicName,
)
from topics.pictures.renditions import widths_of

from .sections import assemble_sections


def assemble(topic_languages: Sequence[TopicLanguage]) -> dict[int, TopicDocument]:
    """The documents of the working copies, keyed by primary key of the TopicLanguage."""
    keys = [tl.pk for tl in topic_languages]
    topics = HealthTopic.objects.in_bulk({tl.topic_id for tl in topic_languages})
    sections = assemble_sections(topics.keys())
    names = _by_topic_language(TopicName.objects.filter(topic_language__in=keys))
    memberships = _by_topic_language(
        Membership.objects.filter(topic_language__in=keys).select_related("group")
    )
    related = _by_topic_language(
        RelatedTopic.objects.filter(topic_language__in=keys).select_related("target")
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
            other_languages=tuple(map(_other_language, others[tl.pk])),
            institute=_institute(tl),
            related=tuple(_reference(row) for row in related[tl.pk]),
            links=tuple(links[tl.pk]),
            image=_image(topic, tl.language),
        )
    return documents


def _other_language(row: OtherLanguage) -> OtherLanguageLink:
    return OtherLanguageLink(row.name, row.vernacular_name, row.url)


def _institute(tl: TopicLanguage) -> Institute | None:
    return Institute(tl.institute_name, tl.institute_url) if tl.institute_name else None


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
    """What a record says in its own words; of a topic that an editor chose no words.

    Its title here may be a draft that nobody published; whoever reads the document finds the live one.
    """
    if row.number is not None or row.target is None:
        return Reference(row.number, row.title, row.url)
    return Reference(row.target.number, "", row.target.upstream_url)


def _image(topic: HealthTopic, language: str) -> Image | None:
    if not topic.image:
        return None
    alternative, credit, terms = (
        getattr(topic, f"image_{words}_{language}") or "" for words in ("alt", "credit", "license")
    )
    return Image(
        name=topic.image,
        width=topic.image_width,
        height=topic.image_height,
        alt=alternative,
        widths=widths_of(topic.image_width),
        decorative=topic.image_decorative,
        credit=credit,
        license=terms,
    )


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
