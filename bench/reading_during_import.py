"""How long a reader waits while 2,000 topics are imported, against the same reading without.

One reader asks for pages in turn, at a steady pace; every page that an import lets go of is made
anew for whoever asks first. The server is the one that docs/operators.md recommends.
"""

import http.client
import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .generate import generate
from .kept_pages import command
from .pages import PORT, POSTGRES, TOPIC, manage, postgres, serving

RECORDS = 4_000  # 2,000 topics in two languages
SERVER = "granian"
PAGES = (TOPIC, f"/spanish{TOPIC}", "/", "/cancers.html", "/healthtopics_a.html")
PAUSE = 0.02
SECONDS_WITHOUT = 20


def wait_of(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds until a page was there."""
    began = time.monotonic()
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        sys.exit(f"{path} answered {answer.status}")
    return (time.monotonic() - began) * 1000


def waits_until(done) -> list[float]:
    """Milliseconds of every page until `done` says so."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    waits = []
    for path in itertools.cycle(PAGES):
        if done():
            break
        waits.append(wait_of(connection, path))
        time.sleep(PAUSE)
    connection.close()
    return waits


def described(waits: list[float]) -> str:
    ordered = sorted(waits)
    median, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"median {median:.1f} ms, p99 {p99:.1f} ms, longest {ordered[-1]:.0f} ms, {len(ordered)} pages"


def measure(name: str, database_url: str, folder: Path) -> None:
    """Print the waits without and during an import into one database."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
    for one in (["migrate"], ["collectstatic", "--noinput"], ["load_demo"]):
        manage(environment, *one)
    file = folder / "topics.xml"
    with file.open("wb") as out:
        generate(out, RECORDS)
    with serving(environment, command(SERVER, "medline.wsgi:application", PORT)):
        ends = time.monotonic() + SECONDS_WITHOUT
        without = waits_until(lambda: time.monotonic() > ends)
        print(f"{name}, {SERVER}: without an import: {described(without)}", flush=True)
        began = time.monotonic()
        importing = subprocess.Popen(
            [sys.executable, "manage.py", "import_topics", str(file)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        during = waits_until(lambda: importing.poll() is not None)
        seconds = time.monotonic() - began
        print(
            f"{name}, {SERVER}: during {seconds:.0f} s of import: {described(during)}", flush=True
        )
        ends = time.monotonic() + SECONDS_WITHOUT
        after = waits_until(lambda: time.monotonic() > ends)
        print(f"{name}, {SERVER}: after it: {described(after)}", flush=True)


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where it answers."""
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", Path(folder))
        with postgres() as there:
            if there:
                measure("PostgreSQL", f"{POSTGRES}/medline_bench", Path(folder))


if __name__ == "__main__":
    main()
