"""Which language a request speaks.

Django's LocaleMiddleware is not used: it would let a visitor's browser settings decide and so vary every
public page by header. Here the public language is a property of the address and of nothing else.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

ADMIN_PREFIX = "/admin/"


def language_of_path(path: str) -> str:
    """The language of a public address: the one with the longest prefix that fits."""
    rest = path.removeprefix("/")
    fitting = [
        (len(prefix), language)
        for language, prefix in settings.PUBLIC_LANGUAGE_PREFIXES.items()
        if rest.startswith(prefix) or rest == prefix.removesuffix("/")
    ]
    return max(fitting)[1]


def language_of(request: HttpRequest) -> str:
    """The language of a person under /admin/, and of the address everywhere else."""
    if request.path_info.startswith(ADMIN_PREFIX):
        return translation.get_language_from_request(request)
    return language_of_path(request.path_info)


class PathLanguageMiddleware:
    """Activates the language that a request speaks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
