"""Bringing HTML from anywhere into the canonical form."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

import nh3
from django.utils.translation import gettext as _

from .allowed import ADDRESS_SCHEMES, ATTRIBUTES, BINDING, INLINE_TAGS, TAGS, allowed, losses
from .tags import LINK_OR_PICTURE, attributes_of, start_tag

# What word processors and older pages write for the same thing.
_OLDER_NAMES = {"b": "strong", "i": "em"}
_OLDER_TAG = re.compile(r"(?i)<(/?)(b|i)(?=[\s/>])")
_HAS_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*:")
_ESCAPED_TWICE = re.compile(r"&amp;(nbsp|quot|#\d{1,6});")


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        # None on every element: without this entry nh3 keeps “lang” and “title” wherever they are.
        attributes={"*": set()} | {tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
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
    if _OLDER_TAG.search(source):
        source = _OLDER_TAG.sub(lambda tag: f"<{tag[1]}{_OLDER_NAMES[tag[2].lower()]}", source)
        notes.append(_("<b> and <i> were written as <strong> and <em>."))
    notes += losses(source, bound=bound)
    cleaned = (_INLINE_CLEANER if inline else _CLEANER).clean(source)
    return _links_and_pictures(cleaned, base_url, notes, bound=bound)


def _links_and_pictures(text: str, base_url: str, notes: list[str], *, bound: bool) -> str:
    """Give links and pictures their whole addresses; one without is no link, nor one in a link."""
    opened: list[bool] = []

    def replaced(match: re.Match[str]) -> str:
        closing, name, attributes = match[1], match[2], attributes_of(match[3])
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
        return start_tag(name, _binding(attributes, bound=bound)) if opened[-1] else ""

    return LINK_OR_PICTURE.sub(replaced, text)


def _whole_picture(attributes: dict[str, str], base_url: str, notes: list[str]) -> str:
    attributes = _with_whole_address(attributes, "src", base_url, notes)
    if attributes["src"]:
        return start_tag("img", attributes)
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
