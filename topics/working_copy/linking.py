"""Finding or making the shared links that documents show, and placing them on topics.

Both languages of a link are one Resource. An address belongs to at most one resource in each
language; what a page says differently from the resource is kept in its placement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from resources.models import (
    Language,
    Organization,
    Resource,
    ResourceOrganization,
    address_digest,
    other_language,
)
from topics.document import Link, TopicDocument
from topics.models import Placement, TopicLanguage
from topics.site import hold_shared_things

from .categories import categories_named

Items = Sequence[tuple[TopicLanguage, TopicDocument]]
# SQLite and PostgreSQL both take far more, but plans stay quick with lists of this length.
CHUNK = 500


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
    """A shared link in memory; `key` is None until it is stored."""

    key: int | None = None
    sides: dict[str, Side] = field(default_factory=lambda: {x: Side() for x in Language.values})
    changed: set[str] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)


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
    placements = []
    bound: dict[int, list[Link]] = {}
    for tl, document in items:
        bound[tl.pk] = []
        for position, link in enumerate(document.links):
            entry = entries[tl.pk, position]
            categories = [named[document.language, name] for name in link.categories]
            keys = tuple(key for key, _name in categories)
            own = _own(entry, document.language, link)
            placements.append(
                Placement(
                    topic_language=tl,
                    resource_id=entry.key,
                    position=position,
                    categories=list(keys),
                    **{f"own_{name}": value for name, value in own.items()},
                )
            )
            bound[tl.pk].append(
                replace(
                    link,
                    categories=tuple(name for _key, name in categories),
                    resource=entry.key,
                    own=tuple(own),
                    category_keys=keys,
                )
            )
    Placement.objects.bulk_create(placements, batch_size=CHUNK)
    return bound


def _own(entry: Entry, language: str, link: Link) -> dict[str, object]:
    """What the link says differently from the shared link, by field."""
    side = entry.sides[language]
    own: dict[str, object] = {}
    if side.title != link.title:
        own["title"] = link.title
    if side.url != link.url:
        own["url"] = link.url
    if (entry.sides[other_language(language)].url or None) != link.mapped_url:
        own["mapped_url"] = link.mapped_url or ""
    if side.organizations != link.organizations:
        own["organizations"] = list(link.organizations)
    if side.descriptions != link.descriptions:
        own["descriptions"] = list(link.descriptions)
    return own


class _Book:
    """The shared links that a batch of documents touches, found by address."""

    def __init__(self, items: Items):
        self.entries: list[Entry] = []
        self.by_url: dict[tuple[str, str], Entry] = {}
        urls: dict[str, set[str]] = {language: set() for language in Language.values}
        for _tl, document in items:
            for link in document.links:
                urls[document.language].add(link.url)
                if link.mapped_url:
                    urls[other_language(document.language)].add(link.mapped_url)
        for language, ones in urls.items():
            digests = sorted(address_digest(url) or "" for url in ones)
            for start in range(0, len(digests), CHUNK):
                self._load({f"url_digest_{language}__in": digests[start : start + CHUNK]})
        self._load_organizations()

    def _load(self, condition: dict[str, list[str]]) -> None:
        names = [
            f"{name}_{x}" for x in Language.values for name in ("title", "url", "descriptions")
        ]
        known = {entry.key for entry in self.entries}
        for row in Resource.objects.filter(**condition).values("pk", *names):
            if row["pk"] in known:
                continue
            entry = Entry(row["pk"])
            for language in Language.values:
                entry.sides[language] = Side(
                    row[f"title_{language}"] or "",
                    row[f"url_{language}"] or "",
                    (),
                    tuple(row[f"descriptions_{language}"] or ()),
                )
            self._add(entry)

    def _load_organizations(self) -> None:
        by_key = {entry.key: entry for entry in self.entries}
        keys = list(by_key)
        for start in range(0, len(keys), CHUNK):
            rows = ResourceOrganization.objects.filter(
                resource__in=keys[start : start + CHUNK]
            ).values_list(
                "resource", "language", *(f"organization__name_{x}" for x in Language.values)
            )
            for key, language, *names in rows.order_by("resource", "language", "position"):
                name = dict(zip(Language.values, names, strict=True))[language] or ""
                by_key[key].sides[language].organizations += (name,)

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
            entry.sides[language].take(link)
            entry.changed.add(language)
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
                entry.sides[language].take(link)
                entry.changed.add(language)

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
        rows = Resource.objects.bulk_create(
            (_row(entry, Resource()) for entry in new), batch_size=CHUNK
        )
        for entry, row in zip(new, rows, strict=True):
            entry.key = row.pk
        created = {entry.key for entry in new}
        changed = [entry for entry in self.entries if entry.changed and entry.key not in created]
        self._update(changed)
        organizations = _organizations(entry for entry in self.entries if entry.changed)
        ResourceOrganization.objects.bulk_create(
            (
                ResourceOrganization(
                    resource_id=entry.key,
                    language=language,
                    organization_id=organizations[language, name],
                    position=position,
                )
                for entry in self.entries
                for language in sorted(entry.changed)
                for position, name in enumerate(entry.sides[language].organizations)
            ),
            batch_size=CHUNK,
        )

    def _update(self, entries: list[Entry]) -> None:
        if not entries:
            return
        rows = Resource.objects.in_bulk([entry.key for entry in entries])
        fields = [
            f"{name}_{x}" for x in Language.values for name in ("title", "url", "descriptions")
        ]
        fields += [f"url_digest_{language}" for language in Language.values]
        Resource.objects.bulk_update(
            [_row(entry, rows[entry.key]) for entry in entries], fields, batch_size=50
        )
        for language in Language.values:
            keys = [entry.key for entry in entries if language in entry.changed]
            ResourceOrganization.objects.filter(resource__in=keys, language=language).delete()


def _row(entry: Entry, row: Resource) -> Resource:
    for language, side in entry.sides.items():
        setattr(row, f"title_{language}", side.title)
        setattr(row, f"url_{language}", side.url)
        setattr(row, f"descriptions_{language}", list(side.descriptions))
    row.set_digests()
    return row


def _organizations(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """The key of every organisation that the links name, by (language, name); new ones are made.

    Where a new link names exactly one new organisation in each language, the two are one row.
    """
    pairs: dict[tuple[str, str], str | None] = {}
    for entry in entries:
        sides = entry.sides
        single = all(len(side.organizations) == 1 for side in sides.values())
        for language, side in sides.items():
            for name in side.organizations:
                pair = sides[other_language(language)].organizations[0] if single else None
                pairs.setdefault((language, name), pair)
    known: dict[tuple[str, str], int] = {}
    for language in Language.values:
        names = sorted({name for of, name in pairs if of == language})
        for start in range(0, len(names), CHUNK):
            rows = Organization.objects.filter(
                **{f"name_{language}__in": names[start : start + CHUNK]}
            ).order_by("-pk")
            known |= {(language, getattr(row, f"name_{language}")): row.pk for row in rows}
    for (language, name), pair in pairs.items():
        if (language, name) in known:
            continue
        values = {f"name_{language}": name}
        paired = pair is not None and (other_language(language), pair) not in known
        if paired:
            values[f"name_{other_language(language)}"] = pair
        row = Organization.objects.create(**values)
        known[language, name] = row.pk
        if paired:
            known[other_language(language), pair] = row.pk
    return known
