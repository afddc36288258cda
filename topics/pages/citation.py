"""How to cite a topic."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from topics import live
from topics.document import TopicDocument

from .dates import cited_day

# What a printed page holds, tags included, for the length that a citation states.
CHARACTERS_A_PAGE = 3_000
LINKS_A_PAGE = 30


def citation(document: TopicDocument, found: live.Found, frame: live.Frame, *, today: date) -> str:
    """How to cite the page, in the form of NLM's “Citing Medicine”, chapter 25."""
    words = frame.installation
    imprint = ": ".join(filter(None, (words.get("place"), words.get("publisher"))))
    dates = [_("updated %(date)s") % {"date": cited_day(found.content_changed_at)}]
    if found.last_reviewed:
        dates.append(_("reviewed %(date)s") % {"date": cited_day(found.last_reviewed)})
    dates.append(_("cited %(date)s") % {"date": cited_day(today)})
    length = (
        1 + len(document.rich_text()) // CHARACTERS_A_PAGE + len(document.links) // LINKS_A_PAGE
    )
    return _(
        "%(site)s [Internet].%(imprint)s %(title)s; [%(dates)s]; [about %(length)d p.]. "
        "Available from: %(address)s"
    ) % {
        "site": frame.site_name(document.language),
        "imprint": f" {imprint}." if imprint else "",
        "title": document.title,
        "dates": "; ".join(dates),
        "length": length,
        "address": settings.SITE_URL + live.path_of(document.language, document.slug),
    }
