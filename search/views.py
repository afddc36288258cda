"""The page of search results. What a reader asked travels in the address, so a search can be kept."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import loader

from topics import live
from topics.pages.surroundings import surroundings
from topics.views import public

from .finding import count, find

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


@public
def results(request: HttpRequest, language: str) -> HttpResponse:
    """The topics that a search finds in a language, or a way on when it finds none."""
    asked = Asked.in_address(request.GET)
    found = find(language, asked.text, asked.page) if asked.text else None
    beside = live.languages_beside(language)
    # Search engines should offer topics and not searches, so the page is not indexed.
    around = surroundings(
        language, asked.name(), dict.fromkeys(beside, asked.name()), indexed=False
    )
    context = {**around._asdict(), "site": vars(around.site), "asked": asked, "found": found}
    if found and not found.total:
        context["elsewhere"] = [
            (other, total, f"/{settings.PUBLIC_LANGUAGE_PREFIXES[other]}{asked.name()}")
            for other in beside
            if (total := count(other, asked.text))
        ]
    if found and found.results:
        context["previous"] = asked.name(asked.page - 1) if asked.page > 1 else ""
        context["next"] = asked.name(asked.page + 1) if asked.page < found.pages else ""
    page = loader.get_template("public/search.html").render(context)
    nowhere = found and found.total and not found.results
    return HttpResponse(page, status=404 if nowhere else 200)
