"""The lists of links on a topic page, as HTML.

A page has dozens of links with several parts each, and template nodes would take most of the time
of a request, so these few functions write them. They are safe by construction: every piece of
text is HTML before it comes here (shown.py), and an address becomes a link only through `anchor`.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
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
    """A link of the lists, as HTML, of which only the addresses are left to be written.

    `sections` are their keys and names, `rest` is what follows the title.
    """

    title: str
    url: str
    mapped_url: str | None
    sections: list[tuple[str, str]]
    rest: str


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


# The page here that an outside address stands for, or the address itself.
Path = Callable[[str], str]


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


def line(link: ShownLink, language: str) -> Line:
    """A link in the lists of a page: its title is followed by (organisations) and tags."""
    keys = link.category_keys or link.categories
    # An organisation's own page needs not be called its own.
    by = "; ".join([name for name in link.organizations if name != link.title])
    if not by and ENCYCLOPEDIA in link.category_keys:
        by = _words(language).encyclopedia
    rest = f' <span class="by">({by})</span>' if by else ""
    tags = [f' <span class="tag">{tag}</span>' for tag in link.descriptions]
    sections = list(zip(keys, link.categories, strict=True))
    return Line(link.title, link.url, link.mapped_url, sections, "".join([rest, *tags]))


def link_sections(
    lines: Iterable[Line], categories: dict[str, Category], language: str, path: Path
) -> list[LinkSection]:
    """The sections in page order, the encyclopedia last; sections never displayed are left out."""
    sections: dict[str, tuple[Category, str, list[str] | None]] = {}
    words = _words(language)
    for link in lines:
        item = ""
        for key, name in link.sections:
            section = sections.get(key)
            if section is None:
                # A section that is not known here stands after all others, as the record names it.
                category = categories.get(key) or Category(key, {}, "", 1_000_000, shown=True)
                section = sections[key] = (category, name, [] if category.shown else None)
            items = section[2]
            if items is None:
                continue
            if key == ENCYCLOPEDIA:
                items.append(f"<li>{anchor(path(link.url), link.title)}</li>")
            elif key == JOURNAL_ARTICLES:
                items.append(_journal_item(link, words))
            else:
                item = item or _item(link, words, path)
                items.append(item)
    found = sorted(
        (section for section in sections.values() if section[0].shown),
        key=lambda section: (section[0].key == ENCYCLOPEDIA, section[0].position),
    )
    return [
        _section(category, escape(category.names.get(language, "")) or name, items, words)
        for category, name, items in found
    ]


def _section(category: Category, name: str, items: list[str], words: _Words) -> LinkSection:
    note = ""
    if category.key == ENCYCLOPEDIA:
        name = words.encyclopedia
    elif category.key == JOURNAL_ARTICLES:
        note = words.abstracts
        items = sorted(items, key=lambda item: ' class="more"' in item)
    return LinkSection(category.key, name, items, note)


def _item(link: Line, words: _Words, path: Path) -> str:
    """The link itself, what follows it, and the same in the other language."""
    item = f"<li>{anchor(path(link.url), link.title)}{link.rest}"
    if link.mapped_url:
        also = anchor(path(link.mapped_url), words.also, words.hreflang)
        if also != words.also:
            item += f' <span class="also">{also}</span>'
    return item + "</li>"


def _journal_item(link: Line, words: _Words) -> str:
    if not _PUBMED_QUERY.match(link.url):
        return f"<li>{anchor(link.url, link.title)}</li>"
    label = f"{link.title} — {words.see_more}"
    return f'<li class="more">{anchor(link.url, label)}</li>'
