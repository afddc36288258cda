"""A site on this machine that answers, byte for byte, as badly as it is told to."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from resources.linkcheck.asking import Asker, Pace
from resources.linkcheck.visiting import Visitor

CERTIFICATES = Path(__file__).parent / "certificates"
# Nothing is waited for but an answer; where none is to come, the second waits less.
QUICK = Pace(pause=0, retries=(), patience=0, total=20, connecting=10, silence=10, page=0.2)
HASTY = replace(QUICK, total=1, connecting=0.4, silence=0.3)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

# What a path answers: bytes, or a function of the request's head that may write for itself.
Reaction = bytes | Callable[["Request"], Awaitable[bytes | None] | bytes]


@dataclass
class Request:
    """What a visitor asked, and the way to answer it in pieces."""

    method: str
    path: str
    host: str
    head: str
    writer: asyncio.StreamWriter


@dataclass
class Server:
    """The site: `paths` say what it answers, `asked` what it was asked, in order."""

    paths: dict[str, Reaction] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    port: int = 0
    connections: int = 0

    def url(self, path: str = "/", host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def asked_for(self, path: str) -> list[str]:
        """The methods with which a path was asked for."""
        return [request.method for request in self.asked if request.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                text = head.decode("latin-1")
                method, path, _version = text.split("\r\n")[0].split(" ")
                host = text.lower().split("\r\nhost: ")[1].split("\r\n")[0]
                request = Request(method, path, host, text, writer)
                self.asked.append(request)
                if not await self._answer(request):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request) -> bool:
        reaction = self.paths.get(request.path, status(404))
        if callable(reaction):
            reaction = reaction(request)
            if not isinstance(reaction, bytes):
                reaction = await reaction
        if reaction is None:
            return False
        if request.method == "HEAD" and b"\r\n\r\n" in reaction:
            reaction = reaction.split(b"\r\n\r\n")[0] + b"\r\n\r\n"
        request.writer.write(reaction)
        await request.writer.drain()
        return True


def status(code: int, *headers: str, body: bytes = b"") -> bytes:
    """A whole answer with this status."""
    lines = [f"HTTP/1.1 {code} Word", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def to(location: str, code: int = 302, *headers: str) -> bytes:
    """A redirect."""
    return status(code, f"Location: {location}", *headers)


@asynccontextmanager
async def serving(certificate: str = "", host: str = "127.0.0.1", **paths: Any):
    """A running server; with the name of a certificate it speaks TLS."""
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    server = Server(**paths)
    listener = await asyncio.start_server(server.serve, host, 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    try:
        yield server
    finally:
        listener.close()


@asynccontextmanager
async def visiting(*servers: Server, ip: str = "127.0.0.1", pace: Pace = QUICK, **options: Any):
    """A visitor who may go to these servers and nowhere else, whatever their names are."""
    ports = {server.port for server in servers}

    async def lookup(host: str, port: int) -> list[tuple]:
        return [(2, 1, 6, "", (ip, port))]

    trust = ssl.create_default_context(cafile=CERTIFICATES / "authority.pem")
    asker = Asker(
        contact="https://health.example/",
        pace=pace,
        judge=options.pop("judge", lambda address, port: address == ip and port in ports),
        lookup=options.pop("lookup", lookup),
        trust=trust,
        **options,
    )
    try:
        yield Visitor(asker)
    finally:
        await asker.close()
