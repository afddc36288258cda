"""A document through the very template of public pages, for nobody but who asked."""

import re
from datetime import date, datetime

from django.http import HttpResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from topics import live
from topics.document import TopicDocument
from topics.models import Origin, TopicLanguage
from topics.views import topic_response

# Where a link leads; links inside the page keep theirs.
_LEADS = re.compile(rb'(<a\b[^>]*?) href="(?!#)[^"]*"')
_SCRIPT = re.compile(rb"<script src=[^>]*></script>\s*")
PRIVATE_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
}


def notice(sentence: str) -> SafeString:
    """What stands over a page that is not the public one, in the active language."""
    return format_html(
        '<aside class="notice" lang="{}" aria-label="{}"><p>{}</p></aside>',
        translation.get_language(),
        _("Notice"),
        sentence,
    )


def is_public(topic_language: TopicLanguage, document: TopicDocument) -> bool:
    """Whether readers see just this document now."""
    live_now = topic_language.live_edition
    return live_now is not None and live_now.digest == document.content_digest()


def page_of(
    topic_language: TopicLanguage,
    document: TopicDocument,
    *,
    changed_at: datetime,
    reviewed: tuple[date | None, date | None] | None = None,
    notice: SafeString,
    inert: bool = False,
) -> HttpResponse:
    """The page of a document under a notice; `inert` takes away where its links lead, and its script.

    `reviewed` are the last and the next review, where they are not those of today.
    """
    language = topic_language.language
    versions = TopicLanguage.objects.filter(
        topic=topic_language.topic_id, live_edition__isnull=False
    ).exclude(language=language)
    taken = topic_language.editions.filter(origin__in=(Origin.IMPORT, Origin.DEMONSTRATION))
    last_reviewed, next_review = reviewed or (
        topic_language.last_reviewed,
        topic_language.next_review,
    )
    found = live.Found(
        frame=None,
        mark=None,
        document=document.to_json(),
        taken_from=taken.order_by("-number").values_list("origin", flat=True).first(),
        content_changed_at=changed_at,
        last_reviewed=last_reviewed,
        next_review=next_review,
        others=dict(versions.values_list("language", "address__slug")),
    )
    with translation.override(language):
        response = topic_response(language, document.slug, found, notice=notice)
    if inert:
        response.content = _SCRIPT.sub(b"", _LEADS.sub(rb"\1", response.content))
    for name, value in PRIVATE_HEADERS.items():
        response.headers[name] = value
    response.headers["Content-Language"] = language
    return response
