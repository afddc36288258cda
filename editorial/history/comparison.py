"""What two documents of one topic differ in, part by part, in words that were added and removed.

Exchanging the documents exchanges “added” and “removed” and changes nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from topics.document import Image, Link, MeshHeading, Reference, TopicDocument
from topics.models import TopicLanguage
from topics.pictures.renditions import file_name
from topics.wording import Piece, pieces, plain, runs, section_changes
from topics.wording.differences import ADDED, REMOVED, SAME

TEXTS = {
    "title": gettext_lazy("title"),
    "slug": gettext_lazy("address"),
    "meta_description": gettext_lazy("description for search engines"),
    "attribution": gettext_lazy("attribution"),
}
LISTS = {
    "also_called": gettext_lazy("other names"),
    "see_references": gettext_lazy("see references"),
    "groups": gettext_lazy("groups"),
    "related": gettext_lazy("related topics"),
    "other_languages": gettext_lazy("other languages"),
    "mesh_headings": gettext_lazy("MeSH headings"),
}
LINK_FIELDS = ("title", "url", "mapped_url", "organizations", "descriptions", "categories")
_BESIDE_WORDS = gettext_lazy("Only a number or an address differs.")
Pieces = tuple[Piece, ...]


class Thumbnail(NamedTuple):
    """A picture in small: its address, and the text for people who cannot see it."""

    address: str
    alt: str


@dataclass(frozen=True)
class Row:
    """One difference: both texts in one, as runs of words, and a remark on what they do not show."""

    label: str
    lines: tuple[Pieces, ...]
    remark: str = ""
    # The pictures on both sides, where these are not the same.
    pictures: tuple[Thumbnail | None, Thumbnail | None] = (None, None)

    @property
    def before(self) -> list[SafeString]:
        """The paragraphs that stood on the left, with what was removed marked."""
        return _side(self.lines, REMOVED)

    @property
    def after(self) -> list[SafeString]:
        """The paragraphs that stand on the right, with what was added marked."""
        return _side(self.lines, ADDED)


def _side(lines: Iterable[Pieces], kind: str) -> list[SafeString]:
    shown = (tuple(piece for piece in line if piece.kind in (SAME, kind)) for line in lines)
    return [SafeString("".join(map(_marked, line))) for line in shown if line]


def _marked(piece: Piece) -> str:
    """A run of words as HTML; what colour says to eyes, hidden words say to ears."""
    if piece.kind == SAME:
        return conditional_escape(piece.text)
    tag, said = ("del", _("removed:")) if piece.kind == REMOVED else ("ins", _("added:"))
    words = piece.text.rstrip()
    return format_html(
        '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>{3}',
        SafeString(tag),
        said,
        words,
        piece.text[len(words) :],
    )


def comparison(before: TopicDocument, after: TopicDocument) -> list[Row]:
    """The rows in which the documents differ, in the order of the page; none when they say the same.

    Related topics that were chosen here are called by their present titles, drafts included.
    """
    links = _links(before.links, after.links)
    before, after = before.unbound(), after.unbound()
    titles = _titles(before, after)
    return [
        *_texts(before, after),
        *_sections(before, after),
        *(
            row
            for name, label in LISTS.items()
            for row in _lists(str(label), getattr(before, name), getattr(after, name), titles)
        ),
        *_single(before, after),
        *_picture(before.image, after.image),
        *links,
    ]


def _row(label: str, before: str, after: str, remark: str = "") -> Row:
    return Row(label, (tuple(pieces(before, after)),), remark)


def _texts(before: TopicDocument, after: TopicDocument) -> Iterator[Row]:
    for name, label in TEXTS.items():
        one, other = getattr(before, name) or "", getattr(after, name) or ""
        if one == other:
            continue
        if name == "attribution":
            one, other = plain(one), plain(other)
        yield _row(
            str(label), one, other, _("Only its formatting differs.") if one == other else ""
        )


def _sections(before: TopicDocument, after: TopicDocument) -> Iterator[Row]:
    for change in section_changes(before.summary or (), after.summary or ()):
        old = before.summary[change.before] if change.before is not None else None
        new = after.summary[change.after] if change.after is not None else None
        if old is None or new is None:
            remark = _("A section on one side only.")
        elif not change.words:
            remark = _("Only formatting, a heading's level or where a link leads differs.")
        else:
            remark = ""
        lines = tuple(tuple(line) for line in [change.heading, *change.body] if line)
        yield Row(_("section: %(heading)s") % {"heading": _label(old, new)}, lines, remark)


def _label(old: Any, new: Any) -> str:
    """The heading of a section, of both sides where it differs."""
    names = {plain(side.heading) for side in (old, new) if side is not None} - {""}
    return " / ".join(sorted(names)) or _("opening text")


def _titles(*documents: TopicDocument) -> dict[int, str]:
    """The present titles of related topics of which the documents hold none, by number."""
    chosen = {r.number for document in documents for r in document.related if not r.title} - {None}
    if not chosen:
        return {}
    rows = TopicLanguage.objects.filter(number__in=chosen).select_related("topic")
    return {row.number: row.title or row.slug for row in rows}


def _entry(entry: Any, titles: dict[int, str]) -> str:
    if isinstance(entry, str):
        return entry
    if isinstance(entry, MeshHeading):
        return " / ".join([entry.descriptor.name, *(term.name for term in entry.qualifiers)])
    if isinstance(entry, Reference):
        return entry.title or titles.get(entry.number) or entry.url
    return entry.name


def _lists(
    label: str, before: Sequence[Any], after: Sequence[Any], titles: dict[int, str]
) -> Iterator[Row]:
    if before == after:
        return
    old, new = ([_entry(entry, titles) for entry in side] for side in (before, after))
    lines: list[Pieces] = []
    for same, (a, b), (c, d) in runs(old, new):
        if not same:
            lines += [(Piece(REMOVED, entry),) for entry in old[a:b]]
            lines += [(Piece(ADDED, entry),) for entry in new[c:d]]
    remark = ""
    if old == new:
        remark = _BESIDE_WORDS
    elif sorted(old) == sorted(new):
        remark = _("Only the order differs.")
    yield Row(label, tuple(lines), remark)


def _single(before: TopicDocument, after: TopicDocument) -> Iterator[Row]:
    """What there is one of: the institute, the topic in the other language, the first day."""
    for label, name, say in (
        (_("primary institute"), "institute", _institute),
        (_("topic in the other language"), "mapped", _mapped),
        (_("first day public"), "date_created", lambda of: str(of.date_created or "")),
    ):
        if getattr(before, name) != getattr(after, name):
            one, other = say(before), say(after)
            yield _row(label, one, other, _BESIDE_WORDS if one == other else "")


def _institute(document: TopicDocument) -> str:
    institute = document.institute
    return f"{institute.name} {institute.url or ''}".strip() if institute else ""


def _mapped(document: TopicDocument) -> str:
    return f"{document.mapped.title} {document.mapped.url}".strip() if document.mapped else ""


def _picture(before: Image | None, after: Image | None) -> Iterator[Row]:
    if before == after:
        return
    lines = tuple(
        tuple(pieces(one, other))
        for one, other in zip(_of_picture(before), _of_picture(after), strict=True)
        if one != other
    )
    if before is None or after is None:
        remark = _("A picture on one side only.")
    elif before.name != after.name:
        remark = _("Another picture.")
    else:
        yield Row(_("picture"), lines, "" if lines else _BESIDE_WORDS)
        return
    yield Row(_("picture"), lines, remark, (_thumbnail(before), _thumbnail(after)))


def _of_picture(image: Image | None) -> tuple[str, ...]:
    """What a picture says; its size and its files are told by a remark."""
    if image is None:
        return ("",) * 4
    decoration = _("the picture is decoration") if image.decorative else ""
    return image.alt, decoration, image.credit, image.license


def _thumbnail(image: Image | None) -> Thumbnail | None:
    """The smallest file of a picture."""
    if image is None or not image.widths:
        return None
    address = settings.MEDIA_URL + file_name(image.name, min(image.widths), "jpg")
    return Thumbnail(address, "" if image.decorative else image.alt)


# --- Links ------------------------------------------------------------------------------------------


def _links(before: Sequence[Link], after: Sequence[Link]) -> Iterator[Row]:
    """Links added, removed, changed and moved. A shared link is known by its key, else by its address."""
    old, new = _keyed(before), _keyed(after)
    places = {key: place for place, key in enumerate(new)}
    steady = {
        key for same, (a, b), _after in runs(list(old), list(new)) if same for key in list(old)[a:b]
    }
    for place, (key, link) in enumerate(old.items()):
        if key not in new:
            yield Row(_name(link), (_said(link, REMOVED),), _("A link on one side only."))
        else:
            yield from _link(link, new[key], (place, places[key]) if key not in steady else None)
    for key, link in new.items():
        if key not in old:
            yield Row(_name(link), (_said(link, ADDED),), _("A link on one side only."))


def _keyed(links: Sequence[Link]) -> dict[str, Link]:
    """The links by what they are; a link that stands on a page twice is two."""
    found: dict[str, Link] = {}
    for link in links:
        key = link.url if link.resource is None else f"#{link.resource}"
        number = 1
        while f"{key} {number}" in found:
            number += 1
        found[f"{key} {number}"] = link
    return found


def _name(link: Link) -> str:
    return _("link: %(title)s") % {"title": link.title or link.url}


def _said(link: Link, kind: str) -> Pieces:
    return tuple(Piece(kind, f"{text} ") for text in _fields(link) if text)


def _fields(link: Link) -> list[str]:
    values = (getattr(link, name) for name in LINK_FIELDS)
    return [", ".join(value) if isinstance(value, tuple) else value or "" for value in values]


def _link(old: Link, new: Link, moved: tuple[int, int] | None) -> Iterator[Row]:
    lines = [
        tuple(pieces(one, other))
        for one, other in zip(_fields(old), _fields(new), strict=True)
        if one != other
    ]
    if not lines and moved is None:
        return
    remark = ""
    if moved is not None:
        remark = _("Moved: place %(before)d on the left, place %(after)d on the right.") % {
            "before": moved[0] + 1,
            "after": moved[1] + 1,
        }
    titles = sorted({link.title or link.url for link in (old, new)})
    yield Row(_("link: %(title)s") % {"title": " / ".join(titles)}, tuple(lines), remark)
