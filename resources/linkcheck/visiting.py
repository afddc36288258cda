"""A visit to an address: robots.txt, redirects, a second opinion by GET, and trying again."""

import asyncio
from dataclasses import replace

import aiohttp
from yarl import URL

from resources.models import ADDRESS_MAX_LENGTH, Outcome

from .addresses import (
    Malformed,
    is_front_page_instead,
    redirected,
    request_url,
    with_fragment,
)
from .answers import Answer
from .asking import TOKEN, Asker, Reply
from .meaning import of_error, of_status
from .robots import EVERYTHING, MOST_BYTES, Rules, read_rules

MOST_REDIRECTS = 10
# RFC 9309, 2.3.1.2: at least five in a row are followed to a robots.txt.
ROBOTS_REDIRECTS = 5
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
# Many sites answer HEAD wrongly; what it says against a page is believed only when GET says it too.
_BELIEVED_OF_HEAD = {
    *(Outcome.OK, Outcome.MOVED, Outcome.FRONT_PAGE),
    *(Outcome.ROBOTS, Outcome.BUSY, Outcome.NOT_PUBLIC, Outcome.CERTIFICATE, Outcome.MALFORMED),
}
_PASSING = {Outcome.SLOW, Outcome.UNREACHABLE, Outcome.NO_HOST, Outcome.GARBLED}
_ERRORS = (aiohttp.ClientError, OSError, TimeoutError, ValueError, asyncio.IncompleteReadError)


class Visitor:
    """Visits addresses and remembers, for one run, what each site's robots.txt says."""

    def __init__(self, asker: Asker):
        self.asker = asker
        self._robots: dict[URL, asyncio.Task[Rules | Answer]] = {}

    async def visit(self, address: str) -> Answer:
        """What becomes of a visitor to an address, after as many tries as it takes to be fair."""
        try:
            url = request_url(address)
        except Malformed as error:
            return of_error(error)
        answer = await self._opinion(address, url)
        for pause in self.asker.pace.retries:
            if answer.outcome == Outcome.BUSY and answer.wait <= self.asker.pace.patience:
                pause = max(pause, answer.wait)
            elif not (answer.outcome in _PASSING or _is_server_error(answer)):
                break
            await self.asker.sleep(pause)
            answer = await self._opinion(address, url)
        return answer

    async def _opinion(self, address: str, url: URL) -> Answer:
        answer = await self._follow("HEAD", address, url)
        if answer.of_host or answer.outcome in _BELIEVED_OF_HEAD:
            return answer
        return await self._follow("GET", address, url)

    async def _follow(self, method: str, address: str, url: URL) -> Answer:
        """The answer at the end of all redirects; the address moved as far as they are permanent."""
        seen, for_good, lasting, cookies = {url}, url, True, False
        for _hop in range(MOST_REDIRECTS + 1):
            reply = await self._asked(method, url)
            if isinstance(reply, Answer):
                # Of the host of the link itself only; what a site further on does is no news of it.
                return replace(reply, of_host=reply.of_host and len(seen) == 1)
            if reply.status not in _REDIRECTS or "Location" not in reply.headers:
                answer = of_status(reply.status, reply.headers, reply.body)
                if answer.outcome == Outcome.OK:
                    return _arrived(answer, address, start=request_url(address), moved=for_good)
                return replace(answer, of_host=answer.of_host and len(seen) == 1)
            cookies = cookies or "Set-Cookie" in reply.headers
            try:
                url = redirected(url, reply.headers["Location"])
            except Malformed as error:
                return replace(of_error(error), outcome=Outcome.GARBLED, status=reply.status)
            lasting = lasting and reply.status in _PERMANENT
            for_good = url if lasting else for_good
            if url in seen:
                break
            seen.add(url)
        return Answer(Outcome.COOKIES if cookies else Outcome.LOOP, reply.status)

    async def _asked(self, method: str, url: URL) -> Reply | Answer:
        """The reply of a site that lets programs ask for this page, or why there is none."""
        rules = await self._rules(url)
        if isinstance(rules, Answer):
            return rules
        if not rules.allow(url.raw_path_qs):
            return Answer(Outcome.ROBOTS)
        try:
            return await self.asker.ask(method, url, delay=rules.delay)
        except _ERRORS as error:
            return of_error(error)

    async def _rules(self, url: URL) -> Rules | Answer:
        """The rules of a site, asked for once a run; an Answer where they cannot be had now."""
        origin = url.origin()
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._fetch_rules(origin))
        rules = await asyncio.shield(self._robots[origin])
        if isinstance(rules, Answer):
            # The next try asks anew.
            self._robots.pop(origin, None)
        return rules

    async def _fetch_rules(self, origin: URL) -> Rules | Answer:
        url = origin.with_path("/robots.txt")
        for _hop in range(ROBOTS_REDIRECTS + 1):
            try:
                reply = await self.asker.ask("GET", url, most=MOST_BYTES)
                if reply.status in _REDIRECTS and "Location" in reply.headers:
                    url = redirected(url, reply.headers["Location"])
                    continue
            except _ERRORS as error:
                return _no_robots(of_error(error), own=url.origin() == origin)
            if reply.status == 429 or reply.status >= 500:
                busy = of_status(429, reply.headers, b"")
                return replace(busy, status=reply.status, detail="robots.txt")
            return read_rules(reply.body, TOKEN) if 200 <= reply.status < 300 else EVERYTHING
        # RFC 9309, 2.3.1.2: a robots.txt behind more redirects may be taken for one that is not there.
        return EVERYTHING


def _no_robots(answer: Answer, *, own: bool) -> Rules | Answer:
    """What it means that a robots.txt cannot be reached: ask nothing now (RFC 9309, 2.3.1.4).

    Where the site itself cannot be reached, that is what is wrong with its links.
    """
    if own and answer.of_host:
        return answer
    if answer.outcome in (Outcome.MALFORMED, Outcome.NOT_PUBLIC):
        return EVERYTHING
    return Answer(
        Outcome.BUSY, detail=f"robots.txt: {answer.detail}"[:200], wait=3600, of_host=True
    )


def _arrived(answer: Answer, address: str, *, start: URL, moved: URL) -> Answer:
    """An answer with the address to which the page has moved for good, if it has."""
    final = with_fragment(moved, address)
    if moved == start or final == address or len(final) > ADDRESS_MAX_LENGTH:
        return answer
    front = is_front_page_instead(address, moved)
    outcome = Outcome.FRONT_PAGE if front else Outcome.MOVED
    return replace(answer, outcome=outcome, final_address=final)


def _is_server_error(answer: Answer) -> bool:
    return answer.outcome == Outcome.ERROR and (answer.status or 0) >= 500
