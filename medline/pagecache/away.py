"""The answer while the database is away and no page is kept: 503, at once, without the database.

It goes through Django's middleware for the headers that every answer has, and to no view but this.
"""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.urls import include, path, re_path

from medline.errors import unavailable

from .asking import Environ
from .page import Answer

# The first answers everything; the others are there for the names that the page looks up.
urlpatterns = [re_path("", unavailable), path("", include("medline.urls"))]


def answer_unavailable(django: WSGIHandler, environ: Environ) -> Answer:
    """The page that says to come back, in the language of the address."""
    # Whatever is sent is not looked at, nor whose it is: no check of forms, no session.
    request = WSGIRequest({**environ, "REQUEST_METHOD": "GET"})
    request.urlconf = __name__
    response = django.get_response(request)
    # Not response.close(): at the end of a request Django looks at its own connections.
    return Answer(
        f"{response.status_code} {response.reason_phrase}",
        list(response.items()),
        response.content,
    )
