"""TopicDocument: one topic in one language as a value that knows no database.

The XML reader produces it, the working copy assembles to it, an edition stores it as JSON, and
pages, search and the XML writer are functions of it. Two kinds of facts live in it:

* content: what an editor or the source wrote. `content_digest` covers exactly this, so equal
  digests mean that nothing a reader could notice differs.
* bindings: keys of rows here (`Link.resource`, `GroupReference.group`, `data-topic` in bodies).
  They let a refresh or a page find the row, and are ignored by every comparison.
"""

import dataclasses
import hashlib
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

DOCUMENT_VERSION = 2
_NEWEST = f'{{"version":{DOCUMENT_VERSION},'

# Digests are of the content and not of the form it is stored in, so this never changes.
_DIGESTED = '{"version":1,'

_DATA_TOPIC = re.compile(r' data-topic="\d+"')


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A part of the summary. The lead has neither level nor heading; heading and body are HTML."""

    level: int | None
    heading: str | None
    body: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """Another topic as the record names it; `number` is the other record's id.

    Without a title it was chosen here, and goes by the title under which it is live.
    """

    number: int | None
    title: str
    url: str
    language: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class GroupReference:
    """A group as the record names it. Binding: `group`, the key of the row here."""

    number: int | None
    name: str
    url: str | None
    group: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class MeshTerm:
    """A descriptor (D…) or qualifier (Q…) of the Medical Subject Headings."""

    id: str | None
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class MeshHeading:
    """A descriptor and the qualifiers that narrow it."""

    descriptor: MeshTerm
    qualifiers: tuple[MeshTerm, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class OtherLanguageLink:
    """Material on the topic in a further language."""

    name: str
    vernacular_name: str | None
    url: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Institute:
    """The institute that leads research on the topic."""

    name: str
    url: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """One link of the lists. `mapped_url` is the same resource in the other language.

    Bindings: `resource` (key of the shared link), `own` (which fields this page says differently
    from the shared link, so that a refresh leaves them alone), `category_keys` (parallel to
    `categories`).
    """

    title: str
    url: str
    mapped_url: str | None
    categories: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    resource: int | None = None
    own: tuple[str, ...] = ()
    category_keys: tuple[str, ...] = ()


# What a link says of which a page says nothing itself.
_NOTHING = {"title": "", "url": "", "mapped_url": None, "categories": ()}


def _unbound(link: Link) -> Link:
    """The link without any key of a row here."""
    if link.resource is None and not link.own and not link.category_keys:
        return link
    return dataclasses.replace(link, resource=None, own=(), category_keys=())


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """The topic's picture: where its files are, size in pixels, text alternative, whose it is.

    `name` and `widths` say which files there are (topics/pictures/renditions.py). A decorative
    picture has no text alternative.
    """

    name: str
    width: int
    height: int
    alt: str
    widths: tuple[int, ...] = ()
    decorative: bool = False
    credit: str = ""
    license: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class TopicDocument:
    """One topic in one language. `None` means absent, an empty value means present and empty."""

    language: str
    number: int | None
    slug: str
    url: str
    date_created: date | None
    title: str
    meta_description: str | None = None
    also_called: tuple[str, ...] = ()
    see_references: tuple[str, ...] = ()
    summary: tuple[Section, ...] | None = None
    attribution: str | None = None
    groups: tuple[GroupReference, ...] = ()
    mapped: Reference | None = None
    mesh_headings: tuple[MeshHeading, ...] = ()
    other_languages: tuple[OtherLanguageLink, ...] = ()
    institute: Institute | None = None
    related: tuple[Reference, ...] = ()
    links: tuple[Link, ...] = ()
    image: Image | None = None

    def to_json(self) -> str:
        """The canonical JSON text, versioned; equal documents give equal text."""
        return _NEWEST + msgspec.json.encode(self)[1:].decode()

    @classmethod
    def from_json(cls, text: str) -> "TopicDocument":
        """Read a stored document of any version that was ever written."""
        return _DECODER.decode(newest_json(text))

    def content_digest(self) -> str:
        """SHA-256 over the content, bindings left out, as 64 hexadecimal digits."""
        return _digest(self.unbound())

    def structure_digest(self) -> str:
        """SHA-256 over what belongs to this topic alone in this language.

        Of a link that is which shared link it shows, in which sections, and what the page says
        differently from it. So a link, organisation or category that is changed for all topics
        changes the content of those that show it, but no structure. The picture is left out too.
        """
        own = dataclasses.replace(
            dataclasses.replace(self, links=()).unbound(),
            image=None,
            links=tuple(
                Link(
                    **{**_NOTHING, **{name: getattr(link, name) for name in link.own}},
                    resource=link.resource,
                    own=link.own,
                    category_keys=link.category_keys,
                )
                for link in self.links
            ),
        )
        return _digest(own)

    def unbound(self) -> "TopicDocument":
        """The same content without any key of a row here."""
        return dataclasses.replace(
            self.map_bodies(lambda body: _DATA_TOPIC.sub("", body)),
            groups=tuple(dataclasses.replace(group, group=None) for group in self.groups),
            links=tuple(map(_unbound, self.links)),
        )

    def map_bodies(self, change: Callable[[str], str]) -> "TopicDocument":
        """A copy in which every piece of rich text went through `change`."""
        summary = self.summary
        if summary is not None:
            summary = tuple(
                Section(
                    section.level,
                    None if section.heading is None else change(section.heading),
                    change(section.body),
                )
                for section in summary
            )
        attribution = None if self.attribution is None else change(self.attribution)
        return dataclasses.replace(self, summary=summary, attribution=attribution)

    def rich_text(self) -> str:
        """All rich text in one string, for looking something up in it."""
        parts = [part for s in self.summary or () for part in (s.heading or "", s.body)]
        return "\n".join([*parts, self.attribution or ""])


def _digest(document: TopicDocument) -> str:
    text = _DIGESTED.encode() + msgspec.json.encode(document)[1:]
    return hashlib.sha256(text).hexdigest()


def newest_json(text: str) -> str:
    """A stored document of any version that was ever written, as JSON of the newest version."""
    if text.startswith(_NEWEST):
        return text
    data = msgspec.json.decode(text)
    for version in range(data["version"], DOCUMENT_VERSION):
        data = UPGRADES[version](data)
    return msgspec.json.encode({**data, "version": DOCUMENT_VERSION}).decode()


def changed_fields(before: TopicDocument, after: TopicDocument) -> list[str]:
    """Names of the fields in which two documents differ, bindings left out."""
    before, after = before.unbound(), after.unbound()
    return [
        field.name
        for field in dataclasses.fields(TopicDocument)
        if getattr(before, field.name) != getattr(after, field.name)
    ]


# Version n -> function that turns the data of version n into that of n + 1. Stored documents are
# never rewritten; each function keeps a fixture of its version in topics/tests/fixtures/.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    # A picture could be named, but no page showed it and no file of it was kept in this form.
    1: lambda data: {**data, "image": None},
}


def mesh_headings_from_plain(data: list[dict[str, Any]]) -> tuple[MeshHeading, ...]:
    """MeSH headings from the lists and dictionaries that JSON columns hold."""
    return msgspec.convert(data, tuple[MeshHeading, ...])


def mesh_headings_to_plain(headings: tuple[MeshHeading, ...]) -> list[dict[str, Any]]:
    """The inverse of `mesh_headings_from_plain`."""
    return msgspec.to_builtins(headings)


_DECODER = msgspec.json.Decoder(TopicDocument)
