"""The pages for what goes wrong, named in urls.py as Django's error handlers."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from topics.views import problem

from .language import language_of_path

RETRY_AFTER_SECONDS = "60"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request is not one that a browser sends."""
    with translation.override(language_of_path(request.path_info)):
        return problem(
            400, _("This request is not valid"), _("Check the address, or begin at the home page.")
        )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database does not answer. Asks no database."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    with translation.override(language_of_path(request.path_info)):
        return problem(
            500,
            _("Something went wrong on our side"),
            _("The error was recorded. Please try again in a few minutes."),
        )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer. Asks no database."""
    with translation.override(language_of_path(request.path_info)):
        response = problem(
            503,
            _("This site is not available at the moment"),
            _("Please try again in a few minutes."),
        )
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
