"""Links against a site that misbehaves in every way we could think of."""

import asyncio
import gzip
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from resources.linkcheck.answers import Answer
from resources.linkcheck.guard import NotPublic, guarded_sockets, is_public_place
from resources.linkcheck.meaning import LONGEST_WAIT, USUAL_WAIT, wait_asked
from resources.models import Outcome

from .server import HASTY, OK, QUICK, Pace, Request, Server, serving, status, to, visiting

BOMB = gzip.compress(b"\0" * 10_000_000, compresslevel=1)


def run(scenario: Coroutine) -> Any:
    """What a scenario gives, in a thread of its own: browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scenario).result()


def visit(paths, path="/page", **options) -> tuple[Answer, Server]:
    """The answer for one path of a server with these reactions, and the server."""

    async def scenario():
        async with serving(paths=paths) as server, visiting(server, **options) as visitor:
            return await visitor.visit(server.url(path)), server

    return run(scenario())


async def _forever(request: Request) -> None:
    await asyncio.sleep(60)


async def _drip(request: Request) -> None:
    request.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(600):
        request.writer.write(b".")
        await asyncio.sleep(0.05)


async def _slow_headers(request: Request) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 1000:
        request.writer.write(bytes([letter]))
        await asyncio.sleep(0.05)


async def _endless(request: Request) -> None:
    request.writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        request.writer.write(b"x" * 65536)
        await request.writer.drain()


async def _cut(request: Request) -> None:
    request.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort")
    await request.writer.drain()
    request.writer.transport.abort()


async def _reset(request: Request) -> None:
    request.writer.transport.abort()


def _only_get(code):
    return lambda request: status(code) if request.method == "HEAD" else OK


def only_by_get(reaction):
    """HEAD is refused, so that the body of a GET has to be dealt with."""
    return lambda request: status(405) if request.method == "HEAD" else reaction(request)


@pytest.mark.parametrize("code", [400, 403, 404, 405, 500, 501])
def test_a_head_that_is_refused_is_asked_again_by_get(code):
    answer, server = visit({"/page": _only_get(code)})
    assert answer.outcome == Outcome.OK
    assert server.asked_for("/page") == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("reaction", "outcome"),
    [
        (OK, Outcome.OK),
        (status(204), Outcome.OK),
        (status(404), Outcome.GONE),
        (status(410), Outcome.GONE),
        (status(400), Outcome.ERROR),
        (status(500), Outcome.ERROR),
        (status(304), Outcome.ERROR),
        (status(302), Outcome.ERROR),  # a redirect without an address
        (status(401), Outcome.REFUSED),
        (status(403), Outcome.REFUSED),
        (status(999), Outcome.REFUSED),
        (status(503, "cf-mitigated: challenge"), Outcome.REFUSED),
        (status(503, body=b"<title>Just a moment...</title>"), Outcome.REFUSED),
        (status(429), Outcome.BUSY),
        (status(503, "Retry-After: 120"), Outcome.BUSY),
        (status(503), Outcome.ERROR),
        (_forever, Outcome.SLOW),
        (_slow_headers, Outcome.SLOW),
        (_reset, Outcome.UNREACHABLE),
        (lambda request: b"", Outcome.SLOW),
        (b"HELLO\r\n\r\n", Outcome.GARBLED),
        (b"HTTP/9.9 abc\r\n\r\n", Outcome.GARBLED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", Outcome.GARBLED),
        (b"HTTP/1.1 200 OK\r\nX-Many: " + b"y" * 200_000 + b"\r\n\r\n", Outcome.GARBLED),
        (to("javascript:alert(1)"), Outcome.GARBLED),
        (to("ftp://site.example/x"), Outcome.GARBLED),
        (to("http://[broken"), Outcome.GARBLED),
        (to("/page"), Outcome.LOOP),
        (to("/page", 302, "Set-Cookie: a=b"), Outcome.COOKIES),
    ],
)
def test_every_kind_of_answer_has_a_meaning(reaction, outcome):
    pace = HASTY if outcome == Outcome.SLOW else QUICK
    assert visit({"/page": reaction}, pace=pace)[0].outcome == outcome


@pytest.mark.parametrize(
    "reaction",
    [
        _drip,
        _endless,
        _cut,
        lambda request: status(200, "Content-Encoding: gzip", body=BOMB),
        lambda request: status(200, "Content-Encoding: gzip", body=b"no gzip at all"),
        lambda request: status(200, *[f"Set-Cookie: c{n}=v" for n in range(100)]),
        lambda request: (
            b"HTTP/1.1 200 \xe9\xff\r\nX-Odd: \xe9\xfe\xff\r\nContent-Length: 0\r\n\r\n"
        ),
    ],
)
def test_a_page_that_begins_well_answers_whatever_becomes_of_its_body(reaction):
    assert visit({"/page": only_by_get(reaction)})[0].outcome == Outcome.OK


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nmuch more than one",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_an_answer_that_contradicts_itself_is_none(answer):
    assert visit({"/page": only_by_get(lambda request: answer)})[0].outcome == Outcome.GARBLED


def test_no_more_of_a_page_is_read_than_its_beginning():
    written = 0

    async def endless(request):
        nonlocal written
        request.writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            request.writer.write(b"x" * 65536)
            await request.writer.drain()
            written += 65536

    visit({"/page": only_by_get(endless)})
    assert written < 20_000_000


def test_redirects_are_followed_and_only_permanent_ones_offer_a_new_address():
    paths = {
        "/page": to("/two", 301),
        "/two": to("/three", 308),
        "/three": to("/four", 302),
        "/four": to("/five", 301),
        "/five": OK,
    }
    answer, server = visit(paths, "/page#part")
    assert answer.outcome == Outcome.MOVED
    assert answer.final_address == server.url("/three#part")
    answer, _server = visit({**paths, "/page": to("/two", 307)})
    assert (answer.outcome, answer.final_address) == (Outcome.OK, "")


def test_a_page_that_moved_to_nowhere_has_not_moved():
    answer, _server = visit({"/page": to("/two", 301), "/two": status(404)})
    assert (answer.outcome, answer.final_address) == (Outcome.GONE, "")


def test_a_deep_page_that_leads_to_the_front_page_is_told_apart():
    answer, _server = visit({"/deep/page": to("/", 301), "/": OK}, "/deep/page")
    assert answer.outcome == Outcome.FRONT_PAGE


@pytest.mark.parametrize(
    "location",
    [
        b"http://\xff\xfe.example/",
        b"http://a\xe2\x84\x80b.example/",
        b"//[\xff]/",
        b"http://a\x00b/",
    ],
)
def test_whatever_bytes_a_site_sends_can_be_written_down(location):
    answer, _server = visit({"/page": b"HTTP/1.1 301 X\r\nLocation: " + location + b"\r\n\r\n"})
    assert answer.outcome == Outcome.GARBLED
    assert answer.detail.encode()
    assert answer.detail.isprintable()


def test_an_endless_chain_of_redirects_is_left():
    paths = {f"/{n}": to(f"/{n + 1}") for n in range(100)}
    answer, server = visit(paths, "/0")
    assert answer.outcome == Outcome.LOOP
    assert len(server.asked) < 30


@pytest.mark.parametrize("path", ["/ with blank", "/\u00e1rbol?q=a b", "/%zz", "/a|b{c}", "/x\\y"])
def test_addresses_that_editors_really_paste_can_be_asked_for(path):
    answer, server = visit({"/robots.txt": status(404)}, path)
    assert answer.outcome == Outcome.GONE
    assert " " not in server.asked[-1].path
    assert server.asked[-1].path.isascii()


def test_a_fragment_is_not_sent():
    _answer, server = visit({"/page": OK}, "/page#secret")
    assert [request.path for request in server.asked] == ["/robots.txt", "/page"]


def test_nothing_of_ours_is_sent_but_a_name_and_where_to_complain():
    paths = {"/page": to("/two", 302, "Set-Cookie: id=1"), "/two": OK}
    _answer, server = visit(paths)
    for request in server.asked:
        sent = request.head.lower()
        assert "user-agent: healthtopicslinkcheck/1.0 (+https://health.example/)" in sent
        assert not [name for name in ("cookie:", "referer:", "authorization:") if name in sent]


# --- Where nobody may be sent -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/"),
        *("http://10.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/"),
        *("http://[fe80::1]/", "http://192.168.1.1:8080/", "http://168.63.129.16/"),
    ],
)
def test_a_redirect_into_a_private_network_is_not_followed(location):
    def judge(ip, port):
        return is_public_place(ip, port) or (ip == "127.0.0.1" and port == own["port"])

    own = {}

    async def scenario():
        async with serving(paths={"/page": to(location, 301)}) as server:
            own["port"] = server.port
            async with visiting(server, judge=judge) as visitor:
                return await visitor.visit(server.url("/page"))

    answer = run(scenario())
    assert answer.outcome == Outcome.NOT_PUBLIC
    assert not answer.of_host


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.", "0"]
)
def test_numbers_in_disguise_are_no_hosts(host):
    async def scenario():
        async with serving(paths={"/": OK}) as server, visiting(server) as visitor:
            visitor.asker.sleep = None
            return await visitor.visit(f"http://{host}:{server.port + 1}/"), server

    answer, server = run(scenario())
    assert answer.outcome in (Outcome.MALFORMED, Outcome.NOT_PUBLIC)
    assert not server.connections


def test_a_name_that_means_something_else_a_moment_later_leads_nowhere():
    meanings = ["127.0.0.1"]  # what the name server says to the second question

    async def scenario():
        async with serving(paths={"/page": OK, "/two": OK}) as server:

            async def lookup(host, port):
                return [(2, 1, 6, "", (meanings.pop() if meanings else "10.0.0.1", port))]

            async with visiting(server, lookup=lookup) as visitor:
                first = await visitor.visit(server.url("/page"))
                await visitor.asker._session.connector.close()
                return first, server

    answer, server = run(scenario())
    # One lookup for robots.txt and the page: what was judged is what was connected to.
    assert answer.outcome == Outcome.OK
    assert not meanings


@pytest.mark.parametrize("later", ["127.0.0.1", "169.254.169.254"])
def test_what_a_name_means_is_judged_at_each_lookup_and_again_at_the_connection(later):
    async def lookup(host, port):
        return [(2, 1, 6, "", (later, port))]

    answer, server = visit({"/page": OK}, lookup=lookup, judge=is_public_place)
    assert answer.outcome == Outcome.NOT_PUBLIC
    assert not server.connections
    with pytest.raises(NotPublic):
        guarded_sockets(is_public_place)((2, 1, 6, "", (later, 80)))


def test_of_several_places_of_a_name_only_public_ones_are_tried():
    async def lookup(host, port):
        return [(2, 1, 6, "", (ip, port)) for ip in ("10.0.0.1", "127.0.0.1", "192.168.0.1")]

    answer, server = visit({"/page": OK}, lookup=lookup)
    assert answer.outcome == Outcome.OK
    assert server.connections == 1


def test_the_judge_of_an_installation_lets_nobody_visit_this_machine():
    answer, server = visit({"/page": OK}, judge=is_public_place)
    assert answer.outcome == Outcome.NOT_PUBLIC
    assert not server.connections


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert visit({"/page": OK})[0].outcome == Outcome.OK


def test_a_name_that_does_not_exist_is_one_reason_for_all_links_of_its_site():
    async def lookup(host, port):
        raise OSError("no such name")

    answer, _server = visit({}, lookup=lookup)
    assert (answer.outcome, answer.of_host) == (Outcome.NO_HOST, True)


def test_a_site_on_ipv6_is_visited():
    async def scenario():
        async with serving(host="::1", paths={"/page": OK}) as server:
            lookup = _places((10, 1, 6, "", ("::1", 0, 0, 0)))
            async with visiting(server, ip="::1", lookup=lookup) as visitor:
                return await visitor.visit(server.url("/page"))

    assert run(scenario()).outcome == Outcome.OK


def _places(*places):
    async def lookup(host, port):
        return list(places)

    return lookup


# --- Certificates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "host", "outcome", "detail"),
    [
        ("good", "secure.example", Outcome.OK, ""),
        ("good", "other.example", Outcome.CERTIFICATE, "not valid for 'other.example'"),
        ("expired", "secure.example", Outcome.CERTIFICATE, "expired"),
        ("self_signed", "secure.example", Outcome.CERTIFICATE, "self-signed"),
    ],
)
def test_a_certificate_that_browsers_refuse_is_reported_with_its_reason(
    certificate, host, outcome, detail
):
    async def scenario():
        async with (
            serving(certificate, paths={"/page": OK}) as server,
            visiting(server) as visitor,
        ):
            return await visitor.visit(server.url("/page", host, "https"))

    answer = run(scenario())
    assert answer.outcome == outcome
    assert detail in answer.detail


def test_a_handshake_that_hangs_ends():
    async def scenario():
        # A server that waits for the end of a request and never gets one in TLS.
        async with serving() as server, visiting(server, pace=HASTY) as visitor:
            return await visitor.visit(server.url("/", "secure.example", "https"))

    answer = run(scenario())
    assert (answer.outcome, answer.of_host) == (Outcome.SLOW, True)


def test_from_http_to_https_is_a_move():
    async def scenario():
        async with serving("good", paths={"/page": OK}) as safe, serving() as plain:
            goal = safe.url("/page", "secure.example", "https")
            plain.paths["/page"] = to(goal, 301)
            async with visiting(safe, plain) as visitor:
                return await visitor.visit(plain.url("/page")), goal

    answer, goal = run(scenario())
    assert (answer.outcome, answer.final_address) == (Outcome.MOVED, goal)


# --- robots.txt -------------------------------------------------------------------------------------


def robots(text: bytes, code: int = 200) -> bytes:
    return status(code, body=text)


@pytest.mark.parametrize(
    ("reaction", "outcome"),
    [
        (robots(b"User-agent: *\nDisallow: /"), Outcome.ROBOTS),
        (robots(b"User-agent: *\nDisallow: /other"), Outcome.OK),
        (robots(b"User-agent: HealthTopicsLinkCheck\nDisallow: /"), Outcome.ROBOTS),
        (robots(b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /"), Outcome.OK),
        (robots(b"\xff\xfe\x00nonsense"), Outcome.OK),
        (robots(b"User-agent: *\nDisallow: /", 404), Outcome.OK),
        (robots(b"", 403), Outcome.OK),
        (robots(b"", 500), Outcome.BUSY),
        (robots(b"", 429), Outcome.BUSY),
        (_forever, Outcome.BUSY),
        (_reset, Outcome.BUSY),
        (to("/robots.txt"), Outcome.OK),
        (to("http://127.0.0.1:9/robots.txt"), Outcome.OK),
    ],
)
def test_robots_txt_is_honoured(reaction, outcome):
    pace = HASTY if reaction is _forever else QUICK
    answer, server = visit({"/page": OK, "/robots.txt": reaction}, pace=pace)
    assert answer.outcome == outcome
    assert bool(server.asked_for("/page")) == (outcome == Outcome.OK)


def test_robots_txt_is_asked_for_once_a_site():
    async def scenario():
        paths = {"/robots.txt": robots(b"User-agent: *\nAllow: /"), "/a": OK, "/b": OK}
        async with serving(paths=paths) as server, visiting(server) as visitor:
            await asyncio.gather(*(visitor.visit(server.url(path)) for path in ("/a", "/b", "/a")))
            return server

    assert run(scenario()).asked_for("/robots.txt") == ["GET"]


def test_robots_txt_of_a_site_that_is_redirected_to_counts_too():
    async def scenario():
        paths = {"/robots.txt": robots(b"User-agent: *\nDisallow: /"), "/page": OK}
        async with serving(paths=paths) as there, serving() as here:
            here.paths["/page"] = to(there.url("/page"), 301)
            async with visiting(here, there) as visitor:
                return await visitor.visit(here.url("/page")), there

    answer, there = run(scenario())
    assert answer.outcome == Outcome.ROBOTS
    assert not there.asked_for("/page")


# --- Patience ---------------------------------------------------------------------------------------


def patient(paths, path="/page", **pace):
    """The answer, the server, and the seconds that the visitor would have slept."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    pace = Pace(**{**{name: getattr(QUICK, name) for name in Pace.__slots__}, **pace})
    answer, server = visit(paths, path, sleep=sleep, pace=pace)
    return answer, server, slept


def test_a_site_that_does_not_answer_is_asked_again_after_growing_pauses():
    answer, server, slept = patient({"/page": status(500)}, retries=(5, 20))
    assert answer.outcome == Outcome.ERROR
    assert slept == [5, 20]
    assert len(server.asked_for("/page")) == 6


def test_a_site_that_recovers_is_believed():
    left = [status(500)] * 2
    answer, _server, slept = patient(
        {"/page": lambda request: left.pop() if left else OK}, retries=(5, 20)
    )
    assert (answer.outcome, slept) == (Outcome.OK, [5])


def test_what_is_certain_is_not_asked_again():
    _answer, server, slept = patient({"/page": status(404)}, retries=(5, 20))
    assert slept == []
    assert server.asked_for("/page") == ["HEAD", "GET"]


def test_a_busy_site_is_given_the_time_it_asks_for():
    left = [status(429, "Retry-After: 30")]
    reaction = {"/page": lambda request: left.pop() if left else OK}
    answer, _server, slept = patient(reaction, retries=(5,), patience=60)
    assert (answer.outcome, slept) == (Outcome.OK, [30])
    answer, server, slept = patient(
        {"/page": status(429, "Retry-After: 90")}, retries=(5,), patience=60
    )
    assert (answer.outcome, answer.wait, slept) == (Outcome.BUSY, 90, [])
    assert server.asked_for("/page") == ["HEAD"]


def test_two_questions_to_one_site_are_a_pause_apart():
    _answer, _server, slept = patient({"/page": OK}, pause=10)
    assert len(slept) == 1
    assert 9 < slept[0] <= 10
    delay = {"/page": OK, "/robots.txt": robots(b"User-agent: *\nCrawl-delay: 25")}
    assert 24 < patient(delay, pause=10)[2][0] <= 25


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW - timedelta(days=5), usegmt=True), 0),
        ("99999999999999999999", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Fri, 31 Dec 1999 23:59:59", USUAL_WAIT),
        *(
            (nonsense, USUAL_WAIT)
            for nonsense in ("-5", "soon", "", "1e400", "nan", "\u0663", None)
        ),
    ],
)
def test_any_retry_after_is_understood_or_bounded(value, seconds):
    assert wait_asked(value, now=NOW) == seconds
