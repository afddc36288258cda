"""Comparing XML and HTML by what they mean: elements, attributes, text and order."""

import re
from typing import Any

import nh3
from lxml import etree, html

from topics import richtext

_PASS = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS | richtext.TAGS | {"font", "section", "div", "span"},
    attributes={
        "*": {"class", "href", "id", "style", "target", "tid"}
        | set.union(*richtext.ATTRIBUTES.values())
    },
    clean_content_tags=set(),
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "javascript", "data", "ftp"},
)
BLOCKS = {
    "p",
    "ul",
    "ol",
    "li",
    "h2",
    "h3",
    "h4",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "div",
}


def tree(element: etree._Element, *, without: frozenset[str] = frozenset()) -> tuple[Any, ...]:
    """An element as nested tuples; tags in `without` keep their place but lose their text."""
    text = "" if element.tag in without else element.text or ""
    return (
        element.tag,
        tuple(sorted(element.attrib.items())),
        text if len(element) == 0 else text.strip(),
        tuple(tree(child, without=without) for child in element),
    )


def trees(xml: bytes, *, without: frozenset[str] = frozenset()) -> dict[str, tuple[Any, ...]]:
    """Every topic of a file by its id."""
    root = etree.fromstring(xml, etree.XMLParser(load_dtd=False, no_network=True))
    return {
        topic.get("id"): tree(topic, without=without) for topic in root.iterfind("health-topic")
    }


def summaries(xml: bytes) -> dict[str, str | None]:
    """The text of every summary by the id of its topic."""
    root = etree.fromstring(xml, etree.XMLParser(load_dtd=False, no_network=True))
    return {
        topic.get("id"): topic.findtext("full-summary") for topic in root.iterfind("health-topic")
    }


def html_tree(text: str) -> list[Any]:
    """HTML as nested lists, blanks treated as a browser treats them.

    lxml reads HTML 4 only, so an HTML 5 parser (nh3, told to let everything pass) goes before it.
    """
    root = html.fragment_fromstring(_PASS.clean(text), create_parent="div")
    return _trimmed(_pieces(root))


def _pieces(element: html.HtmlElement) -> list[Any]:
    pieces: list[Any] = [_blanks(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            attributes = sorted(child.attrib.items())
            inner = _pieces(child)
            pieces.append(
                (child.tag, attributes, _trimmed(inner) if child.tag in BLOCKS else inner)
            )
        pieces.append(_blanks(child.tail))
    return pieces


def _blanks(text: str | None) -> str:
    return re.sub(r"[ \t\n\r\f]+", " ", text or "")


def _trimmed(pieces: list[Any]) -> list[Any]:
    """Without the blanks at the edges of a block and beside blocks inside it."""
    merged: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] = _blanks(merged[-1] + piece)
        else:
            merged.append(piece)
    kept = []
    for place, piece in enumerate(merged):
        if isinstance(piece, str):
            if place == 0 or _is_block(merged[place - 1]):
                piece = piece.lstrip(" ")
            if place == len(merged) - 1 or _is_block(merged[place + 1]):
                piece = piece.rstrip(" ")
            if not piece:
                continue
        kept.append(piece)
    return kept


def _is_block(piece: Any) -> bool:
    return isinstance(piece, tuple) and piece[0] in BLOCKS | {"br"}
