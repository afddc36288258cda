"""Reading the pieces of one health-topic element: short texts, numbers, addresses.

What the format does not know is noted, what must not be published refuses the record.
"""

import re
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from lxml import etree

from .xml_reader import ADDRESS_MAX_LENGTH, NUMBERS_END, TITLE_MAX_LENGTH, RecordRefused

# The elements of a topic in the order of the format, with the attributes that each may have.
ELEMENTS = {
    "also-called": (),
    "full-summary": (),
    "group": ("url", "id"),
    "language-mapped-topic": ("url", "id", "language"),
    "mesh-heading": (),
    "other-language": ("vernacular-name", "url"),
    "primary-institute": ("url",),
    "related-topic": ("url", "id"),
    "see-reference": (),
    "site": ("title", "url", "language-mapped-url"),
}
INNER = {
    "mesh-heading": {"descriptor": ("id",), "qualifier": ("id",)},
    "site": {"information-category": (), "organization": (), "standard-description": ()},
}
TOPIC_ATTRIBUTES = ("meta-desc", "title", "url", "id", "language", "date-created")

# What a link list may lead to. Anything else that has a scheme could run as a program.
_SCHEMES = {"http", "https", "ftp", "mailto"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")
# Browsers pass over these characters when they look for the scheme.
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")
_PRETTY_PRINTED = re.compile(r"[ \t\r]*\n[ \t\r\n]*")

Kept = TypeVar("Kept")


class ElementReading:
    """A topic's element while it is read, and the notes made so far.

    Relative addresses are completed with `base_url`, the page the record is about.
    """

    def __init__(self, element: etree._Element, base_url: str):
        self.element = element
        self.base_url = base_url
        self.notes: list[str] = []

    # --- What the format does not know --------------------------------------------------------------

    def look_around(self) -> None:
        """Note every attribute, element, order and text that the format does not know."""
        self.strange_attributes(self.element, TOPIC_ATTRIBUTES)
        for child in self.known_children(self.element, ELEMENTS):
            if child.tag in INNER:
                inner = list(self.known_children(child, INNER[child.tag]))
                if any(len(element) for element in inner):
                    self.notes.append(f"Elements deep inside <{child.tag}> became plain text.")
            elif child.tag == "full-summary" and len(child):
                self.notes.append("The HTML of its summary was not escaped.")
            elif len(child):
                self.notes.append(f"Elements inside <{child.tag}> became plain text.")

    def known_children(
        self, element: etree._Element, known: dict[str, tuple[str, ...]]
    ) -> Iterator[etree._Element]:
        stray = [element.text, *(child.tail for child in element)]
        if any((text or "").strip() for text in stray):
            self.notes.append(f"Text directly inside <{element.tag}> was left out.")
        places = {tag: place for place, tag in enumerate(known)}
        last = 0
        for child in element:
            tag = child.tag
            if tag not in known:
                self.notes.append(
                    f"The element <{tag}> inside <{element.tag}> is not known; left out."
                )
                continue
            if places[tag] < last:
                self.notes.append(
                    f"The elements of <{element.tag}> stand in another order than the format's."
                )
            last = max(last, places[tag])
            self.strange_attributes(child, known[tag])
            yield child

    def strange_attributes(self, element: etree._Element, known: tuple[str, ...]) -> None:
        for name in element.attrib:
            if name not in known:
                self.notes.append(
                    f"The attribute “{name}” of <{element.tag}> is not known; left out."
                )

    # --- Pieces -------------------------------------------------------------------------------------

    def text(self, element: etree._Element) -> str:
        """A short text; the line breaks that pretty-printing put into it are taken out."""
        text = "".join(element.itertext()) if len(element) else element.text or ""
        if "\n" in text:
            text = _PRETTY_PRINTED.sub(" ", text).strip(" \t\r\n")
        return self.fitting(text, f"text of <{element.tag}>")

    def fitting(self, text: str, what: str, limit: int = TITLE_MAX_LENGTH) -> str:
        if len(text) > limit:
            raise RecordRefused(
                f"The {what} “{text[:60]}…” has {len(text):,} characters; at most {limit:,} can be kept."
            )
        return text

    def texts(self, element: etree._Element, tag: str) -> tuple[str, ...]:
        found = [self.text(child) for child in element.iterchildren(tag)]
        if not all(text.strip() for text in found):
            self.notes.append(f"An empty <{tag}> was left out.")
        return tuple(text for text in found if text.strip())

    def named(self, tag: str) -> Iterator[tuple[etree._Element, str]]:
        """Elements that mean nothing without their text, with it."""
        for element in self.element.iterchildren(tag):
            text = self.text(element)
            if text.strip():
                yield element, text
            else:
                self.notes.append(f"An empty <{tag}> was left out.")

    def only(self, tag: str, found: Iterator[Kept]) -> Kept | None:
        first = next(found, None)
        if next(found, None) is not None:
            self.notes.append(f"A second <{tag}> was left out.")
        return first

    def number(self, element: etree._Element) -> int | None:
        written = element.get("id")
        if written is None:
            return None
        if not re.fullmatch(r"\s*[0-9]{1,10}\s*", written) or not int(written):
            self.notes.append(
                f"The id “{written[:40]}” of <{element.tag}> is not a number; left out."
            )
            return None
        if int(written) >= NUMBERS_END:
            # Every installation counts from there, so here the number means something else.
            self.notes.append(
                f"The id “{written}” of <{element.tag}> was given by another installation of this "
                "software; left out."
            )
            return None
        self.written_as(element, "id", written.strip().lstrip("0"))
        return int(written)

    def written_as(self, element: etree._Element, attribute: str, kept: str) -> None:
        """Note that an attribute is kept in another form than it was written in."""
        written = element.get(attribute)
        if written != kept:
            self.notes.append(
                f"The {attribute} “{written[:80]}” of <{element.tag}> is written “{kept[:80]}” here."
            )

    def filled(self, element: etree._Element, attribute: str) -> str | None:
        """An address, for places where an empty one means as much as none."""
        address = self.address(element, attribute)
        if address == "":
            self.notes.append(f"The empty {attribute} of <{element.tag}> was left out.")
        return address or None

    def address(self, element: etree._Element, attribute: str) -> str | None:
        """An address that is safe to show as a link; refuses the record for one that is not."""
        written = element.get(attribute)
        if not written:
            return written
        scheme = _SCHEME.match(_UNSEEN.sub("", written).lower())
        if scheme and scheme[0] not in _SCHEMES:
            raise RecordRefused(
                f"<{element.tag}> has the address “{written[:80]}”. Addresses that begin with "
                f"“{scheme[0]}:” can harm readers and are never published."
            )
        try:
            if scheme:
                urlsplit(written.strip())
            else:
                whole = urljoin(self.base_url, written.strip())
        except ValueError:
            raise RecordRefused(
                f"The address “{written[:80]}” of <{element.tag}> is no web address."
            ) from None
        if not scheme:
            self.notes.append(
                f"The relative address “{written[:80]}” was completed to {whole[:200]}."
            )
            written = whole
        return self.fitting(written, f"address in <{element.tag}>", ADDRESS_MAX_LENGTH)
