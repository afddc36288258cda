"""What is asked for when an address is visited.

Addresses are read as browsers read them (WHATWG URL), as far as that is harmless; what a browser
would only guess at is refused. No name, password or fragment is ever sent.
"""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from yarl import URL

PORTS = {"http": 80, "https": 443}
_HARMLESS = "%/:@!$&'()*+,;=~[]|^"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)


class Malformed(ValueError):
    """An address that cannot be visited; the text says why, for technicians."""


def is_visited(address: str) -> bool:
    """Whether an address is of the kind that is checked: the web, not mail, telephone or files."""
    return bool(re.match(r"(?i)https?:", address.strip()))


def request_url(address: str) -> URL:
    """The address as it is sent: host in ASCII, the rest escaped. Raises Malformed."""
    try:
        parts = urlsplit(address.strip())
        port, host, named = parts.port, parts.hostname, parts.username is not None
    except ValueError as error:
        raise Malformed(str(error)) from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise Malformed(f"scheme {scheme[:20]!r}")
    if named:
        raise Malformed("a name or password in the address")
    if port == 0:
        raise Malformed("port 0")
    return URL.build(
        scheme=scheme,
        host=_ascii_host(host or ""),
        port=None if port == PORTS[scheme] else port,
        path=_escaped(parts.path.replace("\\", "/")) or "/",
        query_string=_escaped(parts.query, "?"),
        encoded=True,
    )


def host_of(address: str) -> str:
    """The site an address leads to, as the checker groups addresses; empty where there is none."""
    try:
        return request_url(address).raw_host or ""
    except Malformed:
        return ""


def redirected(url: URL, location: str) -> URL:
    """Where a redirect leads. Raises Malformed."""
    try:
        return request_url(urljoin(str(url), location.strip()))
    except ValueError as error:
        raise Malformed(f"redirect: {error}") from error


def with_fragment(url: URL, address: str) -> str:
    """A new address that leads to the same place within the page as the old one did."""
    parts = _parts(address)
    fragment = parts.fragment if parts else ""
    return f"{url}#{fragment}" if fragment else str(url)


def is_front_page_instead(address: str, url: URL) -> bool:
    """Whether a visitor who wanted a page deep in a site ends at a site's front page."""
    parts = _parts(address)
    deep = parts is not None and len([part for part in parts.path.split("/") if part]) > 1
    return deep and url.path in ("", "/") and not url.query_string


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address.strip())
    except ValueError:
        return None


def _ascii_host(host: str) -> str:
    if ":" in host:
        if "%" in host:
            raise Malformed("a network interface of this machine in the address")
        try:
            return f"[{ipaddress.IPv6Address(host)}]"
        except ValueError as error:
            raise Malformed(str(error)) from error
    try:
        name = (URL.build(scheme="http", host=host).raw_host or "").lower().removesuffix(".")
    except ValueError as error:
        raise Malformed(f"host: {error}") from error
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Malformed("host")
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0x7f.1 and 0177.0.0.1 all mean 127.0.0.1 to some programs.
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise Malformed(f"host: {error}") from error
    return name


def _escaped(text: str, harmless: str = "") -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe=_HARMLESS + harmless)
