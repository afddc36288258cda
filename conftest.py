"""What every test shares: settings of the test run, no network, a real browser, the suffix guard.

`python -m pytest` runs on SQLite; DATABASE_URL and CACHE_URL choose another database or cache.
"""

import ctypes.util
import functools
import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache

from tests import emptying, suffix_guard

# Playwright's synchronous interface leaves an event loop running in the test's thread, where Django
# would refuse the database for the rest of the process.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The page under test may ask this machine and nobody else.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
FIRST_REDIS_DATABASE = 8


# --- The run ----------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="run only tests that another database or cache could fail, without a browser",
    )


def pytest_configure(config: pytest.Config) -> None:
    # The manifest needs collectstatic; a fast hash makes users cheap.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    default_cache = settings.CACHES["default"]
    if "redis" in default_cache["BACKEND"].lower():
        # One numbered Redis database per test process: clearing the cache empties a whole database.
        worker = getattr(config, "workerinput", {}).get("workerid", "gw0")
        number = FIRST_REDIS_DATABASE + int(worker.removeprefix("gw"))
        default_cache["LOCATION"] = (
            urlsplit(default_cache["LOCATION"])._replace(path=f"/{number}").geturl()
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    wanted = [
        item
        for item in items
        if _depends_on_database(item) and not item.get_closest_marker("browser")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


def _depends_on_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database"):
        return False
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db")) or not {"db", "transactional_db"}.isdisjoint(
        fixtures
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite tests use a file, as an installation does: threads get connections and locks of their own."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def folders_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the files of the local installation."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session", autouse=True)
def _editions_may_be_flushed() -> Iterator[None]:
    with emptying.installed():
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _suffixed_names_only() -> Iterator[None]:
    with suffix_guard.installed():
        yield


# --- No network -------------------------------------------------------------------------------------


class NetworkForbidden(Exception):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def _localhost_only() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: tuple) -> None:
        if self.family != socket.AF_UNIX and not _is_local(address[0]):
            raise NetworkForbidden(f"a test may not connect to {address!r}")
        connect(self, address)

    def guarded_getaddrinfo(host: str | None, *args: object, **kwargs: object) -> list:
        if host and not _is_local(host):
            raise NetworkForbidden(f"a test may not look up {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()


def _is_local(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


# --- The browser ------------------------------------------------------------------------------------


@functools.cache
def _why_no_browser() -> str | None:
    if not Path(CHROMIUM).exists():
        return f"no Chromium at {CHROMIUM}; CHROMIUM names another place"
    if sys.platform == "linux" and not ctypes.util.find_library("atomic"):
        return "Playwright's driver needs libatomic.so.1 (Debian package libatomic1)"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    reason = item.get_closest_marker("browser") and _why_no_browser()
    if reason and REQUIRE_ALL:
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Replaces pytest-playwright's own, whose way of writing a fixture this pytest warns about."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture
def page(page):
    """A page in Chromium. The test fails when anything on it broke the Content-Security-Policy."""
    refused: list[str] = []
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    assert not refused, "refused by the Content-Security-Policy:\n" + "\n".join(refused)
