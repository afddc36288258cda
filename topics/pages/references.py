"""What a topic page refers to, resolved when it is read, so that links follow renames."""

from html import escape
from posixpath import splitext
from urllib.parse import urlsplit

from resources.models import address_digest
from topics import live, richtext
from topics.document import OtherLanguageLink, Reference, TopicDocument
from topics.models import LOCAL_NUMBER_BASE
from topics.tongues.names import marks_of

from .link_lists import anchor, printable


class References:
    """What a document refers to, looked up once, and the links that come of it."""

    def __init__(self, language: str, document: TopicDocument):
        self.language = language
        self.document = document
        text = document.rich_text()
        addresses = {a: address_digest(a) for a in richtext.addresses(text) | _kindred(document)}
        numbers = {reference.number for reference in document.related} | richtext.topic_numbers(
            text
        )
        found = live.targets(
            language,
            numbers=numbers - {None},
            digests=addresses.values(),
            groups=[group.group for group in document.groups if group.group],
        )
        topics = [target for target in found if target.kind == "topic"]
        by_digest = {target.digest: target for target in topics}
        self.by_number = {target.key: target for target in topics}
        self.by_group = {target.key: target for target in found if target.kind == "group"}
        self.by_address = {
            address: by_digest[digest]
            for address, digest in addresses.items()
            if digest in by_digest
        }
        # Which page here an outside address stands for.
        self.paths = {
            address: _path(target) for address, target in self.by_address.items() if target.title
        }

    def rich(self, text: str) -> str:
        """Rich text as the page shows it, its links leading to where the topics are now."""
        return printable(richtext.presentable(richtext.rewrite_links(text, self._link_in_text)))

    def _link_in_text(self, address: str, number: int | None) -> str | None:
        target = self.by_number.get(number) or self.by_address.get(address)
        if target is None:
            return address or None
        return _path(target) if target.title else _elsewhere(target, address)

    def related(self) -> list[str]:
        """Related topics as list items: ours under their present title, others as outside links."""
        items = [self._related_item(reference) for reference in self.document.related]
        return [f"<li>{item}</li>" for item in items if item]

    def _related_item(self, reference: Reference) -> str:
        target = self.by_number.get(reference.number)
        if target and target.title:
            foreign = "" if target.language == self.language else f' lang="{target.language}"'
            return anchor(_path(target), escape(target.title), foreign)
        address = _elsewhere(target, reference.url) if target else reference.url
        return anchor(address, escape(reference.title)) if address else ""

    def groups(self) -> list[str]:
        """The groups of the topic as list items, in the order of the document."""
        found = [self.by_group.get(group.group) for group in self.document.groups]
        return [
            f"<li>{anchor(_path(group), escape(group.title))}</li>"
            for group in found
            if group and group.title
        ]

    def tongue(self, other: OtherLanguageLink) -> str:
        """Material in a further language as a list item, its own name marked with that language."""
        marks = marks_of(other.name)
        address = self.paths.get(other.url, other.url or "")
        if not other.vernacular_name:
            return f"<li>{anchor(address, escape(other.name))}</li>"
        return f"<li>{anchor(address, escape(other.vernacular_name), marks)} ({escape(other.name)})</li>"


def _kindred(document: TopicDocument) -> set[str]:
    """The addresses in the lists that begin and end as the one the document came from.

    Only those can be other topics of its source, and leaving out the rest keeps the query small.
    """
    source = urlsplit(document.url)
    if not source.netloc:
        return set()
    origin = f"{source.scheme}://{source.netloc}/"
    ending = splitext(source.path)[1]
    addresses = [link.url for link in document.links]
    addresses += [link.mapped_url for link in document.links if link.mapped_url]
    addresses += [other.url for other in document.other_languages if other.url]
    return {one for one in addresses if one.startswith(origin) and one.endswith(ending)}


def _path(target: live.Target) -> str:
    return live.path_of(target.language, target.slug)


def _elsewhere(target: live.Target, address: str) -> str | None:
    """Where a topic that is here but not live can be read: nowhere once it was withdrawn."""
    if target.withdrawn or target.key >= LOCAL_NUMBER_BASE:
        return None
    return address or None
