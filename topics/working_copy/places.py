"""Where an outside address stands in working copies, as the link check and its queue ask."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from resources.models import Language, LinkCheck, address_digest
from topics.models import OtherLanguage, Placement, TextAddress, TopicLanguage


def own_addresses() -> Iterator[str]:
    """Addresses that pages lead to without a shared link, those in texts included."""
    for rows, field in [*_own(), (_in_texts(), "address")]:
        yield from rows.values_list(field, flat=True).distinct().iterator()


def links_of(topics: QuerySet[TopicLanguage]) -> Q:
    """The condition for LinkChecks whose address stands on any of these topics.

    Asked of each link, most of which need nobody and are left out before: to collect the links of
    thousands of topics takes longer than to look where a few hundred stand.
    """
    condition = Q()
    for rows, digest in _by_digest(topics):
        condition |= Q(Exists(rows.filter(**{digest: OuterRef("digest")})))
    for rows, field in _own(topics):
        condition |= Q(address__in=rows.values(field))
    return condition


def topics_with(links: QuerySet[LinkCheck]) -> Q:
    """The condition for TopicLanguages on which the address of any of these LinkChecks stands."""
    condition = Q()
    for rows, digest in _by_digest():
        showing = rows.filter(**{f"{digest}__in": links.values("digest")})
        condition |= Q(pk__in=showing.values("topic_language"))
    for rows, field in _own():
        showing = rows.filter(**{f"{field}__in": links.values("address")})
        key = "pk" if rows.model is TopicLanguage else "topic_language"
        condition |= Q(pk__in=showing.values(key))
    return condition


def topics_showing(addresses: Collection[str]) -> dict[str, set[int]]:
    """Keys of the TopicLanguages on which these addresses stand; six queries for any number."""
    found = _found([(_in_texts(), "digest")], addresses)
    known = {address_digest(address): address for address in addresses}
    for language in Language.values:
        digest = f"resource__url_digest_{language}"
        rows = Placement.objects.filter(own_url=None, **{f"{digest}__in": list(known)})
        # The language is not asked of the database: SQLite would begin with all pages that have it.
        of = "topic_language__language"
        for found_digest, key, language_of in rows.values_list(digest, "topic_language", of):
            if language_of == language:
                found[known[found_digest]].add(key)
    for rows, field in _own():
        topic = "pk" if rows.model is TopicLanguage else "topic_language"
        for address, key in rows.filter(**{f"{field}__in": addresses}).values_list(field, topic):
            found[address].add(key)
    return dict(found)


def texts_showing(addresses: Collection[str]) -> dict[str, set[int]]:
    """Keys of the TopicLanguages in whose texts these addresses stand; one query."""
    return dict(_found([(_in_texts(), "digest")], addresses))


def mapped_on(address: str) -> set[int]:
    """Keys of the TopicLanguages on which the address stands as that of a link in the other language."""
    rows = Placement.objects.filter(own_mapped_url=address)
    keys = set(rows.values_list("topic_language", flat=True))
    for language in Language.values:
        shared = Placement.objects.filter(
            own_mapped_url=None, **{f"resource__url_digest_{language}": address_digest(address)}
        ).exclude(topic_language__language=language)
        keys |= set(shared.values_list("topic_language", flat=True))
    return keys


def _found(
    by_digest: list[tuple[QuerySet, str]], addresses: Collection[str]
) -> defaultdict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    known = {address_digest(address): address for address in addresses}
    for rows, digest in by_digest:
        some = rows.filter(**{f"{digest}__in": list(known)})
        for key, topic in some.values_list(digest, "topic_language"):
            found[known[key]].add(topic)
    return found


# Which topics is said only where not all are meant: databases would go through all of them.
Topics = QuerySet[TopicLanguage] | None


def _by_digest(topics: Topics = None) -> list[tuple[QuerySet, str]]:
    """Rows of these topics that know an address by its digest, and the field that holds it."""
    shared = [
        (
            _of(Placement, topics).filter(topic_language__language=language, own_url=None),
            f"resource__url_digest_{language}",
        )
        for language in Language.values
    ]
    return [*shared, (_in_texts(topics), "digest")]


def _in_texts(topics: Topics = None) -> QuerySet[TextAddress]:
    return _of(TextAddress, topics)


def _own(topics: Topics = None) -> list[tuple[QuerySet, str]]:
    """Rows of these topics with addresses of their own, and the field that holds them."""
    pages = TopicLanguage.objects.all() if topics is None else topics
    return [
        (_of(Placement, topics).filter(own_url__gt=""), "own_url"),
        (_of(OtherLanguage, topics).filter(url__gt=""), "url"),
        (pages.filter(institute_url__gt=""), "institute_url"),
    ]


def _of(model: type[Model], topics: Topics) -> QuerySet:
    """The rows of a part of these topics."""
    rows = model.objects.all()
    return rows if topics is None else rows.filter(topic_language__in=topics)
