"""Reads a health-topic XML file as a stream of records; knows no database and no network.

The file is judged as a whole (`FileRefused`) and record by record (`Refusal`). What is merely odd
becomes a note: nothing is lost silently. What is refused and what repaired: docs/import.md.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from lxml import etree

from topics.alphabet import LISTS

from .xml_prolog import ROOT, FileRefused, read_header

TOPIC = "health-topic"
LANGUAGES = {"English": "en", "Spanish": "es"}
# Numbers from here on are given to topics made here (topics.models.LOCAL_NUMBER_BASE).
NUMBERS_END = 1_500_000_000
TITLE_MAX_LENGTH = 300
ADDRESS_MAX_LENGTH = 2048
SLUG_MAX_LENGTH = 200
# The longest real record has 40,000 bytes.
RECORD_MAX_BYTES = 16 * 1024 * 1024

_WEB_ADDRESS = re.compile(r"(?i)https?://[^\s/?#]+")
# How a file begins whose characters have two bytes.
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
HARDENED = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that cannot be taken in, and why; `number` is its id as the file writes it."""

    line: int
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd that harmed nothing, for the report; line 0 means no line in particular."""

    line: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A record whose identity is known and whose content has not been looked at.

    `xml` is its canonical form (C14N 1.0), `digest` the SHA-256 of that; `mapped` is the number of
    the other language's record.
    """

    line: int
    number: int
    language: str
    slug: str
    url: str
    mapped: int | None
    digest: str
    xml: bytes


class RecordRefused(Exception):
    """Raised while one record is read; the message is the reason."""


def scan(stream: BinaryIO) -> Iterator[Scanned | Refusal | Note]:
    """Identify every record of a seekable binary stream, in the order of the file, memory flat.

    Raises FileRefused, possibly after some records: only the end shows whether the file is whole.
    """
    read_header(stream)
    bounded = _Bounded(stream)
    claims, lost = _Claims(), _LostNames()
    topics = etree.iterparse(bounded, events=("end",), tag=TOPIC, **HARDENED)
    # What an error tells of goes back to files that were read before.
    etree.clear_error_log()
    try:
        for _event, element in topics:
            parent = element.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            bounded.restart()
            yield from _strangers(element.itersiblings(preceding=True))
            yield _identify(element, claims, lost.new(topics.error_log))
            element.clear(keep_tail=True)
            while element.getprevious() is not None:
                del parent[0]
        yield from _strangers(topics.root)
    except etree.XMLSyntaxError as error:
        raise FileRefused(_broken(error, stream)) from error


class _Bounded:
    """The stream as the parser sees it: no piece goes beyond the end of a record.

    So what the parser has complained about when it hands out a record was in that record. The
    stream ends in a refusal where one record outgrows all measure.
    """

    def __init__(self, stream: BinaryIO):
        self.stream = stream
        self.since = 0
        self.rest = self.before = b""
        encoding = _WIDE.get(stream.read(2), "ascii")
        self.end = f"</{TOPIC}>".encode(encoding)
        stream.seek(0)

    def restart(self) -> None:
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self.rest or self.stream.read(size)
        # The end may have begun in the piece before.
        found = (self.before + data).find(self.end)
        cut = len(data) if found < 0 else found + len(self.end) - len(self.before)
        data, self.rest = data[:cut], data[cut:]
        self.before = b"" if found >= 0 else (self.before + data)[1 - len(self.end) :]
        self.since += len(data)
        if self.since > RECORD_MAX_BYTES:
            raise FileRefused(
                f"One record of the file is longer than {RECORD_MAX_BYTES // 2**20} MB. No real one is, "
                "so nothing was read."
            )
        return data


class _LostNames:
    """Finds the named characters that the parser left out of attributes without an error.

    Only a DTD could say what they mean. In texts they remain, and are found there.
    """

    def __init__(self) -> None:
        self.seen = 0

    def new(self, log: etree._ListErrorLog) -> str | None:
        """What the parser says of the first one since the last call, if there is one."""
        first = None
        for place in range(self.seen, len(log)):
            if first is None and log[place].type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY:
                first = log[place].message
        self.seen = len(log)
        return first


class _Claims:
    """Who was first to use a number or a slug; later ones are refused."""

    def __init__(self) -> None:
        self.lines: dict[int, int] = {}
        self.slugs: dict[tuple[str, str], int] = {}

    def make(self, number: int, language: str, slug: str, line: int) -> None:
        if number in self.lines:
            raise RecordRefused(
                f"The id {number} is used twice; the record on line {self.lines[number]} was taken."
            )
        owner = self.slugs.get((language, slug))
        if owner is not None:
            raise RecordRefused(
                f"Its address “{slug}.html” is also that of topic {owner} on line {self.lines[owner]}, "
                "which was taken."
            )
        self.lines[number] = line
        self.slugs[language, slug] = number


def _strangers(children: Iterable[etree._Element]) -> Iterator[Note]:
    """Notes on what stands between the topics and is no topic."""
    for child in children:
        if child.tag != TOPIC:
            yield Note(
                child.sourceline, "", f"The element <{child.tag}> between the topics was left out."
            )
        tail = (child.tail or "").strip()
        if tail:
            yield Note(
                child.sourceline, "", f"Text between the topics was left out: “{tail[:80]}”."
            )


def _identify(element: etree._Element, claims: _Claims, lost_name: str | None) -> Scanned | Refusal:
    line = element.sourceline
    written = (element.get("id") or "").strip()
    try:
        number = _number(written)
        language = _language(element.get("language"))
        title = _title(element.get("title"))
        url = _url(element.get("url"))
        slug = _slug(url, title)
        xml = _canonical(element)
        if lost_name is not None:
            raise RecordRefused(
                f"An attribute uses a character name that XML does not know ({lost_name})."
            )
        claims.make(number, language, slug, line)
    except RecordRefused as refusal:
        return Refusal(line, written[:40], str(refusal))
    return Scanned(
        line, number, language, slug, url, _mapped(element), hashlib.sha256(xml).hexdigest(), xml
    )


def _number(written: str) -> int:
    if not written:
        raise RecordRefused("It has no id.")
    if not re.fullmatch(r"[0-9]{1,10}", written) or not 0 < int(written) < NUMBERS_END:
        raise RecordRefused(
            f"Its id “{written[:40]}” is not a number between 1 and {NUMBERS_END - 1:,}."
        )
    return int(written)


def _language(written: str | None) -> str:
    if written is None:
        raise RecordRefused("It does not say its language.")
    try:
        return LANGUAGES[written.strip()]
    except KeyError:
        raise RecordRefused(
            f"Its language “{written.strip()[:40]}” is neither English nor Spanish."
        ) from None


def _title(written: str | None) -> str:
    if not (written or "").strip():
        raise RecordRefused("It has no title.")
    if len(written) > TITLE_MAX_LENGTH:
        raise RecordRefused(
            f"Its title has {len(written):,} characters; at most {TITLE_MAX_LENGTH} can be published."
        )
    return written


def _url(written: str | None) -> str:
    url = (written or "").strip()
    if not url:
        raise RecordRefused("It has no address (url).")
    if not _WEB_ADDRESS.match(url):
        raise RecordRefused(f"Its address “{url[:80]}” does not begin with https:// or http://.")
    if len(url) > ADDRESS_MAX_LENGTH:
        raise RecordRefused(
            f"Its address has {len(url):,} characters; at most {ADDRESS_MAX_LENGTH:,} can be kept."
        )
    try:
        urlsplit(url)
    except ValueError:
        raise RecordRefused(f"Its address “{url[:80]}” is no web address.") from None
    return url


def _slug(url: str, title: str) -> str:
    """The last part of the address without “.html”, else the title's letters and digits."""
    last = unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]).lower()
    slug = re.sub(r"[^a-z0-9_-]", "", re.sub(r"\.html?$", "", last)).lstrip("_-")
    slug = slug or re.sub(r"[^a-z0-9]", "", title.lower())
    if not slug:
        raise RecordRefused(f"No page address can be made from “{url[:80]}” or from its title.")
    if len(slug) > SLUG_MAX_LENGTH:
        raise RecordRefused(
            f"The last part of its address is longer than {SLUG_MAX_LENGTH} characters."
        )
    if LISTS.fullmatch(slug):
        raise RecordRefused(f"Its address “{slug}.html” is that of a list of topics on this site.")
    return slug


def _canonical(element: etree._Element) -> bytes:
    entity = next(element.iter(etree.Entity), None)
    if entity is not None:
        raise RecordRefused(f"It uses {entity.text}, a character name that XML does not know.")
    return etree.tostring(element, method="c14n", with_tail=False)


def _mapped(element: etree._Element) -> int | None:
    mapped = element.find("language-mapped-topic")
    written = "" if mapped is None else (mapped.get("id") or "").strip()
    number = int(written) if re.fullmatch(r"[0-9]{1,10}", written) else None
    return number if number is not None and number < NUMBERS_END else None


def _broken(error: etree.XMLSyntaxError, stream: BinaryIO) -> str:
    """A sentence for what the parser calls by its own names."""
    text = str(error.msg)
    for entry in error.error_log.filter_from_fatals():
        if unknown := re.search(r"Entity '(.+)' not defined", entry.message):
            return (
                f"Line {entry.line} uses &{unknown[1]};, a character name that XML does not know. Write "
                "the character itself, or its number."
            )
    if "Excessive depth" in text:
        return "The file nests elements hundreds of levels deep. No real one does, so nothing was read."
    if "huge" in text or "too long" in text or "size limit" in text or "Excessive" in text:
        return "The file holds a text of more than 10 MB. No real one does, so nothing was read."
    if "ncoding" in text or "UTF-8" in text:
        return (
            f"Line {error.lineno} holds bytes that do not belong to the encoding the file says it is in. "
            "The files of this format are in UTF-8; this one was probably saved as something else."
        )
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - 4096))
    if f"</{ROOT}" not in stream.read().replace(b"\0", b"").decode("latin-1"):
        return "The file breaks off before its end: it was probably not downloaded completely."
    return f"The file is damaged: from line {error.lineno} on it is not well-formed XML ({text})."
