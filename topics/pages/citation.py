"""How to cite a topic."""

from datetime import date
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from topics import live

from .dates import cited_day
from .shown import ShownDocument

# What a printed page holds, tags included, for the length that a citation states.
CHARACTERS_A_PAGE = 3_000
LINKS_A_PAGE = 30


class _Phrases(NamedTuple):
    updated: str
    reviewed: str
    cited: str
    citation: str


@cache
def _phrases(language: str) -> _Phrases:
    """The phrases of a citation, looked up once in a process."""
    with override(language):
        return _Phrases(
            updated=_("updated %(date)s"),
            reviewed=_("reviewed %(date)s"),
            cited=_("cited %(date)s"),
            citation=_(
                "%(site)s [Internet].%(imprint)s %(title)s; [%(dates)s]; [about %(length)d p.]. "
                "Available from: %(address)s"
            ),
        )


def citation(
    document: ShownDocument, links: int, found: live.Found, frame: live.Frame, *, today: date
) -> str:
    """How to cite the page with so many links, in the form of NLM's “Citing Medicine”, chapter 25."""
    words = frame.installation
    imprint = ": ".join(filter(None, (words.get("place"), words.get("publisher"))))
    phrases = _phrases(document.language)
    dates = [phrases.updated % {"date": cited_day(found.content_changed_at)}]
    if found.last_reviewed:
        dates.append(phrases.reviewed % {"date": cited_day(found.last_reviewed)})
    dates.append(phrases.cited % {"date": cited_day(today)})
    length = 1 + document.characters() // CHARACTERS_A_PAGE + links // LINKS_A_PAGE
    return phrases.citation % {
        "site": frame.site_name(document.language),
        "imprint": f" {imprint}." if imprint else "",
        "title": document.title,
        "dates": "; ".join(dates),
        "length": length,
        "address": settings.SITE_URL + live.path_of(document.language, document.slug),
    }
