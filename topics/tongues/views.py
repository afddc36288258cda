"""The pages for readers of further languages: which there are, and what there is in one of them."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from topics import live
from topics.alphabet import sort_key
from topics.live import tongues
from topics.pages import templates
from topics.pages.link_lists import anchor
from topics.pages.numbers import number
from topics.pages.reading import public
from topics.pages.surroundings import surroundings, text
from topics.sharing import shared
from topics.views import possible

from .names import marks_of, translated

LIST = "languages/languages.html"


@public
def languages(request: HttpRequest, language: str) -> HttpResponse:
    """All languages in which some topic has material, by name."""
    listed = sorted(
        (sort_key(translated(tongue.name)[0]), tongue) for tongue in tongues.tongues(language)
    )
    filled = tongues.elsewhere(language) if listed else []
    around = surroundings(language, LIST, dict.fromkeys(filled, LIST), indexed=bool(listed))
    items = [
        (
            _label(tongue.name, tongue.vernacular_name, language),
            f"{around.root}languages/{tongue.slug}.html",
            ngettext("%(count)s topic", "%(count)s topics", tongue.topics)
            % {"count": number(tongue.topics)},
        )
        for _key, tongue in listed
    ]
    page = templates.render("languages", language, {**around._asdict(), "tongues": items})
    return shared(HttpResponse(page), "lists")


@public
def material(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The topics with material in one further language.

    Where the format has a page for a topic in all languages, the list on the topic's page is that.
    """
    found = sorted(tongues.material(language, slug), key=lambda one: sort_key(one.title))
    if not found:
        return _of_a_topic(language, slug)
    name, vernacular_name = max((one.name, one.vernacular_name) for one in found)
    items = [
        (
            SafeString(
                anchor(escape(one.url), escape(one.vernacular_name or one.name), marks_of(one.name))
            ),
            one.title,
            live.path_of(language, one.slug),
        )
        for one in found
    ]
    address = f"languages/{slug}.html"
    around = surroundings(
        language, address, dict.fromkeys(tongues.elsewhere(language, slug), address)
    )
    variables = {
        "name": translated(name)[0],
        "label": _label(name, vernacular_name, language),
        "list": LIST,
        "items": items,
    }
    page = templates.render("language", language, {**around._asdict(), **variables})
    return shared(HttpResponse(page), "lists")


def _of_a_topic(language: str, slug: str) -> HttpResponse:
    found = live.find(language, slug) if possible(slug) else None
    if found and found.document:
        return HttpResponseRedirect(f"{live.path_of(language, slug)}#other-languages")
    raise Http404


def _label(name: str, vernacular_name: str, language: str) -> SafeString:
    """A language by its own name and by the one readers know, each marked with its language."""
    known = text(*translated(name), language)
    known_html = f"<span{known.mark}>{known.html}</span>" if known.mark else known.html
    if not vernacular_name:
        return SafeString(known_html)
    marks = marks_of(name, link=False)
    return SafeString(f"<bdi{marks}>{escape(vernacular_name)}</bdi> – {known_html}")
