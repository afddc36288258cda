"""The WSGI application that stands in front of Django and answers with kept pages."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from medline.health import IN_FRONT
from topics.encoding import best_encoding

from .asking import Asked, Asking, Environ, is_public
from .away import answer_unavailable
from .cdn import for_cdn
from .page import Answer, Page, packed
from .postgresql import PostgresPrimary
from .primary import PATIENCE_WITHOUT_PAGE, Primary, Unanswered
from .release import release
from .shared import shared_store
from .sqlite import SqlitePrimary
from .store import Kept, Store, Version
from .today import Today

# Where Django answers without the database.
_WITHOUT_DATABASE = ("/healthz", "/readyz", settings.STATIC_URL)
# 410 says for good that a page was withdrawn. What is not found, moved or wrong has countless
# addresses, and whoever asks for many of them could drive the pages out.
_KEPT_STATUSES = ("200 ", "410 ")

StartResponse = Callable[..., Any]


class PageCache:
    """Answers from the store where it may, and lets Django answer everything else.

    A page is kept only where all of this holds: the view is public (it sees nothing of the
    visitor), its answer is declared shared by its surrogate keys, and the generation and the day
    were the same before the page was made and after it. Every kept page is compared with the
    generation that the database tells now.
    """

    def __init__(
        self,
        django: WSGIHandler,
        *,
        primary: Primary | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.django = django
        self.primary = primary or primary_of(settings.DATABASES["default"], clock)
        self.store = Store(settings.PAGE_CACHE_BYTES)
        self._release = release()
        self._shared = shared_store(self._release)
        self._today = Today()
        self._clock = clock
        self._asking = Asking()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked = self._asking.read(environ)
        kept = self.store.get(asked) if asked else None
        if kept or (asked and is_public(environ)):
            answer = self._answer(asked, kept, environ)
        else:
            answer = self._without_store(environ)
            if answer is None:
                environ[IN_FRONT] = self
                return self.django(environ, start_response)
        # A server may change the list; the page keeps its own.
        start_response(answer.status, list(answer.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def may_be_given_visitors(self) -> bool:
        """Whether the database answers, or answered recently enough for kept pages to be shown."""
        try:
            self.primary.generation()
        except Unanswered:
            return self._newest() is not None
        return True

    def _without_store(self, environ: Environ) -> Answer | None:
        """None where Django shall answer; it would only wait for a database that is away."""
        if self.primary.answering or environ.get("PATH_INFO", "").startswith(_WITHOUT_DATABASE):
            return None
        try:
            self.primary.generation(PATIENCE_WITHOUT_PAGE)
        except Unanswered:
            return answer_unavailable(self.django, environ)
        return None

    def _answer(self, asked: Asked, kept: Kept | None, environ: Environ) -> Answer:
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # Read before the page is: whatever is published from here on is not in this version.
        day = self._today()
        try:
            version = Version(self.primary.generation(), day)
        except Unanswered as reason:
            if stale := self._stale(kept, encoding):
                return stale
            try:
                version = Version(self._generation_after_all(reason), day)
            except Unanswered:
                return answer_unavailable(self.django, environ)
        if kept is not None and kept.version == version:
            page = kept.page
        else:
            page = self._from_others(asked, version) or self._make(asked, version, environ)
            if isinstance(page, Answer):
                return packed(page, encoding)
        unchanged = page.not_modified(environ.get("HTTP_IF_NONE_MATCH"))
        return unchanged or self._encoded(page, encoding, asked, version)

    def _from_others(self, asked: Asked, version: Version) -> Page | None:
        """The page as of exactly this version, from what the processes share."""
        page = self._shared.get(asked, version) if self._shared else None
        if page is not None:
            self.store.put(asked, version, page)
        return page

    def _make(self, asked: Asked, before: Version, environ: Environ) -> Page | Answer:
        """Let Django make the page; it is kept where nothing was published meanwhile.

        What is not kept comes back as it is, so that no network is told to keep it either.
        """
        answer, keys = self._made_by_django(asked, environ)
        if not keys or not _can_be_kept(answer):
            return answer
        try:
            after = Version(self.primary.generation(), self._today())
        except Unanswered:
            return answer
        if after != before:
            return answer
        headers = for_cdn(answer.headers, keys)
        page = Page(answer.status, headers, answer.body, release=self._release)
        last = self.store.get(asked)
        if last is not None and last.page.etag == page.etag:
            # Somebody published something else: the compressed forms are still good.
            page = last.page
        self.store.put(asked, before, page)
        if self._shared:
            self._shared.put(asked, before, page)
        return page

    def _made_by_django(self, asked: Asked, environ: Environ) -> tuple[Answer, tuple[str, ...]]:
        """Django's answer, and the surrogate keys by which its view declares it shared."""
        started: list[Any] = []
        response = self.django(
            self._asking.request_for(asked, environ), lambda *status: started.extend(status)
        )
        try:
            body = b"".join(response)
        finally:
            response.close()
        return Answer(started[0], started[1], body), getattr(response, "surrogate_keys", ())

    def _encoded(self, page: Page, encoding: str, asked: Asked, version: Version) -> Answer:
        new = not page.has(encoding)
        answer = page.answer(encoding)
        if new and (kept := self.store.get(asked)) and kept.page is page:
            self.store.put(asked, version, page)  # it weighs more now
        return answer

    def _newest(self) -> int | None:
        """The newest generation this process knows, unless it has known it for too long."""
        newest = self.primary.newest
        if newest is None or self._clock() - newest.asked_at > settings.STALE_MAX:
            return None
        return newest.generation

    def _generation_after_all(self, reason: Unanswered) -> int:
        """Wait longer for a database that may only be busy."""
        if not reason.late:
            raise reason
        return self.primary.generation(PATIENCE_WITHOUT_PAGE)

    def _stale(self, kept: Kept | None, encoding: str) -> Answer | None:
        """The page as of the newest generation known, on whatever day it was made."""
        generation = self._newest()
        if generation is None or kept is None or kept.version.generation != generation:
            return None
        answer = kept.page.answer(encoding)
        headers = [pair for pair in answer.headers if pair[0].lower() not in _NOT_WHEN_STALE]
        age = round(self._clock() - self.primary.newest.asked_at)
        return answer._replace(headers=[*headers, *_stale_headers(age)])


_NOT_WHEN_STALE = {"cache-control", "etag"}


def _stale_headers(age: int) -> list[tuple[str, str]]:
    return [
        ("Cache-Control", "no-store"),
        ("Warning", '110 - "Response is Stale"'),
        ("Age", str(age)),
    ]


def primary_of(database: dict[str, Any], clock: Callable[[], float]) -> Primary:
    """Whom to ask for the generation, by an entry of DATABASES."""
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return SqlitePrimary(database["NAME"], clock)
    return PostgresPrimary(clock)


def _can_be_kept(answer: Answer) -> bool:
    """Whether an answer that its view calls shared really holds nothing of one visitor."""
    headers = {name.lower(): value for name, value in answer.headers}
    return (
        answer.status.startswith(_KEPT_STATUSES)
        and headers.get("cache-control") == "no-cache"
        and "set-cookie" not in headers
        and headers.get("vary", "accept-encoding").lower() == "accept-encoding"
        and "content-encoding" not in headers
        and "'nonce-" not in headers.get("content-security-policy", "")
    )
