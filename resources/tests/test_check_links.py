"""A whole run of check_links: what is written, how it is resumed, and that nobody is asked twice."""

import asyncio
import io
import threading
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from resources.linkcheck import ledger, running
from resources.linkcheck.answers import Answer
from resources.linkcheck.asking import Asker
from resources.linkcheck.crew import Crew
from resources.linkcheck.standing import learn, standing
from resources.models import LinkCheck, LinkHost, LinkVisit, Outcome, Resource, address_digest

from .server import OK, QUICK, Server, serving, status, to

pytestmark = pytest.mark.django_db
State = LinkCheck.State
DUE = ledger.Wanted()
NOW = timezone.now()


@contextmanager
def site(**paths):
    """A server in a thread of its own; `make_asker` makes visitors who may go there and nowhere else."""
    loop, ready, box = asyncio.new_event_loop(), threading.Event(), SimpleNamespace()

    async def serve():
        async with serving(paths={f"/{path}": what for path, what in paths.items()}) as server:
            box.server, box.stop = server, asyncio.Event()
            ready.set()
            await box.stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()

    async def lookup(host, port):
        if host.startswith("gone"):
            raise OSError("no such name")
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    def make_asker():
        def judge(ip, port):
            return ip == "127.0.0.1" and port == box.server.port

        return Asker(contact="https://x.example/", pace=QUICK, judge=judge, lookup=lookup)

    try:
        yield box.server, make_asker
    finally:
        loop.call_soon_threadsafe(box.stop.set)
        thread.join()
        loop.close()


def link(server: Server, path: str, host: str = "a.example") -> str:
    address = server.url(path, host)
    Resource.objects.create(title_en=path, url_en=address)
    return address


def run(make_asker, *, wanted=DUE, **options):
    return running.check_links(wanted, make_asker=make_asker, members=5, **options)


def state_of(address: str) -> str:
    return LinkCheck.objects.get(digest=address_digest(address)).state


def known(state=State.OK, **values) -> LinkCheck:
    """A row in a state, as a run would have left it."""
    host = LinkHost.objects.get_or_create(name="a.example")[0]
    address = f"http://a.example/{LinkCheck.objects.count()}"
    values = {"looked_at": NOW, "outcome": Outcome.OK, "digest": address_digest(address)} | values
    return LinkCheck.objects.create(address=address, host=host, state=state, **values)


def test_a_run_finds_the_addresses_in_use_and_writes_what_became_of_them():
    with site(fine=OK, moved=to("/fine", 301), wall=status(403)) as (server, make_asker):
        fine, moved = link(server, "/fine"), link(server, "/moved")
        wall, gone = link(server, "/wall", "b.example"), link(server, "/none", "c.example")
        Resource.objects.create(title_es="Correo", url_es="ftp://a.example/file")
        report = run(make_asker)
    assert (report.new, report.visited, report.sites) == (4, 4, 3)
    assert [state_of(address) for address in (fine, moved, wall, gone)] == [
        *(State.OK, State.MOVED, State.WALLED, State.SUSPECT)
    ]
    assert standing([moved, "http://unknown.example/"])[moved].final_address == fine
    assert LinkVisit.objects.count() == 4
    assert not LinkHost.objects.exclude(claim=None).exists()


def test_what_was_looked_at_is_not_due_again_but_is_when_asked_for():
    with site(a=OK, b=OK) as (server, make_asker):
        first, second = link(server, "/a"), link(server, "/b")
        assert run(make_asker).visited == 2
        assert run(make_asker).visited == 0
        LinkCheck.objects.filter(address=first).update(wanted_at=timezone.now())
        assert run(make_asker).visited == 1
        assert not LinkCheck.objects.exclude(wanted_at=None).exists()
        LinkCheck.objects.filter(address=second).update(looked_at=NOW - timedelta(days=9))
        assert run(make_asker, wanted=ledger.Wanted(older_than=timedelta(days=8))).visited == 1
        assert server.asked_for("/a") == ["HEAD"] * 2


def test_a_run_that_wants_every_link_visits_each_once():
    with site(a=OK, b=OK) as (server, make_asker):
        for path in ("/a", "/b"):
            link(server, path)

        def progress(visited):
            assert visited <= 2, "the run goes round and round"

        everything = ledger.Wanted(older_than=timedelta(0))
        assert run(make_asker, wanted=everything, progress=progress).visited == 2
        assert run(make_asker, wanted=everything, progress=progress).visited == 2


def test_a_limit_and_a_site_narrow_a_run():
    with site() as (server, make_asker):
        for n in range(4):
            link(server, f"/{n}", f"{'ab'[n % 2]}.example")
        run(make_asker, wanted=ledger.Wanted(host="b.example"))
        left = LinkCheck.objects.filter(state=State.UNCHECKED).values_list("host__name", flat=True)
        assert list(left.all()) == ["a.example"] * 2
        assert run(make_asker, limit=1).visited == 1
        assert list(left.all()) == ["a.example"]


def test_a_link_that_got_another_address_is_unchecked_and_the_old_one_forgotten():
    with site(a=OK, b=OK) as (server, make_asker):
        old = link(server, "/a")
        run(make_asker)
        resource = Resource.objects.get()
        resource.url_en = server.url("/b", "a.example")
        resource.save()
        assert standing([resource.url_en]) == {}
        run(make_asker)
    assert list(standing([old, resource.url_en])) == [resource.url_en]


def test_a_busy_site_is_left_alone_until_the_time_it_named():
    with site(a=status(429, "Retry-After: 7200"), b=OK) as (server, make_asker):
        link(server, "/a"), link(server, "/b")
        assert run(make_asker).visited == 1
        assert run(make_asker).visited == 0
    left = LinkHost.objects.get().not_before - timezone.now()
    assert timedelta(minutes=115) < left <= timedelta(hours=2)


def test_a_dead_site_is_asked_once_for_all_its_links():
    with site(a=OK) as (server, make_asker):
        for n in range(5):
            link(server, f"/{n}", "gone.example")
        link(server, "/a")
        report = run(make_asker)
    assert report.visited == 6
    assert LinkCheck.objects.filter(outcome=Outcome.NO_HOST, state=State.SUSPECT).count() == 5


def test_a_machine_without_a_network_blames_no_link():
    with site() as (server, make_asker):
        for n in range(running.FEW_SITES):
            link(server, "/", f"gone{n}.example")
        report = run(make_asker)
    assert report.offline
    assert set(LinkCheck.objects.values_list("state", flat=True)) == {State.UNCHECKED}
    assert not LinkHost.objects.exclude(claim=None).exists()


def test_many_dead_sites_are_blamed_when_a_page_answers_that_answered_before(monkeypatch):
    monkeypatch.setattr(running, "SILENT_SITES", 3)
    with site(a=OK) as (server, make_asker):
        fine = link(server, "/a")
        LinkCheck.objects.all().delete()
        for n in range(8):
            link(server, "/", f"gone{n}.example")
        ledger.survey()
        LinkCheck.objects.filter(address=fine).update(wanted_at=timezone.now())
        report = running.check_links(ledger.Wanted(), make_asker=make_asker, members=1)
    assert not report.offline
    assert LinkCheck.objects.filter(outcome=Outcome.NO_HOST).count() == 8


def test_a_site_that_another_run_visits_is_left_to_it():
    with site(a=OK) as (server, make_asker):
        link(server, "/a")
        ledger.survey()
        host = LinkHost.objects.get()
        assert ledger.claim(host.pk, "other", DUE.links(), most=9)
        assert ledger.claim(host.pk, "mine", DUE.links(), most=9) is None
        assert run(make_asker).visited == 0
        # The other one was killed, and its claim has run out.
        LinkHost.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        assert run(make_asker).visited == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_visit_no_link_twice():
    def one_of_two():
        try:
            visited.append(run(make_asker).visited)
        finally:
            connection.close()

    visited: list[int] = []
    with site() as (server, make_asker):
        for n in range(24):
            link(server, f"/{n}", f"h{n % 8}.example")
        ledger.survey()
        threads = [threading.Thread(target=one_of_two) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [server.asked_for(f"/{n}") for n in range(24)] == [["HEAD", "GET"]] * 24
    assert sum(visited) == 24


def test_a_run_that_is_broken_off_writes_what_it_found_and_frees_its_sites(monkeypatch):
    monkeypatch.setattr(running, "WRITE_AFTER", 999)

    def stop(visited):
        if visited:
            raise KeyboardInterrupt

    with site(a=OK) as (server, make_asker):
        address = link(server, "/a")
        with pytest.raises(KeyboardInterrupt):
            run(make_asker, progress=stop)
    assert state_of(address) == State.OK
    assert not LinkHost.objects.exclude(claim=None).exists()


def test_a_mistake_of_ours_costs_one_site_and_not_the_run(monkeypatch):
    asked = Asker.ask

    async def ask(self, method, url, **options):
        if url.host == "b.example":
            raise RuntimeError("a mistake")
        return await asked(self, method, url, **options)

    monkeypatch.setattr(Asker, "ask", ask)
    with site(a=OK) as (server, make_asker):
        mine, other = link(server, "/a"), link(server, "/a", "b.example")
        run(make_asker)
    assert (state_of(mine), state_of(other)) == (State.OK, State.UNCHECKED)


def test_a_crew_that_cannot_begin_says_so_and_one_that_ends_at_once_ends():
    def broken():
        raise RuntimeError("no certificates on this machine")

    with pytest.raises(RuntimeError, match="no certificates"):
        run(broken)
    with site() as (_server, make_asker):
        for _ in range(30):
            with Crew(make_asker, members=1):
                pass


def test_queries_do_not_grow_with_the_number_of_links(django_assert_max_num_queries):
    ledger.survey()
    for _ in range(300):
        known(state=State.UNCHECKED, looked_at=None, outcome="")
    answers = dict.fromkeys(LinkCheck.objects.values_list("pk", flat=True), Answer(Outcome.OK, 200))
    with django_assert_max_num_queries(40):
        ledger.write(answers)
    assert LinkCheck.objects.filter(state=State.OK).count() == 300
    with django_assert_max_num_queries(1):
        standing(
            list(LinkCheck.objects.values_list("address", flat=True)[:0]) + ["http://x.example/"]
        )


def test_the_command_says_what_is_to_be_done_and_asks_nobody():
    Resource.objects.create(title_en="A", url_en="https://a.example/")
    printed = io.StringIO()
    call_command("check_links", "--dry-run", stdout=printed)
    assert printed.getvalue() == "0 links on 0 sites are to be visited, and 1 new addresses.\n"
    assert not LinkCheck.objects.exists()


# --- How answers add up -----------------------------------------------------------------------------


def failing(*hours, outcome=Outcome.GONE) -> LinkCheck:
    """A link that failed at these hours."""
    row = known()
    for hour in hours:
        learn(row, Answer(outcome, 404), NOW + timedelta(hours=hour))
    row.save()
    return row


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        ((0,), State.SUSPECT),
        ((0, 1, 2, 3), State.SUSPECT),
        ((0, 100), State.SUSPECT),
        ((0, 30, 71), State.SUSPECT),
        ((0, 30, 72), State.BROKEN),
    ],
)
def test_a_link_is_broken_after_several_failures_over_several_days(hours, state):
    assert failing(*hours).state == state


def test_a_broken_link_that_answers_again_is_whole():
    row = failing(0, 30, 80)
    assert learn(row, Answer(Outcome.OK, 200), NOW + timedelta(hours=99))
    assert (row.state, row.failures, row.failing_since) == (State.OK, 0, None)


def test_a_busy_site_changes_nothing_that_is_known():
    row = failing(0, 30, 80)
    assert learn(row, Answer(Outcome.BUSY, 429), NOW + timedelta(hours=99)) is None
    assert (row.state, row.outcome) == (State.BROKEN, Outcome.GONE)


def test_doubtful_links_are_looked_at_sooner_and_then_later_and_later():
    days = []
    row = known()
    for _ in range(4):
        learn(row, Answer(Outcome.SLOW), NOW)
        days.append((row.due_at - NOW).days)
    assert days == [1, 2, 4, 8]


def test_what_stays_the_same_adds_nothing_to_the_history_and_old_history_goes():
    row = known(state=State.UNCHECKED, looked_at=None, outcome="")
    for n in range(ledger.VISITS_KEPT + 5):
        for _ in range(2):
            ledger.write({row.pk: Answer(Outcome.OK, 200 + n)})
    statuses = list(row.visits.values_list("status", flat=True))
    assert len(statuses) == ledger.VISITS_KEPT
    assert statuses[0] == 200 + ledger.VISITS_KEPT + 4


def test_a_person_vouches_for_a_link_until_a_program_sees_something_else():
    ana = User.objects.create_user("ana")
    row = known(State.WALLED, fine_until=NOW.date(), fine_by=ana, outcome=Outcome.REFUSED)
    ledger.write({row.pk: Answer(Outcome.REFUSED, 403)})
    row.refresh_from_db()
    assert row.fine_by == ana
    ledger.write({row.pk: Answer(Outcome.GONE, 404)})
    row.refresh_from_db()
    assert row.fine_by is None


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": State.OK, "looked_at": None},
        {"state": State.OK, "failures": 1},
        {"state": State.BROKEN},
        {"state": State.SUSPECT, "failures": 1},
        {"state": State.MOVED},
        {"state": State.WALLED, "fine_until": NOW.date()},
        {"state": State.OK, "fine_until": NOW.date(), "fine_by_id": 1},
    ],
)
def test_the_database_refuses_nonsense(nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        known(**nonsense)


def test_a_claim_has_an_end():
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkHost.objects.create(name="a.example", claim="x")
