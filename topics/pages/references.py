"""What a topic page refers to, resolved when it is read, so that links follow renames."""

from html import escape, unescape
from typing import NamedTuple

from django.conf import settings

from topics import richtext
from topics.document import OtherLanguageLink, Reference, TopicDocument
from topics.live.directory import Target, directory
from topics.models import LOCAL_NUMBER_BASE
from topics.tongues.names import marks_of, translated

from .link_lists import anchor
from .shown import ShownDocument


class Link(NamedTuple):
    """A link in rich text: what stands before it, its address as written and as meant, and so on."""

    before: str
    written: str
    address: str
    number: int | None
    label: str


class RichText(NamedTuple):
    """Rich text as a page shows it, taken apart at its links; `rest` follows the last one."""

    links: list[Link]
    rest: str


def taken_apart(text: str) -> RichText:
    """The links of a text as data, so that only their addresses are left to be written."""
    *pieces, rest = richtext.ANCHOR.split(richtext.presentable(text))
    links = []
    for before, attributes, label in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        found = richtext.attributes_of(attributes)
        written, number = found.get("href", ""), found.get("data-topic")
        links.append(Link(before, written, unescape(written), number and int(number), label))
    return RichText(links, rest)


class References:
    """What a document refers to, as it is now, and the links that come of it.

    `named` gathers the topics of ours to which links were made so far, by their keys.
    """

    def __init__(self, document: TopicDocument | ShownDocument, mark: str | None = None):
        self.language = document.language
        self.document = document
        self.here = directory(mark)
        self.named: dict[int, Target] = {}
        self._site_url = settings.SITE_URL

    def rich(self, text: RichText) -> str:
        """Rich text with its links leading to where the topics are now."""
        if not text.links:
            return text.rest
        parts = [part for link in text.links for part in (link.before, self._link_in_text(link))]
        return "".join([*parts, text.rest])

    def path(self, address: str) -> str:
        """The page here that an outside address stands for, or the address itself."""
        return self._path(self.here.by_address.get(address)) or address

    def paths(self, addresses: frozenset[str]) -> dict[str, str]:
        """The pages here that some outside addresses stand for: their paths, as HTML."""
        found = {}
        for address in addresses & self.here.by_address.keys():
            if path := self._path(self.here.by_address[address]):
                found[address] = escape(path)
        return found

    def _path(self, target: Target | None) -> str:
        """Where a topic of ours can be read; nothing when it cannot."""
        if target is None or not target.title:
            return ""
        self.named[target.key] = target
        return target.path

    def _link_in_text(self, link: Link) -> str:
        target = self.here.by_number.get(link.number) if link.number else None
        target = target or self.here.by_address.get(link.address)
        if target is None:
            address = link.written
        elif not (address := self._path(target)):
            address = escape(_elsewhere(target, link.address) or "")
        if not address:
            return link.label
        if address.startswith("/"):
            # Paper needs the whole address.
            return f'<a href="{address}" data-url="{self._site_url}{address}">{link.label}</a>'
        return f'<a href="{address}">{link.label}</a>'

    def related(self) -> list[str]:
        """Related topics as list items: ours under their present title, others as outside links."""
        items = [self._related_item(reference) for reference in self.document.related]
        return [f"<li>{item}</li>" for item in items if item]

    def _related_item(self, reference: Reference) -> str:
        target = self.here.by_number.get(reference.number)
        if path := self._path(target):
            foreign = "" if target.language == self.language else f' lang="{target.language}"'
            return anchor(escape(path), escape(target.title), foreign)
        address = _elsewhere(target, reference.url) if target else reference.url
        if not address or not reference.title:
            return ""
        return anchor(escape(address), escape(reference.title))

    def groups(self) -> list[str]:
        """The groups of the topic as list items, in the order of the document."""
        found = [self.here.groups.get((self.language, g.group)) for g in self.document.groups]
        return [
            f"<li>{anchor(escape(group.path), escape(group.title))}</li>"
            for group in found
            if group
        ]

    def tongue(self, other: OtherLanguageLink) -> str:
        """Material in a further language as a list item, its own name marked with that language.

        Nothing for a topic of ours that was withdrawn: the source's page of it is no way round that.
        """
        marks = marks_of(other.name)
        words, language = translated(other.name)
        name = escape(words)
        if language != self.language:
            name = f'<span lang="{language}">{name}</span>'
        target = self.here.by_address.get(other.url or "")
        if target and not target.title and not _elsewhere(target, other.url or ""):
            return ""
        address = escape(self.path(other.url or ""))
        if not other.vernacular_name:
            return f"<li>{anchor(address, name)}</li>"
        return f"<li>{anchor(address, escape(other.vernacular_name), marks)} ({name})</li>"


def _elsewhere(target: Target, address: str) -> str | None:
    """Where a topic that is here but not live can be read: nowhere once it was withdrawn."""
    if target.withdrawn or target.key >= LOCAL_NUMBER_BASE:
        return None
    return address or None
