"""Which HTML may be stored, and sentences for what of a text may not.

The vocabulary is what 1,023 real summaries use.
"""

import html
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

TAGS = frozenset(
    "p ul ol li a strong em br h2 h3 h4 table caption thead tbody tr th td img".split()
)
# What may stand within a line, such as a heading.
INLINE_TAGS = frozenset({"a", "strong", "em", "br"})
# Our own attribute: the number of the topic that a link leads to.
BINDING = "data-topic"
ATTRIBUTES = {
    "a": {"href", "target", "tid", BINDING},
    # Words of another language, which both of ours set in italics.
    "em": {"lang"},
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
VALUES = {
    # The shape of a language tag, BCP 47; a language of two or three letters first.
    "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}").fullmatch,
    "class": CLASSES.__contains__,
    "target": {"_blank"}.__contains__,
    "scope": {"col", "row", "colgroup", "rowgroup"}.__contains__,
    "border": re.compile(r"\d{1,2}").fullmatch,
    "width": re.compile(r"\d{1,4}%?").fullmatch,
    "colspan": re.compile(r"\d{1,3}").fullmatch,
    "rowspan": re.compile(r"\d{1,3}").fullmatch,
    "tid": re.compile(r"\d{1,9}").fullmatch,
    BINDING: re.compile(r"\d{1,10}").fullmatch,
}

_LOOSE_TAG = re.compile(r"""<([a-zA-Z][^\s/>]*)((?:[^<>"']|"[^"]*"|'[^']*')*+)""")
_LOOSE_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?|"[^"]*"|'[^']*'"""
)


def allowed(attribute: str, value: str) -> bool:
    """Whether an attribute that its element may have may have this value."""
    test = VALUES.get(attribute)
    return test is None or bool(test(value))


def losses(source: str, *, bound: bool) -> list[str]:
    """Sentences on elements, attributes, values and comments that the allow-list does not know."""
    notes = [_("A comment was left out.")] if "<!--" in source else []
    seen: set[tuple[str, str, str]] = set()
    for tag, rest in _LOOSE_TAG.findall(source):
        name = tag.lower()
        if name in TAGS:
            seen.update(_lost_attributes(name, rest, bound=bound))
        else:
            seen.add((name, "", ""))
    for name, attribute, value in sorted(seen):
        if value:
            note = _("The value “%(value)s” of “%(attribute)s” in <%(element)s> was left out.")
        elif attribute:
            note = _("The attribute “%(attribute)s” of <%(element)s> was left out.")
        else:
            note = _("The element <%(element)s> is not allowed; its text was kept.")
        notes.append(note % {"value": value[:80], "attribute": attribute, "element": name})
    return notes


def _lost_attributes(name: str, written: str, *, bound: bool) -> Iterator[tuple[str, str, str]]:
    for attribute, quoted in _LOOSE_ATTRIBUTE.findall(written):
        key = attribute.lower()
        value = html.unescape(quoted[1:-1] if quoted[:1] in ("'", '"') else quoted)
        if not key:
            continue
        if key not in ATTRIBUTES.get(name, ()) or key == BINDING and not bound:
            yield name, key, ""
        elif not allowed(key, value):
            yield name, key, value
