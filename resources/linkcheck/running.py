"""A whole run: bring the list of addresses up to date, claim sites, send the crew, write down."""

import logging
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet

from resources.models import LinkCheck, Outcome

from . import ledger
from .answers import Answer
from .asking import Asker
from .crew import Crew, Finding, Finished, Task

logger = logging.getLogger(__name__)

# Sites visited at the same time, and links of one site taken at a time.
MEMBERS = 50
LINKS_A_TASK = 200
WRITE_AFTER = 5.0
RENEW_AFTER = 60.0
# When this many sites in a row do not answer, it is our own network that does not.
SILENT_SITES = 20
FEW_SITES = 3
# The host of the task that asks again whether our own network works.
_PROBE = 0
_SILENCE = {Outcome.NO_HOST, Outcome.UNREACHABLE, Outcome.SLOW}


@dataclass(slots=True)
class Report:
    """What a run did. `offline`: nobody answered, so nothing was written of those who did not."""

    new: int = 0
    unused: int = 0
    visited: int = 0
    sites: int = 0
    states: Counter[str] = field(default_factory=Counter)
    offline: bool = False
    seconds: float = 0.0


def default_asker() -> Asker:
    """The asker of every installation: public places only."""
    return Asker(contact=f"{settings.SITE_URL}/", connections=MEMBERS)


def check_links(
    wanted: ledger.Wanted,
    *,
    limit: int | None = None,
    make_asker: Callable[[], Asker] = default_asker,
    members: int = MEMBERS,
    progress: Callable[[int], None] = lambda visited: None,
) -> Report:
    """Visit the links whose turn it is, until none is left or `limit` were visited.

    May run on several machines at once: a site belongs to one run at a time. Killed at any moment
    it loses what the last seconds found, and its sites after `ledger.LEASE`.
    """
    began = time.monotonic()
    new, unused = ledger.survey()
    run = _Run(wanted.links(), limit)
    run.report.new, run.report.unused = new, unused
    try:
        with Crew(make_asker, members=members) as crew:
            while run.hand_out(crew, members):
                for found in crew.findings(timeout=1.0):
                    run.take(found)
                run.write_now_and_then()
                progress(run.report.visited)
                if len(run.silent) >= SILENT_SITES and not run.network_works(crew):
                    break
            if run.silent:
                run.network_works(crew)
    finally:
        run.end()
        run.report.seconds = time.monotonic() - began
    return run.report


class _Run:
    """The sites that a run holds, and what it has found and not yet written."""

    def __init__(self, links: QuerySet[LinkCheck], limit: int | None):
        self.name = uuid.uuid4().hex
        self.links = links
        self.left = limit
        self.report = Report()
        self.turn: deque[int] = deque()
        # Sites that the crew visits; those it has done and that are ours until all is written; and
        # those that this run visits no more.
        self.held: set[int] = set()
        self.done: set[int] = set()
        self.over: set[int] = set()
        self.seen: set[int] = set()
        self.found: dict[int, Answer] = {}
        # Sites without an answer since a site answered last, and the address that did.
        self.silent: set[int] = set()
        self.witness: str | None = None
        self.written_at = self.renewed_at = time.monotonic()

    def hand_out(self, crew: Crew, members: int) -> bool:
        """Give the crew as many sites as it has hands; False when nothing is left to wait for."""
        if not self.turn and not self.held:
            self.write()
            turn = ledger.hosts_in_turn(self.links)
            self.turn.extend(host for host in turn if host not in self.over)
        while self.turn and len(self.held) < members and self.left != 0:
            most = LINKS_A_TASK if self.left is None else min(LINKS_A_TASK, self.left)
            task = ledger.claim(self.turn.popleft(), self.name, self.links, most=most)
            if task is not None:
                if self.left is not None:
                    self.left -= len(task.links)
                self.held.add(task.host)
                crew.send(task)
        return bool(self.held)

    def take(self, found: Finding | Finished) -> None:
        """Note what the crew found."""
        if isinstance(found, Finished):
            self._finish(found)
            return
        answer = found.answer
        self.found[found.link] = answer
        self.report.visited += 1
        self.seen.add(found.host)
        if answer.of_host and answer.outcome in _SILENCE:
            self.silent.add(found.host)
        elif answer.status:
            self.witness = found.address
            self.silent.clear()
        if answer.of_host and answer.outcome == Outcome.BUSY:
            self.over.add(found.host)
            ledger.leave_alone(found.host, answer.wait)

    def _finish(self, finished: Finished) -> None:
        host = finished.task.host
        self.held.discard(host)
        self.done.add(host)
        if finished.error is not None:
            logger.error("a site was left", exc_info=finished.error)
            self.over.add(host)
        if self.silent:
            # Nothing is written now, so its links would be taken for unvisited ones.
            self.over.add(host)
        elif len(finished.task.links) == LINKS_A_TASK and host not in self.over:
            self.write()
            self.turn.append(host)

    def write_now_and_then(self) -> None:
        """Write what waits long enough, and renew the claims."""
        now = time.monotonic()
        if len(self.found) >= ledger.BATCH or now - self.written_at > WRITE_AFTER:
            self.write()
        if now - self.renewed_at > RENEW_AFTER:
            self.renewed_at = now
            ledger.renew(self.name)

    def network_works(self, crew: Crew) -> bool:
        """Whether it is the sites that are silent, and not our own network.

        A page that answered in this run is asked again.
        """
        works = self.witness is not None or len(self.silent) < FEW_SITES
        if self.witness is not None:
            crew.send(Task(_PROBE, ((0, self.witness),)))
            works = self._probed(crew)
        if works:
            self.silent.clear()
            self.write()
        self.report.offline = not works
        return works

    def _probed(self, crew: Crew) -> bool:
        while True:
            for found in crew.findings(timeout=1.0):
                if isinstance(found, Finished) and found.task.host == _PROBE:
                    return False
                if isinstance(found, Finding) and found.host == _PROBE:
                    if found.answer.status:
                        return True
                    continue
                self.take(found)

    def write(self) -> None:
        """Write what was found, unless it is in doubt whether our own network works."""
        self.written_at = time.monotonic()
        if self.silent:
            return
        links = list(self.found)
        for start in range(0, len(links), ledger.BATCH):
            batch = {link: self.found.pop(link) for link in links[start : start + ledger.BATCH]}
            self.report.states.update(ledger.write(batch))
        ledger.release(self.name, self.done)
        self.done.clear()

    def end(self) -> None:
        """Write the rest and give all sites back; silence that nobody confirmed says nothing."""
        if self.silent:
            self.found = {
                k: found for k, found in self.found.items() if found.outcome not in _SILENCE
            }
            self.silent.clear()
        self.write()
        self.report.sites = len(self.seen)
        ledger.release(self.name)
