"""Finding topics and links by what an editor types or pastes."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from resources.models import Organization, Resource, address_digest
from resources.recognition import resource_at
from topics.live import path_of
from topics.models import Address, TopicLanguage

SHOWN = 12
# PostgreSQL keeps no text with this character, and refuses to compare with one.
_NUL = "\x00"
SHORTEST_WORD = 2
_NAMED = re.compile(r"(?s).*\((?P<slug>[a-z0-9_/-]+)\)\s*")
_NUMBERED = re.compile(r"#(?P<key>\d{1,18})(?:\s.*)?", re.DOTALL)


def is_address(text: str) -> bool:
    """Whether an editor pasted an address and not words."""
    return bool(re.match(r"(?i)(?:https?|ftp)://\S", text.strip()))


# --- Topics -----------------------------------------------------------------------------------------


def topic_at(address: str) -> TopicLanguage | None:
    """The topic here that an address means: our own address, live or future, or the source's."""
    if "#" in address or "?" in address:
        return None
    place = place_of(address)
    if place is None:
        swapped = re.sub(r"(?i)^http(s?):", lambda m: "http:" if m[1] else "https:", address)
        digests = [address_digest(address), address_digest(swapped)]
        return TopicLanguage.objects.filter(upstream_digest__in=digests).order_by("pk").first()
    language, slug = place
    at = Address.objects.filter(language=language, slug=slug).select_related(
        "topic_language", "redirect_to__topic_language"
    )
    for row in at:
        found = row.topic_language or (row.redirect_to and row.redirect_to.topic_language)
        if found:
            return found
    return TopicLanguage.objects.filter(language=language, slug=slug).first()


def place_of(address: str) -> tuple[str, str] | None:
    """Language and slug of an address of this site."""
    if not address.startswith(f"{settings.SITE_URL}/"):
        return None
    path = urlsplit(address).path.removeprefix("/")
    if not path.endswith(".html"):
        return None
    prefixes = settings.PUBLIC_LANGUAGE_PREFIXES
    language = max(
        (code for code in prefixes if path.startswith(prefixes[code])),
        key=lambda code: len(prefixes[code]),
    )
    return language, path.removeprefix(prefixes[language]).removesuffix(".html")


def label_of(topic: TopicLanguage) -> str:
    """A topic as the field for related topics shows it; the address makes it unambiguous."""
    return f"{topic.title} ({topic.slug})"


def topic_named(text: str, language: str) -> TopicLanguage | None:
    """The topic that an editor means: by its label, its address or exactly its title."""
    text = text.strip()
    topics = TopicLanguage.objects.filter(language=language).select_related("topic")
    if is_address(text):
        found = topic_at(text)
        return found and topics.filter(pk=found.pk).first()
    named = _NAMED.fullmatch(text)
    if named and (found := topics.filter(slug=named["slug"]).first()):
        return found
    titled = list(topics.filter(**{f"topic__title_{language}__iexact": text})[:2])
    return titled[0] if len(titled) == 1 else None


def suggest_topics(text: str, language: str) -> list[dict[str, str]]:
    """Topics whose title, address or another name holds all the words, for a list of suggestions."""
    text = text.replace(_NUL, "").strip()
    if len(text) < SHORTEST_WORD:
        return []
    holds = Q()
    for word in text.split():
        holds &= (
            Q(**{f"topic__title_{language}__icontains": word})
            | Q(slug__istartswith=word)
            | Q(names__name__icontains=word)
        )
    title = f"topic__title_{language}"
    topics = TopicLanguage.objects.filter(holds, language=language).select_related("topic")
    found = topics.distinct().order_by(_begins(title, text), title, "pk")[:SHOWN]
    return [
        {
            "value": label_of(topic),
            "label": topic.title,
            "detail": topic.slug,
            "address": settings.SITE_URL + path_of(language, topic.slug),
        }
        for topic in found
    ]


def _begins(column: str, text: str) -> Case:
    """An order in which what begins with the words comes before what only holds them."""
    return Case(When(**{f"{column}__istartswith": text}, then=0), default=1)


# --- Links ------------------------------------------------------------------------------------------


def link_label(resource: Resource, language: str) -> str:
    """A link as the field that finds links shows it; the number makes it unambiguous."""
    title = getattr(resource, f"title_{language}") or str(resource)
    return f"#{resource.pk} {title}"


def link_named(text: str, language: str) -> Resource | None:
    """The link that an editor means: by its label or exactly its title; not by address."""
    text = text.strip()
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        return Resource.objects.filter(pk=int(numbered["key"])).first()
    titled = list(Resource.objects.filter(**{f"title_{language}__iexact": text})[:2])
    return titled[0] if len(titled) == 1 else None


def suggest_links(text: str, topic_language: TopicLanguage) -> list[dict[str, Any]]:
    """Links whose title, address and organisation hold all the words, for a list of suggestions.

    Of each is said whether the page of this language has it already.
    """
    language = topic_language.language
    text = text.replace(_NUL, "").strip()
    if len(text) < SHORTEST_WORD:
        return []
    if is_address(text):
        found = resource_at(text, language)
        return _suggestions([found] if found else [], topic_language)
    organization = f"resourceorganization__organization__name_{language}__icontains"
    fits = Q()
    for word in text.split():
        fits &= (
            Q(**{f"title_{language}__icontains": word})
            | Q(**{f"url_{language}__icontains": word})
            | Q(**{organization: word, "resourceorganization__language": language})
        )
    titled = Q(**{f"title_{language}__gt": ""})
    links = Resource.objects.filter(fits & titled).distinct()
    links = links.prefetch_related("resourceorganization_set__organization")
    order = (_begins(f"title_{language}", text), f"title_{language}", "pk")
    return _suggestions(links.order_by(*order)[:SHOWN], topic_language)


def _suggestions(
    resources: Iterable[Resource], topic_language: TopicLanguage
) -> list[dict[str, Any]]:
    placed = set(topic_language.placements.values_list("resource_id", flat=True))
    return [_suggestion(one, topic_language.language, one.pk in placed) for one in resources]


def _suggestion(resource: Resource, language: str, placed: bool) -> dict[str, Any]:
    said = [
        _("on this page already") if placed else "",
        ", ".join(organizations_of(resource, language)),
        getattr(resource, f"url_{language}") or "",
    ]
    return {
        "value": link_label(resource, language),
        "label": getattr(resource, f"title_{language}") or str(resource),
        "detail": " · ".join(filter(None, said)),
        "placed": placed,
    }


def suggest_organizations(text: str, language: str) -> list[dict[str, str]]:
    """Organisations whose name in a language holds the words, for a list of suggestions."""
    text = text.replace(_NUL, "").strip()
    if len(text) < SHORTEST_WORD:
        return []
    name = f"name_{language}"
    found = Organization.objects.filter(**{f"{name}__icontains": text})
    names = found.order_by(_begins(name, text), name).values_list(name, flat=True)[:SHOWN]
    return [{"value": name, "label": name, "detail": ""} for name in names]


def organization_named(name: str, language: str) -> Organization | None:
    """The organisation of this name in a language."""
    named = Organization.objects.filter(**{f"name_{language}__iexact": name})
    return named.order_by("pk").first()


def organizations_of(resource: Resource, language: str) -> list[str]:
    """Names of the organisations behind a link in a language, from what is prefetched."""
    return [
        getattr(row.organization, f"name_{language}") or str(row.organization)
        for row in resource.resourceorganization_set.all()
        if row.language == language
    ]
