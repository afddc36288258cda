"""What can only be read, and the plain page for a request that cannot be answered."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from . import templates

ALLOWED_METHODS = "GET, HEAD, OPTIONS"

View = Callable[..., HttpResponse]


def only_read(view: View) -> View:
    """What can only be read. It takes no form, so it needs no CSRF token."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request, **arguments)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            del response.headers["Content-Type"]
        else:
            response = problem(
                405, _("This page can only be read"), _("Nothing can be sent to this address.")
            )
        response.headers["Allow"] = ALLOWED_METHODS
        return response

    return answer


def public(view: View) -> View:
    """A page that can only be read, that sets no cookie and asks for none.

    The page cache asks for such pages with a request of its own, in which stands the address only.
    """

    @only_read
    @wraps(view)
    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        response = view(request, **arguments)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    answer.is_public = True
    return answer


def problem(status: int, heading: str, sentence: str) -> HttpResponse:
    """A page that asks no database, for when something is wrong with the request or with us."""
    language = get_language()
    root = f"/{settings.PUBLIC_LANGUAGE_PREFIXES.get(language, '')}"
    page = templates.render(
        "problem", language, {"root": root, "heading": heading, "sentence": sentence}
    )
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
