"""The answer of a page on which one language is edited: its form, or what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from editorial.keeping.unsaved import Desk, new_opening
from editorial.roles.rights import PUBLISH, may
from topics.models import TopicLanguage

from .access import around
from .saves import Outcome, fresh_base, save_page, shown_outcome, tell
from .unsaved import around_form, take_up


@dataclass(frozen=True)
class Kind:
    """What tells one such page from another.

    `build` reads a form, `context` gives what its template needs besides, `saved` says what was
    saved, and `onward` leads on from there.
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
    opening = taken.opening if taken else new_opening()
    if request.method == "POST":
        outcome = save_page(request, topic_language, kind.build)
        if outcome.saved or outcome.unchanged:
            return _done(request, topic_language, kind, outcome)
        opening = Desk(topic_language, kind.name, request.user).keep_refused(request.POST)
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
        **around_form(request, of, kind.name, kind.build, taken, opening),
    )
    context |= kind.context(outcome.page, context)
    status = 409 if outcome.questions else 200
    return TemplateResponse(request, kind.template, context, status=status)


def _done(
    request: HttpRequest, topic_language: TopicLanguage, kind: Kind, outcome: Outcome
) -> HttpResponse:
    Desk(topic_language, kind.name, request.user).close(request.POST.get("opening", ""))
    tell(request, outcome, f"{kind.saved(outcome.page)} {_until_when(request, topic_language)}")
    return kind.onward(request.POST, topic_language)


def _until_when(request: HttpRequest, topic_language: TopicLanguage) -> str:
    """When what was saved becomes public: who saved it may not be who can publish it."""
    if may(request.user, PUBLISH, topic_language) and not settings.FOUR_EYES:
        return _("The public page stays as it is until you publish.")
    return _("The public page stays as it is until another person, who may publish, publishes it.")
