"""How fast a kept page is, against a bare WSGI application that returns the same bytes.

Both run at once, each on a port of its own, and are asked in turn, so that whatever else the
machine does falls on both. An empty Django view is asked in the same rounds. Beside the rates
stands what a request costs the server's processes, which other work on the machine hardly changes.
"""

import contextlib
import json
import os
import statistics
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from .pages import (
    EMPTY,
    PORT,
    POSTGRES,
    SERVERS,
    TOPIC,
    manage,
    postgres,
    requests_a_second,
    serving,
)

BARE_PORT = PORT + 1
ROUNDS = 5
SECONDS = 2
GOAL = 0.5
ENCODINGS = ("identity", "br")
# What the server says itself.
_OF_THE_SERVER = {"date", "server", "connection", "transfer-encoding", "content-length"}


def command(server: str, application: str, port: int) -> list[str]:
    """How a server is started on an application."""
    words = {"medline.wsgi:django": application}
    return [words.get(one, one.replace(str(PORT), str(port))) for one in SERVERS[server]]


def fetch(encoding: str, file: Path) -> None:
    """Keep the topic page as bench/bare.py reads it."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{TOPIC}", headers={"Accept-Encoding": encoding}
    )
    # Our own server, on this machine.
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        body = answer.read()
        headers = [pair for pair in answer.getheaders() if pair[0].lower() not in _OF_THE_SERVER]
    headers.append(("Content-Length", str(len(body))))
    file.write_text(json.dumps({"headers": headers, "body": body.decode("latin-1")}))


def processor_seconds(pid: int) -> float:
    """What a process and its children have used of the processor so far."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            if pid in (int(file.parent.name), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def compare(name: str, server: str, environment: dict[str, str], pid: int, encoding: str) -> None:
    """Print rates and costs of the three, each the median of some rounds, and kept / bare."""
    fetch(encoding, Path(environment["BENCH_PAGE"]))
    rates: dict[str, list[float]] = {"bare": [], "kept": [], "empty": []}
    costs: dict[str, list[float]] = {"bare": [], "kept": [], "empty": []}
    bare_command = command(server, "bench.bare:application", BARE_PORT)
    with serving(environment, bare_command, BARE_PORT) as bare_pid:
        targets = {
            "bare": (TOPIC, BARE_PORT, bare_pid),
            "kept": (TOPIC, PORT, pid),
            "empty": (EMPTY, PORT, pid),
        }
        for _round in range(ROUNDS):
            for kind, (address, port, process) in targets.items():
                used = processor_seconds(process)
                rate = requests_a_second(
                    address, port=port, seconds=SECONDS, accept_encoding=encoding
                )
                costs[kind].append((processor_seconds(process) - used) / (rate * SECONDS) * 1e6)
                rates[kind].append(rate)
    for kind in targets:
        rate, cost = statistics.median(rates[kind]), statistics.median(costs[kind])
        print(f"{name}, {server}, {encoding}: {kind} {rate:.0f}/s, {cost:.0f} µs of processor")
    both = zip(rates["kept"], rates["bare"], strict=True)
    ratio = statistics.median(kept / bare for kept, bare in both)
    print(f"{name}, {server}, {encoding}: kept / bare = {ratio:.2f}, goal {GOAL}", flush=True)


def measure(name: str, database_url: str, folder: Path) -> None:
    """Both servers and both encodings on one database."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_PAGE": str(folder / "page.json"),
    }
    for one in (["migrate"], ["collectstatic", "--noinput"], ["load_demo"]):
        manage(environment, *one)
    for server in SERVERS:
        with serving(environment, command(server, "medline.wsgi:application", PORT)) as pid:
            for encoding in ENCODINGS:
                compare(name, server, environment, pid, encoding)


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where it answers."""
    subprocess.run(["scripts/install.sh", "wrk", "wrk"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", Path(folder))
        with postgres() as there:
            if there:
                measure("PostgreSQL", f"{POSTGRES}/medline_bench", Path(folder))


if __name__ == "__main__":
    main()
