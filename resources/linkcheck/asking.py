"""One question to one site: who asks, after which pause, and how much of an answer is taken.

No cookies, no credentials, no Referer; certificates are always checked; nothing is unpacked, so
that a small answer cannot become a big one; a proxy of the environment is not used, because it
would connect where the guard cannot see.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from .guard import GuardedResolver, Judge, Lookup, guarded_sockets, is_public_place

# The name by which robots.txt files may address this program.
TOKEN = "HealthTopicsLinkCheck"  # noqa: S105 (a product token, RFC 9110)
PAGE_BYTES = 16 * 1024
# Real sites send Content-Security-Policies and cookies of more than the usual 8 KiB.
_HEADER_BYTES, _HEADERS = 64 * 1024, 300


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take and how far apart they are, in seconds."""

    pause: float = 1.0  # between two questions to one site
    retries: tuple[float, ...] = (5.0, 20.0)  # before an address that did not answer is asked again
    patience: float = 60.0  # what a busy site may ask for and be asked again in the same run
    total: float = 30.0
    connecting: float = 10.0
    silence: float = 15.0
    page: float = 5.0  # for the beginning of a page, whose status is known by then


@dataclass(frozen=True, slots=True)
class Reply:
    """The parts of an HTTP response that matter; `body` is its beginning, as it was sent."""

    status: int
    headers: aiohttp.typedefs.CIMultiDictProxy[str]
    body: bytes


class Asker:
    """Asks sites, each one question at a time with a pause between. Close it at the end."""

    def __init__(
        self,
        *,
        contact: str,
        pace: Pace | None = None,
        judge: Judge = is_public_place,
        lookup: Lookup | None = None,
        trust: ssl.SSLContext | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        connections: int = 50,
    ):
        self.pace = pace or Pace()
        self.sleep = sleep
        self.agent = f"{TOKEN}/1.0 (+{contact})"
        self._turns: dict[str, _Turn] = {}
        connector = aiohttp.TCPConnector(
            socket_factory=guarded_sockets(judge),
            resolver=GuardedResolver(judge, lookup),
            limit=connections,
            limit_per_host=1,
            ssl=trust or True,
        )
        self._session = self._open(connector)

    def _open(self, connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
        """A session that keeps and sends nothing by itself."""
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            requote_redirect_url=False,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            max_headers=_HEADERS,
            headers={
                "User-Agent": self.agent,
                "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
                "Accept-Encoding": "identity",
            },
            timeout=aiohttp.ClientTimeout(
                total=self.pace.total,
                sock_connect=self.pace.connecting,
                sock_read=self.pace.silence,
            ),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def ask(
        self, method: str, url: URL, *, most: int = PAGE_BYTES, delay: float = 0.0
    ) -> Reply:
        """Ask a site once; redirects are not followed, at most `most` bytes of a page read.

        `delay` is the pause that the site's robots.txt asks for, where it is longer than ours.
        Raises what `meaning.of_error` explains.
        """
        turn = self._turns.setdefault(url.raw_host or "", _Turn(self.sleep))
        async with (
            turn.after(max(self.pace.pause, delay)),
            self._session.request(method, url, allow_redirects=False) as response,
        ):
            body = b"" if method == "HEAD" else await self._beginning(response, most)
            return Reply(response.status, response.headers, body)

    async def _beginning(self, response: aiohttp.ClientResponse, most: int) -> bytes:
        """What arrives of a page in a short time; a page that breaks off is still a page."""
        body = b""
        try:
            async with asyncio.timeout(self.pace.page):
                while len(body) < most and (part := await response.content.read(most - len(body))):
                    body += part
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass
        return body


class _Turn:
    """The turns of one site: one question at a time, and a pause between one and the next."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]):
        self.sleep = sleep
        self.lock = asyncio.Lock()
        self.ended: float | None = None

    @asynccontextmanager
    async def after(self, pause: float) -> AsyncIterator[None]:
        """The turn that begins at least `pause` seconds after the one before it ended."""
        clock = asyncio.get_running_loop().time
        async with self.lock:
            if self.ended is not None and (left := self.ended + pause - clock()) > 0:
                await self.sleep(left)
            try:
                yield
            finally:
                self.ended = clock()
