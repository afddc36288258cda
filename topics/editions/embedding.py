"""Fresh copies, in a document, of what topics share: links, organisations, categories."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from resources.models import (
    TITLE_MAX_LENGTH,
    InformationCategory,
    Resource,
    ResourceOrganization,
    other_language,
)
from topics import richtext
from topics.document import Link, TopicDocument

Names = dict[tuple[int, str], tuple[str, ...]]


def embedded_anew(document: TopicDocument) -> TopicDocument:
    """The document with every link and category as it is now; what is the page's own stays."""
    (document,) = with_resources([document], {link.resource for link in document.links})
    for category in InformationCategory.objects.all():
        document = with_category(document, category)
    return document


def with_resources(
    documents: Sequence[TopicDocument], resources: Collection[int | None]
) -> list[TopicDocument]:
    """The documents with fresh copies of these shared links and their organisations."""
    shown = {link.resource for document in documents for link in document.links}
    found = Resource.objects.in_bulk(shown & set(resources) - {None})
    names = _organizations(found)
    return [
        replace(
            document,
            links=tuple(
                _fresh(link, found[link.resource], names, document.language)
                if link.resource in found
                else link
                for link in document.links
            ),
        )
        for document in documents
    ]


def with_category(document: TopicDocument, category: InformationCategory) -> TopicDocument:
    """The document with the present name of a category."""
    name = getattr(category, f"name_{document.language}") or ""
    if not name:
        return document
    return replace(
        document,
        links=tuple(
            replace(
                link,
                categories=tuple(
                    name if key == category.key else old
                    for key, old in zip(link.category_keys, link.categories, strict=True)
                ),
            )
            if category.key in link.category_keys
            else link
            for link in document.links
        ),
    )


def with_address(document: TopicDocument, old: str, new: str) -> TopicDocument:
    """The document with an outside address replaced wherever a field is it or a text leads to it.

    The title of a link that is the address itself becomes the new one too.
    """

    def swapped(address: str | None) -> str | None:
        return new if address == old else address

    institute = document.institute
    return replace(
        document.map_bodies(lambda text: richtext.with_address(text, old, new)),
        links=tuple(
            replace(
                link,
                title=retitled(link.title, old, new),
                url=swapped(link.url),
                mapped_url=swapped(link.mapped_url),
            )
            for link in document.links
        ),
        other_languages=tuple(
            replace(other, url=swapped(other.url)) for other in document.other_languages
        ),
        institute=institute and replace(institute, url=swapped(institute.url)),
    )


def retitled(title: str, old: str, new: str) -> str:
    """The title of a link, with the new address where it is the old one and the new one is not too long."""
    after = richtext.words_with_address(title, old, new)
    return after if len(after) <= TITLE_MAX_LENGTH else title


def _organizations(keys: Collection[int]) -> Names:
    names: Names = defaultdict(tuple)
    rows = ResourceOrganization.objects.filter(resource__in=keys).select_related("organization")
    for row in rows:
        name = getattr(row.organization, f"name_{row.language}") or ""
        names[row.resource_id, row.language] += (name,)
    return names


def _fresh(link: Link, resource: Resource, organizations: Names, language: str) -> Link:
    shared = {
        "title": getattr(resource, f"title_{language}") or "",
        "url": getattr(resource, f"url_{language}") or "",
        "mapped_url": getattr(resource, f"url_{other_language(language)}") or None,
        "organizations": organizations[resource.pk, language],
        "descriptions": tuple(getattr(resource, f"descriptions_{language}") or ()),
    }
    # A link that lost its address or title in this language stays as it was: an empty line on a
    # live page helps nobody, and the editors are told by the readiness check.
    kept = {*link.own, *(name for name in ("title", "url") if not shared[name])}
    return replace(link, **{name: value for name, value in shared.items() if name not in kept})
