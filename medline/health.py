"""Two questions a load balancer asks: does the process live, and may it be given visitors?"""

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from topics.pages.reading import only_read

logger = logging.getLogger(__name__)

# Where the page cache, if a request came through it, leaves itself in the request.
IN_FRONT = "medline.page_cache"


@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks no database, so that a database outage does not restart every process."""
    return _answer("ok", status=200)


@only_read
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can show pages: the database answers, or did so lately enough for kept pages.

    Were it 503 as soon as the database is away, a balancer would take away every process, and no
    kept page would reach a reader.
    """
    front = request.META.get(IN_FRONT)
    if front is None:
        ready = answering = _database_answers()
    else:
        ready, answering = front.may_be_given_visitors(), front.primary.answering
    if not ready:
        return _answer("database unavailable", status=503)
    return _answer("ok" if answering else "ok, kept pages only: database unavailable", status=200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        logger.exception("Not ready: the database does not answer")
        return False
    return True


def _answer(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(
        text + "\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
