"""How many links `check_links` visits a second, and in what memory.

`python -m bench.links [LINKS SITES]`.

Against a local server that answers at once, through a judge of this module's own; without pauses, so
that what is measured is the program and not its politeness. On SQLite in a temporary folder.
"""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time

LINKS, HOSTS = 5_000, 500
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def serve(ready: threading.Event, box: dict[str, int]) -> None:
    """Answer everything on a port of this machine, until the process ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def forever() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        box["port"] = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    asyncio.run(forever())


def main() -> None:
    """Start anew with a database of its own, then measure."""
    if "LINKS_BENCH" not in os.environ:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                "LINKS_BENCH": "1",
                "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3"),
                "VAR_DIR": folder,
                "DJANGO_SETTINGS_MODULE": "medline.settings",
            }
            command = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(command, env=environment, check=True)
            command = [sys.executable, "-m", "bench.links", *sys.argv[1:]]
            subprocess.run(command, env=environment, check=True)
    else:
        measure(*map(int, sys.argv[1:] or (LINKS, HOSTS)))


def measure(links: int, hosts: int) -> None:
    """Visit so many links on so many sites once, and say how long that took."""
    # Only in the second start, whose environment names the settings and the database.
    import django  # noqa: PLC0415

    django.setup()
    from resources.linkcheck.asking import Asker, Pace  # noqa: PLC0415
    from resources.linkcheck.ledger import Wanted  # noqa: PLC0415
    from resources.linkcheck.running import MEMBERS, check_links  # noqa: PLC0415
    from resources.models import Resource  # noqa: PLC0415

    ready, box = threading.Event(), {}
    threading.Thread(target=serve, args=(ready, box), daemon=True).start()
    ready.wait()
    rows = [
        Resource(title_en=str(n), url_en=f"http://h{n % hosts}.example:{box['port']}/{n}")
        for n in range(links)
    ]
    for row in rows:
        row.set_digests()
    Resource.objects.bulk_create(rows, batch_size=500)
    del rows

    async def here(host: str, port: int) -> list[tuple]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    def asker() -> Asker:
        return Asker(
            contact="http://127.0.0.1/",
            pace=Pace(pause=0),
            judge=lambda address, port: address == "127.0.0.1" and port == box["port"],
            lookup=here,
            connections=MEMBERS,
        )

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.monotonic()
    report = check_links(Wanted(), make_asker=asker)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{report.visited} links on {report.sites} sites in {seconds:.1f} s: "
        f"{report.visited / seconds:.0f} links/s; peak memory {after:.0f} MB ({before:.0f} before)"
    )


if __name__ == "__main__":
    main()
