"""Two questions a load balancer asks: does the process live, and may it be given visitors?"""

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks no database, so that a database outage does not restart every process."""
    return _answer("ok", status=200)


def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve pages: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        logger.exception("Not ready: the database does not answer")
        return _answer("database unavailable", status=503)
    return _answer("ok", status=200)


def _answer(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(
        text + "\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
