"""The page cache in one process: what it keeps, when it lets go, what it never keeps."""

import gzip

import brotli
import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from medline.pagecache import cdn
from medline.pagecache.front import PageCache
from medline.pagecache.primary import Unanswered
from medline.pagecache.store import Store
from topics.models import Generation
from topics.publishing import withdraw
from topics.tests import public
from topics.tests.public import plain

from .visiting import visit

LEUKEMIA = "/acuteleukemia.html"
PAGES = [
    "/",
    "/healthtopics.html",
    "/healthtopics_a.html",
    "/all_healthtopics.html",
    "/cancers.html",
    LEUKEMIA,
    "/about/",
    "/about/disclaimer.html",
    "/fever.html",
    "/feeds/whatsnew.xml",
    "/feeds/topics/acuteleukemia.atom",
    "/sitemap.xml",
    "/robots.txt",
]
SPANISH = ["/spanish" + page for page in PAGES[:-4] if page != "/fever.html"]


def rename(name: str) -> None:
    with transaction.atomic():
        public.name_the_site(name_en=name, name_es=name)


@transaction.atomic
def publish(document):
    return public.publish(document)[0]


@pytest.fixture
def unanswered(front, monkeypatch):
    """A switch that cuts the database off from the page cache."""

    return lambda: monkeypatch.setattr(front.primary, "ask", failing)


def failing(_deadline):
    raise Unanswered("gone")


# --- What is kept -----------------------------------------------------------------------------------


def test_a_kept_page_of_any_type_is_what_django_would_answer_now(front, django):
    for path in PAGES + SPANISH:
        compare_kept_and_made(front, django, path)


def compare_kept_and_made(front, django, path: str) -> None:
    bare = visit(django.django, path)
    first = visit(front, path)
    django.asked.clear()
    second = visit(front, path)
    assert django.asked == []
    assert second == first
    assert first.status == bare.status == (410 if path == "/fever.html" else 200)
    assert first.body == bare.body
    added = {"ETag", "Vary"} | ({"Cache-Control"} - bare.headers.keys())
    assert {k: v for k, v in first.headers.items() if k not in added} == {
        k: v for k, v in bare.headers.items() if k not in added
    }
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Vary"] == "Accept-Encoding"


def test_a_site_that_keeps_nothing_answers_the_same(front, django, settings):
    settings.PAGE_CACHE_BYTES = 0
    without = PageCache(django)
    for encoding in ("", "br", "gzip"):
        kept = [visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING=encoding) for _ in range(2)]
        made = [visit(without, LEUKEMIA, HTTP_ACCEPT_ENCODING=encoding) for _ in range(2)]
        assert kept == made
    assert without.store.weight == 0
    without.primary.close()


def test_a_kept_page_costs_one_query_of_the_generation(front, django, monkeypatch):
    visit(front, LEUKEMIA)
    asked = []
    ask = front.primary.ask
    monkeypatch.setattr(front.primary, "ask", lambda deadline: asked.append(1) or ask(deadline))
    django.asked.clear()
    with CaptureQueriesContext(connection) as queries:
        assert visit(front, LEUKEMIA).status == 200
    assert (len(asked), len(queries), django.asked) == (1, 0, [])


def test_a_page_the_reader_has_already_is_not_sent_again_and_costs_one_query(
    front, django, monkeypatch
):
    page = visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING="gzip")
    etag = page.headers["ETag"]
    asked = []
    ask = front.primary.ask
    monkeypatch.setattr(front.primary, "ask", lambda deadline: asked.append(1) or ask(deadline))
    django.asked.clear()
    for condition in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = visit(front, LEUKEMIA, HTTP_IF_NONE_MATCH=condition, HTTP_ACCEPT_ENCODING="br")
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"] == "no-cache"
    assert (len(asked), django.asked) == (4, [])
    rename("Another name")
    assert visit(front, LEUKEMIA, HTTP_IF_NONE_MATCH=etag).status == 200


def test_a_page_that_was_withdrawn_is_never_not_modified(front):
    gone = visit(front, "/fever.html")
    assert gone.status == 410
    assert visit(front, "/fever.html", HTTP_IF_NONE_MATCH=gone.headers["ETag"]) == gone


def test_what_is_not_declared_to_be_for_everybody_is_not_kept(front):
    missing = ("/nothing.html", "/spanish/fever.html", "/static/none.html")
    moved = ("/CANCERS.html", "/spanish")
    others = ("/search/", "/admin/login/", "/healthz")
    for path in (*missing, *moved, *others):
        assert visit(front, path).status == visit(front, path).status
    assert front.store.weight == 0


# --- When it lets go --------------------------------------------------------------------------------


def test_whatever_is_published_is_in_the_next_answer(front):
    assert visit(front, "/anemia.html").status == 200
    publish(plain("Malaria", 40))
    assert "Malaria" in visit(front, "/all_healthtopics.html").text
    rename("Well-being")
    assert "Well-being" in visit(front, "/anemia.html").text
    measles = publish(plain("Measles", 41))
    assert visit(front, "/measles.html").status == 200
    withdraw(measles.pk, by=None, reason="Wrong.")
    assert visit(front, "/measles.html").status == 410


def test_a_page_made_while_something_was_published_is_not_kept(front, django):
    publishing = iter([lambda: rename("Newer name")])
    django.meanwhile = lambda: next(publishing, lambda: None)()
    visit(front, LEUKEMIA)
    assert front.store.weight == 0
    assert "Newer name" in visit(front, LEUKEMIA).text
    assert front.store.weight > 0


def test_a_page_made_in_a_transaction_that_fails_leaves_nothing_behind(front):
    before = visit(front, LEUKEMIA)
    with pytest.raises(KeyError), transaction.atomic():
        public.name_the_site(name_en="Never")
        raise KeyError
    assert visit(front, LEUKEMIA) == before


def test_a_page_is_made_anew_on_the_next_day(front, django, monkeypatch):
    visit(front, LEUKEMIA)
    monkeypatch.setattr(front, "_today", lambda: "2031-01-01")
    django.asked.clear()
    visit(front, LEUKEMIA)
    visit(front, LEUKEMIA)
    assert django.asked == [LEUKEMIA]


def test_compressed_forms_outlive_a_publish_that_does_not_change_the_page(front):
    visit(front, "/robots.txt", HTTP_ACCEPT_ENCODING="br")
    page = front.store.get(("http", "/robots.txt")).page
    rename("Another name")
    visit(front, "/robots.txt")
    assert front.store.get(("http", "/robots.txt")).page is page


def test_a_restored_backup_never_says_a_number_that_was_used_after_it(site):
    backup = Generation.objects.get(pk=1).number
    rename("After the backup")
    used = Generation.objects.get(pk=1).number
    Generation.objects.filter(pk=1).update(number=backup)
    rename("After the restoration")
    assert Generation.objects.get(pk=1).number > used


def test_the_memory_is_bounded_and_the_page_least_asked_for_leaves(front, settings, django):
    weights = {}
    for path in (LEUKEMIA, "/", "/cancers.html"):
        before = front.store.weight
        visit(front, path)
        weights[path] = front.store.weight - before
    settings.PAGE_CACHE_BYTES = sum(weights.values())
    small = PageCache(django)
    for path in (LEUKEMIA, "/", "/cancers.html", LEUKEMIA, "/all_healthtopics.html"):
        visit(small, path)
        assert 0 < small.store.weight <= settings.PAGE_CACHE_BYTES
    assert small.store.get(("http", LEUKEMIA))
    assert not small.store.get(("http", "/"))
    small.primary.close()


# --- The encodings ----------------------------------------------------------------------------------


def test_a_page_is_sent_in_the_encoding_that_the_reader_takes(front):
    plainly = visit(front, LEUKEMIA)
    packed = visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING="gzip, deflate, br, zstd")
    zipped = visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING="gzip")
    assert "Content-Encoding" not in plainly.headers
    assert packed.headers["Content-Encoding"] == "br"
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert brotli.decompress(packed.body) == gzip.decompress(zipped.body) == plainly.body
    assert len(packed.body) < len(zipped.body) < len(plainly.body) / 2
    for reply in (plainly, packed, zipped):
        assert reply.headers["Content-Length"] == str(len(reply.body))
        assert reply.headers["Vary"] == "Accept-Encoding"
        assert reply.headers["ETag"] == plainly.headers["ETag"]
    assert front.store.weight > sum(len(reply.body) for reply in (plainly, packed, zipped))


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/nothing.html", "", 404),
        ("/nothing", "", 404),
        ("/search/", "", 200),
        ("/search/", "q=leukemia", 200),
    ],
)
def test_a_page_that_is_not_kept_is_sent_in_the_encoding_that_the_reader_takes_too(
    front, path, query, status
):
    plainly, zipped, packed, refusing = (
        visit(front, path, query=query, HTTP_ACCEPT_ENCODING=accepted)
        for accepted in ("", "gzip", "gzip, br", "gzip;q=0, br;q=0")
    )
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Encoding"] == "br"
    assert gzip.decompress(zipped.body) == brotli.decompress(packed.body) == plainly.body
    assert len(packed.body) < len(zipped.body) < len(plainly.body) / 1.5
    assert refusing == plainly
    for reply in (plainly, zipped, packed):
        assert reply.status == status
        assert reply.headers["Vary"] == "Accept-Encoding"
        assert reply.headers["Content-Length"] == str(len(reply.body))
    assert front.store.weight == 0


@pytest.mark.parametrize("path", ["/report/", "/admin/login/"])
def test_a_page_with_a_secret_is_never_compressed(front, path):
    query = "page=acuteleukemia&next=words"
    for asked in ("", query):
        reply = visit(front, path, query=asked, HTTP_ACCEPT_ENCODING="gzip, br")
        assert reply.status == 200
        assert "Content-Encoding" not in reply.headers


# --- Poison -----------------------------------------------------------------------------------------


ATTACKS = [
    ({"HTTP_HOST": "evil.example.org"}, 400),
    ({"HTTP_HOST": "localhost"}, 200),
    ({"HTTP_HOST": "127.0.0.1:1"}, 200),
    ({"HTTP_HOST": ""}, 400),
    ({"HTTP_X_FORWARDED_HOST": "evil.example.org"}, 200),
    ({"HTTP_X_FORWARDED_PROTO": "https"}, 200),
    ({"HTTP_X_FORWARDED_FOR": "evil.example.org", "HTTP_FORWARDED": "host=evil"}, 200),
    ({"HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_REWRITE_URL": "/admin/"}, 200),
    ({"query": "q=<script>evil</script>"}, 200),
    ({"query": "utm_source=evil"}, 200),
    ({"HTTP_ACCEPT_LANGUAGE": "es;q=1, evil"}, 200),
    ({"HTTP_ACCEPT_ENCODING": "evil;q=x, identity;q=0, " + "x," * 500}, 200),
    ({"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE", "HTTP_X_METHOD_OVERRIDE": "POST"}, 200),
    ({"HTTP_COOKIE": "django_language=es; sessionid=evil; csrftoken=evil"}, 200),
    ({"HTTP_AUTHORIZATION": "Basic ZXZpbDpldmls"}, 200),
    ({"HTTP_X_EVIL": "evil" * 20_000}, 200),
    ({"HTTP_RANGE": "bytes=0-10"}, 200),
    ({"HTTP_IF_NONE_MATCH": '"evil", W/"', "HTTP_IF_MODIFIED_SINCE": "evil"}, 200),
    ({"method": "HEAD"}, 200),
    ({"method": "POST", "CONTENT_TYPE": "text/html"}, 405),
    ({"method": "OPTIONS"}, 204),
    ({"method": "TRACE"}, 405),
    ({"SCRIPT_NAME": "/evil"}, 200),
    ({"SERVER_NAME": "evil.example.org", "SERVER_PORT": "1"}, 200),
    ({"REMOTE_USER": "admin", "REMOTE_ADDR": "evil"}, 200),
]


def test_what_a_visitor_sends_never_reaches_the_next_one(front):
    reference = visit(front, LEUKEMIA)
    for attack, status in ATTACKS:
        front.store = Store(settings.PAGE_CACHE_BYTES)
        assert visit(front, LEUKEMIA, **attack).status == status, attack
        assert visit(front, LEUKEMIA) == reference, attack
        # And a kept page is not an answer to a request that Django would refuse.
        assert visit(front, LEUKEMIA, **attack).status == status, attack


def test_odd_addresses_are_answered_and_not_kept(front):
    for path, status in (
        ("/\x00.html", 404),
        ("/%00", 404),
        (f"/{'a' * 5000}.html", 404),
        ("//evil.example.org/..", 404),
        ("/acuteleukemia.html/../admin/", 404),
        ("/ÿþ.html", 404),
        ("/ACUTELEUKEMIA.HTML", 301),
    ):
        reply = visit(front, path)
        assert reply.status == status, path
        assert visit(front, path) == reply
    assert front.store.weight == 0


def test_http_and_https_are_kept_apart(site, django, settings):
    settings.SECURE_HSTS_SECONDS = 60
    front = PageCache(get_wsgi_application())
    plainly = visit(front, LEUKEMIA)
    secure = visit(front, LEUKEMIA, **{"wsgi.url_scheme": "https"})
    assert "Strict-Transport-Security" not in plainly.headers
    assert "Strict-Transport-Security" in secure.headers
    assert visit(front, LEUKEMIA) == plainly
    front.primary.close()


def test_http_is_sent_to_https_at_the_host_asked_for(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    front = PageCache(get_wsgi_application())
    moved = visit(front, LEUKEMIA, HTTP_HOST="localhost")
    assert (moved.status, moved.headers["Location"]) == (301, f"https://localhost{LEUKEMIA}")
    assert front.store.weight == 0


def test_behind_a_proxy_its_header_says_whether_it_is_https(site, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    front = PageCache(get_wsgi_application())
    for said, secure in (("https", True), ("https, http", True), ("http", False), ("x", False)):
        reply = visit(front, LEUKEMIA, HTTP_X_FORWARDED_PROTO=said)
        assert ("Strict-Transport-Security" in reply.headers) is secure
    front.primary.close()


# --- While the database is away ---------------------------------------------------------------------


def test_the_newest_pages_are_shown_marked_while_the_database_is_away(front, unanswered, clock):
    fresh = visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING="br")
    unanswered()
    clock.now += 3600
    stale = visit(
        front, LEUKEMIA, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=fresh.headers["ETag"]
    )
    assert (stale.status, stale.body) == (200, fresh.body)
    assert stale.headers["Cache-Control"] == "no-store"
    assert stale.headers["Warning"] == '110 - "Response is Stale"'
    assert stale.headers["Age"] == "3600"
    assert "ETag" not in stale.headers


def test_pages_are_shown_for_a_day_and_then_no_more(front, unanswered, clock):
    visit(front, LEUKEMIA)
    unanswered()
    clock.now += settings.STALE_MAX
    assert visit(front, LEUKEMIA).status == 200
    clock.now += 1
    late = visit(front, LEUKEMIA)
    assert late.status == 503
    assert late.headers["Retry-After"] == "60"
    assert late.headers["Cache-Control"] == "no-store"


def test_a_page_that_is_not_kept_is_503_in_its_language_without_asking_django(
    front, django, unanswered
):
    visit(front, LEUKEMIA)
    unanswered()
    django.asked.clear()
    for path in ("/spanish/anemia.html", "/spanish/nothing.html"):
        reply = visit(front, path, HTTP_ACCEPT_LANGUAGE="en")
        assert reply.status == 503
        assert "no está disponible en este momento" in reply.text
        assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert django.asked == []


def test_no_request_waits_for_a_database_that_is_known_to_be_away(front, django, unanswered):
    unanswered()
    assert visit(front, LEUKEMIA).status == 503
    django.asked.clear()
    assert visit(front, "/search/", query="q=anemia").status == 503
    assert visit(front, "/admin/login/").status == 503
    # Whether a picture is public stands in the database.
    assert visit(front, f"/media/pictures/{'0' * 32}/320.jpg").status == 503
    assert django.asked == []
    assert visit(front, "/healthz").status == 200


@pytest.mark.parametrize(
    "path", ["/report/", "/spanish/report/", LEUKEMIA, "/admin/topics/", "/nowhere"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_what_is_sent_while_the_database_is_away_is_503_and_no_fault_of_the_sender(
    front, unanswered, path, method
):
    unanswered()
    visit(front, "/search/")
    signed_in = f"{settings.SESSION_COOKIE_NAME}={'a' * 32}"
    with CaptureQueriesContext(connection) as queries:
        reply = visit(front, path, method, CONTENT_TYPE="text/plain", HTTP_COOKIE=signed_in)
    assert (reply.status, reply.headers["Retry-After"], len(queries)) == (503, "60", 0)


def test_a_page_older_than_what_this_process_knows_is_not_shown(front, unanswered):
    visit(front, LEUKEMIA)
    rename("Newer")
    visit(front, "/")
    unanswered()
    assert visit(front, "/").status == 200
    assert visit(front, LEUKEMIA).status == 503


def test_an_outage_leaves_nothing_behind(front, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(front.primary, "ask", failing)
        assert visit(front, LEUKEMIA).status == 503
    assert visit(front, LEUKEMIA).headers["Cache-Control"] == "no-cache"
    assert front.store.weight > 0


def test_a_process_that_knows_nothing_yet_shows_nothing(front, unanswered):
    unanswered()
    assert visit(front, LEUKEMIA).status == 503


def test_a_process_is_ready_for_as_long_as_it_can_show_pages(front, unanswered, clock):
    assert visit(front, "/readyz").body == b"ok\n"
    unanswered()
    ready = visit(front, "/readyz")
    assert ready.status == 200
    assert b"kept pages only" in ready.body
    clock.now += settings.STALE_MAX + 1
    assert visit(front, "/readyz").status == 503


# --- Networks in front ------------------------------------------------------------------------------


def test_no_network_is_told_to_keep_pages_unless_it_can_be_told_to_drop_them(front):
    reply = visit(front, LEUKEMIA)
    assert not {"Surrogate-Key", "Cache-Tag"} & reply.headers.keys()
    assert reply.headers["Cache-Control"] == "no-cache"


def test_a_network_that_can_be_purged_is_told_how(site, django, settings):
    settings.CDN_PURGE_URL = "https://cdn.example.org/purge"
    front = PageCache(django)
    headers = visit(front, LEUKEMIA).headers
    assert headers["Cache-Control"] == "max-age=0, must-revalidate, s-maxage=300"
    keys = headers["Surrogate-Key"].split()
    assert keys[:3] == ["pages", "topic-en-acuteleukemia", "topic-es-acuteleukemia"]
    # And the topics that the page names.
    assert set(keys[3:]) == {"topic-en-anemia", "topic-es-anemia"}
    assert headers["Cache-Tag"].split(",") == keys
    assert visit(front, "/all_healthtopics.html").headers["Surrogate-Key"] == "pages lists"
    front.primary.close()


@pytest.mark.parametrize("goes_away", [True, False])
def test_a_page_that_is_not_kept_here_is_kept_by_no_network(
    site, django, settings, monkeypatch, goes_away
):
    settings.CDN_PURGE_URL = "https://cdn.example.org/purge"
    monkeypatch.setattr(cdn, "purge", lambda: True)
    front = PageCache(django)

    def meanwhile():
        if goes_away:
            front.primary.ask = failing
        else:
            rename("Newer name")

    django.meanwhile = meanwhile
    reply = visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING="br")
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-cache")
    assert reply.headers["Content-Encoding"] == "br"
    assert not {"Surrogate-Key", "Cache-Tag"} & reply.headers.keys()
    assert front.store.weight == 0
    front.primary.close()
