"""How a machine is answered that comes again and again."""

from django.http import HttpResponse
from django.utils.http import http_date

from topics.sharing import shared

XML = "application/xml; charset=utf-8"


def answer(body: bytes, content_type: str, *, changed: float | None = None) -> HttpResponse:
    """A file that the page cache keeps, and gives an ETag.

    `changed`, in seconds since 1970, becomes `Last-Modified`. It is for people: whether a client has
    the file already is told by the ETag alone, because a topic that is withdrawn leaves a list
    without any remaining one being newer.
    """
    response = HttpResponse(body, content_type=content_type)
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    return shared(response, "lists")
