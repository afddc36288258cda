"""From a live topic to what its template shows: every element of the page, as finished values."""

import re
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString

from topics import live
from topics.alphabet import sort_key
from topics.document import Section, TopicDocument

from .citation import citation
from .dates import Day, day
from .link_lists import ENCYCLOPEDIA, anchor, link_sections
from .references import References, Shelf

_TAGS = re.compile(r"<[^>]+>")
_NESTED_HEADING = re.compile(r"(</?h)[2-4]>")
DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class TopicPage:
    """What topic.html shows. Everything of type SafeString is finished HTML."""

    title: str
    description: str
    also_called: str
    questions: SafeString
    shortcuts: SafeString
    summary: SafeString
    attribution: SafeString
    links: SafeString
    encyclopedia: SafeString
    related: SafeString
    groups: list[Shelf]
    other_languages: SafeString
    institute: SafeString
    source_url: str
    updated: Day
    reviewed: Day | None
    next_review: Day | None
    citation: str


def topic_page(
    language: str, document: TopicDocument, found: live.Found, frame: live.Frame, *, today: date
) -> TopicPage:
    """Everything that the page of a live topic shows; one query, for all that it refers to."""
    references = References(language, document)
    questions, summary = _summary(document.summary or (), references)
    sections = link_sections(document.links, frame.categories, language, references.address)
    shortcuts = [(escape(section.key), escape(section.name)) for section in sections]
    encyclopedia = sections.pop().html() if sections and sections[-1].key == ENCYCLOPEDIA else ""
    institute = document.institute
    return TopicPage(
        title=document.title,
        description=(document.meta_description or "").strip(),
        also_called=", ".join(document.also_called),
        questions=_shortcuts(questions),
        shortcuts=_shortcuts(shortcuts),
        summary=summary,
        attribution=SafeString(references.rich(document.attribution or "")),
        links=SafeString("\n".join(section.html() for section in sections)),
        encyclopedia=SafeString(encyclopedia),
        related=SafeString("\n".join(references.related())),
        groups=references.groups(),
        other_languages=SafeString("\n".join(map(references.tongue, document.other_languages))),
        institute=SafeString(
            institute and anchor(institute.url or "", escape(institute.name)) or ""
        ),
        source_url=document.url,
        updated=day(found.content_changed_at),
        reviewed=found.last_reviewed and day(found.last_reviewed),
        next_review=found.next_review and day(found.next_review),
        citation=citation(document, found, frame, today=today),
    )


def _shortcuts(entries: list[tuple[str, str]]) -> SafeString:
    """List items that lead to the ids given; the labels are HTML already."""
    return SafeString("\n".join(f'<li><a href="#{key}">{label}</a></li>' for key, label in entries))


def _summary(
    sections: tuple[Section, ...], references: References
) -> tuple[list[tuple[str, str]], SafeString]:
    """Ids and labels of the main headings, and the sections with headings from the second level down."""
    contents = []
    parts = []
    used: set[str] = set()
    highest = min((section.level for section in sections if section.level), default=2)
    above = 1
    for section in sections:
        if section.level:
            # No level is skipped, whatever the source did.
            above = min(section.level - highest + 2, above + 1)
            heading = references.rich(section.heading or "")
            label = _TAGS.sub("", heading)
            anchor_id = _heading_id(label, used)
            parts.append(f'<h{above} id="{anchor_id}">{heading}</h{above}>')
            if above == 2:
                contents.append((anchor_id, label))
        body = references.rich(section.body)
        below = min(above + 1, DEEPEST_HEADING)
        parts.append(_NESTED_HEADING.sub(rf"\g<1>{below}>", body))
    return contents, SafeString("\n".join(parts))


def _heading_id(label: str, used: set[str]) -> str:
    """An id in small letters; the prefix keeps it apart from the ids of the page itself."""
    words = re.sub(r"&[^;]+;", " ", sort_key(label))
    wish = "s-" + re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:80]
    number, anchor_id = 1, wish
    while anchor_id in used:
        number += 1
        anchor_id = f"{wish}-{number}"
    used.add(anchor_id)
    return anchor_id
