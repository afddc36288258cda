"""Finding or making the shared links that documents show, and placing them on topics.

Both languages of a link are one Resource. An address belongs to at most one resource in each
language; what a page says differently from the resource is kept in its placement.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from resources.models import (
    Language,
    Resource,
    ResourceOrganization,
    address_digest,
    other_language,
)
from topics.document import Link, TopicDocument
from topics.models import Placement, TopicLanguage
from topics.site import hold_shared_things

from .categories import categories_named
from .organizations import organization_keys
from .rows import insert, overwrite

Items = Sequence[tuple[TopicLanguage, TopicDocument]]
# SQLite and PostgreSQL both take far more, but plans stay quick with lists of this length.
CHUNK = 500
LANGUAGES = tuple(Language.values)
# What a page may say of a link differently from it.
OWN = ("title", "url", "mapped_url", "organizations", "descriptions")


@dataclass(slots=True)
class Side:
    """What a shared link says in one language; without a title only its address is known."""

    title: str = ""
    url: str = ""
    organizations: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()

    def shows(self, link: Link) -> bool:
        """Whether a page that places the link needs nothing of its own, the pair's address apart."""
        return (self.title, self.organizations, self.descriptions) == (
            link.title,
            link.organizations,
            link.descriptions,
        )

    def take(self, link: Link) -> None:
        """Say what the link says."""
        self.title, self.url = link.title, link.url
        self.organizations, self.descriptions = link.organizations, link.descriptions


@dataclass(slots=True)
class Entry:
    """A shared link in memory; `key` is None until it is stored.

    `before` is what the sides to be changed said when they were read.
    """

    key: int | None = None
    sides: dict[str, Side] = field(default_factory=lambda: {x: Side() for x in LANGUAGES})
    changed: set[str] = field(default_factory=set)
    before: dict[str, Side] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)

    def follow(self, language: str, link: Link) -> None:
        """Say what the link says."""
        self.before.setdefault(language, replace(self.sides[language]))
        self.sides[language].take(link)
        self.changed.add(language)


def place_links(items: Items) -> dict[int, list[Link]]:
    """Place the links of the documents; the links with their bindings, by TopicLanguage key."""
    hold_shared_things()
    book = _Book(items)
    entries = {
        (tl.pk, position): book.entry(tl.topic_id, document.language, link)
        for tl, document in items
        for position, link in enumerate(document.links)
    }
    book.follow_records(items, entries)
    book.save()
    named = categories_named(
        (document.language, name)
        for _tl, document in items
        for link in document.links
        for name in link.categories
    )
    bound = {
        tl.pk: [
            _bound(entries[tl.pk, position], document.language, link, named)
            for position, link in enumerate(document.links)
        ]
        for tl, document in items
    }
    insert(
        Placement,
        ["topic_language", "resource", "position", "categories", *(f"own_{x}" for x in OWN)],
        (
            (
                *(key, link.resource, position, json.dumps(link.category_keys)),
                *(_plain(getattr(link, name)) if name in link.own else None for name in OWN),
            )
            for key, links in bound.items()
            for position, link in enumerate(links)
        ),
    )
    return bound


def _bound(
    entry: Entry, language: str, link: Link, named: dict[tuple[str, str], tuple[str, str]]
) -> Link:
    """The link with its bindings, in sections by the names that these have now."""
    categories = [named[language, name] for name in link.categories]
    return replace(
        link,
        categories=tuple(name for _key, name in categories),
        resource=entry.key,
        own=_own(entry, language, link),
        category_keys=tuple(key for key, _name in categories),
    )


def _plain(value: str | tuple[str, ...] | None) -> str:
    """A field of a link as columns hold it, where None would mean that the page says nothing own."""
    return json.dumps(value) if isinstance(value, tuple) else value or ""


def _own(entry: Entry, language: str, link: Link) -> tuple[str, ...]:
    """The fields in which the link says something else than the shared link."""
    side = entry.sides[language]
    shared = {
        "title": side.title,
        "url": side.url,
        "mapped_url": entry.sides[other_language(language)].url or None,
        "organizations": side.organizations,
        "descriptions": side.descriptions,
    }
    return tuple(name for name, value in shared.items() if getattr(link, name) != value)


class _Book:
    """The shared links that a batch of documents touches, found by address."""

    def __init__(self, items: Items):
        self.entries: list[Entry] = []
        self.by_url: dict[tuple[str, str], Entry] = {}
        urls: dict[str, set[str]] = {language: set() for language in LANGUAGES}
        for _tl, document in items:
            for link in document.links:
                urls[document.language].add(link.url)
                if link.mapped_url:
                    urls[other_language(document.language)].add(link.mapped_url)
        found: dict[int, Entry] = {}
        for language, ones in urls.items():
            digests = sorted(address_digest(url) or "" for url in ones)
            for start in range(0, len(digests), CHUNK):
                wanted = {f"url_digest_{language}__in": digests[start : start + CHUNK]}
                found |= _sides_of(Resource.objects.filter(**wanted))
        _add_organizations(found)
        for entry in found.values():
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        for language, side in entry.sides.items():
            if side.url:
                self.by_url.setdefault((language, side.url), entry)

    def entry(self, topic: int, language: str, link: Link) -> Entry:
        """The shared link for one record of a link, made or completed where that harms no page."""
        other = other_language(language)
        entry = self.by_url.get((language, link.url))
        if entry is None and link.mapped_url:
            pair = self.by_url.get((other, link.mapped_url))
            # Giving a stored pair its other half would change pages that show it already.
            if pair is not None and pair.key is None and not pair.sides[language].url:
                entry = pair
        if entry is None:
            entry = Entry()
            if link.mapped_url and (other, link.mapped_url) not in self.by_url:
                entry.sides[other].url = link.mapped_url
                self.by_url[other, link.mapped_url] = entry
            self.entries.append(entry)
        if not entry.sides[language].title:
            # Only the address was known here, so no page shows anything of this side yet.
            entry.follow(language, link)
            self.by_url[language, link.url] = entry
        entry.topics.add(topic)
        return entry

    def follow_records(self, items: Items, entries: dict[tuple[int, int], Entry]) -> None:
        """Where one topic alone uses a stored link, the link itself says what the record says."""
        differing: list[tuple[Entry, str, Link]] = []
        for tl, document in items:
            for position, link in enumerate(document.links):
                entry = entries[tl.pk, position]
                if entry.key and len(entry.topics) == 1 and link.url:
                    side = entry.sides[document.language]
                    if side.url == link.url and not side.shows(link):
                        differing.append((entry, document.language, link))
        if not differing:
            return
        shared = self._used_elsewhere([entry for entry, _language, _link in differing])
        for entry, language, link in differing:
            if entry.key not in shared:
                entry.follow(language, link)

    def _used_elsewhere(self, entries: list[Entry]) -> set[int]:
        """Keys of the stored links that a topic outside the batch, or another of it, places."""
        topic_of = {entry.key: next(iter(entry.topics)) for entry in entries}
        keys = list(topic_of)
        used: set[int] = set()
        for start in range(0, len(keys), CHUNK):
            rows = Placement.objects.filter(resource__in=keys[start : start + CHUNK])
            for key, topic in rows.values_list("resource", "topic_language__topic").distinct():
                if topic != topic_of[key]:
                    used.add(key)
        return used

    def save(self) -> None:
        """Write new and completed links with their organisations."""
        new = [entry for entry in self.entries if entry.key is None]
        rows = Resource.objects.bulk_create(map(_row, new), batch_size=CHUNK)
        for entry, row in zip(new, rows, strict=True):
            entry.key = row.pk
        created = {entry.key for entry in new}
        self._update([e for e in self.entries if e.changed and e.key not in created])
        organizations = organization_keys(
            {language: side.organizations for language, side in entry.sides.items()}
            for entry in self.entries
            if entry.changed
        )
        insert(
            ResourceOrganization,
            ["resource", "language", "organization", "position"],
            (
                (entry.key, language, organizations[language, name], position)
                for entry in self.entries
                for language in sorted(entry.changed)
                for position, name in enumerate(entry.sides[language].organizations)
            ),
        )

    def _update(self, entries: list[Entry]) -> None:
        """Write the changed sides of stored links, and nothing but them."""
        if not entries:
            return
        _keep_what_editors_changed(entries)
        for language in LANGUAGES:
            changed = [entry for entry in entries if language in entry.changed]
            rows = [Resource(pk=e.key, **_columns(language, e.sides[language])) for e in changed]
            overwrite(rows, list(_columns(language, Side())))
            keys = [entry.key for entry in changed]
            ResourceOrganization.objects.filter(resource__in=keys, language=language).delete()


def _sides_of(resources: QuerySet[Resource]) -> dict[int, Entry]:
    """The links as stored, by key, without their organisations yet."""
    names = [f"{name}_{x}" for x in LANGUAGES for name in ("title", "url", "descriptions")]
    return {
        row["pk"]: Entry(
            row["pk"],
            {
                language: Side(
                    row[f"title_{language}"] or "",
                    row[f"url_{language}"] or "",
                    (),
                    tuple(row[f"descriptions_{language}"] or ()),
                )
                for language in LANGUAGES
            },
        )
        for row in resources.values("pk", *names)
    }


def _add_organizations(entries: dict[int, Entry]) -> None:
    keys = list(entries)
    for start in range(0, len(keys), CHUNK):
        rows = ResourceOrganization.objects.filter(
            resource__in=keys[start : start + CHUNK]
        ).values_list("resource", "language", *(f"organization__name_{x}" for x in LANGUAGES))
        for key, language, *names in rows.order_by("resource", "language", "position"):
            name = dict(zip(LANGUAGES, names, strict=True))[language] or ""
            entries[key].sides[language].organizations += (name,)


def _keep_what_editors_changed(entries: list[Entry]) -> None:
    """Lock stored links that are to change; a side that an editor changed since it was read stays.

    What a document says differently from it is then kept with the placement.
    """
    keys = [entry.key for entry in entries]
    now: dict[int, Entry] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Resource.objects.filter(pk__in=keys[start : start + CHUNK])
        now |= _sides_of(rows.select_for_update().order_by("pk"))
    _add_organizations(now)
    for entry in entries:
        for language, side in now[entry.key].sides.items():
            if language not in entry.changed or side != entry.before[language]:
                entry.sides[language] = side
                entry.changed.discard(language)


def _row(entry: Entry) -> Resource:
    values: dict[str, Any] = {}
    for language, side in entry.sides.items():
        values |= _columns(language, side)
    return Resource(**values)


def _columns(language: str, side: Side) -> dict[str, Any]:
    """One side of a shared link as its row holds it."""
    return {
        f"title_{language}": side.title,
        f"url_{language}": side.url,
        f"descriptions_{language}": list(side.descriptions),
        f"url_digest_{language}": address_digest(side.url),
    }
