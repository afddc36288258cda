"""Canonical HTML as pages show it, and as plain text."""

import html
import re

from .tags import LINK_OR_PICTURE, attributes_of

_INLINE_TAG = re.compile(r"</?(?:a|strong|em)\b[^>]*>")
_END_OF_BLOCK = re.compile(r"([^\W_]|[)\]])\s*</(?:p|li|h[2-4]|t[dh]|caption)>")
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Canonical HTML as plain text on one line; what stood on a line of its own ends like a sentence."""
    text = _END_OF_BLOCK.sub(r"\1. ", _INLINE_TAG.sub("", text))
    return _BLANKS.sub(" ", html.unescape(_TAG.sub(" ", text))).strip()


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
        attributes = attributes_of(match[3])
        source = attributes.get("src", "")
        alternative = attributes.get("alt", "") or source.rsplit("/", 1)[-1]
        return f'<a href="{source}">{alternative}</a>' if source and not in_link else alternative

    return LINK_OR_PICTURE.sub(replaced, text)


def _table(match: re.Match[str]) -> str:
    summary = attributes_of(match[1]).get("summary", "")
    if match[2] or not summary:
        return f"<table>{match[2] or ''}"
    return f"<table><caption>{summary}</caption>"
