"""Feeds in RSS 2.0 and Atom: what is new on the site, in a group, on one page.

An entry is a state of a topic: its id holds the topic's number and the moment its content changed.
A rename or a refresh of a shared link keeps the id, an update makes a new one, so that readers of
either format are told.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import feedgenerator
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from topics import live, richtext
from topics.document import TopicDocument
from topics.live import following
from topics.pages.reading import problem, public
from topics.pages.references import References, taken_apart
from topics.views import possible

from .answering import answer

MOST_ENTRIES = 30
SUMMARY_CHARACTERS = 300
# When a feed without entries changed last: a time that stays the same from request to request.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# XML 1.0 has no way to write these.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INTERNAL = re.compile(r'<a href="/([^"]*)" data-url="[^"]*"')


class _Dated:
    """Without entries Django would date a feed now, and no two answers would be equal."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


class RssFeed(_Dated, feedgenerator.Rss201rev2Feed):
    """RSS 2.0."""


class AtomFeed(_Dated, feedgenerator.Atom1Feed):
    """Atom, RFC 4287."""


FORMATS = {"xml": RssFeed, "atom": AtomFeed}


@dataclass(frozen=True, slots=True)
class Entry:
    """A state of a topic; the summary is HTML."""

    title: str
    path: str
    id: str
    changed: datetime
    summary: str


# --- The three kinds of feeds -----------------------------------------------------------------------


@public
def whats_new(request: HttpRequest, language: str, form: str) -> HttpResponse:
    """The topics of the whole site whose content changed last."""
    return _feed(
        language,
        form,
        name="whatsnew",
        title=_("What’s New"),
        description=_("Health topics that are new or were updated."),
        path=f"/{settings.PUBLIC_LANGUAGE_PREFIXES[language]}",
        entries=map(_short, following.updates(language, MOST_ENTRIES)),
    )


@public
def group(request: HttpRequest, language: str, slug: str, form: str) -> HttpResponse:
    """The topics of a group whose content changed last."""
    found = _find(language, slug)
    if moved := _moved(found, form):
        return moved
    if not (found and found.group and found.group_name):
        return _no_feed()
    return _feed(
        language,
        form,
        name=f"groups/{slug}",
        title=found.group_name,
        description=_("Health topics of this group that are new or were updated."),
        path=live.path_of(language, slug),
        entries=map(_short, following.updates(language, MOST_ENTRIES, group=found.group)),
        frame=found.frame,
    )


@public
def topic(request: HttpRequest, language: str, slug: str, form: str) -> HttpResponse:
    """A topic with its whole summary, again whenever its content changes."""
    found = _find(language, slug)
    if moved := _moved(found, form):
        return moved
    if found and (found.withdrawn or found.gone_reason is not None):
        return problem(410, _("This feed has ended"), _ended(found))
    if not (found and found.document):
        return _no_feed()
    document = TopicDocument.from_json(found.document)
    summary = _whole_summary(document, found.mark)
    entry = _entry(document, slug, document.number, found.content_changed_at, summary)
    return _feed(
        language,
        form,
        name=f"topics/{slug}",
        title=document.title,
        description=_description(document),
        path=live.path_of(language, slug),
        entries=[entry],
        frame=found.frame,
    )


def _find(language: str, slug: str) -> live.Found | None:
    return live.find(language, slug) if possible(slug) else None


def _moved(found: live.Found | None, form: str) -> HttpResponse | None:
    """To the feed of the page to which readers are sent, where that has one; about pages have none."""
    if not (found and found.redirect_slug):
        return None
    language, slug = found.redirect_language, found.redirect_slug
    target = live.find(language, slug)
    if target is None or target.page or (target.group and not target.group_name):
        return None
    kind = "groups" if target.group else "topics"
    return HttpResponsePermanentRedirect(feed_path(language, f"{kind}/{slug}", form))


def _no_feed() -> HttpResponse:
    return problem(
        404, _("There is no feed here"), _("Check the address, or begin at the home page.")
    )


def _ended(found: live.Found) -> str:
    reason = found.withdrawn_reason or found.gone_reason
    sentence = _("The page that it followed was taken off this site.")
    return f"{sentence} {reason}" if reason else sentence


# --- Entries ----------------------------------------------------------------------------------------


def _short(update: following.Update) -> Entry:
    """An entry among others: a few sentences."""
    document = TopicDocument.from_json(update.document)
    summary = f"<p>{escape(_description(document))}</p>"
    return _entry(document, update.slug, update.number, update.content_changed_at, summary)


def _entry(
    document: TopicDocument, slug: str, number: int | None, changed: datetime, summary: str
) -> Entry:
    # A tag (RFC 4151) names a host without a port.
    host = urlsplit(settings.SITE_URL).hostname
    state = f"{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return Entry(
        title=document.title,
        path=live.path_of(document.language, slug),
        id=f"tag:{host},2026:{document.language}/{number}/{state}",
        changed=changed,
        summary=summary,
    )


def _description(document: TopicDocument) -> str:
    """A few sentences of plain text on the topic."""
    if written := (document.meta_description or "").strip():
        return written
    body = next((section.body for section in document.summary or () if section.body), "")
    return Truncator(richtext.plain(body)).chars(SUMMARY_CHARACTERS)


def _whole_summary(document: TopicDocument, mark: str | None) -> str:
    """The summary as HTML that stands on its own: every link is absolute."""
    parts = []
    for section in document.summary or ():
        if section.heading:
            parts.append(f"<h2>{section.heading}</h2>")
        parts.append(section.body)
    text = References(document, mark).rich(taken_apart("\n".join(parts)))
    return _INTERNAL.sub(rf'<a href="{settings.SITE_URL}/\1"', text)


# --- The file ---------------------------------------------------------------------------------------


def feed_path(language: str, name: str, form: str) -> str:
    """The path of a feed, such as `groups/cancers`, in a format: `xml` (RSS) or `atom`."""
    return f"/{settings.PUBLIC_LANGUAGE_PREFIXES[language]}feeds/{name}.{form}"


def _feed(
    language: str,
    form: str,
    *,
    name: str,
    title: str,
    description: str,
    path: str,
    entries: Iterable[Entry],
    frame: live.Frame | None = None,
) -> HttpResponse:
    frame = frame or live.read_frame()
    site = frame.site_name(language)
    address = settings.SITE_URL + feed_path(language, name, form)
    feed = FORMATS[form](
        title=_xml(f"{title} – {site}"),
        link=settings.SITE_URL + path,
        description=_xml(description or title),
        language=language,
        author_name=_xml(frame.installation.get("publisher") or site),
        feed_url=address,
        feed_guid=address,
    )
    for entry in entries:
        feed.add_item(
            title=_xml(entry.title),
            link=settings.SITE_URL + entry.path,
            description=_xml(entry.summary),
            unique_id=entry.id,
            unique_id_is_permalink=False,
            pubdate=entry.changed,
            updateddate=entry.changed,
        )
    body = feed.writeString("utf-8").encode()
    return answer(body, feed.content_type, changed=feed.latest_post_date().timestamp())


def _xml(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
