"""A stored document as its page needs it: fewer fields, and the links' texts as HTML already.

A page has hundreds of short texts, and escaping one after the other took longer than reading the
document. Their JSON is escaped as a whole instead, before it is read (docs/adr/0014).
"""

from datetime import date
from functools import lru_cache

import msgspec
from django.conf import settings

from topics.document import (
    GroupReference,
    Image,
    Institute,
    MeshHeading,
    OtherLanguageLink,
    Reference,
    Section,
    newest_json,
)

from .link_lists import Links, ShownLink, by_section


class ShownDocument(msgspec.Struct, frozen=True, gc=False):
    """What the page of a topic shows of its document; see `topics.document.TopicDocument`."""

    language: str
    slug: str
    url: str
    title: str
    date_created: date | None = None
    links_json: msgspec.Raw = msgspec.field(name="links", default=msgspec.Raw(b"[]"))
    meta_description: str | None = None
    also_called: tuple[str, ...] = ()
    summary: tuple[Section, ...] | None = None
    attribution: str | None = None
    groups: tuple[GroupReference, ...] = ()
    mesh_headings: tuple[MeshHeading, ...] = ()
    other_languages: tuple[OtherLanguageLink, ...] = ()
    institute: Institute | None = None
    related: tuple[Reference, ...] = ()
    image: Image | None = None

    def characters(self) -> int:
        """The length of its rich text, tags included."""
        parts = [part for s in self.summary or () for part in (s.heading, s.body)]
        return sum(len(part) + 1 for part in (*parts, self.attribution) if part)


@lru_cache(maxsize=settings.DOCUMENTS_HELD)
def read(text: str) -> tuple[ShownDocument, Links]:
    """A stored document of any version, and its links."""
    document = _DOCUMENT.decode(newest_json(text))
    return document, by_section(read_links(document), document.language)


def read_links(document: ShownDocument) -> list[ShownLink]:
    """The links of a document, every text of them HTML."""
    return _LINKS.decode(html_in_json(bytes(document.links_json)))


def html_in_json(text: bytes) -> bytes:
    """JSON with every text in it escaped as HTML.

    No character that HTML escapes means anything to JSON but the quotation mark, which inside a
    text always follows a backslash; a backslash of the text itself is written as two.
    """
    for character, written in _IN_HTML:
        text = text.replace(character, written)
    return text


# The ampersand first: the others bring some of their own.
_IN_HTML = (
    (b"&", b"&amp;"),
    (b"<", b"&lt;"),
    (b">", b"&gt;"),
    (b"'", b"&#x27;"),
    (b"\\\\", b"&#92;"),
    (b'\\"', b"&quot;"),
)
_DOCUMENT = msgspec.json.Decoder(ShownDocument)
_LINKS = msgspec.json.Decoder(list[ShownLink])
