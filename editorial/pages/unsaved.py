"""What the script of a form asks while somebody types: keep this, who else is here, take it up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from editorial.fields import whole_number
from editorial.keeping.merging import changed_paths
from editorial.keeping.unsaved import Desk
from editorial.roles.rights import CHANGE_TEXT
from editorial.states import who
from topics.models import DeskPage, TopicLanguage, UnsavedText
from topics.wording import Piece, pieces

from .access import language_view
from .saves import loaded_base, moment

# The address of each page, to lead back to.
ADDRESSES = {DeskPage.TEXT: "change", DeskPage.LINKS: "links"}


@dataclass
class Waiting:
    """A text that was not saved: when it was kept and how it differs from what it was loaded from.

    How it differs is not known of a text that has a `mistake`, for which a save would be refused.
    """

    key: int
    when: str
    differences: list[tuple[str, list[Piece]]]
    mistake: bool = False


def _desk(request: HttpRequest, topic_language: TopicLanguage, page: str) -> Desk:
    if page not in DeskPage.values:
        raise Http404
    return Desk(topic_language, page, request.user)


@language_view(CHANGE_TEXT)
@require_POST
def keep(request: HttpRequest, topic_language: TopicLanguage, page: str) -> JsonResponse:
    """Keep what a form says; the working copy stays as it is."""
    kept_at = _desk(request, topic_language, page).keep(request.POST)
    return JsonResponse(
        {"kept": _("Unsaved text kept (%(time)s)") % {"time": moment(kept_at)} if kept_at else ""}
    )


@language_view(CHANGE_TEXT)
@require_http_methods(["GET", "POST"])
def attend(request: HttpRequest, topic_language: TopicLanguage, page: str) -> JsonResponse:
    """Who else has this language open, and who saved it since; a POST notes that the page is open.

    The token lets a form go on that was loaded before its writer signed in anew.
    """
    desk = _desk(request, topic_language, page)
    if request.method == "POST":
        desk.is_open()
    return JsonResponse(
        {
            "notices": [
                *others_here(desk),
                *_saved_since(topic_language, whole_number(request.POST.get("version"))),
            ],
            "token": get_token(request),
        }
    )


@language_view(CHANGE_TEXT)
@require_POST
def discard(request: HttpRequest, topic_language: TopicLanguage, page: str) -> HttpResponse:
    """Throw an unsaved text of one's own away."""
    desk = _desk(request, topic_language, page)
    row = _found(desk, request.POST.get("key"))
    desk.close(row.opening)
    messages.info(request, _("The unsaved text was thrown away."))
    return redirect(f"admin:topics_topiclanguage_{ADDRESSES[desk.page]}", topic_language.pk)


def others_here(desk: Desk) -> list[str]:
    """Sentences on who else has this language open."""
    return [
        _("%(who)s has had the %(page)s of this topic open (since %(time)s).")
        % {
            "who": who(row.person),
            "page": row.get_page_display(),
            "time": moment(row.opened_at),
        }
        for row in desk.others()
    ]


def _saved_since(topic_language: TopicLanguage, version: int | None) -> list[str]:
    if version is None or version >= topic_language.version or not topic_language.changed_at:
        return []
    return [
        _("%(who)s saved this (%(time)s). When you save, both changes are merged.")
        % {
            "who": who(topic_language.changed_by),
            "time": moment(topic_language.changed_at),
        }
    ]


def _found(desk: Desk, key: str | None) -> UnsavedText:
    number = whole_number(key)
    row = next((row for row in desk.waiting() if row.pk == number), None)
    if row is None:
        raise Http404
    return row


def around_form(
    request: HttpRequest,
    topic_language: TopicLanguage,
    page: str,
    build: Callable[[TopicLanguage, Any], Any],
    taken: UnsavedText | None,
    opening: str,
) -> dict[str, Any]:
    """What the template of a form needs to keep what is typed into it."""
    desk = Desk(topic_language, page, request.user)
    return {
        "desk_page": page,
        "opening": opening,
        "others_here": others_here(desk),
        "taken": taken and moment(taken.kept_at),
        "waiting": [
            _waiting(row, topic_language, build) for row in desk.waiting() if row.opening != opening
        ],
    }


def take_up(request: HttpRequest, topic_language: TopicLanguage, page: str) -> UnsavedText | None:
    """The unsaved text that is asked for with `?take=`."""
    if "take" not in request.GET or request.method == "POST":
        return None
    return _found(_desk(request, topic_language, page), request.GET["take"])


def _waiting(
    row: UnsavedText, topic_language: TopicLanguage, build: Callable[[TopicLanguage, Any], Any]
) -> Waiting:
    data = QueryDict(row.posted)
    page = build(topic_language, data)
    waiting = Waiting(row.pk, moment(row.kept_at), [], mistake=not page.is_valid())
    base = loaded_base(page, topic_language, data.get("base", ""))
    if base is not None and not waiting.mistake:
        mine, before = page.said(base), base.values
        waiting.differences = [
            (page.place_name(path, mine), pieces(*_sides(page, path, before, mine)))
            for path in changed_paths(before, mine)
        ]
    return waiting


def _sides(page: Any, path: Any, before: Any, mine: Any) -> list[str]:
    return [page.in_words(path, values.at(path), values) for values in (before, mine)]
