"""What a topic in one language lacks, whatever the other language says."""

import re
from collections.abc import Collection, Iterator
from itertools import chain

from django.utils.translation import gettext as _

from topics.document import Link, Section, TopicDocument
from topics.richtext import outside_addresses
from topics.wording import blocks, plain

from .reason import Reason

START_HERE = "start-here"
LONGEST_DESCRIPTION = 160
_PICTURE = re.compile(r"<img(?P<attributes>(?:\s+[a-z-]+=\"[^\"]*\")*)\s*/?>")
_ALTERNATIVE = re.compile(r'\salt="[^"]*\S[^"]*"')


def blocking(document: TopicDocument) -> Iterator[Reason]:
    """What forbids publishing: the page would have nothing to show, or parts that show nothing."""
    if not document.title.strip():
        yield Reason("title", _("The topic has no title in this language."), blocking=True)
    if not document.summary and not document.links:
        sentence = _("There is neither a summary nor a link, so the page would be empty.")
        yield Reason("empty", sentence, blocking=True)
    for place, section in enumerate(document.summary or ()):
        if section.level and not plain(section.heading):
            yield Reason("heading", _("A section has no heading."), blocking=True, section=place)
    if any(not link.url or not link.title.strip() for link in document.links):
        sentence = _("A link has no title or no address in this language.")
        yield Reason("link", sentence, blocking=True)
    sections = (zip(x.category_keys, x.categories, strict=False) for x in document.links)
    for key in sorted({key for key, name in chain.from_iterable(sections) if not name}):
        sentence = _(
            "The section of links “%(section)s” has no name in this language. Give it one, or take "
            "its links out of it."
        )
        yield Reason("section-name", sentence % {"section": key}, blocking=True)


def missing_parts(document: TopicDocument) -> Iterator[Reason]:
    """Parts that a good topic has."""
    if not document.summary and document.links:
        yield Reason("summary", _("There is no summary."))
    if not (document.meta_description or "").strip():
        yield Reason("description", _("There is no description for search engines."))
    elif len(document.meta_description) > LONGEST_DESCRIPTION * 2:
        yield Reason(
            "description",
            _("The description for search engines has %(number)s characters; about 160 are shown.")
            % {"number": len(document.meta_description)},
        )
    if not document.groups:
        yield Reason("groups", _("The topic stands in no group, so readers find it by name only."))
    if not document.links:
        yield Reason("links", _("There is not a single link."))
    elif not any(_starts_here(link) for link in document.links):
        yield Reason("start-here", _("No link stands under “Start Here”."))


def _starts_here(link: Link) -> bool:
    return START_HERE in link.category_keys or bool(
        {"Start Here", "Comience aquí"} & {*link.categories}
    )


def dead_links(document: TopicDocument, dead: Collection[str]) -> Iterator[Reason]:
    """Links of which the link check knows that they no longer answer; `dead` are their addresses."""
    for link in document.links:
        if link.url in dead:
            sentence = _("The link “%(title)s” is known to be broken.") % {"title": link.title}
            yield Reason("dead-link", sentence)
    gone = set(dead)
    texts = [
        (place, plain(section.heading) or _("opening text"), (section.heading or "") + section.body)
        for place, section in enumerate(document.summary or ())
    ]
    for place, name, text in [*texts, (None, _("attribution"), document.attribution or "")]:
        for address in sorted(outside_addresses(text) & gone):
            sentence = _("A link in “%(section)s” is known to be broken: %(address)s")
            names = {"section": name, "address": address}
            yield Reason("dead-link", sentence % names, section=place)


def sections(document: TopicDocument) -> Iterator[Reason]:
    """Empty sections, headings that skip a level, pictures that say nothing to who cannot see them."""
    summary = document.summary or ()
    depth = None
    for place, section in enumerate(summary):
        name = {"section": plain(section.heading) or _("opening text")}
        if _is_empty(summary, place):
            sentence = _("The section “%(section)s” is empty.") % name
            yield Reason("empty-section", sentence, section=place)
        if section.level and depth and section.level > depth + 1:
            sentence = _("The heading “%(section)s” skips a level: h%(level)s follows h%(depth)s.")
            levels = {"level": section.level, "depth": depth}
            yield Reason("heading-order", sentence % {**name, **levels}, section=place)
        depth = section.level or depth
        if _has_mute_picture(section.body):
            sentence = _("A picture in “%(section)s” has no text for people who cannot see it.")
            yield Reason("picture", sentence % name, section=place)
    image = document.image
    if image is not None and not image.decorative and not image.alt.strip():
        yield Reason("picture", _("The topic's picture has no text for people who cannot see it."))


def _is_empty(summary: tuple[Section, ...], place: int) -> bool:
    """Whether nothing stands below a heading, neither text, nor a picture, nor deeper headings."""
    section = summary[place]
    if blocks(section.body) or "<img" in section.body:
        return False
    following = summary[place + 1] if place + 1 < len(summary) else None
    is_deeper = following and section.level and (following.level or 0) > section.level
    return not is_deeper


def _has_mute_picture(body: str) -> bool:
    return any(
        not _ALTERNATIVE.search(picture["attributes"]) for picture in _PICTURE.finditer(body)
    )
