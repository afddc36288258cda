"""A form that is posted after its session ended is not lost: sign in, and go on with the text.

Nothing is stored for people who are not signed in. What they posted travels through the sign-in
page in a hidden field, and is posted again by a button that they press themselves. It is taken
from pages of this site only, so that no other site can put words into somebody's mouth.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from editorial.trouble.pages import trouble
from topics.pages.reading import problem

SIGN_IN, SEND_AGAIN = "editorial/sign_in_again.html", "editorial/send_again.html"
# Never part of what is posted again.
OURS = ("csrfmiddlewaretoken", "kept")


class KeepPosted:
    """Middleware: answers a form of the administration that nobody signed in posted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, options: Any
    ) -> HttpResponse | None:
        """The answer to such a form; None for everything else. The CSRF token was checked before."""
        if not _is_desk(request) or request.user.is_authenticated:
            return None
        if _is_script(request):
            return JsonResponse({"error": "signed out"}, status=401)
        if not _shows_pages(request):
            return None
        kept = request.POST.get("kept")
        if kept is None:
            return _ask(request, _form(request), _posted(request.POST))
        form = _form(request, request.POST)
        if not form.is_valid():
            return _ask(request, form, kept)
        login(request, form.get_user())
        return _offer(request, kept, status=200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, and what was typed is kept where it comes from a page of this site.

    A token ends with its session: who signs in again in another window still has the old form here.
    """
    if _is_desk(request) and _from_here(request) and _shows_pages(request):
        kept = request.POST.get("kept")
        if kept is None:  # else what was posted is a name and a password
            kept = _posted(request.POST)
        if request.user.is_authenticated:
            return _offer(request, kept, status=403)
        return _ask(request, _form(request), kept, status=403)
    if _is_script(request):
        return JsonResponse({"error": reason}, status=403)
    page = trouble if request.path.startswith(reverse("admin:index")) else problem
    return page(
        403,
        _("This form cannot be accepted"),
        _("It was not sent from a page of this site, or its page is too old. Open the page anew."),
    )


def _is_desk(request: HttpRequest) -> bool:
    """Whether somebody sent in a form of the administration that holds no password."""
    if request.method != "POST" or not request.path.startswith(reverse("admin:index")):
        return False
    other = {reverse("admin:login"), reverse("admin:logout"), reverse("set_language")}
    signing_in = "kept" in request.POST
    secret = any("password" in name for name in request.POST)
    return request.path not in other and (signing_in or not secret)


def _shows_pages(request: HttpRequest) -> bool:
    """Whether somebody waits for a page in a browser."""
    return "text/html" in request.headers.get("Accept", "")


def _is_script(request: HttpRequest) -> bool:
    """Whether a script of a page waits for an answer that it can read."""
    return request.headers.get("Accept", "") == "application/json"


def _from_here(request: HttpRequest) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {own, *settings.CSRF_TRUSTED_ORIGINS}


def _posted(data: QueryDict) -> str:
    said = data.copy()
    for name in OURS:
        said.pop(name, None)
    return said.urlencode()


def _form(request: HttpRequest, data: QueryDict | None = None) -> AdminAuthenticationForm:
    return (admin.site.login_form or AdminAuthenticationForm)(request, data=data)


def _ask(request: HttpRequest, form: Any, kept: str, status: int = 401) -> HttpResponse:
    return _page(
        request,
        SIGN_IN,
        status,
        title=_("Sign in again"),
        form=form,
        kept=kept,
        app_path=request.get_full_path(),
    )


def _offer(request: HttpRequest, kept: str, status: int) -> HttpResponse:
    """Ask whether what was posted is to be posted again, now with a token that holds."""
    posted = [(name, value) for name, values in QueryDict(kept).lists() for value in values]
    return _page(
        request,
        SEND_AGAIN,
        status,
        title=_("Your text is still here"),
        posted=[pair for pair in posted if pair[0] not in OURS],
        address=request.get_full_path(),
    )


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context |= admin.site.each_context(request) | {
        "title": context["title"],
        "is_nav_sidebar_enabled": False,
    }
    answer = render(request, template, context, status=status)
    add_never_cache_headers(answer)
    return answer
