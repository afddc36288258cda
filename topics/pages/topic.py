"""From a live topic to what its template shows: every element of the page, as finished values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from topics import live
from topics.alphabet import sort_key
from topics.document import Section
from topics.live.directory import Target
from topics.models import Origin

from .citation import citation
from .dates import Day, day
from .link_lists import ENCYCLOPEDIA, Links, anchor, link_sections
from .references import References, RichText, taken_apart
from .shown import ShownDocument

_TAGS = re.compile(r"<[^>]+>")
# Of a heading, the table of contents keeps emphasis and the language of words.
_BREAK = re.compile(r"<br\b[^>]*>")
_NO_EMPHASIS = re.compile(r"</?(?!(?:em|strong)\b)[a-z][^>]*>")
_NESTED_HEADING = re.compile(r"(</?h)[2-4]>")
_NOT_IN_IDS = re.compile(r"(?:&[^;]+;|[^a-z0-9])+")
# The page's own title is the heading of the first level.
MAIN_HEADING = 2
DEEPEST_HEADING = 6


@dataclass(frozen=True)
class TopicPage:
    """What topic.html shows, as its variables. Everything of type SafeString is finished HTML.

    `named` are the other topics that the page names.
    """

    title: SafeString
    description: str
    also_called: SafeString
    questions: SafeString
    shortcuts: SafeString
    summary: SafeString
    attribution: SafeString
    links: SafeString
    encyclopedia: SafeString
    related: SafeString
    groups: SafeString
    other_languages: SafeString
    institute: SafeString
    source_url: str
    source_host: str
    updated: Day
    reviewed: Day | None
    next_review: Day | None
    citation: str
    named: list[Target]


def topic_page(
    document: ShownDocument,
    links: Links,
    found: live.Found,
    frame: live.Frame,
    *,
    today: date,
) -> TopicPage:
    """Everything that the page of a topic shows. No query, unless a title or address changed."""
    language = document.language
    references = References(document, found.mark)
    questions, summary = _summary(document.summary or (), references)
    sections = link_sections(links, frame.categories, language, references.paths(links.addresses))
    shortcuts = [(section.id, section.name) for section in sections]
    encyclopedia = sections.pop().html() if sections and sections[-1].key == ENCYCLOPEDIA else ""
    title = SafeString(escape(document.title))
    source = _source(document, found)
    return TopicPage(
        title=title,
        description=(document.meta_description or "").strip(),
        also_called=SafeString(escape(", ".join(document.also_called))),
        questions=_shortcuts(questions),
        shortcuts=_shortcuts(shortcuts),
        summary=summary,
        attribution=SafeString(references.rich(taken_apart(document.attribution or ""))),
        links=_list(section.html() for section in sections),
        encyclopedia=SafeString(encyclopedia),
        related=_list(references.related()),
        groups=_list(references.groups()),
        other_languages=_list(filter(None, map(references.tongue, document.other_languages))),
        institute=_institute(document, title),
        source_url=source,
        source_host=urlsplit(source).netloc,
        updated=day(found.content_changed_at),
        reviewed=found.last_reviewed and day(found.last_reviewed),
        next_review=found.next_review and day(found.next_review),
        citation=citation(document, links.count, found, frame, today=today),
        # Last: it is complete only now.
        named=list(references.named.values()),
    )


def _source(document: ShownDocument, found: live.Found) -> str:
    """The address from which the topic was taken; empty where it was written here.

    The demonstration has its sources' names and numbers, and sentences of our own, which editing does
    not make the source's.
    """
    return "" if found.taken_from == Origin.DEMONSTRATION else document.url


def _institute(document: ShownDocument, title: SafeString) -> SafeString:
    """The sentence on the institute that leads research on the topic."""
    institute = document.institute
    if institute is None:
        return SafeString("")
    sentence = _("The primary NIH organization for research on <em>{title}</em> is the {institute}")
    link = anchor(escape(institute.url or ""), escape(institute.name))
    return SafeString(sentence.format(title=title, institute=link))


def _list(items: Iterable[str]) -> SafeString:
    """Pieces of HTML, one below the other."""
    return SafeString("\n".join(items))


def _shortcuts(entries: list[tuple[str, str]]) -> SafeString:
    """List items that lead to the ids given; the labels are HTML already."""
    return _list(f'<li><a href="#{key}">{label}</a></li>' for key, label in entries)


class Part(NamedTuple):
    """A section of the summary on its page: the level and id of its heading, and how it is listed."""

    level: int | None
    key: str
    label: str
    heading: RichText
    body: RichText


def _summary(
    sections: tuple[Section, ...], references: References
) -> tuple[list[tuple[str, str]], SafeString]:
    """Ids and labels of the main headings, and the sections with headings from the second level down."""
    contents = []
    written = []
    for level, key, label, heading, body in _parts(sections):
        if level:
            written.append(f'<h{level} id="{key}">{references.rich(heading)}</h{level}>')
        if level == MAIN_HEADING:
            contents.append((key, label))
        written.append(references.rich(body))
    return contents, _list(written)


@lru_cache(maxsize=settings.DOCUMENTS_HELD)
def _parts(sections: tuple[Section, ...]) -> list[Part]:
    """The sections with levels of which none is skipped, whatever the source did, and with ids."""
    parts = []
    used: set[str] = set()
    highest = min((section.level for section in sections if section.level), default=MAIN_HEADING)
    level = MAIN_HEADING - 1
    for section in sections:
        key = label = ""
        if section.level:
            level = min(section.level - highest + MAIN_HEADING, level + 1)
            label = _NO_EMPHASIS.sub("", _BREAK.sub(" ", section.heading or ""))
            key = _heading_id(_TAGS.sub("", label), used)
        below = min(level + 1, DEEPEST_HEADING)
        body = _NESTED_HEADING.sub(rf"\g<1>{below}>", section.body)
        heading = taken_apart(section.heading or "")
        parts.append(Part(section.level and level, key, label, heading, taken_apart(body)))
    return parts


def _heading_id(label: str, used: set[str]) -> str:
    """An id in small letters; the prefix keeps it apart from the ids of the page itself."""
    words = label.lower() if label.isascii() else sort_key(label)
    wish = "s-" + _NOT_IN_IDS.sub("-", words).strip("-")[:80]
    number, key = 1, wish
    while key in used:
        number += 1
        key = f"{wish}-{number}"
    used.add(key)
    return key
