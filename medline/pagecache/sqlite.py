"""The generation, read from an SQLite file."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from .primary import STATEMENT, Primary, Unanswered

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class SqlitePrimary(Primary):
    """A connection of the process to the file; reading takes some microseconds.

    SQLite keeps the deadline where it waits for locks. It cannot be held to it when the disk itself
    hangs, so the file belongs on a disk of the machine.
    """

    def __init__(self, path: str | Path, clock: Callable[[], float] = time.monotonic):
        super().__init__(clock)
        self._path = os.fspath(path)
        # Without mode=rw, a file that is away would be made anew, and empty.
        self._address = f"{Path(self._path).absolute().as_uri()}?mode=rw"
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self._timeout = 0

    def ask(self, deadline: float) -> int:
        """Read the row; a file put in the place of another is opened anew."""
        try:
            file = os.stat(self._path)
            if (file.st_dev, file.st_ino) != self._file:
                self._open(file)
            timeout = max(1, round((deadline - time.monotonic()) * 1000))
            # Setting it takes as long as reading, so it is not set for the sake of a millisecond.
            if not timeout <= self._timeout <= timeout + 5:
                self._connection.execute(f"PRAGMA busy_timeout = {timeout}")
                self._timeout = timeout
            # To the end: a statement that is not finished would keep the file's snapshot.
            rows = self._connection.execute(STATEMENT).fetchall()
        except (OSError, sqlite3.Error) as error:
            self.close()
            locked = getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED
            raise Unanswered(str(error), late=locked) from error
        return rows[0][0] if rows else 0

    def _open(self, file: os.stat_result) -> None:
        self.close()
        self._connection = sqlite3.connect(
            self._address, uri=True, isolation_level=None, timeout=0, check_same_thread=False
        )
        self._file = (file.st_dev, file.st_ino)
        self._timeout = 0

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._file = None
