"""The public pages. Each view asks the gate (live), and hands finished values to a template."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from . import alphabet, live, richtext
from .live.groups import group_topics, groups, groups_and_letters
from .models.topic import validate_slug
from .pages import shown, templates
from .pages.dates import day, today
from .pages.families import by_family
from .pages.link_lists import anchor, printable
from .pages.meaning import structured_data
from .pages.numbers import number
from .pages.picture import figure, preview_tags
from .pages.reading import public
from .pages.surroundings import Surroundings, Text, surroundings, text
from .pages.topic import topic_page
from .sharing import shared, topic_keys

HTML = "text/html; charset=utf-8"
LONGEST_SLUG = 200
RECENT_TOPICS = 6

NO_NOTICE = SafeString("")


def respond(
    template: str,
    around: Surroundings,
    *,
    status: int = 200,
    keys: Iterable[str] = ("lists",),
    **context: object,
) -> HttpResponse:
    """The page that a template makes of its surroundings and of what it shows.

    Without the request: nothing of the visitor can get into a page that everybody is shown.
    """
    variables = {**around._asdict(), **context}
    page = templates.render(template, around.language, variables)
    response = HttpResponse(page, content_type=HTML, status=status)
    return shared(response, *keys)


def _everywhere(language: str, name: str) -> Surroundings:
    """The surroundings of a page that is in every language under one name."""
    return surroundings(language, name, dict.fromkeys(live.languages_beside(language), name))


# --- Lists ------------------------------------------------------------------------------------------


@public
def home(request: HttpRequest, language: str) -> HttpResponse:
    """The groups by family, the alphabet, and what changed last."""
    recent = [
        (topic.title, live.path_of(language, topic.slug), day(topic.content_changed_at))
        for topic in live.recent(language, RECENT_TOPICS)
    ]
    here, letters = groups_and_letters(language)
    return respond(
        "home",
        _everywhere(language, ""),
        families=by_family(language, here),
        letters=_letters(language, letters),
        recent=recent,
    )


@public
def hub(request: HttpRequest, language: str) -> HttpResponse:
    """All groups, in their families."""
    families = by_family(language, groups(language))
    return respond("hub", _everywhere(language, "healthtopics.html"), families=families)


@public
def letter(request: HttpRequest, language: str, letter: str) -> HttpResponse:
    """One page of the A–Z list; other names point to the topic they mean.

    Search engines are told of the pages that have names, and of no empty one.
    """
    used = live.letters()
    address = f"healthtopics_{letter}.html"
    filled = [code for code in live.languages_beside(language) if letter in used[code]]
    names = [
        (name.name, "" if name.is_title else name.title, live.path_of(language, name.slug))
        for name in live.names(language, letter)
    ]
    return respond(
        "letter",
        surroundings(language, address, dict.fromkeys(filled, address), indexed=bool(names)),
        letter=letter.upper(),
        letters=_letters(language, used[language], letter),
        names=names,
    )


def _letters(language: str, used: set[str], current: str = "") -> list[tuple[str, str, bool]]:
    """Label, path and whether it is the page shown; the path is empty where there is no topic."""
    prefix = settings.PUBLIC_LANGUAGE_PREFIXES[language]
    return [
        (
            name.upper(),
            f"/{prefix}healthtopics_{name}.html" if name in used else "",
            name == current,
        )
        for name in alphabet.LETTERS
    ]


@public
def all_topics(request: HttpRequest, language: str) -> HttpResponse:
    """Every live topic by title."""
    titles = live.titles(language)
    shelves = [
        (name.upper(), [(topic.title, live.path_of(language, topic.slug)) for topic in topics])
        for name, topics in groupby(
            sorted(titles, key=lambda title: alphabet.LETTERS.index(alphabet.letter(title.name))),
            key=lambda title: alphabet.letter(title.name),
        )
    ]
    return respond(
        "all_topics",
        _everywhere(language, "all_healthtopics.html"),
        shelves=shelves,
        count=ngettext("%(count)s topic, by title.", "%(count)s topics, by title.", len(titles))
        % {"count": number(len(titles))},
    )


@public
def about(request: HttpRequest, language: str) -> HttpResponse:
    """The list of about pages."""
    return respond("about", _everywhere(language, "about/"))


# --- One page ---------------------------------------------------------------------------------------


@public
def entry(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Whatever answers at an address: a topic, a group, an about page, a redirect or the gap they left."""
    if request.path_info != (path := live.path_of(language, slug.lower())):
        if possible(slug.lower()):
            return HttpResponsePermanentRedirect(path)
        raise Http404
    found = live.find(language, slug) if possible(slug) else None
    if found is None:
        return _nowhere(language, slug)
    if found.redirect_slug:
        return HttpResponsePermanentRedirect(
            live.path_of(found.redirect_language, found.redirect_slug)
        )
    if found.document:
        return topic_response(language, slug, found)
    if found.group:
        return _group(language, slug, found)
    if found.page:
        return _about_page(language, slug, found)
    if found.withdrawn or found.gone_reason is not None:
        return _gone(language, slug, found)
    return _nowhere(language, slug)


def possible(slug: str) -> bool:
    """Whether an address of ours can look like this; no other one is worth a query."""
    return len(slug) <= LONGEST_SLUG and bool(validate_slug.regex.match(slug))


def topic_response(
    language: str, slug: str, found: live.Found, *, notice: SafeString = NO_NOTICE
) -> HttpResponse:
    """The page of a topic; the editors' preview gives a document that is not live, and a notice."""
    around = surroundings(language, f"{slug}.html", _named(found.others), frame=found.frame)
    document, links = shown.read(found.document)
    page = topic_page(document, links, found, around.frame, today=today())
    named = ((target.language, target.slug) for target in page.named)
    keys = topic_keys({language: slug, **found.others}, named)
    meaning = structured_data(document, links, found, around, page)
    own = {"slug": slug, "meaning": meaning, "notice": notice}
    own |= {"picture": figure(document.image), "preview_tags": preview_tags(document.image)}
    response = respond("topic", around, keys=keys, **own, **vars(page))
    if notice:
        del response.surrogate_keys
    return response


def _named(slugs: dict[str, str]) -> dict[str, str]:
    return {language: f"{slug}.html" for language, slug in slugs.items()}


def _group(language: str, slug: str, found: live.Found) -> HttpResponse:
    if not found.group_name:
        raise Http404
    topics = [
        SafeString(anchor(escape(live.path_of(language, topic.slug)), escape(topic.title)))
        for topic in group_topics(language, found.group)
    ]
    others, indexed = _named(found.others), bool(topics)
    around = surroundings(language, f"{slug}.html", others, indexed=indexed, frame=found.frame)
    count = ngettext("%(count)s health topic", "%(count)s health topics", len(topics))
    return respond(
        "group",
        around,
        name=found.group_name,
        slug=slug,
        topics=topics,
        count=count % {"count": number(len(topics))},
    )


def _about_page(language: str, slug: str, found: live.Found) -> HttpResponse:
    page = live.page(language, found.page)
    others = _named(found.others)
    if page:
        return respond(
            "page",
            surroundings(language, f"{slug}.html", others, frame=found.frame),
            page=page,
            body=SafeString(printable(richtext.presentable(page.body))),
            updated=day(page.created_at),
        )
    around = around_nothing(language, f"{slug}.html", others)
    for link in around.site.about_pages:
        if link.slug == slug:
            return _missing(around, link.title, link.path)
    raise Http404


# --- Where there is nothing (any more) --------------------------------------------------------------


def _nowhere(language: str, slug: str) -> HttpResponse:
    """The topic that has this address in another language: its page in this one, or that it has none.

    Else the ordinary 404.
    """
    elsewhere = live.live_elsewhere(language, slug) if possible(slug) else None
    if elsewhere is None:
        raise Http404
    other, topic, here = elsewhere
    if here:
        # Only for now: the address is free, and another topic may come to answer at it.
        return HttpResponseRedirect(live.path_of(language, here))
    around = around_nothing(language, f"{slug}.html", {other: f"{topic.slug}.html"})
    return _missing(around, text(topic.title, other, language), live.path_of(other, topic.slug))


def around_nothing(language: str, name: str, others: dict[str, str] | None = None) -> Surroundings:
    """The surroundings of a page that search engines should not offer in any language."""
    return surroundings(language, name, others or {}, indexed=False)


def _missing(around: Surroundings, title: Text, path: str) -> HttpResponse:
    return respond("missing", around, status=404, title=title, path=path)


def _gone(language: str, slug: str, found: live.Found) -> HttpResponse:
    around = around_nothing(language, f"{slug}.html", _named(found.others))
    reason = found.withdrawn_reason or found.gone_reason
    keys = topic_keys({language: slug, **found.others})
    titles = live.last_titles(language, slug)
    onward = [
        (text(titles.get(code, ""), code, language), live.path_of(code, there))
        for code, there in found.others.items()
    ]
    return respond(
        "gone",
        around,
        status=410,
        keys=keys,
        title=titles.get(language, ""),
        reason=reason,
        onward=onward,
    )
