"""The site's own addresses, and a view that does nothing behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from medline.urls import *  # noqa: F403
from medline.urls import urlpatterns as site


def empty(_request: HttpRequest) -> HttpResponse:
    """The ceiling of a Django view on this server."""
    return HttpResponse("", content_type="text/html; charset=utf-8")


urlpatterns = [path("bench/empty", empty), *site]
