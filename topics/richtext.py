"""The one allow-list of HTML, and the cutting of a summary into sections.

`clean` turns HTML from anywhere into the canonical form that is stored; everything else here
works on that form only, where every element is closed and every attribute quoted, so a small
scanner replaces a second parser. The vocabulary is what 1,023 real summaries use.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import nh3
from django.utils.translation import gettext as _

from .document import Section

TAGS = frozenset(
    "p ul ol li a strong em br h2 h3 h4 table caption thead tbody tr th td img".split()
)
# What may stand within a line, such as a heading.
INLINE_TAGS = frozenset({"a", "strong", "em", "br"})
ATTRIBUTES = {
    "a": {"href", "target", "tid", "data-topic"},
    "p": {"class"},
    "img": {"src", "alt", "class"},
    "table": {"class", "border", "width", "summary"},
    "tr": {"class"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
# Class names of the source's format. They mean nothing to our stylesheet; they are kept so that
# what came in can go out again. Any other class name is dropped.
CLASSES = {"", "attribution", "NLMattribution", "info-table-1", "scale-with-grid"} | {
    f"r{n}" for n in range(1, 10)
}
ADDRESS_SCHEMES = {"http", "https", "mailto", "tel"}
_VALUES = {
    "class": CLASSES.__contains__,
    "target": {"_blank"}.__contains__,
    "scope": {"col", "row", "colgroup", "rowgroup"}.__contains__,
    "border": re.compile(r"\d{1,2}").fullmatch,
    "width": re.compile(r"\d{1,4}%?").fullmatch,
    "colspan": re.compile(r"\d{1,3}").fullmatch,
    "rowspan": re.compile(r"\d{1,3}").fullmatch,
    "tid": re.compile(r"\d{1,9}").fullmatch,
    "data-topic": re.compile(r"\d{1,10}").fullmatch,
}

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ANCHOR = re.compile(r"<a((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>(.*?)</a>", re.DOTALL)
_ANCHOR_START = re.compile(r"<a((?:\s+[a-z-]+=\"[^\"]*\")+)\s*>")
_LOOSE_TAG = re.compile(r"<([a-zA-Z][^\s/>]*)([^>]*)>")
_LOOSE_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=")
_ESCAPED_TWICE = re.compile(r"&amp;(nbsp|quot|#\d{1,6});")


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    allowed = _VALUES.get(attribute)
    return value if allowed is None or allowed(value) else None


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_keep_attribute,
        url_schemes=ADDRESS_SCHEMES,
        link_rel=None,
        strip_comments=True,
        clean_content_tags={"script", "style"},
    )


_CLEANER = _cleaner(TAGS)
_INLINE_CLEANER = _cleaner(INLINE_TAGS)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Canonical HTML, and a sentence for each thing that was changed on the way."""

    html: str
    notes: tuple[str, ...]


def clean(source: str, *, base_url: str = "", inline: bool = False) -> Cleaned:
    """Bring HTML from anywhere into the canonical form.

    Relative addresses are resolved against `base_url` (the page the text stands on); an anchor
    without an address becomes plain text; `tid`, the source's number of the topic meant, becomes
    our `data-topic`. `inline` is for a heading or another single line: of blocks only the text is
    kept. The result is a fixed point: cleaning it again changes nothing.
    """
    notes: list[str] = []
    if re.match(r"\s*&lt;(p|ul|ol|h[2-4])\b", source):
        source = html.unescape(source)
        notes.append(_("The text was escaped twice; it was unescaped once more."))
    if _ESCAPED_TWICE.search(source):
        source = _ESCAPED_TWICE.sub(r"&\1;", source)
        notes.append(_("Characters that were escaped twice were repaired."))
    notes += _refused(source)
    cleaned = (_INLINE_CLEANER if inline else _CLEANER).clean(source)
    return Cleaned(_ANCHOR.sub(lambda m: _anchor(m, base_url, notes), cleaned), tuple(notes))


def _refused(source: str) -> list[str]:
    """Sentences on elements, attributes and comments that the allow-list does not know."""
    notes = [_("A comment was left out.")] if "<!--" in source else []
    seen: set[tuple[str, str]] = set()
    for tag, rest in _LOOSE_TAG.findall(source):
        name = tag.lower()
        if name not in TAGS:
            seen.add((name, ""))
            continue
        for attribute in _LOOSE_ATTRIBUTE.findall(re.sub(r"\"[^\"]*\"|'[^']*'", "", rest)):
            if attribute.lower() not in ATTRIBUTES.get(name, ()):
                seen.add((name, attribute.lower()))
    for name, attribute in sorted(seen):
        note = (
            _("The attribute “%(attribute)s” of <%(element)s> was left out.")
            if attribute
            else _("The element <%(element)s> is not allowed; its text was kept.")
        )
        notes.append(note % {"attribute": attribute, "element": name})
    return notes


def _anchor(match: re.Match[str], base_url: str, notes: list[str]) -> str:
    attributes = _attributes(match[1])
    inner = match[2]
    written = html.unescape(attributes.pop("href", ""))
    href = written.strip()
    if not href:
        notes.append(
            _("A link without an address became plain text: “%(text)s”.") % {"text": inner[:80]}
        )
        return inner
    if href != written:
        notes.append(
            _("Blanks around the address “%(address)s” were removed.") % {"address": href[:80]}
        )
    tid = attributes.pop("tid", None)
    if tid:
        attributes.setdefault("data-topic", tid)
    if base_url and not re.match(r"(?i)[a-z][a-z0-9+.-]*:", href):
        whole = urljoin(base_url, href)
        notes.append(
            _("The relative address “%(address)s” was completed to %(whole)s.")
            % {"address": href[:80], "whole": whole[:200]}
        )
        href = whole
    return f"{_start_tag('a', {'href': html.escape(href), **attributes})}{inner}</a>"


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
    page loads nothing from other hosts.
    """
    if "<table" not in text and "<img" not in text and " class=" not in text:
        return text
    text = re.sub(r"<(p|tr)(?:\s+[a-z-]+=\"[^\"]*\")+>", r"<\1>", text)
    text = re.sub(r"<table((?:\s+[a-z-]+=\"[^\"]*\")*)>(\s*<caption>)?", _table, text)
    text = text.replace("<p></p>", "")
    return re.sub(r"<img((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>", _picture, text)


def _table(match: re.Match[str]) -> str:
    summary = _attributes(match[1]).get("summary", "")
    if match[2] or not summary:
        return f"<table>{match[2] or ''}"
    return f"<table><caption>{summary}</caption>"


def _picture(match: re.Match[str]) -> str:
    attributes = _attributes(match[1])
    source = attributes.get("src", "")
    alternative = attributes.get("alt", "") or source.rsplit("/", 1)[-1]
    return f'<a href="{source}">{alternative}</a>' if source else ""
