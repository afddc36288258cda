"""The sitemap and robots.txt: what search engines should know, and what they should leave alone.

The sitemap is an index of files: per language one with the lists, groups and about pages, and as
many with topics as there are. A file is small enough to be built in memory, however large the site.
Only topics say when they changed: nothing else has a day on which its content did.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from lxml import etree

from topics import live
from topics.live import following, tongues
from topics.live.groups import groups
from topics.pages.reading import problem, public
from topics.tongues.views import LIST

from .answering import XML, answer

# The protocol allows 50,000 addresses and 50 MB a file; this many make about two megabytes.
ADDRESSES_A_FILE = 5_000

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

# Below the prefix of each language; the rest is not for the public at all.
_NOT_FOR_ROBOTS = ("search/", "report/", "draft/")
_NOT_PUBLIC = ("admin/",)


class Listed(NamedTuple):
    """A public page: its address by language, as far as it is there, and when it changed."""

    paths: dict[str, str]
    changed: datetime | None = None


@public
def index(request: HttpRequest) -> HttpResponse:
    """The addresses of all files of the sitemap."""
    extents = following.extents()
    root = etree.Element(f"{{{_SITEMAP}}}sitemapindex", nsmap={None: _SITEMAP})
    for language in settings.PUBLIC_LANGUAGE_PREFIXES:
        count, changed = extents.get(language, (0, None))
        files = -(-count // ADDRESSES_A_FILE)
        for name, day in (
            (language, None),
            *((f"{language}-{n + 1}", changed) for n in range(files)),
        ):
            entry = etree.SubElement(root, f"{{{_SITEMAP}}}sitemap")
            _element(entry, "loc", f"{settings.SITE_URL}/sitemap-{name}.xml")
            _changed(entry, day)
    return answer(_written(root), XML)


@public
def lists(request: HttpRequest, code: str) -> HttpResponse:
    """The home page, groups, about pages and the lists that are not empty, of a language."""
    frame = live.read_frame()
    there = {
        language: _names_of_lists(frame, language, letters)
        for language, letters in live.letters().items()
    }
    everywhere = {
        name: {language: _path(language, name) for language in there if name in there[language]}
        for name in sorted(there[code])
    }
    return _urls(code, map(Listed, everywhere.values()))


def _names_of_lists(frame: live.Frame, language: str, used: set[str]) -> set[str]:
    letters = {f"healthtopics_{letter}.html" for letter in used}
    shelves = {f"{group.slug}.html" for group in groups(language)}
    about = {f"{p['slug']}.html" for p in frame.pages if p.get(f"title_{language}")}
    further = {f"languages/{tongue.slug}.html" for tongue in tongues.tongues(language)}
    lists = {"", "healthtopics.html", "all_healthtopics.html", "about/"}
    if further:
        lists.add(LIST)
    return lists | letters | shelves | about | further


@public
def topics(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One file of topics, by number from 1 on."""
    rows = following.addresses(code, (int(number) - 1) * ADDRESSES_A_FILE, ADDRESSES_A_FILE)
    if not rows:
        return problem(
            404,
            _("There is no such part of the sitemap"),
            _("Check the address, or begin at the home page."),
        )
    return _urls(code, map(_topic, [code] * len(rows), rows))


def _topic(code: str, row: following.ListedAddress) -> Listed:
    slugs = {code: row.slug, **row.others}
    paths = {language: live.path_of(language, slug) for language, slug in slugs.items()}
    return Listed(paths, row.content_changed_at)


def _path(language: str, name: str) -> str:
    return f"/{settings.PUBLIC_LANGUAGE_PREFIXES[language]}{name}"


# --- The file ---------------------------------------------------------------------------------------


def _urls(code: str, pages: Iterable[Listed]) -> HttpResponse:
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP, "xhtml": _XHTML})
    for page in pages:
        entry = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        _element(entry, "loc", settings.SITE_URL + page.paths[code])
        _changed(entry, page.changed)
        for language, path in _alternates(page.paths):
            attributes = {
                "rel": "alternate",
                "hreflang": language,
                "href": settings.SITE_URL + path,
            }
            etree.SubElement(entry, f"{{{_XHTML}}}link", attributes)
    return answer(_written(root), XML)


def _alternates(paths: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The page in each language, itself included, and for readers of any other; none if it is alone."""
    if len(paths) > 1:
        yield from sorted(paths.items())
        if settings.LANGUAGE_CODE in paths:
            yield "x-default", paths[settings.LANGUAGE_CODE]


def _element(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_SITEMAP}}}{name}").text = text


def _changed(parent: etree._Element, when: datetime | None) -> None:
    if when is not None:
        _element(parent, "lastmod", when.isoformat(timespec="seconds"))


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


# --- robots.txt -------------------------------------------------------------------------------------


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Which addresses robots should not fetch, and where the sitemap is."""
    refused = [
        *(f"/{name}" for name in _NOT_PUBLIC),
        *(
            _path(language, name)
            for language in settings.PUBLIC_LANGUAGE_PREFIXES
            for name in _NOT_FOR_ROBOTS
        ),
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused), ""]
    text = "\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""])
    return answer(text.encode(), "text/plain; charset=utf-8")
