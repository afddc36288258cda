"""The generation, asked of PostgreSQL so that the deadline really holds.

psycopg's ordinary cursor waits for as long as the server likes. Its lower level sends the question
and lets us wait for the socket ourselves; an answer that comes too late is read and thrown away by
the next request.
"""

import select
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection as django_connection
from psycopg import pq

from .primary import PATIENCE, STATEMENT, Primary, Unanswered

NAME = b"medline_generation"
# libpq knows whole seconds from two upwards. It passes in a thread that nobody has to wait for.
CONNECT_SECONDS = 2
# A question unanswered for so long will not be answered on this connection.
GIVE_UP_SECONDS = 2


class _Line:
    """One connection, on which at most one question is under way."""

    def __init__(self, connection: psycopg.Connection, *, prepares: bool):
        self._connection = connection
        self._pgconn = connection.pgconn
        self._pgconn.nonblocking = 1
        self._poll = select.poll()
        self._poll.register(self._pgconn.socket, select.POLLIN)
        self._unprepared = prepares
        self._prepares = prepares
        self._sent_at: float | None = None
        self._results: list[Any] = []

    def ask(self, deadline: float) -> int:
        """Send the question and wait. Raises Unanswered, or psycopg.Error when the line is broken."""
        if self._sent_at is not None:
            # The answer to somebody who waits no longer: it may be of before this request.
            deadline = self._receive_first(deadline)
        if self._unprepared:
            # Also where its answer comes too late, and so is read by the next request.
            self._unprepared = False
            self._send(self._pgconn.send_prepare, NAME, STATEMENT.encode())
            deadline = self._receive_first(deadline)
        if self._prepares:
            self._send(self._pgconn.send_query_prepared, NAME, ())
        else:
            self._send(self._pgconn.send_query_params, STATEMENT.encode(), ())
        (result,) = self._receive(deadline)
        return int(result.get_value(0, 0)) if result.ntuples else 0

    def _send(self, send: Callable[..., None], *arguments: Any) -> None:
        self._results = []
        send(*arguments)
        self._sent_at = time.monotonic()
        self._pgconn.flush()

    def _receive_first(self, deadline: float) -> float:
        """Receive what comes before the answer; tells the deadline of that, which has its own time."""
        self._receive(deadline)
        return max(deadline, time.monotonic() + PATIENCE)

    def _receive(self, deadline: float) -> list[Any]:
        """All results of what was sent last; goes on where an earlier call had to give up."""
        while True:
            while self._pgconn.is_busy():
                left = deadline - time.monotonic()
                if left <= 0 or not self._poll.poll(left * 1000):
                    self._late()
                self._pgconn.consume_input()
            result = self._pgconn.get_result()
            if result is None:
                self._sent_at = None
                return self._results
            if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
                raise psycopg.OperationalError(result.get_error_message())
            self._results.append(result)

    def _late(self) -> None:
        if time.monotonic() - self._sent_at > GIVE_UP_SECONDS:
            raise psycopg.OperationalError("the connection is silent")
        raise Unanswered("no answer in time", late=True)

    def close(self) -> None:
        """Hang up at once."""
        # Not connection.close(), which would wait until a last message is sent.
        self._pgconn.finish()


class PostgresPrimary(Primary):
    """One connection of the process, made and made anew by a thread beside the requests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        super().__init__(clock)
        self._line: _Line | None = None
        self._connecting = False
        self._refused = ""
        self._news = threading.Condition()

    def ask(self, deadline: float) -> int:
        """Ask on the connection; one that turns out to be broken is made anew once."""
        for _attempt in range(2):
            line = self._line or self._connected(deadline)
            try:
                return line.ask(deadline)
            except psycopg.Error as error:
                self._line, reason = None, error
                line.close()
        raise Unanswered(str(reason)) from reason

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _connected(self, deadline: float) -> _Line:
        """Wait for the connection that a thread is making, until the deadline at the longest."""
        with self._news:
            if self._line is None and not self._connecting:
                self._connecting = True
                threading.Thread(target=self._connect, name="generation", daemon=True).start()
            while self._connecting:
                left = deadline - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise Unanswered("no connection in time", late=True)
            if self._line is None:
                raise Unanswered(self._refused)
            return self._line

    def _connect(self) -> None:
        line, refused = None, ""
        try:
            parameters = django_connection.get_connection_params()
            connection = psycopg.connect(
                **{**parameters, "autocommit": True, "connect_timeout": CONNECT_SECONDS}
            )
            line = _Line(connection, prepares=parameters.get("prepare_threshold") is not None)
        except psycopg.Error as error:
            refused = str(error)
        finally:
            with self._news:
                self._line, self._refused, self._connecting = line, refused, False
                self._news.notify_all()
