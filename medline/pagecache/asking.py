"""What a request asks for, and nothing else of it.

A page that is kept is given to everybody, so it is made from a request of our own, in which stand
only the things that are part of the page's key: the path, and http or https. Whatever else a
visitor sends (host, forwarding headers, cookies, languages, a range) never reaches the code that
makes the page, and so cannot poison it.
"""

import io
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from .store import Asked

Environ = dict[str, Any]

# No address of ours is longer.
LONGEST_PATH = 300
# What newsletters and social networks append to addresses. No page of ours looks at it.
_CAMPAIGN = ("utm_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")
_MOST_HOSTS = 64


class Asking:
    """The rules of this installation by which a request may be answered with a kept page."""

    def __init__(self) -> None:
        self._host = urlsplit(settings.SITE_URL).netloc
        self._proxy = settings.SECURE_PROXY_SSL_HEADER
        self._redirects_http = settings.SECURE_SSL_REDIRECT
        self._allowed_hosts = settings.ALLOWED_HOSTS
        self._known_hosts: set[str] = set()
        # Django would refuse our own requests too.
        self._possible = self._allowed(self._host) and not settings.USE_X_FORWARDED_HOST

    def read(self, environ: Environ) -> Asked | None:
        """The page asked for, or None where Django has to look at the request itself."""
        if not self._possible or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        path = environ.get("PATH_INFO", "")
        if len(path) > LONGEST_PATH or environ.get("SCRIPT_NAME"):
            return None
        query = environ.get("QUERY_STRING")
        if query and not _campaign_only(query):
            return None
        scheme = self._scheme(environ)
        if scheme == "http" and self._redirects_http:
            return None
        host = environ.get("HTTP_HOST", "")
        if host not in self._known_hosts and not self._allowed(host):
            return None
        return Asked(scheme, path)

    def request_for(self, asked: Asked, environ: Environ) -> Environ:
        """The request from which a page for everybody is made."""
        host, port = split_domain_port(self._host)
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": asked.path,
            "QUERY_STRING": "",
            "SERVER_NAME": host,
            "SERVER_PORT": port or "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._host,
            **self._forwarded(asked.scheme),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": asked.scheme,
            "wsgi.input": io.BytesIO(),
            **{
                name: environ[name]
                for name in (
                    "wsgi.errors",
                    "wsgi.multithread",
                    "wsgi.multiprocess",
                    "wsgi.run_once",
                )
            },
        }

    def _scheme(self, environ: Environ) -> str:
        """http or https, by the rule of django.http.HttpRequest.scheme."""
        if self._proxy:
            name, secure = self._proxy
            said = environ.get(name)
            if said is not None:
                return "https" if said.split(",", 1)[0].strip() == secure else "http"
        return environ["wsgi.url_scheme"]

    def _forwarded(self, scheme: str) -> Environ:
        if not self._proxy:
            return {}
        name, secure = self._proxy
        return {name: secure if scheme == "https" else "http"}

    def _allowed(self, host: str) -> bool:
        """Whether Django would let this Host in; the few that visitors really use are remembered."""
        domain, _port = split_domain_port(host)
        if not domain or not validate_host(domain, self._allowed_hosts):
            return False
        if len(self._known_hosts) < _MOST_HOSTS:
            self._known_hosts.add(host)
        return True


def is_public(environ: Environ) -> bool:
    """Whether a public view answers at this path, one that sees nothing of the visitor."""
    try:
        # By name: the thread may still hold the addresses of its last request.
        view = resolve(get_path_info(environ), settings.ROOT_URLCONF).func
        return getattr(view, "is_public", False)
    except Resolver404:
        return False


def _campaign_only(query: str) -> bool:
    """Whether everything in a query string was appended to count visitors."""
    try:
        names = [name for name, _value in parse_qsl(query, True, max_num_fields=10)]
    except ValueError:
        return False
    return bool(names) and all(name.startswith(_CAMPAIGN) for name in names)
