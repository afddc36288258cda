"""Statements asked of PostgreSQL by libpq's own means: prepared once a connection, without a cursor.

For a statement of one row psycopg's cursor takes 80 µs of the processor, mostly to compose it anew
and to find that it is prepared already; asked like this it takes 15, and a topic page has one.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer

from . import Rows

# The names of the statements that a connection has prepared, and what reads its results.
_known: WeakKeyDictionary[psycopg.Connection, tuple[set[bytes], Transformer]] = WeakKeyDictionary()


def rows(connection: psycopg.Connection, statement: str, parameters: Sequence[Any]) -> Rows:
    """All rows of a statement with a `%s` for each parameter: text without NUL, a number or None.

    Not for use in a transaction. Raises psycopg's errors.
    """
    try:
        return _rows(connection, statement, parameters)
    except errors.InvalidSqlStatementName:
        # psycopg lets the server forget all statements when a transaction is rolled back.
        del _known[connection]
        return _rows(connection, statement, parameters)


def _rows(connection: psycopg.Connection, statement: str, parameters: Sequence[Any]) -> Rows:
    known = _known.get(connection)
    if known is None:
        known = _known[connection] = (set(), Transformer(connection))
    names, reader = known
    pgconn = connection.pgconn
    name, written = _named(statement)
    if name not in names:
        with suppress(errors.DuplicatePreparedStatement):
            _checked(pgconn, pgconn.prepare(name, written))
        names.add(name)
    values = [None if value is None else str(value).encode() for value in parameters]
    reader.set_pgresult(_checked(pgconn, pgconn.exec_prepared(name, values)))
    return reader.load_rows(0, reader.pgresult.ntuples, tuple)


@cache
def _named(statement: str) -> tuple[bytes, bytes]:
    """A name that no other statement has, and the statement with its parameters numbered."""
    first, *others = statement.split("%s")
    numbered = "".join([first, *(f"${n}{text}" for n, text in enumerate(others, start=1))])
    digest = sha256(numbered.encode()).hexdigest()[:16]
    return f"medline_{digest}".encode(), numbered.encode()


def _checked(pgconn: pq.abc.PGconn, result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    if pgconn.status == pq.ConnStatus.BAD:
        raise psycopg.OperationalError(result.get_error_message())
    raise errors.error_from_result(result)
