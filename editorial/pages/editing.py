"""The answer of a page on which one language is edited: its form, or what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from editorial.keeping.unsaved import Desk
from topics.models import TopicLanguage

from .access import around
from .saves import Outcome, fresh_base, save_page, shown_outcome, tell
from .unsaved import around_form, take_up


@dataclass(frozen=True)
class Kind:
    """What tells one such page from another.

    `build` reads a form, `context` gives what its template needs besides, `saved` the sentence
    after a save, and `onward` leads on from there.
    """

    name: str
    template: str
    build: Callable[[TopicLanguage, Any], Any]
    context: Callable[[Any, dict[str, Any]], dict[str, Any]]
    saved: Callable[[Any], str]
    onward: Callable[[QueryDict, TopicLanguage], HttpResponse]


def answer(request: HttpRequest, topic_language: TopicLanguage, kind: Kind) -> HttpResponse:
    """Show the form, with unsaved text in it where that is asked for, or save what was posted."""
    taken = take_up(request, topic_language, kind.name)
    if request.method == "POST":
        outcome = save_page(request, topic_language, kind.build)
        if outcome.saved or outcome.unchanged:
            return _done(request, topic_language, kind, outcome)
    elif taken:
        data = QueryDict(taken.posted)
        outcome = Outcome(kind.build(topic_language, data), base=data.get("base", ""))
    else:
        page = kind.build(topic_language, None)
        outcome = Outcome(page, base=fresh_base(page, topic_language))
    of = outcome.page.topic_language
    context = around(
        request,
        of,
        title=str(of),
        tab=kind.name,
        page=outcome.page,
        **shown_outcome(request, outcome),
        **around_form(request, of, kind.name, kind.build, taken),
    )
    context |= kind.context(outcome.page, context)
    status = 409 if outcome.questions else 200
    return TemplateResponse(request, kind.template, context, status=status)


def _done(
    request: HttpRequest, topic_language: TopicLanguage, kind: Kind, outcome: Outcome
) -> HttpResponse:
    Desk(topic_language, kind.name, request.user).close(request.POST.get("opening", ""))
    tell(request, outcome, kind.saved(outcome.page))
    return kind.onward(request.POST, topic_language)
