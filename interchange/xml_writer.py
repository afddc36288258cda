"""Writes health-topic XML in the exact format; knows no database.

The inverse of xml_record: what `write` writes, `read` reads as the same documents. Addresses and
titles are written as the documents hold them; naming.py decides what they shall be.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from lxml import etree

from topics import richtext
from topics.document import Link, MeshHeading, MeshTerm, Reference, TopicDocument

from .xml_prolog import ROOT
from .xml_reader import LANGUAGES, TOPIC

DOCTYPE = (
    f'<!DOCTYPE {ROOT} PUBLIC "-//NLM//DTD health-topics //EN" '
    '"https://medlineplus.gov/xml/mplus_topics.dtd">'
)
GROUPS_ROOT = "health-topic-groups"
# The public identifier of the groups file is not on record; a reader never fetches either.
GROUPS_DOCTYPE = (
    f'<!DOCTYPE {GROUPS_ROOT} PUBLIC "-//NLM//DTD health-topic-groups //EN" '
    '"https://medlineplus.gov/xml/mplus_topic_groups.dtd">'
)
LANGUAGE_NAMES = {code: name for name, code in LANGUAGES.items()}
# XML 1.0, production 2: what no XML file may hold, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class WrittenGroup:
    """A group for the groups file, in one language."""

    language: str
    number: int
    name: str
    url: str


def write(
    out: BinaryIO,
    records: Iterable[tuple[TopicDocument, str | None]],
    *,
    total: int,
    generated: datetime,
) -> None:
    """Write a topic file from documents, one in memory at a time.

    A text beside a document is written as its summary instead of the document's own; `total` is
    the number of documents to come, which the format wants before the first.
    """
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        file.write_doctype(DOCTYPE)
        with file.element(ROOT, {"total": str(total), "date-generated": written_time(generated)}):
            file.write("\n")
            for document, summary in records:
                file.write(topic_element(document, summary))
                file.write("\n")


def write_groups(out: BinaryIO, groups: Iterable[WrittenGroup], *, generated: datetime) -> None:
    """Write a groups file: every group once in each of its languages."""
    groups = list(groups)
    attributes = {
        "total": str(len(groups)),
        "total-english": str(sum(group.language == "en" for group in groups)),
        "total-spanish": str(sum(group.language == "es" for group in groups)),
        "date-generated": written_time(generated),
    }
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        file.write_doctype(GROUPS_DOCTYPE)
        with file.element(GROUPS_ROOT, attributes):
            file.write("\n")
            for group in groups:
                element = etree.Element("group")
                _attributes(
                    element, language=LANGUAGE_NAMES[group.language], id=group.number, url=group.url
                )
                element.text = legal(group.name)
                file.write(element)
                file.write("\n")


def written_time(moment: datetime) -> str:
    """A moment as the format writes it, `mm/dd/yyyy hh24:mi:ss`, in the zone it comes in."""
    return moment.strftime("%m/%d/%Y %H:%M:%S")


def legal(text: str) -> str:
    """The text without the characters that no XML file may hold."""
    return _ILLEGAL.sub("", text)


def summary_html(document: TopicDocument) -> str | None:
    """The summary as one HTML text in the source's form: no number of a topic in its links."""
    if document.summary is None:
        return None
    joined = richtext.join(document.summary, document.attribution)
    return richtext.rewrite_links(joined, lambda address, _number: address, keep=True)


def topic_element(document: TopicDocument, summary: str | None = None) -> etree._Element:
    """The health-topic element of a document; order of elements and attributes as in real files."""
    topic = etree.Element(TOPIC)
    _identify(topic, document)
    for name in document.also_called:
        _child(topic, "also-called", name)
    text = summary if summary is not None else summary_html(document)
    if text is not None:
        _child(topic, "full-summary", text)
    for group in document.groups:
        _child(topic, "group", group.name, url=group.url, id=group.number)
    if document.mapped is not None:
        _mapped(topic, document.mapped)
    for heading in document.mesh_headings:
        _mesh_heading(topic, heading)
    for other in document.other_languages:
        _child(
            topic,
            "other-language",
            other.name,
            vernacular_name=other.vernacular_name,
            url=other.url,
        )
    if document.institute is not None:
        _child(topic, "primary-institute", document.institute.name, url=document.institute.url)
    for related in document.related:
        _child(topic, "related-topic", related.title, url=related.url or None, id=related.number)
    for name in document.see_references:
        _child(topic, "see-reference", name)
    for link in document.links:
        _site(topic, link)
    return topic


def _identify(topic: etree._Element, document: TopicDocument) -> None:
    created = document.date_created
    _attributes(
        topic,
        meta_desc=document.meta_description,
        title=document.title,
        url=document.url,
        id=document.number,
        language=LANGUAGE_NAMES[document.language],
        date_created=created and f"{created:%m/%d}/{created.year:04}",
    )


def _mapped(topic: etree._Element, mapped: Reference) -> None:
    _child(
        topic,
        "language-mapped-topic",
        mapped.title,
        url=mapped.url or None,
        id=mapped.number,
        language=LANGUAGE_NAMES.get(mapped.language or ""),
    )


def _mesh_heading(topic: etree._Element, heading: MeshHeading) -> None:
    element = etree.SubElement(topic, "mesh-heading")
    terms: list[tuple[str, MeshTerm]] = [("descriptor", heading.descriptor)]
    terms += [("qualifier", qualifier) for qualifier in heading.qualifiers]
    for tag, term in terms:
        _child(element, tag, term.name, id=term.id)


def _site(topic: etree._Element, link: Link) -> None:
    site = etree.SubElement(topic, "site")
    _attributes(site, title=link.title, url=link.url, language_mapped_url=link.mapped_url)
    for tag, texts in (
        ("information-category", link.categories),
        ("organization", link.organizations),
        ("standard-description", link.descriptions),
    ):
        for text in texts:
            _child(site, tag, text)


def _child(parent: etree._Element, tag: str, text: str, **attributes: object) -> None:
    element = etree.SubElement(parent, tag)
    element.text = legal(text)
    _attributes(element, **attributes)


def _attributes(element: etree._Element, **attributes: object) -> None:
    """Set the attributes that have a value; underscores stand for the hyphens of the format."""
    written: Mapping[str, object] = attributes
    for name, value in written.items():
        if value is not None:
            element.set(name.replace("_", "-"), legal(str(value)))
