"""The pages for what goes wrong, named in urls.py as Django's error handlers."""

import re
import sys
from urllib.parse import quote

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils import translation
from django.utils.translation import gettext as _

from editorial.trouble.pages import nothing_here, refused, trouble
from search.near import near
from topics import alphabet, live
from topics.encoding import compressed
from topics.pages.reading import problem
from topics.views import LONGEST_SLUG, around_nothing, respond

from .language import ADMIN_PREFIX, language_of, language_of_path

RETRY_AFTER_SECONDS = "60"
# A folder, or a file in one or in none.
_FOLDER_OR_FILE = re.compile(r"/(?:[a-z-]+/)*(?:[a-z0-9_-]+\.[a-z]+)?")


def _said(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    """A page that asks no database, in the design of the desk or of the public site."""
    page = trouble if request.path_info.startswith(ADMIN_PREFIX) else problem
    return page(status, heading, sentence)


def _works_here(request: HttpRequest) -> bool:
    """Whether somebody is at the desk who is let in there."""
    at_the_desk = request.path_info.startswith(ADMIN_PREFIX) and hasattr(request, "user")
    return at_the_desk and request.user.is_active and request.user.is_staff


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request is not one that a browser sends."""
    with translation.override(language_of(request)):
        return _said(
            request,
            400,
            _("This request is not valid"),
            _("Check the address, or begin at the home page."),
        )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: who is there may not do this."""
    with translation.override(language_of(request)):
        if _works_here(request):
            return refused(request)
        return _said(
            request,
            403,
            _("This page is not open to you"),
            _("Check the address, or begin at the home page."),
        )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the page for an address at which nothing ever was."""
    if _works_here(request):
        with translation.override(language_of(request)):
            return nothing_here(request)
    return _not_published(request)


# Safe to compress: the page holds no secret beside what the address says.
@compressed
def _not_published(request: HttpRequest) -> HttpResponse:
    """The 404 page of the public site, with what may have been meant."""
    if meant := _in_small_letters(request):
        return HttpResponsePermanentRedirect(meant)
    language = language_of_path(request.path_info)
    prefix = settings.PUBLIC_LANGUAGE_PREFIXES[language]
    # Without leading slashes: in front of them a path would become another host.
    name = request.path_info.lstrip("/").removeprefix(prefix).lstrip("/")
    like_ours = len(name) <= LONGEST_SLUG
    with translation.override(language):
        around = around_nothing(language, quote(name) if like_ours else "")
        page = _letter(language, name) if like_ours else ""
        response = respond(
            "not_found",
            around,
            status=404,
            near=near(language, name) if like_ours else [],
            letter=page.upper(),
            letter_path=page and f"{around.root}healthtopics_{page}.html",
        )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _letter(language: str, name: str) -> str:
    """The page of the A–Z list for the last word of an address; none for no word or an empty page."""
    word = name.rsplit("/", 1)[-1].removesuffix(".html")
    if not word[:1].isalnum():
        return ""
    page = alphabet.letter(word)
    return page if live.has_names(language, page) else ""


def _in_small_letters(request: HttpRequest) -> str:
    """The address of ours that one in capitals means, or with a slash too many or too few.

    Topics, groups and about pages see to their own.
    """
    path = request.path_info.lower().removesuffix("/")
    path = path if "." in path else f"{path}/"
    if path == request.path_info or not _FOLDER_OR_FILE.fullmatch(path) or not is_valid_path(path):
        return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database does not answer. Asks no database."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    with translation.override(language_of(request)):
        return _said(
            request,
            500,
            _("Something went wrong on our side"),
            _("The error was recorded. Please try again in a few minutes."),
        )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer. Asks no database."""
    with translation.override(language_of(request)):
        response = _said(
            request,
            503,
            _("This site is not available at the moment"),
            _("Please try again in a few minutes."),
        )
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
