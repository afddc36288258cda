"""The only door to the network: each connection is judged by the place it really leads to.

A name is looked up once and the connection made to one of the places found, so that a name that
means something else a moment later (DNS rebinding) changes nothing. Both the lookup and the making
of the socket ask the same question; addresses written as numbers, redirects and robots.txt pass
through here as everything else does.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

# Whether a connection to this IP address and port may be made.
Judge = Callable[[str, int], bool]
# From a name and a port to what getaddrinfo returns.
Lookup = Callable[[str, int], Awaitable[list[tuple]]]

# Where web pages are; anything else is a service that no reader's link means.
OPEN_PORTS = frozenset({80, 443, 8080, 8443})

_IPV4_CLOSED = [
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # a public number, behind which Azure tells machines their secrets
    )
]
# Of IPv6 only this part is handed out to the public; the rest of it is for tunnels and examples.
_IPV6_OPEN = ipaddress.IPv6Network("2000::/3")
_IPV6_CLOSED = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotPublic(OSError):
    """A connection that is not made, because it would not lead to the public internet."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet (IANA's special-purpose registries).

    Written out, because what `ipaddress` calls global differs between versions of Python and
    includes multicast, NAT64 and 6to4.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return False
        inside = ip.ipv4_mapped or (_embedded(ip) if ip in _NAT64 else None)
        if inside is None:
            return ip in _IPV6_OPEN and not any(ip in network for network in _IPV6_CLOSED)
        ip = inside
    return not any(ip in network for network in _IPV4_CLOSED)


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    """The IPv4 address that a NAT64 gateway would connect to."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)


def is_public_place(address: str, port: int) -> bool:
    """The judge of every installation. Tests pass another one; no setting or option can."""
    return port in OPEN_PORTS and is_public(address)


def guarded_sockets(judge: Judge) -> Callable[[tuple], socket.socket]:
    """A maker of sockets for aiohttp that makes none for a place the judge refuses."""

    def make(info: tuple) -> socket.socket:
        family, kind, protocol, _name, place = info
        if not judge(place[0], place[1]):
            raise NotPublic(f"{place[0]} port {place[1]} is not public")
        return socket.socket(family, kind, protocol)

    return make


class GuardedResolver(AbstractResolver):
    """Looks names up and lets through only the places that the judge allows."""

    def __init__(self, judge: Judge, lookup: Lookup | None = None):
        self.judge = judge
        self.lookup = lookup or _look_up

    async def resolve(
        self, host: str, port: int = 0, family: int = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Places for a name, in the order of the lookup. Raises OSError when there are none."""
        found = await self.lookup(host, port)
        places: list[ResolveResult] = [
            {
                "hostname": host,
                "host": place[0],
                "port": port,
                "family": family,
                "proto": protocol,
                "flags": socket.AI_NUMERICHOST,
            }
            for family, _kind, protocol, _name, place in found
            if self.judge(place[0], port)
        ]
        if not places:
            raise NotPublic(f"{host} is not public")
        return places

    async def close(self) -> None:
        """Nothing is held open."""


async def _look_up(host: str, port: int) -> list[Any]:
    loop = asyncio.get_running_loop()
    try:
        return await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from error
