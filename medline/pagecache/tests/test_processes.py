"""The promises about freshness, held by two server processes that know nothing of each other.

Each test tries to break a sentence of the paragraph on caching in docs/adr/0012.
"""

import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from topics.models import HealthTopic
from topics.publishing import publish as publish_again
from topics.publishing import withdraw
from topics.tests import public
from topics.tests.public import plain

from . import serving
from .serving import Process
from .test_primary import on_postgresql

pytestmark = pytest.mark.django_db(transaction=True)

MALARIA = "/malaria.html"
TITLE = re.compile(r"<h1>Malaria ?(\d*)</h1>")
# The deadline of the database is 0.1 s; more is what a busy machine adds.
AT_ONCE = 2.0


@pytest.fixture
def site(transactional_db):
    """A topic that tells how often it was published."""
    with transaction.atomic():
        return public.publish(plain("Malaria", 40))[0]


@pytest.fixture(scope="module")
def proxy(django_db_setup):
    with serving.network() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def both(proxy):
    """Two processes; on PostgreSQL both reach it through the proxy only."""
    environment = serving.environment(serving.database_url(proxy and proxy.port))
    started = [Process(environment), Process(environment)]
    try:
        for process in started:
            process.wait()
        yield started
    finally:
        for process in started:
            process.stop()


@pytest.fixture
def processes(both, site):
    """The two, once both have found the database, on the site of this test."""
    assert [shown(process) for process in both] == [0, 0]
    return both


def publish(site, number: int) -> None:
    """Publish the topic once more; it is acknowledged when this returns."""
    with transaction.atomic():
        HealthTopic.objects.filter(pk=site.topic_id).update(title_en=f"Malaria {number:04}")
        publish_again(site.pk, by=None)


def read(process: Process) -> int | None:
    """How often the topic was published before the page was made; None if the page says it is old."""
    reply = process.get(MALARIA)
    if reply.status == 503 or is_stale(reply):
        return None
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-cache")
    return int(TITLE.search(reply.text)[1] or 0)


def shown(process: Process) -> int:
    """The same, asked until the database answered in time: on a busy machine it may not."""
    return eventually(lambda: read(process))


def eventually(ask):
    """What is asked for, once it is not None."""
    ends = time.monotonic() + serving.PATIENCE
    while time.monotonic() < ends:
        if (answer := ask()) is not None:
            return answer
        time.sleep(0.02)
    pytest.fail("the database never answers in time")


def fresh_status(process: Process) -> int | None:
    reply = process.get(MALARIA)
    return None if reply.status == 503 or is_stale(reply) else reply.status


def is_stale(reply) -> bool:
    return (
        reply.status == 200
        and reply.headers["Cache-Control"] == "no-store"
        and reply.headers["Warning"].startswith("110 ")
    )


# --- While the database answers ---------------------------------------------------------------------


def test_a_request_after_an_acknowledged_publish_gets_it_in_every_process(site, processes):
    for number in range(1, 21):
        publish(site, number)
        assert [shown(process) for process in processes] == [number, number]
        assert [shown(process) for process in processes] == [number, number]
    withdraw(site.pk, by=None, reason="Wrong.")
    for process in processes:
        assert eventually(lambda one=process: fresh_status(one)) == 410


def test_readers_never_get_what_is_older_than_their_request(site, processes):
    published, wrong, reads = [0], [], [0]
    done = threading.Event()

    def keep_reading(process: Process) -> None:
        while not done.is_set():
            before = published[0]
            number = read(process)
            if number is not None:
                reads[0] += 1
                if number < before:
                    wrong.append((before, number))

    readers = [threading.Thread(target=keep_reading, args=(one,)) for one in processes * 2]
    for reader in readers:
        reader.start()
    for number in range(1, 41):
        publish(site, number)
        published[0] = number
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert reads[0] > 10
    assert [shown(process) for process in processes] == [40, 40]


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from topics.models import HealthTopic
from topics.publishing import publish
with transaction.atomic():
    HealthTopic.objects.filter(pk=sys.argv[1]).update(title_en="Malaria 0007")
    publish(int(sys.argv[2]), by=None)
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_publisher_killed_right_after_its_commit_has_published(site, processes):
    assert [shown(process) for process in processes] == [0, 0]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(site.topic_id), str(site.pk)],
        env=serving.environment(serving.database_url()),
        check=False,
    )
    assert killed.returncode == -9
    assert [shown(process) for process in processes] == [7, 7]


def test_a_forged_script_name_is_not_obeyed(site, processes):
    for path, status in ((MALARIA, 200), ("/admin/login/", 200), ("/nothing.html", 404)):
        assert processes[0].get(path, SCRIPT_NAME="/evil").status == status


# --- While it does not ------------------------------------------------------------------------------


class Outage:
    """The database goes away: the file is moved, or the network is cut."""

    def __init__(self, proxy):
        self._proxy = proxy

    def begin(self) -> None:
        if self._proxy:
            self._proxy.cut()
        else:
            connection.close()
            self._move("", ".away")

    def end(self) -> None:
        if self._proxy:
            self._proxy.mend()
        else:
            self._move(".away", "")

    def _move(self, before: str, after: str) -> None:
        name = connection.settings_dict["NAME"]
        for part in ("-wal", "-shm", ""):
            if os.path.exists(name + part + before):
                os.rename(name + part + before, name + part + after)


def quick(process: Process, path: str):
    began = time.monotonic()
    reply = process.get(path)
    assert time.monotonic() - began < AT_ONCE
    return reply


def test_a_stopped_database_leaves_kept_pages_and_an_honest_503(site, proxy, processes):
    publish(site, 1)
    assert [shown(process) for process in processes] == [1, 1]
    outage = Outage(proxy)
    outage.begin()
    for process in processes:
        for _time in range(3):
            stale = quick(process, MALARIA)
            assert is_stale(stale)
            assert "<h1>Malaria 0001" in stale.text
        assert quick(process, "/all_healthtopics.html").status == 503
        assert quick(process, "/search/?q=malaria").status == 503
        assert quick(process, "/readyz").status == 200
        assert quick(process, "/healthz").status == 200
    outage.end()
    publish(site, 2)
    for process in processes:
        assert shown(process) == 2


def test_a_process_started_while_the_database_is_away_says_503_and_recovers(site, proxy):
    outage = Outage(proxy)
    outage.begin()
    process = Process(serving.environment(serving.database_url(proxy and proxy.port)))
    try:
        process.wait()
        assert quick(process, MALARIA).status == 503
        assert quick(process, "/readyz").status == 503
        outage.end()
        publish(site, 1)
        assert shown(process) == 1
        assert process.get("/readyz").body == b"ok\n"
    finally:
        process.stop()


@on_postgresql
def test_a_silent_database_hangs_no_worker(site, proxy, processes):
    publish(site, 1)
    assert [shown(process) for process in processes] == [1, 1]
    proxy.stall()
    for process in processes:
        # More at once than the process has threads.
        with ThreadPoolExecutor(12) as readers:
            replies = list(readers.map(quick, [process] * 12, [MALARIA] * 12))
        assert [is_stale(reply) for reply in replies] == [True] * 12
        assert quick(process, "/all_healthtopics.html").status == 503
    proxy.mend()
    publish(site, 2)
    for process in processes:
        assert shown(process) == 2


@on_postgresql
def test_a_slow_database_leaves_kept_pages_and_is_believed_again_once_it_answers_in_time(
    site, proxy, processes
):
    publish(site, 1)
    assert [shown(process) for process in processes] == [1, 1]
    proxy.slow(0.3)
    for process in processes:
        with ThreadPoolExecutor(12) as readers:
            replies = list(readers.map(quick, [process] * 12, [MALARIA] * 12))
        assert [is_stale(reply) for reply in replies] == [True] * 12
    publish(site, 2)
    proxy.slow(0.05)
    try:
        for process in processes:
            assert shown(process) == 2
            assert process.get("/search/?q=malaria").status == 200
            # A busy machine may be late for some; from a database that was given up, none is read.
            with ThreadPoolExecutor(4) as readers:
                fresh = [number for number in readers.map(read, [process] * 20) if number]
            assert (set(fresh), len(fresh) > 5) == ({2}, True)
    finally:
        proxy.mend()


# In WAL mode, nobody can lock out who reads a file of SQLite; test_primary has another mode.
@on_postgresql
def test_a_locked_table_leaves_kept_pages(site, processes):
    publish(site, 1)
    assert [shown(process) for process in processes] == [1, 1]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE topics_generation IN ACCESS EXCLUSIVE MODE")
        for process in processes:
            assert is_stale(quick(process, MALARIA))
    publish(site, 2)
    for process in processes:
        assert shown(process) == 2


def test_beyond_the_longest_time_kept_pages_are_not_shown(site, proxy):
    url = serving.database_url(proxy and proxy.port)
    process = Process(serving.environment(url, STALE_MAX="0"))
    try:
        process.wait()
        assert shown(process) == 0
        outage = Outage(proxy)
        outage.begin()
        assert quick(process, MALARIA).status == 503
        assert quick(process, "/readyz").status == 503
        outage.end()
    finally:
        process.stop()
