"""From one health-topic element to a TopicDocument: what the record says, tidied and noted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from lxml import etree

from topics import richtext
from topics.alphabet import slug_of_address
from topics.document import (
    GroupReference,
    Institute,
    Link,
    MeshHeading,
    MeshTerm,
    OtherLanguageLink,
    Reference,
    TopicDocument,
)

from .xml_element import ElementReading
from .xml_reader import HARDENED, LANGUAGES, Note, RecordRefused, Refusal, Scanned, scan

SUMMARY_MAX_LENGTH = 1_000_000
LINKS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """One record as read. `verbatim` is its canonical XML, `notes` say what was odd in it."""

    document: TopicDocument
    line: int
    digest: str
    verbatim: str
    notes: tuple[str, ...]


def read(stream: BinaryIO) -> Iterator[TopicRecord | Refusal | Note]:
    """Read a whole file, a seekable binary stream, record by record; memory stays flat.

    Raises FileRefused, possibly after some records: only the end shows whether the file is whole.
    """
    for found in scan(stream):
        yield parse(found) if isinstance(found, Scanned) else found


def parse(scanned: Scanned) -> TopicRecord | Refusal:
    """Read the content of a record that `scan` has identified."""
    element = etree.fromstring(scanned.xml, etree.XMLParser(**HARDENED))
    reading = _Reading(scanned, element)
    try:
        document = reading.document()
    except RecordRefused as refusal:
        return Refusal(scanned.line, str(scanned.number), str(refusal))
    return TopicRecord(
        document,
        scanned.line,
        scanned.digest,
        scanned.xml.decode(),
        tuple(dict.fromkeys(reading.notes)),
    )


def summary_text(element: etree._Element) -> str | None:
    """The HTML of a topic's summary exactly as recorded; None when there is no summary."""
    summary = element.find("full-summary")
    if summary is None:
        return None
    # HTML that was never escaped stands there as elements.
    inner = (etree.tostring(child, encoding="unicode") for child in summary)
    return (summary.text or "") + "".join(inner)


class _Reading(ElementReading):
    """One record while it is read."""

    def __init__(self, scanned: Scanned, element: etree._Element):
        super().__init__(element, scanned.url)
        self.scanned = scanned

    def document(self) -> TopicDocument:
        element, scanned = self.element, self.scanned
        self.look_around()
        self.written_as(element, "id", str(scanned.number))
        for name in ("url", "language"):
            self.written_as(element, name, element.get(name).strip())
        document = TopicDocument(
            language=scanned.language,
            number=scanned.number,
            slug=scanned.slug,
            url=scanned.url,
            date_created=self.date_created(),
            title=element.get("title"),
            meta_description=element.get("meta-desc"),
            also_called=self.texts(element, "also-called"),
            see_references=self.texts(element, "see-reference"),
            groups=self.groups(),
            mapped=self.mapped(),
            mesh_headings=tuple(self.mesh_headings()),
            other_languages=tuple(self.other_languages()),
            institute=self.institute(),
            related=tuple(self.related()),
            links=self.links(),
        )
        return self.with_summary(document)

    def date_created(self) -> date | None:
        written = self.element.get("date-created")
        if written is None:
            return None
        try:
            found = datetime.strptime(written.strip(), "%m/%d/%Y").date()
        except ValueError:
            self.notes.append(
                f"Its date-created “{written[:40]}” is not a date (mm/dd/yyyy); left out."
            )
            return None
        self.written_as(self.element, "date-created", f"{found:%m/%d}/{found.year:04}")
        return found

    def with_summary(self, document: TopicDocument) -> TopicDocument:
        text = summary_text(self.element)
        if len(self.element.findall("full-summary")) > 1:
            self.notes.append("A second <full-summary> was left out.")
        if text is None:
            return document
        if len(text) > SUMMARY_MAX_LENGTH:
            raise RecordRefused(
                f"Its summary has {len(text):,} characters; at most {SUMMARY_MAX_LENGTH:,} can be published."
            )
        cleaned = richtext.clean(text, base_url=self.scanned.url)
        self.notes += [f"Summary: {note}" for note in cleaned.notes]
        summary, attribution = richtext.split(cleaned.html)
        return replace(document, summary=summary, attribution=attribution)

    def groups(self) -> tuple[GroupReference, ...]:
        groups: list[GroupReference] = []
        for element, name in self.named("group"):
            group = GroupReference(self.number(element), name, self.address(element, "url"))
            if any(_same_group(group, other) for other in groups):
                self.notes.append(f"The group “{name}” is named twice; the first was kept.")
            else:
                groups.append(group)
        return tuple(groups)

    def mapped(self) -> Reference | None:
        return self.only("language-mapped-topic", self.mapped_topics())

    def mapped_topics(self) -> Iterator[Reference]:
        for element, title in self.named("language-mapped-topic"):
            reference = self.reference(element, title)
            language = LANGUAGES.get((element.get("language") or "").strip())
            if reference is None or language in (None, self.scanned.language):
                self.notes.append(
                    f"The mapped topic “{title[:80]}” is not one in the other language; left out."
                )
                continue
            yield replace(reference, language=language)

    def reference(self, element: etree._Element, title: str) -> Reference | None:
        """Another topic, by number or else by its address; None when it has neither."""
        number, url = self.number(element), self.filled(element, "url")
        if number is None and url is None:
            return None
        if number is None:
            self.notes.append(f"<{element.tag}> “{title[:80]}” has no id; its address was kept.")
        return Reference(number, title, url or "")

    def mesh_headings(self) -> Iterator[MeshHeading]:
        for element in self.element.iterchildren("mesh-heading"):
            descriptors = self.mesh_terms(element, "descriptor")
            if len(descriptors) != 1:
                self.notes.append(
                    f"A <mesh-heading> with {len(descriptors)} descriptors instead of one."
                )
            for descriptor in descriptors:
                yield MeshHeading(descriptor, self.mesh_terms(element, "qualifier"))

    def mesh_terms(self, heading: etree._Element, tag: str) -> tuple[MeshTerm, ...]:
        return tuple(
            MeshTerm(term.get("id"), self.text(term)) for term in heading.iterchildren(tag)
        )

    def other_languages(self) -> Iterator[OtherLanguageLink]:
        for element, name in self.named("other-language"):
            vernacular = element.get("vernacular-name")
            if vernacular:
                vernacular = self.fitting(vernacular, "vernacular-name")
            yield OtherLanguageLink(name, vernacular, self.address(element, "url"))

    def institute(self) -> Institute | None:
        institutes = (
            Institute(name, self.address(element, "url"))
            for element, name in self.named("primary-institute")
        )
        return self.only("primary-institute", institutes)

    def related(self) -> Iterator[Reference]:
        for element, title in self.named("related-topic"):
            reference = self.reference(element, title)
            if reference is None:
                self.notes.append(
                    f"The related topic “{title[:80]}” has neither id nor address; left out."
                )
                continue
            yield reference

    def links(self) -> tuple[Link, ...]:
        links = tuple(self.sites())
        if len(links) > LINKS_MAX:
            raise RecordRefused(
                f"It has {len(links):,} links; at most {LINKS_MAX:,} can be published."
            )
        return links

    def sites(self) -> Iterator[Link]:
        for element in self.element.iterchildren("site"):
            title, url = element.get("title") or "", self.address(element, "url")
            if not title.strip() or not url:
                self.notes.append(
                    f"A link without title or address was left out: “{title or url or ''}”."
                )
                continue
            yield Link(
                title=self.fitting(title, "title of the link"),
                url=url,
                mapped_url=self.filled(element, "language-mapped-url"),
                categories=self.texts(element, "information-category"),
                organizations=self.texts(element, "organization"),
                descriptions=self.texts(element, "standard-description"),
            )


def _same_group(one: GroupReference, other: GroupReference) -> bool:
    """Whether two references mean one group, by the rules of working_copy.groups."""
    if None not in (one.number, other.number):
        return one.number == other.number
    slug = slug_of_address(one.url)
    return one.name == other.name or bool(slug) and slug == slug_of_address(other.url)
