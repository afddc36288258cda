"""Pages shared through Redis: taken when they are good, and never needed."""

import time

import pytest
import redis
from django.conf import settings
from django.test import override_settings

from medline.pagecache.front import PageCache
from medline.pagecache.shared import LARGEST, REST_SECONDS

from .proxy import Proxy
from .test_front import LEUKEMIA, rename
from .visiting import visit

IN_TIME = 0.6
location = settings.CACHES["default"]["LOCATION"]
pytestmark = pytest.mark.skipif("redis" not in location, reason="needs Redis")


@pytest.fixture
def server():
    with redis.Redis.from_url(location) as client:
        yield client


@pytest.fixture
def second(front, django):
    """Another process of the same site."""
    made = PageCache(django)
    yield made
    made.primary.close()


def stored(server) -> bytes:
    (name,) = server.keys("medline:page:*")
    return name


def test_a_page_made_in_one_process_is_answered_by_another(front, second, django):
    made = visit(front, LEUKEMIA)
    packed = visit(front, LEUKEMIA, HTTP_ACCEPT_ENCODING="br")
    django.asked.clear()
    assert visit(second, LEUKEMIA) == made
    assert visit(second, LEUKEMIA, HTTP_ACCEPT_ENCODING="br") == packed
    assert django.asked == []


def test_a_shared_page_is_as_new_as_any(front, second):
    visit(front, LEUKEMIA)
    rename("Another name")
    assert "Another name" in visit(second, LEUKEMIA).text


def test_another_release_or_day_or_scheme_is_another_page(front, django, monkeypatch):
    visit(front, LEUKEMIA)
    with override_settings(RELEASE="the next one"):
        newer = PageCache(django)
    django.asked.clear()
    visit(newer, LEUKEMIA)
    visit(newer, LEUKEMIA, **{"wsgi.url_scheme": "https"})
    monkeypatch.setattr(newer, "_today", lambda: "2031-01-01")
    visit(newer, LEUKEMIA)
    assert django.asked == [LEUKEMIA] * 3
    newer.primary.close()


def test_shared_pages_leave_by_themselves(front, server):
    visit(front, LEUKEMIA)
    assert 0 < server.ttl(stored(server)) <= 3600


def test_rubbish_is_never_shown(front, django, server):
    reference = visit(front, LEUKEMIA)
    name = stored(server)
    good = server.get(name)
    visit(front, "/")
    (other,) = set(server.keys("medline:page:*")) - {name}
    for rubbish in (
        b"x",
        b"",
        good[:-1],
        good[:32] + good[33:],
        good.replace(b"200 OK", b"201 OK"),
        server.get(other),
        b"y" * (LARGEST + 100),
    ):
        server.set(name, rubbish)
        process = PageCache(django)
        assert visit(process, LEUKEMIA) == reference
        process.primary.close()
    server.delete(name)
    server.rpush(name, "a list")
    process = PageCache(django)
    assert visit(process, LEUKEMIA) == reference
    process.primary.close()


def test_a_page_signed_with_another_key_is_not_believed(front, django, server):
    visit(front, LEUKEMIA)
    with override_settings(
        SECRET_KEY="another key, as long as the one that the site really has, 1"
    ):
        stranger = PageCache(django)
    django.asked.clear()
    visit(stranger, LEUKEMIA)
    assert django.asked == [LEUKEMIA]
    stranger.primary.close()


@pytest.mark.parametrize("trouble", ["stall", "cut"])
def test_a_redis_that_is_silent_or_gone_costs_one_short_wait(front, django, server, trouble):
    parameters = server.connection_pool.connection_kwargs
    proxy = Proxy(parameters["host"], parameters["port"])
    address = location.replace(f":{parameters['port']}", f":{proxy.port}")
    with override_settings(CACHES={"default": {**settings.CACHES["default"], "LOCATION": address}}):
        process = PageCache(django)
    reference = visit(process, LEUKEMIA)
    getattr(proxy, trouble)()
    began = time.monotonic()
    assert visit(process, "/").status == 200
    assert visit(process, "/cancers.html").status == 200
    assert visit(process, LEUKEMIA) == reference
    assert time.monotonic() - began < IN_TIME * 3
    assert process._shared._rests_until > time.monotonic() + REST_SECONDS - IN_TIME * 4
    process.primary.close()
    proxy.close()
