"""The generation, read from an SQLite file."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .primary import STATEMENT, Primary, Unanswered

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# The header of the WAL index: two copies of 48 bytes, which begin with the version of the format.
_COPY = 48
_FORMAT = (3007000).to_bytes(4, sys.byteorder)
# The open indexes, by device and inode. They are never closed: with it, POSIX would drop every lock
# that SQLite has on the same file in this process, those of Django's connections too.
_indexes: dict[tuple[int, int], int] = {}


class SqlitePrimary(Primary):
    """A connection of the process to the file; reading takes some microseconds.

    In WAL mode it is read only where something was committed since: every commit changes the header
    of the WAL index, by which SQLite itself knows whether the pages in its memory are still good
    (sqlite.org/walformat.html, section 2). Looking at it takes no lock and a tenth of the time.

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
        self._index: int | None = None
        self._looked = False
        self._header = b""
        self._number = 0

    def ask(self, deadline: float) -> int:
        """Read the row; a file put in the place of another is opened anew."""
        try:
            file = os.stat(self._path)
            if (file.st_dev, file.st_ino) != self._file:
                self._open(file)
            # Looked at before the row is read, so that what is committed meanwhile shows next time.
            header = os.pread(self._index, 2 * _COPY, 0) if self._index is not None else b""
            if header and header == self._header:
                return self._number
            timeout = max(1, round((deadline - time.monotonic()) * 1000))
            # Setting it takes as long as reading, so it is not set for the sake of a millisecond.
            if not timeout <= self._timeout <= timeout + 5:
                self._connection.execute(f"PRAGMA busy_timeout = {timeout}")
                self._timeout = timeout
            # To the end: a statement that is not finished would keep the file's snapshot.
            rows = self._connection.execute(STATEMENT).fetchall()
            if not self._looked:
                self._index, self._looked = _index_of(self._connection), True
        except (OSError, sqlite3.Error) as error:
            self.close()
            locked = getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED
            raise Unanswered(str(error), late=locked) from error
        self._number = rows[0][0] if rows else 0
        # A header that is being written has two copies that differ.
        whole = header.startswith(_FORMAT) and header[:_COPY] == header[_COPY:]
        self._header = header if whole else b""
        return self._number

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
        self._connection = self._file = self._index = None
        self._looked, self._header = False, b""


def _index_of(connection: sqlite3.Connection) -> int | None:
    """A descriptor of the WAL index of a file that was read; None in another journal mode.

    No other connection can leave the mode, nor remove the index, as long as this one is open.
    """
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        return None
    # Beside the file that a symbolic link leads to.
    ((_number, _schema, path),) = connection.execute("PRAGMA database_list").fetchall()
    try:
        index = os.stat(f"{path}-shm")
        key = (index.st_dev, index.st_ino)
        if key not in _indexes:
            _indexes[key] = os.open(f"{path}-shm", os.O_RDONLY)
    except OSError:
        return None
    return _indexes[key]
