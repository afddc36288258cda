"""Writing: from documents to the rows that editors change."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F
from django.utils import timezone

from resources.models import (
    address_digest,
)
from topics.document import (
    GroupReference,
    TopicDocument,
    mesh_headings_to_plain,
)
from topics.models import (
    HealthTopic,
    Membership,
    OtherLanguage,
    Placement,
    RelatedTopic,
    TopicLanguage,
    TopicName,
)

from .groups import group_rows
from .linking import place_links
from .rows import insert, overwrite
from .sections import store_sections
from .texts import note_texts

# What TopicLanguage holds of a document.
COLUMNS = [
    *("slug", "number", "upstream_url", "upstream_digest", "date_created", "has_summary"),
    *("institute_name", "institute_url", "mesh_headings", "mapped"),
    *("changed_at", "changed_by"),
]

Items = Sequence[tuple[TopicLanguage, TopicDocument]]


def store(items: Items, *, by: AbstractBaseUser | None = None) -> list[TopicDocument]:
    """Replace the working copies of saved TopicLanguages by documents, in the caller's transaction.

    Returns the documents with their bindings filled in, in the order given. Groups, links,
    organisations and categories that are not here yet are made; a shared link that other topics
    use is never changed: what a document says differently is kept with its placement. Of two
    references of a document that mean one group here, only the first is kept.
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
    note_texts({tl.pk: document for tl, document in items})
    return _bound(items)


def _bound(items: Items) -> list[TopicDocument]:
    """Store groups and links, and return the documents that name their rows."""
    groups = group_rows(items)
    links = place_links(items)
    bound = []
    memberships = []
    for tl, document in items:
        references: dict[int, GroupReference] = {}
        for reference in document.groups:
            row = groups[document.language, reference]
            references.setdefault(row.pk, replace(reference, group=row.pk))
        for position, reference in enumerate(references.values()):
            recorded = asdict(reference)
            memberships.append(
                Membership(
                    topic_language=tl,
                    group_id=recorded.pop("group"),
                    position=position,
                    recorded=recorded,
                )
            )
        bound.append(
            replace(
                document,
                number=tl.number,
                groups=tuple(references.values()),
                links=tuple(links[tl.pk]),
            )
        )
    Membership.objects.bulk_create(memberships)
    return bound


def _store_fields(items: Items, by: AbstractBaseUser | None) -> None:
    now = timezone.now()
    topics = HealthTopic.objects.in_bulk({tl.topic_id for tl, _document in items})
    for tl, document in items:
        _set_fields(topics[tl.topic_id], tl, document)
        tl.changed_at, tl.changed_by = now, by
    languages = sorted({document.language for _tl, document in items})
    shared = ("title", "meta_description", "attribution")
    overwrite(
        list(topics.values()), [f"{name}_{language}" for name in shared for language in languages]
    )
    overwrite([tl for tl, _document in items], COLUMNS)
    # A form that an editor opened before this must not overwrite it unseen.
    TopicLanguage.objects.filter(pk__in=[tl.pk for tl, _document in items]).update(
        version=F("version") + 1, has_changes=True
    )


def _set_fields(topic: HealthTopic, tl: TopicLanguage, document: TopicDocument) -> None:
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


def _store_names(items: Items) -> None:
    insert(
        TopicName,
        ["topic_language", "kind", "name", "position"],
        (
            (tl.pk, kind.value, name, position)
            for tl, document in items
            for kind, names in (
                (TopicName.Kind.ALSO_CALLED, document.also_called),
                (TopicName.Kind.SEE_REFERENCE, document.see_references),
            )
            for position, name in enumerate(names)
        ),
    )


def _store_related(items: Items) -> None:
    numbers = {reference.number for _tl, document in items for reference in document.related}
    targets = dict(
        TopicLanguage.objects.filter(number__in=numbers - {None}).values_list("number", "pk")
    )
    insert(
        RelatedTopic,
        ["topic_language", "position", "number", "title", "url", "target"],
        (
            (tl.pk, position, one.number, one.title, one.url, targets.get(one.number))
            for tl, document in items
            for position, one in enumerate(document.related)
        ),
    )
