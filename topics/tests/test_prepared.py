"""What PostgreSQL prepares says what a cursor says, whatever happens to the connection."""

import psycopg
import pytest
from django.db import connection
from django.db import transaction as transactions

from topics import live, statements
from topics.models import Generation
from topics.publishing import withdraw
from topics.statements import prepared

from .public import plain, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite's driver does it itself"
    ),
]

FLU = plain("Flu", 12)
COUNT = "SELECT count(*) FROM pg_prepared_statements WHERE starts_with(name, 'medline')"


@pytest.fixture(autouse=True)
def generation():
    Generation.objects.update_or_create(pk=1, defaults={"names_mark": "before"})


def of_cursor(statement, parameters=()):
    with psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, parameters).fetchall()


def test_every_statement_gives_what_a_cursor_gives():
    with transactions.atomic():
        publish(FLU)
        (cold,) = publish(plain("Cold", 13))
        withdraw(cold.pk, by=None, reason="Old")
    known = (None, None, None, "en", "flu")
    for statement, parameters in (
        (statements.FRAME, ()),
        (statements.NAMES_MARK, ()),
        (statements.FIND["en"], known),
        (statements.FIND["es"], ("é'", "%s", "$1", "es", "ni\\ño")),
        (statements.INSTEAD["en"], (live._find("en", "cold")[0],)),
    ):
        rows = statements.rows(statement, parameters)
        assert rows == of_cursor(statement, parameters)
        assert [[type(value) for value in row] for row in rows] == [
            [type(value) for value in row] for row in of_cursor(statement, parameters)
        ]
    assert statements.rows(statements.FIND["en"], known)[0][5]


def test_a_statement_is_prepared_once_a_connection():
    statements.rows(statements.FRAME)
    statements.rows(statements.FRAME)
    assert of_cursor(COUNT) == [(1,)]
    connection.close()
    statements.rows(statements.FRAME)
    assert of_cursor(COUNT) == [(1,)]


def test_a_connection_that_broke_is_made_anew_once():
    before = statements.rows(statements.FRAME)
    parameters = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "autocommit": True}) as other:
        ours = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [ours])
    assert statements.rows(statements.FRAME) == before
    assert connection.connection.info.backend_pid != ours


def test_a_migration_between_two_requests_is_no_error():
    statements.rows(statements.FRAME)
    other = "ALTER TABLE topics_generation ALTER COLUMN names_mark TYPE %s"
    with connection.cursor() as cursor:
        cursor.execute(other % "varchar(200)")
    try:
        assert len(statements.rows(statements.FRAME)) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute(other % "varchar(32)")


def test_an_error_of_the_server_is_the_error_that_a_cursor_raises():
    connection.ensure_connection()
    with pytest.raises(psycopg.errors.DivisionByZero, match="division by zero"):
        prepared.rows(connection.connection, "SELECT 1 / %s::int", (0,))
    with pytest.raises(psycopg.errors.UndefinedTable):
        prepared.rows(connection.connection, "SELECT 1 FROM no_such_table", ())
    assert prepared.rows(connection.connection, "SELECT 1 / %s::int", (1,)) == [(1,)]


def test_what_this_transaction_wrote_is_seen_in_it():
    statements.rows(statements.NAMES_MARK)
    with transactions.atomic():
        Generation.objects.update(names_mark="after")
        assert statements.rows(statements.NAMES_MARK) == [("after",)]
        transactions.set_rollback(True)
    assert statements.rows(statements.NAMES_MARK) == [("before",)]


def test_a_statement_that_the_server_knows_already_is_used():
    before = statements.rows(statements.FRAME)
    prepared._known.clear()
    assert statements.rows(statements.FRAME) == before
    assert of_cursor(COUNT) == [(1,)]


def test_statements_that_a_rollback_made_the_server_forget_are_prepared_again():
    before = statements.rows(statements.FRAME)
    with transactions.atomic():
        for _time in range(connection.connection.prepare_threshold + 1):
            of_cursor("SELECT 1")
        transactions.set_rollback(True)
    assert of_cursor(COUNT) == [(0,)]
    assert statements.rows(statements.FRAME) == before
    assert of_cursor(COUNT) == [(1,)]
