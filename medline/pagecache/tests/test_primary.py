"""The generation is told in time, or it is said in time that it cannot be."""

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from medline.pagecache.postgresql import PostgresPrimary
from medline.pagecache.primary import (
    LATE_BEFORE_AWAY,
    PATIENCE,
    PATIENCE_WITHOUT_PAGE,
    Primary,
    Unanswered,
)
from medline.pagecache.sqlite import SqlitePrimary
from topics.models import Generation

from .proxy import Proxy

on_postgresql = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql",
    reason="needs PostgreSQL",
)
# The deadline is 0.1 s; more is what a busy machine adds.
IN_TIME = 0.6


def duration_of_no_answer(primary) -> float:
    """Seconds until it was said that there is no answer."""
    began = time.monotonic()
    with pytest.raises(Unanswered):
        primary.generation()
    return time.monotonic() - began


class Slow(Primary):
    """Answers the n-th question with n, as soon as it is let go on."""

    def __init__(self):
        super().__init__(clock=self.count)
        self.requests = 0
        self.questions = 0
        self.asked = threading.Event()
        self.goes_on = threading.Event()

    def count(self):
        self.requests += 1
        return time.monotonic()

    def ask(self, deadline):
        self.questions += 1
        number = self.questions
        self.asked.set()
        assert self.goes_on.wait(5)
        return number


def test_requests_that_waited_share_one_answer_and_never_one_that_was_asked_for_before_them():
    primary = Slow()
    told = []
    threads = [
        threading.Thread(target=lambda: told.append(primary.generation(patience=5)))
        for _number in range(4)
    ]
    threads[0].start()
    assert primary.asked.wait(5)
    for thread in threads[1:]:
        thread.start()
    while primary.requests < len(threads):
        time.sleep(0.01)
    primary.goes_on.set()
    for thread in threads:
        thread.join()
    assert sorted(told) == [1, 2, 2, 2]
    assert primary.generation() == 3


class Steady(Primary):
    """Answers every question after `delay` seconds, as PostgreSQL does: each is asked after the last."""

    def __init__(self, delay: float):
        super().__init__()
        self.delay = delay
        self._ends: float | None = None

    def ask(self, deadline):
        if self._ends is not None:
            self._wait(deadline)
            deadline = max(deadline, time.monotonic() + PATIENCE)
        self._ends = time.monotonic() + self.delay
        self._wait(deadline)
        return 7

    def _wait(self, deadline):
        time.sleep(max(0, min(self._ends, deadline) - time.monotonic()))
        if deadline < self._ends:
            raise Unanswered("late", late=True)
        self._ends = None


def answers(primary, requests: int) -> int:
    """How many of so many requests at once are answered."""

    def is_answered(_number):
        try:
            primary.generation()
        except Unanswered:
            return False
        return True

    with ThreadPoolExecutor(requests) as readers:
        return sum(readers.map(is_answered, range(requests)))


def test_a_database_that_answers_in_time_has_not_gone_however_many_wait_for_their_turn():
    primary = Steady(0.06)
    for _time in range(5):
        assert answers(primary, 8) == 8
    assert primary.answering


def test_a_database_that_was_away_and_answers_in_time_is_found_by_the_first_request():
    primary = Steady(0.3)
    for _time in range(LATE_BEFORE_AWAY):
        duration_of_no_answer(primary)
    primary.delay = 0.05
    time.sleep(0.3)  # until the last of the late answers has come
    primary.generation()
    assert primary.answering
    assert answers(primary, 8) == 8


def test_while_the_database_is_away_one_request_waits_for_it_and_the_others_go_on():
    primary = Steady(60)
    for _time in range(LATE_BEFORE_AWAY):
        duration_of_no_answer(primary)
    with ThreadPoolExecutor(8) as readers:
        durations = sorted(readers.map(duration_of_no_answer, [primary] * 8))
    assert durations[-1] > 0.08
    # Whoever finds the turn free waits, so a busy machine may let a second one wait.
    assert durations[5] < 0.08


# --- SQLite -----------------------------------------------------------------------------------------


def database(path, number: int):
    """A file in which readers wait for writers, as in one that is not in WAL mode."""
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("CREATE TABLE topics_generation (id INTEGER PRIMARY KEY, number BIGINT)")
    made.execute("INSERT INTO topics_generation VALUES (1, ?)", (number,))
    return made


@pytest.fixture
def file(tmp_path):
    return tmp_path / "a site?.sqlite3"


def test_a_locked_file_is_waited_for_in_time(file):
    writer = database(file, 7)
    primary = SqlitePrimary(file)
    assert primary.generation() == 7
    writer.execute("BEGIN EXCLUSIVE")
    for _time in range(LATE_BEFORE_AWAY):
        assert 0.08 < duration_of_no_answer(primary) < IN_TIME
    assert not primary.answering
    writer.execute("UPDATE topics_generation SET number = 8")
    writer.execute("COMMIT")
    assert primary.generation() == 8
    assert primary.answering
    primary.close()


def test_a_short_lock_is_waited_for(file):
    writer = database(file, 7)
    primary = SqlitePrimary(file)
    primary.generation()
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("UPDATE topics_generation SET number = 8")
    ask, asking = primary.ask, threading.Event()
    primary.ask = lambda deadline: asking.set() or ask(deadline)
    with ThreadPoolExecutor(1) as reader:
        told = reader.submit(primary.generation, patience=10)
        assert asking.wait(5)
        # Longer than SQLite takes to find the lock, so the lock is met.
        time.sleep(0.2)
        assert not told.done()
        writer.execute("COMMIT")
        assert told.result() == 8
    primary.close()


def test_a_file_that_is_away_is_not_made_anew(file):
    database(file, 7)
    primary = SqlitePrimary(file)
    assert primary.generation() == 7
    file.rename(file.with_suffix(".away"))
    assert duration_of_no_answer(primary) < IN_TIME
    assert not file.exists()
    assert primary.newest.generation == 7
    file.with_suffix(".away").rename(file)
    assert primary.generation() == 7
    primary.close()


def test_another_file_in_its_place_is_read(file):
    database(file, 7)
    primary = SqlitePrimary(file)
    assert primary.generation() == 7
    file.rename(file.with_suffix(".old"))
    database(file, 3)
    assert primary.generation() == 3
    assert primary.newest.generation == 3
    primary.close()


def test_a_file_without_the_table_is_no_answer(file):
    sqlite3.connect(file).execute("CREATE TABLE other (id INTEGER)")
    primary = SqlitePrimary(file)
    duration_of_no_answer(primary)
    assert primary.newest is None
    primary.close()


# --- SQLite in WAL mode, as the site runs -----------------------------------------------------------


@pytest.fixture
def wal(file):
    writer = database(file, 7)
    writer.execute("PRAGMA journal_mode = WAL")
    yield writer
    writer.close()


def statements(primary) -> list[str]:
    """What SQLite is asked from now on."""
    seen: list[str] = []
    primary._connection.set_trace_callback(seen.append)
    return seen


def test_the_row_is_read_only_where_something_was_committed(file, wal):
    primary = SqlitePrimary(file)
    assert [primary.generation() for _time in range(2)] == [7, 7]
    asked = statements(primary)
    assert [primary.generation() for _time in range(5)] == [7] * 5
    assert asked == []
    wal.execute("CREATE TABLE other (id INTEGER)")
    assert [primary.generation() for _time in range(5)] == [7] * 5
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    primary.close()


def test_every_commit_is_told_at_once_through_checkpoints_and_a_new_log(file, wal):
    primary = SqlitePrimary(file)
    for number in range(8, 60):
        wal.execute("BEGIN")
        wal.execute("UPDATE topics_generation SET number = ?", (number,))
        assert primary.generation() == number - 1
        wal.execute("COMMIT")
        assert primary.generation() == number
        if number % 5 == 0:
            wal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert primary.generation() == number
    primary.close()


def test_what_is_known_of_a_file_is_forgotten_with_it(file, wal, tmp_path):
    primary = SqlitePrimary(file)
    assert [primary.generation() for _time in range(3)] == [7] * 3
    database(tmp_path / "second", 3).close()
    (tmp_path / "second").replace(file)
    assert [primary.generation() for _time in range(3)] == [3] * 3
    primary.close()


LOCKING = """
import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0).execute("BEGIN IMMEDIATE")
"""


def test_hanging_up_leaves_the_locks_of_others_in_the_process(file, wal):
    wal.execute("BEGIN IMMEDIATE")
    for _time in range(3):
        primary = SqlitePrimary(file)
        assert [primary.generation() for _time in range(3)] == [7] * 3
        primary.close()
    other = subprocess.run(
        [sys.executable, "-c", LOCKING, file], capture_output=True, text=True, check=False
    )
    assert "database is locked" in other.stderr
    wal.execute("COMMIT")


# --- PostgreSQL -------------------------------------------------------------------------------------


@pytest.fixture
def proxy(transactional_db):
    parameters = connection.get_connection_params()
    made = Proxy(parameters.get("host", "127.0.0.1"), int(parameters.get("port", 5432)))
    yield made
    made.close()


@pytest.fixture
def postgres(proxy, monkeypatch):
    # Whatever Django itself needs does not go through the proxy.
    connection.ensure_connection()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", proxy.port)
    Generation.objects.filter(pk=1).update(number=7)
    made = PostgresPrimary()
    eventually(made, 7)
    yield made
    made.close()


def eventually(primary, number: int) -> None:
    """On a machine under load, connecting can take longer than a reader is let wait."""
    for _attempt in range(200):
        try:
            assert primary.generation() == number
            return
        except Unanswered:
            time.sleep(0.02)
    pytest.fail("the database does not answer")


@on_postgresql
def test_the_generation_is_told_as_it_is_now(postgres):
    for number in (8, 9, 10):
        Generation.objects.filter(pk=1).update(number=number)
        assert postgres.generation() == number


@on_postgresql
def test_a_silent_database_is_given_up_in_time_and_read_again_when_it_speaks(postgres, proxy):
    proxy.stall()
    for _time in range(LATE_BEFORE_AWAY):
        assert 0.08 < duration_of_no_answer(postgres) < IN_TIME
    Generation.objects.filter(pk=1).update(number=8)
    proxy.mend()
    # The late answer said 7; nobody is told that.
    eventually(postgres, 8)


@on_postgresql
def test_a_database_that_was_too_slow_is_read_again_once_it_answers_in_time(postgres, proxy):
    proxy.slow(0.3)
    for _time in range(LATE_BEFORE_AWAY):
        assert 0.08 < duration_of_no_answer(postgres) < IN_TIME
    assert not postgres.answering
    Generation.objects.filter(pk=1).update(number=8)
    proxy.slow(0.06)
    eventually(postgres, 8)
    # What is left of the machine's time may be little; a database declared away answers none of 20.
    assert sum(answers(postgres, 1) for _time in range(20)) > 10
    assert answers(postgres, 8) > 4


@on_postgresql
def test_a_database_that_is_slow_from_the_start_is_read(postgres, proxy):
    postgres.close()
    proxy.slow(0.06)
    eventually(postgres, 7)


@on_postgresql
def test_a_statement_prepared_too_late_is_not_prepared_again(postgres, proxy):
    postgres.close()
    proxy.slow(0.3)
    connected = time.monotonic() + 60
    while postgres._line is None and time.monotonic() < connected:
        duration_of_no_answer(postgres)
    line = postgres._line
    for _time in range(3):
        duration_of_no_answer(postgres)
    assert postgres._line is line
    assert postgres.generation(PATIENCE_WITHOUT_PAGE) == 7
    assert postgres._line is line


@on_postgresql
def test_a_database_that_is_gone_is_no_answer_and_is_found_again(postgres, proxy):
    proxy.cut()
    assert duration_of_no_answer(postgres) < IN_TIME
    assert duration_of_no_answer(postgres) < IN_TIME
    Generation.objects.filter(pk=1).update(number=8)
    proxy.mend()
    eventually(postgres, 8)


@on_postgresql
def test_a_locked_row_is_given_up_in_time(postgres):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE topics_generation IN ACCESS EXCLUSIVE MODE")
        assert duration_of_no_answer(postgres) < IN_TIME
        cursor.execute("UPDATE topics_generation SET number = 8")
        cursor.execute("COMMIT")
    eventually(postgres, 8)


@on_postgresql
def test_a_connection_that_the_server_ended_is_made_anew(postgres):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    eventually(postgres, 7)


@on_postgresql
def test_without_prepared_statements_the_generation_is_told_too(postgres, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", None)
    postgres.close()
    eventually(postgres, 7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
    assert postgres.generation() == 7
