"""How fast a topic page is, against an empty Django view on the same server in the same run.

Uncached: no stored HTML is used; every request reads its edition and renders it, so Django is
served without the page cache in front of it. wrk makes the load from one thread, so that the two
cores are shared in the same way by both measurements. Both are asked in turn, some rounds long, so
that whatever else the machine does falls on both.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PORT = int(os.environ.get("BENCH_PORT", "8765"))
SERVERS = {
    "gunicorn": [
        *("-m", "gunicorn", "medline.wsgi:django", "--bind", f"127.0.0.1:{PORT}"),
        *("--workers", "2", "--threads", "2", "--log-level", "error"),
    ],
    "granian": [
        *("-m", "granian", "medline.wsgi:django", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(PORT)),
        *("--workers", "2", "--blocking-threads", "1", "--log-level", "critical"),
    ],
}
ROUNDS = 5
SECONDS = 2
EMPTY = "/bench/empty"
TOPIC = "/acutelymphocyticleukemia.html"
OTHER_PAGES = ("/spanish/acutelymphocyticleukemia.html", "/cancers.html", "/healthtopics_a.html")
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432")


def manage(environment: dict[str, str], *arguments: str) -> None:
    """Run a management command quietly; its output is shown when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def serving(environment: dict[str, str], command: list[str], port: int = PORT) -> Iterator[int]:
    """The site on a server, ready to answer; gives the id of its process."""
    server = subprocess.Popen([sys.executable, *command], env=environment)
    try:
        for _attempt in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{EMPTY}", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit("The server does not answer.")
        yield server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def requests_a_second(
    address: str, *, port: int = PORT, seconds: int = SECONDS, accept_encoding: str = "identity"
) -> float:
    """Requests a second for one address; any answer but 200 ends the benchmark."""
    url = f"http://127.0.0.1:{port}{address}"
    with urllib.request.urlopen(url, timeout=20) as answer:
        answer.read()
    header = f"Accept-Encoding: {accept_encoding}"
    done = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "-H", header, url],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(f"Errors while measuring {address}:\n{done.stdout}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def measure(name: str, database_url: str, var: Path, *, analyze: bool = False) -> None:
    """Print the figures of both servers on one database, and the ratio on the faster one."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
    for command in (["migrate"], ["collectstatic", "--noinput"], ["load_demo"]):
        manage(environment, *command)
    if analyze:
        # What PostgreSQL does by itself within a minute.
        with psycopg.connect(database_url, autocommit=True) as database:
            database.execute("ANALYZE")
    reached: dict[str, tuple[float, float]] = {}
    for server, command in SERVERS.items():
        with serving(environment, command):
            for address in (TOPIC, *OTHER_PAGES):
                rate, ratio = against_empty(address)
                print(
                    f"{name}, {server}: {address} {rate:.0f}/s = {ratio:.2f} of empty", flush=True
                )
                if address == TOPIC:
                    reached[server] = (rate, ratio)
    server, (_rate, ratio) = max(reached.items(), key=lambda item: item[1][0])
    print(f"{name}: uncached topic page / empty view = {ratio:.2f} on {server}, goal 0.25")
    with serving({**environment, "DOCUMENTS_HELD": "0"}, SERVERS[server]):
        _rate, ratio = against_empty(TOPIC)
    print(f"{name}: with no document held in memory either: {ratio:.2f} on {server}", flush=True)


def against_empty(address: str) -> tuple[float, float]:
    """Requests a second for a page, and its share of the empty view's: medians of some rounds."""
    rounds = []
    for _round in range(ROUNDS):
        empty = requests_a_second(EMPTY)
        rate = requests_a_second(address)
        rounds.append((rate, rate / empty))
    rates, ratios = zip(*rounds, strict=True)
    return statistics.median(rates), statistics.median(ratios)


@contextmanager
def postgres() -> Iterator[bool]:
    """An empty database medline_bench, for as long as it is needed; False where nothing answers."""
    try:
        server = psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        print(f"NOT MEASURED: PostgreSQL, nothing answers at {POSTGRES}")
        yield False
        return
    with server:
        server.execute("DROP DATABASE IF EXISTS medline_bench WITH (FORCE)")
        server.execute("CREATE DATABASE medline_bench")
        yield True
        server.execute("DROP DATABASE medline_bench WITH (FORCE)")


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where it answers."""
    subprocess.run(["scripts/install.sh", "wrk", "wrk"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", Path(folder))
        with postgres() as there:
            if there:
                measure("PostgreSQL", f"{POSTGRES}/medline_bench", Path(folder), analyze=True)


if __name__ == "__main__":
    main()
