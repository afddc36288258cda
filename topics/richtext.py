"""The canonical form of HTML, and the cutting of a summary into sections.

`clean` turns HTML from anywhere into the canonical form that is stored; everything else here
works on that form only, where every element is closed, every attribute quoted and no link inside
another, so a small scanner replaces a second parser. What is allowed: allowed_html.py.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import nh3
from django.utils.translation import gettext as _

from .allowed_html import (
    ADDRESS_SCHEMES,
    ATTRIBUTES,
    BINDING,
    INLINE_TAGS,
    TAGS,
    allowed,
    losses,
)
from .document import Section

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ANCHOR = re.compile(r"<a((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>(.*?)</a>", re.DOTALL)
_ANCHOR_START = re.compile(r"<a((?:\s+[a-z-]+=\"[^\"]*\")+)\s*>")
_LINK_OR_PICTURE = re.compile(r"<(/?)(a|img)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>")
_HAS_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*:")
_ESCAPED_TWICE = re.compile(r"&amp;(nbsp|quot|#\d{1,6});")


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=lambda _tag, name, value: value if allowed(name, value) else None,
        url_schemes=ADDRESS_SCHEMES,
        link_rel=None,
        strip_comments=True,
        clean_content_tags={"script", "style"},
    )


# Real texts are done after one pass; this many are for what is tangled on purpose.
PASSES = 20
_CLEANER = _cleaner(TAGS)
_INLINE_CLEANER = _cleaner(INLINE_TAGS)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Canonical HTML, and a sentence for each thing that was changed on the way."""

    html: str
    notes: tuple[str, ...]


def clean(source: str, *, base_url: str = "", inline: bool = False, bound: bool = False) -> Cleaned:
    """Bring HTML from anywhere into the canonical form.

    Relative addresses are resolved against `base_url` (the page the text stands on); an anchor
    without an address becomes plain text; `tid`, the source's number of the topic meant, becomes
    our `data-topic`. Only with `bound`, for what was stored or edited here, is `data-topic` itself
    taken over. `inline` is for a heading or another single line: of blocks only the text is kept.
    The result is a fixed point: cleaning it again, as bound, changes nothing.
    """
    notes: list[str] = []
    text = _pass(source, base_url, notes, inline=inline, bound=bound)
    for _attempt in range(PASSES):
        again = _pass(text, base_url, notes, inline=inline, bound=True)
        if again == text:
            return Cleaned(text, tuple(dict.fromkeys(notes)))
        text = again
    notes.append(_("The HTML was too tangled; only its text was kept."))
    words = re.sub(r"[<>&]", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))
    return Cleaned(" ".join(words.split()), tuple(dict.fromkeys(notes)))


def _pass(source: str, base_url: str, notes: list[str], *, inline: bool, bound: bool) -> str:
    """One pass of cleaning; repairs may leave something for the next."""
    if re.match(r"\s*&lt;(p|ul|ol|h[2-4])\b", source):
        source = html.unescape(source)
        notes.append(_("The text was escaped twice; it was unescaped once more."))
    if _ESCAPED_TWICE.search(source):
        source = _ESCAPED_TWICE.sub(r"&\1;", source)
        notes.append(_("Characters that were escaped twice were repaired."))
    notes += losses(source, bound=bound)
    cleaned = (_INLINE_CLEANER if inline else _CLEANER).clean(source)
    return _links_and_pictures(cleaned, base_url, notes, bound=bound)


def _links_and_pictures(text: str, base_url: str, notes: list[str], *, bound: bool) -> str:
    """Give links and pictures their whole addresses; one without is no link, nor one in a link."""
    opened: list[bool] = []

    def replaced(match: re.Match[str]) -> str:
        closing, name, attributes = match[1], match[2], _attributes(match[3])
        if name == "img":
            return _whole_picture(attributes, base_url, notes)
        if closing:
            return "</a>" if opened.pop() else ""
        inner = text[match.end() : text.find("</a>", match.end())][:80]
        if any(opened):
            notes.append(_("A link inside a link became plain text: “%(text)s”.") % {"text": inner})
            opened.append(False)
            return ""
        attributes = _with_whole_address(attributes, "href", base_url, notes)
        if not attributes["href"]:
            notes.append(
                _("A link without an address became plain text: “%(text)s”.") % {"text": inner}
            )
        opened.append(bool(attributes["href"]))
        return _start_tag(name, _binding(attributes, bound=bound)) if opened[-1] else ""

    return _LINK_OR_PICTURE.sub(replaced, text)


def _whole_picture(attributes: dict[str, str], base_url: str, notes: list[str]) -> str:
    attributes = _with_whole_address(attributes, "src", base_url, notes)
    if attributes["src"]:
        return _start_tag("img", attributes)
    text = attributes.get("alt", "")
    notes.append(
        _("A picture without an address became plain text: “%(text)s”.") % {"text": text[:80]}
    )
    return text


def _binding(attributes: dict[str, str], *, bound: bool) -> dict[str, str]:
    """The source's number of the topic meant as our own attribute."""
    number = attributes.pop("tid", None)
    if not bound:
        attributes.pop(BINDING, None)
    if number:
        attributes.setdefault(BINDING, number)
    return attributes


def _with_whole_address(
    attributes: dict[str, str], name: str, base_url: str, notes: list[str]
) -> dict[str, str]:
    """The attributes with their address first, trimmed and complete; empty where there is none."""
    written = html.unescape(attributes.pop(name, ""))
    address = written.strip()
    if address != written and address:
        notes.append(
            _("Blanks around the address “%(address)s” were removed.") % {"address": address[:80]}
        )
    if address and base_url and not _HAS_SCHEME.match(address):
        try:
            whole = urljoin(base_url, address)
        except ValueError:  # such as “//[”
            return {name: "", **attributes}
        notes.append(
            _("The relative address “%(address)s” was completed to %(whole)s.")
            % {"address": address[:80], "whole": whole[:200]}
        )
        address = whole
    return {name: html.escape(address), **attributes}


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a canonical start tag; nearly every link has its address and no other."""
    if written.startswith(' href="') and written.find('"', 7) == len(written) - 1:
        return {"href": written[7:-1]}
    return dict(_ATTRIBUTE.findall(written))


def _start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """A start tag; the values are already escaped."""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>"


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


def addresses(text: str) -> set[str]:
    """The addresses of all links that do not yet say which topic they mean."""
    return {
        html.unescape(attributes["href"])
        for written in _ANCHOR_START.findall(text)
        if "data-topic" not in (attributes := _attributes(written)) and "href" in attributes
    }


def topic_numbers(text: str) -> set[int]:
    """The numbers of all topics that links in the text are bound to."""
    return {int(number) for number in re.findall(r' data-topic="(\d+)"', text)}


def bind(text: str, number_of: Callable[[str], int | None]) -> str:
    """Store links to topics by topic: `data-topic` where `number_of(address)` knows a number."""

    def rebound(match: re.Match[str]) -> str:
        attributes = _attributes(match[1])
        if "data-topic" in attributes or "href" not in attributes:
            return match[0]
        number = number_of(html.unescape(attributes["href"]))
        if number is None:
            return match[0]
        return f"{_start_tag('a', {**attributes, 'data-topic': str(number)})}{match[2]}</a>"

    return _ANCHOR.sub(rebound, text)


def rewrite_links(
    text: str, address_of: Callable[[str, int | None], str | None], *, keep: bool = False
) -> str:
    """Give every link the address that `address_of(stored address, topic number)` returns.

    None makes the link plain text. `keep` keeps the attributes of the source's format (for the
    writer); otherwise the link carries its address only (for pages).
    """

    def rewritten(match: re.Match[str]) -> str:
        attributes = _attributes(match[1])
        number = attributes.pop("data-topic", None)
        address = address_of(html.unescape(attributes.pop("href", "")), number and int(number))
        if address is None:
            return match[2]
        kept = attributes if keep else {}
        return f"{_start_tag('a', {'href': html.escape(address), **kept})}{match[2]}</a>"

    return _ANCHOR.sub(rewritten, text)


def presentable(text: str) -> str:
    """Canonical HTML as a page shows it: no leftover presentation, tables and pictures accessible.

    A table's `summary` becomes its caption. A picture elsewhere becomes a link to it, because a
    page loads nothing from other hosts; inside a link only its alternative text is left.
    """
    if "<table" not in text and "<img" not in text and " class=" not in text:
        return text
    text = re.sub(r"<(p|tr)(?:\s+[a-z-]+=\"[^\"]*\")+>", r"<\1>", text)
    text = re.sub(r"<table((?:\s+[a-z-]+=\"[^\"]*\")*)>(\s*<caption>)?", _table, text)
    text = text.replace("<p></p>", "")
    return _pictures_as_links(text)


def _pictures_as_links(text: str) -> str:
    """A picture as a link to it; inside a link, its alternative text."""
    in_link = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal in_link
        if match[2] == "a":
            in_link = not match[1]
            return match[0]
        attributes = _attributes(match[3])
        source = attributes.get("src", "")
        alternative = attributes.get("alt", "") or source.rsplit("/", 1)[-1]
        return f'<a href="{source}">{alternative}</a>' if source and not in_link else alternative

    return _LINK_OR_PICTURE.sub(replaced, text)


def _table(match: re.Match[str]) -> str:
    summary = _attributes(match[1]).get("summary", "")
    if match[2] or not summary:
        return f"<table>{match[2] or ''}"
    return f"<table><caption>{summary}</caption>"
