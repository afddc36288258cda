"""Where an outside address stands in working copies, as the link check and its queue ask."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet

from resources.models import Language, LinkCheck, address_digest
from topics.models import OtherLanguage, Placement, TopicLanguage


def own_addresses() -> Iterator[str]:
    """Addresses that pages lead to without a shared link."""
    for rows, field in _own(TopicLanguage.objects.all()):
        yield from rows.values_list(field, flat=True).distinct().iterator()


def links_of(topics: QuerySet[TopicLanguage]) -> Q:
    """The condition for LinkChecks whose address stands on any of these topics."""
    condition = Q()
    for language in Language.values:
        digest = f"resource__url_digest_{language}"
        shared = _shared(topics, language).filter(**{f"{digest}__isnull": False})
        condition |= Q(digest__in=shared.values(digest))
    for rows, field in _own(topics):
        condition |= Q(address__in=rows.values(field))
    return condition


def topics_with(links: QuerySet[LinkCheck]) -> Q:
    """The condition for TopicLanguages on which the address of any of these LinkChecks stands."""
    every = TopicLanguage.objects.all()
    condition = Q()
    for language in Language.values:
        digest = f"resource__url_digest_{language}__in"
        shared = _shared(every, language).filter(**{digest: links.values("digest")})
        condition |= Q(pk__in=shared.values("topic_language"))
    for rows, field in _own(every):
        showing = rows.filter(**{f"{field}__in": links.values("address")})
        key = "pk" if rows.model is TopicLanguage else "topic_language"
        condition |= Q(pk__in=showing.values(key))
    return condition


def topics_showing(addresses: Collection[str]) -> dict[str, set[int]]:
    """Keys of the TopicLanguages on which these addresses stand; five queries for any number."""
    found: dict[str, set[int]] = defaultdict(set)
    every = TopicLanguage.objects.all()
    by_digest = {address_digest(address): address for address in addresses}
    for language in Language.values:
        digest = f"resource__url_digest_{language}"
        rows = _shared(every, language).filter(**{f"{digest}__in": list(by_digest)})
        for key, topic in rows.values_list(digest, "topic_language"):
            found[by_digest[key]].add(topic)
    for rows, field in _own(every):
        topic = "pk" if rows.model is TopicLanguage else "topic_language"
        for address, key in rows.filter(**{f"{field}__in": addresses}).values_list(field, topic):
            found[address].add(key)
    return dict(found)


def _shared(topics: QuerySet[TopicLanguage], language: str) -> QuerySet[Placement]:
    return Placement.objects.filter(
        topic_language__in=topics, topic_language__language=language, own_url=None
    )


def _own(topics: QuerySet[TopicLanguage]) -> list[tuple[QuerySet, str]]:
    """Rows of these topics with addresses of their own, and the field that holds them."""
    placements = Placement.objects.filter(topic_language__in=topics, own_url__gt="")
    others = OtherLanguage.objects.filter(topic_language__in=topics, url__gt="")
    return [
        (placements, "own_url"),
        (others, "url"),
        (topics.filter(institute_url__gt=""), "institute_url"),
    ]
