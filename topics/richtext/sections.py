"""The cutting of a summary into sections and the attribution, and its inverse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from topics.document import Section

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>')


@dataclass(frozen=True, slots=True)
class _Element:
    """An element that stands at the top level of canonical HTML, as offsets into the text."""

    name: str
    attributes: str
    start: int
    inner_start: int
    inner_end: int
    end: int


def _top_level(text: str) -> Iterator[_Element]:
    depth = 0
    opened: re.Match[str] | None = None
    for tag in _TAG.finditer(text):
        closing, name = tag[1], tag[2]
        if name in ("br", "img"):
            continue
        if not closing:
            if depth == 0:
                opened = tag
            depth += 1
            continue
        depth -= 1
        if depth == 0 and opened is not None:
            yield _Element(
                opened[2], opened[3], opened.start(), opened.end(), tag.start(), tag.end()
            )


def split(text: str) -> tuple[tuple[Section, ...], str | None]:
    """Cut canonical HTML at its top-level headings into sections and the attribution.

    The attribution (inner HTML) is taken out only when `<p class="">` is the last thing in the
    text: that is how the format marks it.
    """
    elements = list(_top_level(text))
    attribution = None
    if elements:
        last = elements[-1]
        if (last.name, last.attributes.strip()) == ("p", 'class=""') and not text[
            last.end :
        ].strip():
            attribution = text[last.inner_start : last.inner_end].strip()
            text = text[: last.start]
            elements.pop()
    headings = [element for element in elements if element.name in ("h2", "h3", "h4")]
    sections = []
    lead = text[: headings[0].start if headings else len(text)].strip()
    if lead:
        sections.append(Section(None, None, lead))
    for number, heading in enumerate(headings):
        end = headings[number + 1].start if number + 1 < len(headings) else len(text)
        sections.append(
            Section(
                int(heading.name[1]),
                text[heading.inner_start : heading.inner_end].strip(),
                text[heading.end : end].strip(),
            )
        )
    return tuple(sections), attribution


def join(sections: tuple[Section, ...], attribution: str | None) -> str:
    """The inverse of `split`: one text from sections and attribution."""
    parts = []
    for section in sections:
        if section.level is not None:
            parts.append(f"<h{section.level}>{section.heading or ''}</h{section.level}>")
        if section.body:
            parts.append(section.body)
    if attribution is not None:
        parts.append(f'<p class="">{attribution}</p>')
    return "\n".join(parts)
