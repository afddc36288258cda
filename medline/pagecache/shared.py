"""Pages in Redis or Valkey, so that one process need not make what another has made.

Never needed: a Redis that is away, slow or full of rubbish costs one short wait, and is left alone
for some seconds. What comes from it is believed only with a digest that needs the secret key, so
that whoever can write to it cannot write the site's pages.
"""

import logging
import time
from hashlib import blake2b

import brotli
import msgspec
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from .page import Page
from .store import Asked, Version

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.05
REST_SECONDS = 5
# Longer than a page is asked for again and again; a page of an old generation is never asked for.
KEEP_SECONDS = 3600
LARGEST = 2 * 1024 * 1024
_DIGEST = 32


class _Stored(msgspec.Struct, array_like=True):
    status: str
    headers: list[tuple[str, str]]
    body: bytes  # Brotli


class SharedStore:
    """Pages under (release, generation, day, scheme, path)."""

    def __init__(self, client: redis.Redis, release: str, secret: str):
        self._client = client
        self._release = release
        self._secret = blake2b(secret.encode(), person=b"medline pages").digest()
        self._rests_until = 0.0
        self._read = msgspec.msgpack.Decoder(_Stored)
        self._write = msgspec.msgpack.Encoder()

    def get(self, asked: Asked, version: Version) -> Page | None:
        """The page that some process made under exactly this version."""
        name = self._name(asked, version)
        # Not GET: however long the value may be, only so much of it is fetched.
        value = self._ask(lambda: self._client.getrange(name, 0, LARGEST))
        if not value:
            return None
        digest, content = value[:_DIGEST], value[_DIGEST:]
        if digest != self._digest(name, content):
            self._rest("a value that this site did not write")
            return None
        stored = self._read.decode(content)
        body = brotli.decompress(stored.body)
        page = Page(stored.status, stored.headers, body, release=self._release)
        page.adopt("br", stored.body)
        return page

    def put(self, asked: Asked, version: Version, page: Page) -> None:
        """Let the other processes have a page."""
        name = self._name(asked, version)
        content = self._write.encode(_Stored(page.status, page.headers, page.answer("br").body))
        value = self._digest(name, content) + content
        if len(value) <= LARGEST:
            self._ask(lambda: self._client.set(name, value, ex=KEEP_SECONDS))

    def _name(self, asked: Asked, version: Version) -> bytes:
        described = repr((self._release, version.generation, version.day, *asked)).encode()
        return b"medline:page:" + blake2b(described, digest_size=20).hexdigest().encode()

    def _digest(self, name: bytes, content: bytes) -> bytes:
        return blake2b(name + content, key=self._secret, digest_size=_DIGEST).digest()

    def _ask(self, question):
        """The answer, or None while Redis is resting or when it gives none in time."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return question()
        except (redis.RedisError, OSError, ValueError) as error:
            self._rest(str(error))
            return None

    def _rest(self, reason: str) -> None:
        self._rests_until = time.monotonic() + REST_SECONDS
        logger.warning("Pages are not shared for %s seconds: %s", REST_SECONDS, reason)


def shared_store(release: str) -> SharedStore | None:
    """The store in the Redis that CACHE_URL names, or None where it names none."""
    cache = settings.CACHES["default"]
    if "redis" not in cache["BACKEND"].lower():
        return None
    location = cache["LOCATION"]
    client = redis.Redis.from_url(
        location if isinstance(location, str) else location[0],
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return SharedStore(client, release, settings.SECRET_KEY)
