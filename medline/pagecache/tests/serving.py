"""Real server processes of a site, on the database of the test that runs."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from .proxy import Proxy
from .visiting import Reply

PATIENCE = 60
SETTINGS = "medline.pagecache.tests.server_settings"


class Process:
    """One process of gunicorn."""

    def __init__(self, environment: dict[str, str]):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "medline.wsgi"),
                *("--bind", f"127.0.0.1:{self.port}", "--threads", "4", "--log-level", "error"),
                # As scripts/run.sh says, and why docs/operators.md.
                "--forwarder-headers=",
            ],
            env=environment,
        )

    def get(self, path: str, **headers: str) -> Reply:
        visitor = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(visitor):
            visitor.request("GET", path, headers=headers)
            answer = visitor.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())

    def wait(self) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            with contextlib.suppress(OSError):
                self.get("/healthz")
                return
            time.sleep(0.05)
        raise TimeoutError("the server does not answer")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)


def environment(database: str, **more: str) -> dict[str, str]:
    cache = settings.CACHES["default"]["LOCATION"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": database,
        "CACHE_URL": cache if "redis" in cache else "locmemcache://medline",
        "SECRET_KEY": settings.SECRET_KEY,
        "LOG_LEVEL": "CRITICAL",
        **more,
    }


def database_url(port: int | None = None) -> str:
    """The database of this test; PostgreSQL at another port, behind which a proxy stands."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = "127.0.0.1" if port else database["HOST"]
    at = f"{host}:{port or database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{at}/{database['NAME']}"


@contextlib.contextmanager
def network() -> Iterator[Proxy | None]:
    """What stands between the processes and PostgreSQL; SQLite has nothing in between."""
    if connection.vendor == "sqlite":
        yield None
        return
    address = urlsplit(database_url())
    proxy = Proxy(address.hostname, address.port)
    try:
        yield proxy
    finally:
        proxy.close()
