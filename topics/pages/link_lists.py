"""The lists of links on a topic page, as HTML.

A page has dozens of links with several parts each, and template nodes would take most of the time
of a request, so these few functions write them. They are safe by construction: every piece of
text is HTML before it comes here (shown.py), and an address becomes a link only through `anchor`.
"""

import re
from functools import cache
from html import escape, unescape
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from resources.models import Language
from topics.live import Category

ENCYCLOPEDIA = "encyclopedia"
JOURNAL_ARTICLES = "journal-articles"

_OUTSIDE = re.compile(r"(?i)(?:https?|ftp)://|mailto:|tel:")
_INTERNAL = re.compile(r'<a href="(/[^"]*)"')
_MORE = '<li class="more">'
_PUBMED_QUERY = re.compile(r"(?i)https?://[^/?]*(?:pubmed|ncbi\.nlm\.nih)[^?]*\?(?:.*&amp;)?term=")


class ShownLink(msgspec.Struct, frozen=True, gc=False):
    """A link as its document holds it; every text is HTML. See `topics.document.Link`."""

    title: str
    url: str
    mapped_url: str | None
    categories: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    category_keys: tuple[str, ...] = ()


class Line(NamedTuple):
    """A link in one section of a page. `address` and `mapped_address` are data, all else is HTML.

    `outside` is the whole list item while no page here stands for either address.
    """

    title: str
    url: str
    rest: str = ""
    mapped_url: str | None = None
    address: str | None = None
    mapped_address: str | None = None
    outside: str = ""


class Lines(NamedTuple):
    """The links in one section of a document, in the order of its page, and its name as HTML."""

    key: str
    name: str
    lines: list[Line]


class Links(NamedTuple):
    """The links of a document by the keys of sections, and all addresses that can be of pages here."""

    count: int
    sections: dict[str, Lines]
    addresses: frozenset[str]


class LinkSection(NamedTuple):
    """One section of links, as HTML. `note` is a line before the list."""

    key: str
    name: str
    items: list[str]
    note: str = ""

    @property
    def id(self) -> str:
        """The id of its heading; the prefix keeps it apart from the ids of the page itself."""
        return f"cat-{self.key}"

    def html(self) -> str:
        """The whole section."""
        note = f'<p class="note">{self.note}</p>\n' if self.note else ""
        key, lines = self.id, "\n".join(self.items)
        return (
            f'<section aria-labelledby="{key}">\n<h2 id="{key}">{self.name}</h2>\n{note}'
            f"<ul>\n{lines}\n</ul>\n</section>"
        )


class _Words(NamedTuple):
    hreflang: str
    also: str
    encyclopedia: str
    see_more: str
    abstracts: str


@cache
def _words(language: str) -> _Words:
    """The words that recur in every link, looked up once in a process."""
    with translation.override(language):
        english = language == Language.ENGLISH
        return _Words(
            hreflang=f' hreflang="{Language.SPANISH if english else Language.ENGLISH}"',
            also=escape(_("Also in Spanish") if english else _("Also in English")),
            encyclopedia=escape(_("Medical Encyclopedia")),
            see_more=escape(_("see more articles")),
            abstracts=escape(
                _("References and abstracts from MEDLINE/PubMed (National Library of Medicine)")
            ),
        )


def anchor(address: str, label: str, attributes: str = "") -> str:
    """A link with address and label as HTML; the bare label when the address may not be a link.

    A page of this site also gets its whole address, which paper needs.
    """
    if address.startswith("https://") or _OUTSIDE.match(address):
        if " " in address:
            address = address.replace(" ", "%20")
        return f'<a href="{address}"{attributes}>{label}</a>'
    if address.startswith("/") and not address.startswith("//"):
        return (
            f'<a href="{address}" data-url="{settings.SITE_URL}{address}"{attributes}>{label}</a>'
        )
    return label


def printable(text: str) -> str:
    """Rich text whose links within the site have their whole address too."""
    return _INTERNAL.sub(rf'<a href="\1" data-url="{settings.SITE_URL}\1"', text)


def by_section(links: list[ShownLink], language: str) -> Links:
    """The links of a document, the sections in the order in which they first come."""
    words = _words(language)
    sections: dict[str, Lines] = {}
    for link in links:
        keys = link.category_keys or link.categories
        for key, name in zip(keys, link.categories, strict=True):
            section = sections.setdefault(key, Lines(key, name, []))
            section.lines.append(_KINDS.get(key, _line)(link, words))
    if JOURNAL_ARTICLES in sections:
        sections[JOURNAL_ARTICLES].lines.sort(key=lambda line: line.outside.startswith(_MORE))
    lines = [line for section in sections.values() for line in section.lines]
    addresses = {address for line in lines for address in (line.address, line.mapped_address)}
    return Links(len(links), sections, frozenset(filter(None, addresses)))


def _line(link: ShownLink, words: _Words) -> Line:
    """A link in most sections: its title is followed by (organisations) and tags."""
    # An organisation's own page needs not be called its own.
    by = "; ".join([name for name in link.organizations if name != link.title])
    if not by and ENCYCLOPEDIA in link.category_keys:
        by = words.encyclopedia
    rest = f' <span class="by">({by})</span>' if by else ""
    tags = [f' <span class="tag">{tag}</span>' for tag in link.descriptions]
    line = Line(
        link.title,
        link.url,
        "".join([rest, *tags]),
        link.mapped_url,
        unescape(link.url),
        link.mapped_url and unescape(link.mapped_url),
    )
    return line._replace(outside=_item(line, words, {}))


def _encyclopedia_line(link: ShownLink, words: _Words) -> Line:
    line = Line(link.title, link.url, address=unescape(link.url))
    return line._replace(outside=_item(line, words, {}))


def _journal_line(link: ShownLink, words: _Words) -> Line:
    if not _PUBMED_QUERY.match(link.url):
        return Line(link.title, link.url, outside=f"<li>{anchor(link.url, link.title)}</li>")
    label = f"{link.title} — {words.see_more}"
    return Line(link.title, link.url, outside=f"{_MORE}{anchor(link.url, label)}</li>")


_KINDS = {ENCYCLOPEDIA: _encyclopedia_line, JOURNAL_ARTICLES: _journal_line}


def _item(line: Line, words: _Words, ours: dict[str, str]) -> str:
    """The link itself, what follows it, and the same in the other language."""
    url = ours.get(line.address, line.url)
    item = f"<li>{anchor(url, line.title)}{line.rest}"
    if line.mapped_url:
        mapped = ours.get(line.mapped_address, line.mapped_url)
        also = anchor(mapped, words.also, words.hreflang)
        if also != words.also:
            item += f' <span class="also">{also}</span>'
    return item + "</li>"


def displayed(links: Links, categories: dict[str, Category]) -> list[tuple[Category, Lines]]:
    """The sections that pages show, each with what is known of it, in the order of the document."""
    # A section that is not known here stands after all others, as the record names it.
    known = (
        (categories.get(key) or Category(key, {}, "", 1_000_000, shown=True), section)
        for key, section in links.sections.items()
    )
    return [(category, section) for category, section in known if category.shown]


def link_sections(
    links: Links, categories: dict[str, Category], language: str, ours: dict[str, str]
) -> list[LinkSection]:
    """The sections in page order, the encyclopedia last; sections never displayed are left out.

    `ours` are the paths, as HTML, of the pages here that stand for some of the addresses.
    """
    words = _words(language)
    found = displayed(links, categories)
    found.sort(key=lambda pair: (pair[0].key == ENCYCLOPEDIA, pair[0].position))
    return [_section(*pair, words, language, ours) for pair in found]


def _section(
    category: Category, section: Lines, words: _Words, language: str, ours: dict[str, str]
) -> LinkSection:
    name = escape(category.names.get(language, "")) or section.name or _name_elsewhere(category)
    note = ""
    if category.key == ENCYCLOPEDIA:
        name = words.encyclopedia
    elif category.key == JOURNAL_ARTICLES:
        note = words.abstracts
    items = [
        _item(line, words, ours)
        if line.address in ours or line.mapped_address in ours
        else line.outside
        for line in section.lines
    ]
    return LinkSection(category.key, name, items, note)


def _name_elsewhere(category: Category) -> str:
    """The name of a section in another language, marked as such; at last its key."""
    for language, name in category.names.items():
        if name:
            return f'<span lang="{language}">{escape(name)}</span>'
    return escape(category.key)
