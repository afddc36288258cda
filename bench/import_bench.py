"""How fast a file goes in, and how much memory that takes: `python -m bench.import_bench [FILE]`.

On SQLite in a temporary folder, each run in a process of its own. FILE, where given, is a real
topic file, whose summaries are counted after a round trip. `--quick` leaves out the large file.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import django
from lxml import etree

from interchange.tests.trees import html_tree, summaries
from interchange.xml_record import TopicRecord, read

from .generate import LINKS, generate

SMALL, LARGE = 2_000, 20_000
SECONDS_ALLOWED = 40
MEGABYTES_ALLOWED = 300
AGAIN_ALLOWED = 0.1
LARGE_TIME_ALLOWED, LARGE_MEMORY_ALLOWED = 12, 1.3


@dataclass(frozen=True)
class Measured:
    seconds: float
    megabytes: float


class Folder:
    """An installation in a temporary folder."""

    def __init__(self, path: Path, name: str):
        self.path = path
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{path / name}.sqlite3",
            "VAR_DIR": str(path / "var"),
        }
        self.manage("migrate", "-v0")

    def manage(self, *arguments: str) -> Measured:
        """Run a command; wall-clock seconds and peak memory of its process."""
        command = [sys.executable, "manage.py", *arguments]
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
        return Measured(time.monotonic() - began, usage.ru_maxrss / 1024)


def show(what: str, value: str, allowed: str = "") -> None:
    print(f"{what:<58}{value:>14}" + (f"   (allowed: {allowed})" if allowed else ""))


def parse_only(file: Path) -> float:
    """Seconds for nothing but parsing: what any importer pays at least."""
    began = time.monotonic()
    for _event, element in etree.iterparse(str(file), tag="health-topic"):
        element.clear()
    return time.monotonic() - began


def made(folder: Path, records: int) -> Path:
    file = folder / f"{records}.xml"
    with file.open("wb") as out:
        generate(out, records)
    return file


def measure_speed(path: Path, *, quick: bool) -> None:
    file = made(path, SMALL)
    folder = Folder(path, "small")
    start = folder.manage("check")
    first = folder.manage("import_topics", str(file))
    again = folder.manage("import_topics", str(file))
    out = folder.manage("export_topics", "--output", str(path / "out.xml"))
    show(f"parsing {SMALL:,} records x {LINKS} links", f"{parse_only(file):.2f} s")
    show("starting the process", f"{start.seconds:.2f} s")
    show("importing them", f"{first.seconds:.1f} s", f"{SECONDS_ALLOWED} s")
    show("peak memory", f"{first.megabytes:.0f} MB", f"{MEGABYTES_ALLOWED} MB")
    show("importing them again / first", f"{again.seconds / first.seconds:.3f}", f"{AGAIN_ALLOWED}")
    show("exporting them / importing", f"{out.seconds / first.seconds:.3f}")
    if quick:
        return
    large = Folder(path, "large").manage("import_topics", str(made(path, LARGE)))
    ratio = large.seconds / first.seconds
    show(f"importing {LARGE:,} records / {SMALL:,}", f"{ratio:.1f}", f"{LARGE_TIME_ALLOWED}")
    ratio = large.megabytes / first.megabytes
    show("its peak memory / theirs", f"{ratio:.2f}", f"{LARGE_MEMORY_ALLOWED}")
    show("its peak memory", f"{large.megabytes:.0f} MB")


def noted_numbers(file: Path) -> set[str]:
    """The records of a file about which the reader has something to say."""
    with file.open("rb") as stream:
        found = [one for one in read(stream) if isinstance(one, TopicRecord)]
    return {str(one.document.number) for one in found if one.notes}


def count_summaries(path: Path, file: Path) -> None:
    """How many summaries of a real file are equal after import and export."""
    folder = Folder(path, "real")
    imported = folder.manage("import_topics", str(file))
    before = summaries(file.read_bytes())
    show(f"importing {file.name}", f"{imported.seconds:.1f} s")
    out = path / "real.xml"
    folder.manage("export_topics", "--output", str(out))
    after = summaries(out.read_bytes())
    equal = sum(after.get(number) == text for number, text in before.items())
    show("summaries equal, verbatim, character by character", f"{equal:,}/{len(before):,}")
    folder.manage("export_topics", "--output", str(out), "--no-verbatim")
    after = summaries(out.read_bytes())
    equal = sum(
        html_tree(after.get(number) or "") == html_tree(text or "")
        for number, text in before.items()
    )
    show("summaries equal, canonical, as parsed HTML", f"{equal:,}/{len(before):,}")
    noted = noted_numbers(file)
    explained = sum(
        html_tree(after.get(number) or "") == html_tree(text or "") or number in noted
        for number, text in before.items()
    )
    show("... or repaired with a note in the report", f"{explained:,}/{len(before):,}")
    again = folder.manage("import_topics", str(out))
    show("importing that again", f"{again.seconds:.1f} s")


def main(arguments: list[str]) -> None:
    quick = "--quick" in arguments
    files = [Path(argument).resolve() for argument in arguments if not argument.startswith("-")]
    with tempfile.TemporaryDirectory() as name:
        measure_speed(Path(name), quick=quick)
        for file in files:
            count_summaries(Path(name), file)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medline.settings")
    django.setup()
    main(sys.argv[1:])
