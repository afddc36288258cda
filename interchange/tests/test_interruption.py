"""Killed at any moment, nothing is half-written, and the next run finishes the job."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from interchange.models import ImportRun
from interchange.sync import LOG_PAGES, SILENCE, Busy

from .importing import take_in
from .records import file_of, topic
from .trees import trees

PAIRS = 300
# Whatever a record leads to exists exactly once for each record that is in.
PER_RECORD = (
    "topics_topiclanguage",
    "topics_edition",
    "topics_publicationevent",
    "interchange_upstreamrecord",
)


def pair(number: int) -> list[str]:
    english, spanish = 2 * number + 1, 2 * number + 2
    summary = "<full-summary>&lt;p>Short text.&lt;/p></full-summary>"
    address = f"https://medlineplus.gov/spanish/topic{number}.html"
    mapped = f'<language-mapped-topic url="{address}" id="{spanish}" language="Spanish">'
    return [
        topic(english, f"Topic {number}", f"{summary}{mapped}T</language-mapped-topic>"),
        topic(spanish, f"Tema {number}", summary, url=address, language="Spanish"),
    ]


class Installation:
    """An installation of its own in a folder, driven by commands."""

    def __init__(self, folder: Path):
        self.database = folder / "db.sqlite3"
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "VAR_DIR": str(folder / "var"),
            "CACHE_URL": "locmemcache://",
        }
        self.run("migrate", "-v0").check_returncode()

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True
        )

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def value(self, sql: str) -> int:
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(sql).fetchone()[0]
        finally:
            connection.close()

    def count(self, table: str) -> int:
        return self.value(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own table names


def kill_when(installation: Installation, process: subprocess.Popen, records: int) -> None:
    """Kill an import as soon as more records than that are committed."""
    deadline = time.monotonic() + 60
    while installation.count("topics_topiclanguage") <= records:
        assert process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_an_import_killed_twice_is_whole_every_time_and_then_finished(tmp_path):
    xml = file_of(*(record for number in range(PAIRS) for record in pair(number)))
    file = tmp_path / "topics.xml"
    file.write_bytes(xml)
    installation = Installation(tmp_path)
    done = 0
    for _kill in range(2):
        kill_when(installation, installation.start("import_topics", str(file)), done)
        counts = {installation.count(table) for table in PER_RECORD}
        assert len(counts) == 1
        done = counts.pop()
        assert 0 < done < 2 * PAIRS
        assert installation.count("topics_healthtopic") * 2 == done
        live = "SELECT count(*) FROM topics_topiclanguage WHERE live_edition_id IS NOT NULL"
        assert installation.value(live) == done
    finished = installation.run("import_topics", str(file))
    assert finished.returncode == 0, finished.stderr
    assert f"unchanged:{done:>8}" in finished.stdout
    assert {installation.count(table) for table in PER_RECORD} == {2 * PAIRS}
    assert (
        installation.value("SELECT count(*) FROM interchange_importrun WHERE state = 'failed'") == 2
    )
    assert (
        installation.value("SELECT count(*) FROM interchange_importrun WHERE state = 'running'")
        == 0
    )
    out = tmp_path / "out.xml"
    installation.run("export_topics", "--output", str(out)).check_returncode()
    assert trees(out.read_bytes()) == trees(xml)


# --- One at a time ----------------------------------------------------------------------------------


def running(**values: object) -> ImportRun:
    now = timezone.now()
    return ImportRun.objects.create(
        **{
            "file_name": "other.xml",
            "started_at": now,
            "heartbeat_at": now,
            "host": socket.gethostname(),
            "process": os.getppid(),
        }
        | values
    )


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{}, {"host": "another-machine", "process": 1}])
def test_a_second_import_at_the_same_time_is_refused(values):
    running(**values)
    with pytest.raises(Busy, match="Another import is running: other.xml"):
        take_in(file_of(topic()))


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"process": dead_process()},
        {"process": os.getpid()},
        {"heartbeat_at": timezone.now() - 2 * SILENCE},
        {
            "host": "another-machine",
            "heartbeat_at": timezone.now() - SILENCE - timedelta(minutes=1),
        },
    ],
    ids=["its process is gone", "its number is ours now", "silent", "silent elsewhere"],
)
def test_an_import_that_died_does_not_stand_in_the_way(values):
    dead = running(**values)
    assert take_in(file_of(topic())).created == 1
    dead.refresh_from_db()
    assert dead.state == ImportRun.State.FAILED


@pytest.mark.django_db
def test_an_import_of_another_user_is_alive(monkeypatch):
    def not_allowed(process, number):
        raise PermissionError

    running(process=1)
    monkeypatch.setattr("interchange.sync.os.kill", not_allowed)
    with pytest.raises(Busy):
        take_in(file_of(topic()))


@pytest.mark.django_db
def test_a_rehearsal_may_run_beside_an_import():
    running()
    assert take_in(file_of(topic()), dry_run=True).created == 1


@pytest.mark.django_db
def test_the_database_refuses_a_second_run_that_begins_at_the_same_moment(monkeypatch):
    running()
    monkeypatch.setattr("interchange.sync._make_way", lambda: None)
    with pytest.raises(Busy, match="has just begun"):
        take_in(file_of(topic()))


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite is set up for an import")
def test_an_import_leaves_the_connection_as_it_found_it():
    def pages():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0]

    def stop(stage, done, total):
        if stage == "Importing":
            assert pages() == LOG_PAGES
            raise KeyboardInterrupt

    before = pages()
    with pytest.raises(KeyboardInterrupt):
        take_in(file_of(topic(1)), progress=stop)
    assert pages() == before != LOG_PAGES
