"""The page of search results. What a reader asked travels in the address, so a search can be kept."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from topics import live
from topics.encoding import compressed
from topics.pages import templates
from topics.pages.numbers import number
from topics.pages.reading import public
from topics.pages.surroundings import surroundings

from .finding import Found, count, find
from .near import alike

LONGEST_SEARCH = 200
# More pages than any site has, and few enough digits for every database.
_PAGE = re.compile(r"[1-9][0-9]{0,6}")
_NOT_TEXT = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address: the words, whether they were cut short, the page (0: no number)."""

    text: str
    cut: bool
    page: int

    @classmethod
    def in_address(cls, parameters: QueryDict) -> "Asked":
        """Read the parameters q and page, whatever they hold."""
        text = _NOT_TEXT.sub(" ", parameters.get("q", "")).strip()
        page = parameters.get("page", "1")
        return cls(
            text=text[:LONGEST_SEARCH].strip(),
            cut=len(text) > LONGEST_SEARCH,
            page=int(page) if _PAGE.fullmatch(page) else 0,
        )

    def name(self, page: int = 1) -> str:
        """The address of a page of this search, below the prefix of a language."""
        parameters = {"q": self.text} if self.text else {}
        if page > 1:
            parameters["page"] = str(page)
        return f"search/?{urlencode(parameters)}" if parameters else "search/"


# Safe to compress: the page holds no secret beside what the address says.
@public
@compressed
def results(request: HttpRequest, language: str) -> HttpResponse:
    """The topics that a search finds in a language, or a way on when it finds none."""
    asked = Asked.in_address(request.GET)
    found = find(language, asked.text, asked.page) if asked.text else None
    beside = live.languages_beside(language)
    # Search engines should offer topics and not searches, so the page is not indexed.
    around = surroundings(
        language, asked.name(), dict.fromkeys(beside, asked.name()), indexed=False
    )
    context = {**around._asdict(), "asked": asked, "found": found, "first_page": asked.name()}
    context |= {"elsewhere": (), "previous": "", "next": "", "near": ()}
    context["total"] = _total(asked, found)
    if found and asked.page == 1 and (found.any or not found.total):
        context["near"] = alike(language, asked.text)
    if found and not found.total:
        context["elsewhere"] = [
            (
                other,
                _total_elsewhere(total, other),
                f"/{settings.PUBLIC_LANGUAGE_PREFIXES[other]}{asked.name()}",
            )
            for other in beside
            if (total := count(other, asked.text))
        ]
    if found and found.results:
        context["previous"] = asked.name(asked.page - 1) if asked.page > 1 else ""
        context["next"] = asked.name(asked.page + 1) if asked.page < found.pages else ""
    page = templates.render("search", language, context)
    nowhere = found and found.total and not found.results
    return HttpResponse(page, status=404 if nowhere else 200)


def _total(asked: Asked, found: Found | None) -> SafeString:
    """How many topics a search found, as HTML."""
    if not found:
        return SafeString("")
    sentence = ngettext(
        "%(total)s topic found for “<bdi>%(text)s</bdi>”",
        "%(total)s topics found for “<bdi>%(text)s</bdi>”",
        found.total,
    )
    return SafeString(sentence % {"total": number(found.total), "text": escape(asked.text)})


def _total_elsewhere(total: int, language: str) -> str:
    """How many topics the same words find in another language."""
    sentence = ngettext(
        "%(total)s topic in %(other)s for these words",
        "%(total)s topics in %(other)s for these words",
        total,
    )
    return sentence % {"total": number(total), "other": _(LANG_INFO[language]["name"])}
