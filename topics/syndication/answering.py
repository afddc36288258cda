"""How a machine is answered that comes again and again."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from topics.sharing import shared

XML = "application/xml; charset=utf-8"


def answer(
    request: HttpRequest, body: bytes, content_type: str, *, changed: float | None = None
) -> HttpResponse:
    """The body with its ETag, or 304 where the client has it already.

    `changed`, in seconds since 1970, becomes `Last-Modified`. It does not decide about 304: a topic
    that is withdrawn leaves a list without any remaining one being newer.
    """
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    shared(response, "feeds")
    return get_conditional_response(request, etag=response["ETag"], response=response)
