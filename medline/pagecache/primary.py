"""The generation, asked of the primary database with a deadline.

At most one raw query per request, on a connection that belongs to nobody else: what this module waits
for, Django's own connections cannot make it wait for.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

logger = logging.getLogger(__name__)

STATEMENT = "SELECT number FROM topics_generation WHERE id = 1"
# The design's promise: a database that answers within this time (seconds) is waited for.
PATIENCE = 0.1
# Where no page is kept, and so nothing else can be shown, a busy database is waited for longer.
PATIENCE_WITHOUT_PAGE = 1.0
# A database that was too late this many times in a row is waited for by one request at a time, and by
# the others for a moment only, until it answers again: otherwise every thread would spend its time
# waiting, and no stored page would get out.
LATE_BEFORE_AWAY = 3
TURN_WHILE_AWAY = 0.02


class Unanswered(Exception):
    """The database did not say the generation. `late`: it did not refuse, it let us wait."""

    def __init__(self, reason: str, *, late: bool = False):
        super().__init__(reason)
        self.late = late


class Newest(NamedTuple):
    """The generation that the database told last, and when it was asked (seconds of the clock)."""

    generation: int
    asked_at: float


class Primary:
    """Asks the database, one request at a time; those that waited share one answer. A subclass says how.

    `newest` is what this process knows; `answering` whether the last question was answered.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self.clock = clock
        self.newest: Newest | None = None
        self.answering = True
        self._late = 0
        self._answered = 0.0  # when the last question that was answered was sent
        self._turn = threading.Lock()

    def generation(self, patience: float = PATIENCE) -> int:
        """The generation as of some moment after this call. Raises Unanswered in time.

        The database is waited for as long as `patience` (seconds) says, and for PATIENCE from the
        question on, whatever the wait for a turn took: it may answer in time all the while.
        """
        arrived = time.monotonic()
        deadline = arrived + patience
        asked_at = self.clock()
        if not self._turn.acquire(blocking=False):
            # A question may be under way already, and one that is as good as ours go before it.
            turn = max(patience, 2 * PATIENCE) if self._late < LATE_BEFORE_AWAY else TURN_WHILE_AWAY
            if not self._turn.acquire(timeout=turn):
                if self._answered > arrived:
                    return self.newest.generation
                # It says nothing of the database: whoever has the turn finds out how that is.
                raise Unanswered("others are waiting for the database", late=True)
            deadline = max(deadline, time.monotonic() + PATIENCE)
        try:
            if self._answered > arrived:
                # Somebody asked after this call began, so the answer is as good as one of our own.
                return self.newest.generation
            sent = time.monotonic()
            number = self.ask(deadline)
        except Unanswered as reason:
            self._failed(reason)
            raise
        else:
            # Taking turns, the last to be answered is the last that asked.
            self.newest = Newest(number, asked_at)
            self._answered = sent
            self._late = 0
            if not self.answering:
                self.answering = True
                logger.warning("The database answers again.")
            return number
        finally:
            self._turn.release()

    def ask(self, deadline: float) -> int:
        """Ask once. `deadline` is a moment of time.monotonic(); raises Unanswered."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the connection go; the next request makes another."""
        raise NotImplementedError

    def _failed(self, reason: Unanswered) -> None:
        self._late += reason.late
        if self.answering:
            self.answering = False
            logger.warning("The database does not answer: %s", reason)
