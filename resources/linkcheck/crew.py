"""Many sites at once, in a thread of its own that knows no database.

The thread that writes to the database hands out tasks and collects findings; so the network never
waits for a transaction, and no transaction for the network.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from yarl import URL

from resources.models import Outcome

from .addresses import Malformed, request_url
from .answers import Answer
from .asking import Asker
from .visiting import Visitor


@dataclass(frozen=True, slots=True)
class Task:
    """Addresses of one site to visit: pairs of a key and an address."""

    host: int
    links: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of the visit to one address of a task."""

    host: int
    link: int
    address: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Finished:
    """A task is over. `error`: something of ours broke, and the rest of the task was left."""

    task: Task
    error: Exception | None = None


class Crew:
    """The visitors. `with Crew(...)` starts their thread; leaving it breaks off what is under way."""

    def __init__(self, make_asker: Callable[[], Asker], *, members: int):
        self.make_asker, self.members = make_asker, members
        self._found: queue.SimpleQueue[Finding | Finished] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="link visitors", daemon=True)
        self._ready = threading.Event()
        self._failed: Exception | None = None

    def __enter__(self) -> "Crew":
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            raise self._failed
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        if error is None and self._failed is not None:
            raise self._failed

    def send(self, task: Task) -> None:
        """Begin to visit the addresses of a site, one after the other."""
        asyncio.run_coroutine_threadsafe(self._do(task), self._loop)

    def findings(self, timeout: float) -> list[Finding | Finished]:
        """What was found since the last call; waits up to `timeout` seconds for something."""
        found: list[Finding | Finished] = []
        ends = time.monotonic() + timeout
        while not found and (left := ends - time.monotonic()) > 0:
            try:
                found.append(self._found.get(timeout=left))
            except queue.Empty:
                break
        while not self._found.empty():
            found.append(self._found.get())
        return found

    def _run(self) -> None:
        # Names are looked up in threads; a few dead name servers must not hold up everybody.
        with ThreadPoolExecutor(self.members, "names") as names:
            self._loop.set_default_executor(names)
            try:
                self._loop.run_until_complete(self._work())
            except Exception as error:
                # Nobody sees what a thread raises: the run raises it, as it begins or as it ends.
                self._failed = error
            finally:
                self._ready.set()
                self._loop.close()

    async def _work(self) -> None:
        """Be there until the run is over, then break off what is under way."""
        self._over = asyncio.Event()
        asker = self.make_asker()
        self._visitor = Visitor(asker)
        self._ready.set()
        await self._over.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asker.close()

    async def _do(self, task: Task) -> None:
        error = None
        try:
            await self._visit_all(task)
        except Exception as broken:
            # Told to the run, which leaves this site and goes on with the others.
            error = broken
        self._found.put(Finished(task, error))

    async def _visit_all(self, task: Task) -> None:
        """Visit a site's addresses in order; where one answer holds for all, the rest are not asked."""
        of_all: dict[URL | None, Answer] = {}
        for link, address in task.links:
            origin = _origin(address)
            answer = of_all.get(origin) or await self._visitor.visit(address)
            self._found.put(Finding(task.host, link, address, answer))
            if answer.of_host and answer.outcome == Outcome.BUSY:
                return
            if answer.of_host:
                of_all[origin] = answer


def _origin(address: str) -> URL | None:
    try:
        return request_url(address).origin()
    except Malformed:
        return None
