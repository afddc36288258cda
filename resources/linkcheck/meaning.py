"""What an HTTP status, a header or an error on the way to a site means for a link."""

import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from resources.models import Outcome

from .addresses import Malformed
from .answers import Answer
from .guard import NotPublic

# What a site that shows a puzzle instead of a page writes; looked for in the beginning of the page.
_WALL_MARKS = (
    *(b"captcha", b"cf-chl", b"challenge-platform", b"_incapsula_resource", b"px-captcha"),
    *(b"just a moment...", b"are you a robot", b"datadome"),
)
_WALL_STATUSES = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    999,  # what LinkedIn answers programs
}
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
# What a site may ask us to wait: longer waits are for people who mistyped a number.
LONGEST_WAIT = 7 * 24 * 3600.0
USUAL_WAIT = 3600.0
_DETAIL = 300


def of_status(status: int, headers: aiohttp.typedefs.CIMultiDictProxy[str], body: bytes) -> Answer:
    """What a final answer of a site says about the page. Redirects are not final."""
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in headers
    ):
        wait = wait_asked(headers.get("Retry-After"), now=datetime.now(UTC))
        return Answer(Outcome.BUSY, status, wait=wait, of_host=True)
    if status in _WALL_STATUSES or _is_wall(headers, body):
        return Answer(Outcome.REFUSED, status)
    if 200 <= status < 300:
        return Answer(Outcome.OK, status)
    return Answer(Outcome.GONE if status in _GONE else Outcome.ERROR, status)


def _is_wall(headers: aiohttp.typedefs.CIMultiDictProxy[str], body: bytes) -> bool:
    if headers.get("cf-mitigated") == "challenge":
        return True
    # A page may speak of captchas; a page that is one is short.
    return len(body) < 16 * 1024 and any(mark in body.lower() for mark in _WALL_MARKS)


def wait_asked(value: str | None, *, now: datetime) -> float:
    """Seconds that a Retry-After header asks for; an hour where it says nothing sensible."""
    text = (value or "").strip()
    try:
        seconds = (
            float(text)
            if text.isascii() and text.isdigit()
            else (parsedate_to_datetime(text) - now).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return USUAL_WAIT
    return min(max(seconds, 0.0), LONGEST_WAIT)


def of_error(error: Exception) -> Answer:
    """What an error on the way to a site, or in its answer, says about the page."""
    cause = getattr(error, "os_error", error)
    detail = _plain(cause)
    if isinstance(error, Malformed | aiohttp.InvalidURL):
        return Answer(Outcome.MALFORMED, detail=detail)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Answer(Outcome.CERTIFICATE, detail=_why_untrusted(error), of_host=True)
    if isinstance(cause, NotPublic) or "is not public" in str(cause):
        # Where a name has several places, aiohttp puts what became of each into one sentence.
        return Answer(Outcome.NOT_PUBLIC, detail=detail, of_host=True)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Answer(Outcome.NO_HOST, detail=detail, of_host=True)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Answer(Outcome.SLOW, detail="no connection", of_host=True)
    if isinstance(error, TimeoutError):
        return Answer(Outcome.SLOW, detail="no answer in time")
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return Answer(Outcome.UNREACHABLE, detail=detail)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Answer(Outcome.UNREACHABLE, detail=detail, of_host=True)
    if isinstance(error, OSError | aiohttp.ClientConnectionError):
        return Answer(Outcome.UNREACHABLE, detail=detail)
    return Answer(Outcome.GARBLED, detail=detail)


def _why_untrusted(error: aiohttp.ClientConnectorCertificateError) -> str:
    reason = error.certificate_error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _plain(reason.verify_message)
    return _plain(reason)


def _plain(words: object) -> str:
    """An error as one short line that any database keeps."""
    text = str(words) or type(words).__name__
    return "".join(letter if letter.isprintable() else " " for letter in text)[:_DETAIL]
