"""What stands around every public page: names, navigation, the other language, the foot."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from topics import live

from .link_lists import printable

# One number and nothing beside it, such as the name of who answers.
_CALLABLE = re.compile(r"\+?[0-9][0-9 ().-]*")
_TOGGLE = '<li><a href="%s" lang="%s" hreflang="%s">%s</a></li>'
_ALTERNATE = '<link rel="alternate" hreflang="%s" href="%s">\n'
_LOCALE = '<meta property="og:locale%s" content="%s">\n'
# Open Graph names a language with a country; these are what its readers know.
_LOCALES = {"en": "en_US", "es": "es_ES"}


class Text(NamedTuple):
    """Words as HTML, and an attribute that says their language where it is not the page's."""

    html: SafeString
    mark: SafeString
    language: str


class PageLink(NamedTuple):
    """A link to an about page."""

    title: Text
    path: str
    slug: str


@dataclass(frozen=True)
class Site:
    """What the site says of itself in one language; it changes with the frame only."""

    name: Text
    tagline: Text
    disclaimer: Text
    source_credit: Text
    publisher: SafeString
    emergency: SafeString
    contact: str
    about_pages: list[PageLink]
    policies: SafeString
    citing: str


class Surroundings(NamedTuple):
    """The frame of one page. Paths begin with `root`.

    `toggle` are list items that lead to the page in other languages; `alternates` is what tells
    search engines of them.
    """

    language: str
    frame: live.Frame
    site: Site
    root: SafeString
    canonical: SafeString
    toggle: SafeString
    alternates: SafeString


def text(words: str, language: str, page_language: str) -> Text:
    """Words for a page, marked with their language where the page speaks another."""
    mark = "" if language == page_language else f' lang="{language}"'
    return Text(html=SafeString(escape(words)), mark=SafeString(mark), language=language)


def in_language(values: dict[str, str], name: str, language: str) -> Text:
    """`name` of the frame in a language; the other language's words, marked, where it has none."""
    for code in (language, *live.languages_beside(language)):
        if words := values.get(f"{name}_{code}"):
            return text(words, code, language)
    return text("", language, language)


def surroundings(
    language: str,
    name: str,
    others: dict[str, str],
    *,
    indexed: bool = True,
    frame: live.Frame | None = None,
) -> Surroundings:
    """The frame of the page `name`, an address below the prefix of its language.

    `others` says under which name other languages have it. The way to another language is always
    shown, and leads to the same name where the page is not there; what search engines are told,
    if the page is `indexed` at all, is only what is there. Without a `frame` it is read.
    """
    frame = frame or live.read_frame()
    prefixes = settings.PUBLIC_LANGUAGE_PREFIXES
    root = SafeString(f"/{prefixes[language]}")
    canonical = f"{settings.SITE_URL}{root}{name}"
    paths = {
        code: f"/{prefixes[code]}{others.get(code, name)}"
        for code in live.languages_beside(language)
    }
    there = {}
    if indexed and others:
        there = {language: canonical} | {code: settings.SITE_URL + paths[code] for code in others}
    return Surroundings(
        language,
        frame,
        _site(frame, language),
        root,
        SafeString(escape(canonical)),
        SafeString("".join(_TOGGLE % (escape(paths[x]), x, x, _own_name(x)) for x in paths)),
        SafeString(_alternates(language, there)),
    )


def _alternates(language: str, there: dict[str, str]) -> str:
    """The page in each language, itself included, and for readers of any other; then the locales."""
    known = dict(sorted(there.items()))
    if settings.LANGUAGE_CODE in there:
        known["x-default"] = there[settings.LANGUAGE_CODE]
    links = [_ALTERNATE % (code, escape(address)) for code, address in known.items()]
    locales = {language: "", **{code: ":alternate" for code in there if code != language}}
    return "".join(
        [*links, *(_LOCALE % (role, _LOCALES.get(code, code)) for code, role in locales.items())]
    )


@cache
def _own_name(language: str) -> str:
    return LANG_INFO[language]["name_local"].capitalize()


@lru_cache(maxsize=8)
def _site(frame: live.Frame, language: str) -> Site:
    words = frame.installation
    about_pages = [_about_page(page, language) for page in frame.pages]
    with translation.override(language):
        emergency = _emergency(words.get("emergency_number", ""))
        policies, citing = _policies(about_pages, language)
    publisher = ", ".join(filter(None, (words.get("publisher"), words.get("place"))))
    return Site(
        name=in_language(words, "name", language),
        tagline=in_language(words, "tagline", language),
        disclaimer=in_language(words, "disclaimer", language),
        source_credit=in_language(words, "source_credit", language),
        publisher=SafeString(escape(publisher)),
        emergency=emergency,
        contact=_contact(words.get("contact", "")),
        about_pages=about_pages,
        policies=policies,
        citing=citing,
    )


def _emergency(number: str) -> SafeString:
    """What to do in an emergency, where the installation has a number; a phone calls it at a touch."""
    if not number:
        return SafeString("")
    called = format_html('<a href="tel:{}">{}</a>', re.sub(r"[^0-9+]", "", number), number)
    sentence = _("In an emergency, call <strong>{number}</strong>.")
    return format_html(sentence, number=called if _CALLABLE.fullmatch(number) else number)


def _policies(about_pages: list[PageLink], language: str) -> tuple[SafeString, str]:
    """The sentence on external links, and where citing is explained, if those pages are there."""
    paths = {
        page.slug.rsplit("/", 1)[-1]: page.path
        for page in about_pages
        if page.title.language == language
    }
    sentence = SafeString("")
    if {"disclaimer", "quality"} <= paths.keys():
        words = _(
            'See our <a href="{disclaimer}">disclaimer</a> about external links and our '
            '<a href="{quality}">quality guidelines</a>.'
        )
        filled = format_html(words, disclaimer=paths["disclaimer"], quality=paths["quality"])
        sentence = SafeString(printable(filled))
    return sentence, paths.get("citing", "")


def _about_page(page: dict[str, str], language: str) -> PageLink:
    """The link to an about page; one that this language lacks is offered in the other, marked."""
    title = in_language(page, "title", language)
    return PageLink(title, live.path_of(title.language, page["slug"]), page["slug"])


def _contact(contact: str) -> str:
    """Where readers can write, as an address for a link; empty when there is none."""
    if "@" in contact and "/" not in contact:
        return f"mailto:{contact.removeprefix('mailto:')}"
    return contact if contact.startswith(("https://", "http://")) else ""
